namespace MucComponent.Rooms;

public sealed record Room;
