using MucComponent.Rooms;
using MucComponent.Xmpp;

namespace MucComponent.Hosting;

/// <summary>
/// How often one person is told that something was refused. All answers share the one link with what everybody says, so whoever
/// floods is told a few times, and what is refused after that goes without a word: thousands of refusals would make the flood worse
/// for the others. Errors that answer an iq are told always where a rule of a room refuses it (RFC 6120 §8.2.3).
/// </summary>
public sealed class Reticence(TimeProvider clock)
{
    // Where a limit refuses, somebody floods.
    private readonly Paces<Jid> _limits = new(clock, new Rate(10, TimeSpan.FromSeconds(10)));

    // Where a rule refuses, somebody may only be mistaken, and more often.
    private readonly Paces<Jid> _rules = new(clock, new Rate(100, TimeSpan.FromSeconds(0.2)));
    private long _withheld;

    /// <summary>How many refusals were not told.</summary>
    public long Withheld => Interlocked.Read(ref _withheld);

    /// <summary>Whether the sender is told that a limit refuses this.</summary>
    public bool TellsOfLimit(Jid sender) => Tells(_limits, sender);

    /// <summary>Whether the sender is told that a rule refuses this.</summary>
    public bool TellsOfRule(Jid sender) => Tells(_rules, sender);

    private bool Tells(Paces<Jid> paces, Jid sender)
    {
        if (paces.TryTake(sender.Bare)) return true;
        Interlocked.Increment(ref _withheld);
        return false;
    }
}
