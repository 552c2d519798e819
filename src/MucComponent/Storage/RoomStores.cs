namespace MucComponent.Storage;

/// <summary>The store that the operator chose.</summary>
public static class RoomStores
{
    public static IWholeStore Create(MucOptions options) => options.Storage switch
    {
        StorageKind.Sqlite => new SqliteRoomStore(options.DataDir),
        StorageKind.Postgres => new PostgresRoomStore(options.Postgres ?? throw new ArgumentException("no connection string", nameof(options))),
        _ => new MemoryRoomStore(),
    };
}
