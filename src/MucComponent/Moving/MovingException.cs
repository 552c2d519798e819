namespace MucComponent.Moving;

/// <summary>Nothing can be moved. The message is one line for the operator.</summary>
public sealed class MovingException(string message, Exception? inner = null) : Exception(message, inner);
