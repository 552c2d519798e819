using System.Collections.Immutable;
using System.Xml.Linq;
using MucComponent.Rooms;
using MucComponent.Xmpp;

namespace MucComponent.Tests.Rooms;

/// <summary>One step of the simulation: what the room was, what it heard, and what came of it.</summary>
public sealed class SimulationMoment
{
    private readonly Lazy<HashSet<Jid>> _toldModerator;
    private readonly Lazy<HashSet<Jid>> _toldIn;

    public SimulationMoment(Room before, Input input, Step step)
    {
        (Before, Input, Step) = (before, input, step);
        Refusal = MayBeRefused ? step.Outgoing.FirstOrDefault(IsRefusal) : null;
        _toldModerator = new(() => ToldOfThemselves(item => item.Attribute("role")?.Value == "moderator"));
        _toldIn = new(() => ToldOfThemselves(_ => true));
    }

    public Room Before { get; }

    public Input Input { get; }

    public Step Step { get; }

    public Room After => Step.Room;

    public Stanza Stanza => Input.Stanza;

    public Jid Sender => Stanza.From!;

    public ImmutableArray<Outgoing> Outgoing => Step.Outgoing;

    /// <summary>The sender as it was in the room, or null.</summary>
    public Occupant? Me => Before.Occupants.BySession(Sender);

    /// <summary>The error that answers the input, or null if it was taken.</summary>
    public Outgoing? Refusal { get; }

    /// <summary>The sessions that learn in this step that they are moderators: what tells them of the others may come just before.</summary>
    public HashSet<Jid> ToldModerator => _toldModerator.Value;

    /// <summary>The sessions that learn in this step that they are in.</summary>
    public HashSet<Jid> ToldIn => _toldIn.Value;

    public bool IsRequest => Stanza is { Kind: StanzaKind.Iq, Type: "get" or "set" };

    private bool MayBeRefused => IsRequest || Stanza is { Kind: not StanzaKind.Iq, Type: not "error" };

    private bool IsRefusal(Outgoing outgoing) =>
        outgoing.Stanza is { Type: "error" } error && error.Kind == Stanza.Kind && error.Id == Stanza.Id && error.From == Stanza.To && outgoing.To.Contains(Sender);

    private HashSet<Jid> ToldOfThemselves(Func<XElement, bool> that) =>
    [
        .. Outgoing.Where(o => o.Stanza is { Kind: StanzaKind.Presence, Type: null } && o.Stanza.Child(Ns.MucUser + "x") is { } x
                && SimulationClientView.Says(x, 110) && x.Element(Ns.MucUser + "item") is { } item && that(item))
            .SelectMany(o => o.To),
    ];
}

/// <summary>Something that always holds did not.</summary>
public sealed class SimulationException(string what) : Exception(what);
