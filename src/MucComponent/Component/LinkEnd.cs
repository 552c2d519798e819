using System.Net.Sockets;
using MucComponent.Xmpp;

namespace MucComponent.Component;

/// <summary>How far a connection had come when it ended.</summary>
public enum LinkStage
{
    /// <summary>There was none.</summary>
    Connecting,

    /// <summary>The server answered, but the handshake did not succeed.</summary>
    Handshake,

    /// <summary>Stanzas flowed.</summary>
    Authenticated,

    /// <summary>We ended it, as asked.</summary>
    Stopped,
}

/// <summary>How a connection ended, and how soon the next may be tried.</summary>
/// <param name="Why">Sentences for the operator.</param>
public sealed record LinkEnd(LinkStage Stage, string Why, Patience Patience = Patience.Normal)
{
    public static readonly LinkEnd Stopped = new(LinkStage.Stopped, "");

    public static LinkEnd Unreachable(SocketException error) => new(LinkStage.Connecting, error.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "nothing listens there (connection refused).",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "this host name cannot be resolved.",
        SocketError.TimedOut => "it does not answer (timed out).",
        _ => $"{error.Message.TrimEnd('.')}.",
    });

    /// <summary>The stream said that it is over.</summary>
    public static LinkEnd Of(StreamEvent last, LinkStage stage) => last switch
    {
        StreamFailed { Error: var error } => new(stage, error.ToString(), PatienceWith(error, stage)),
        StreamBroken broken => new(stage, broken.Why),
        _ => HungUp(stage),
    };

    /// <summary>The server ended it without a reason. In the handshake ejabberd does so when <c>component_number</c> is missing.</summary>
    public static LinkEnd HungUp(LinkStage stage) => new(stage, stage == LinkStage.Handshake
        ? "It closed the connection during the handshake without a reason. Its own log may say more."
        : "The server closed it.");

    /// <summary>Nothing came any more, not even our own ping.</summary>
    public static readonly LinkEnd Silent = new(LinkStage.Authenticated, "Nothing has come from the server for 20 s, not even our own ping.");

    private static Patience PatienceWith(StreamError error, LinkStage stage) => (error.Condition, stage) switch
    {
        // Somebody has taken the name from us: to take it back at once would be a fight without end.
        ("conflict", LinkStage.Authenticated) => Patience.Yielding,
        _ when error.NeedsOperator => Patience.ForOperator,
        _ => Patience.Normal,
    };
}

/// <summary>How soon to try again.</summary>
public enum Patience
{
    /// <summary>0.5 s, and up to 10 s.</summary>
    Normal,

    /// <summary>0.5 s, and up to 30 s: it needs a change of configuration.</summary>
    ForOperator,

    /// <summary>30 s.</summary>
    Yielding,
}
