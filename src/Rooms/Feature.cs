using System.Collections.Immutable;
using System.Xml.Linq;
using MucComponent.Xmpp;

namespace MucComponent.Rooms;

/// <summary>
/// Something that can be taken away and a room is still a room. It speaks only at the points below, each of which is
/// open-ended in XEP-0045; the order in which features speak is the one list in <see cref="FeatureList"/>.
/// </summary>
public abstract class Feature
{
    /// <summary>Its fields of the configuration form, in their order (§10.2).</summary>
    public virtual ImmutableArray<Option> Options => [];

    /// <summary>What it adds to the room's <c>disco#info</c> (§6.4, §16.3).</summary>
    public virtual IEnumerable<string> Disco(Room room) => [];

    /// <summary>Its fields of the <c>muc#roominfo</c> form (§16.5.4).</summary>
    public virtual IEnumerable<InfoField> Info(Room room) => [];

    /// <summary>Whether this newcomer may come in (§7.2); the first refusal in the list's order wins.</summary>
    public virtual StanzaError? MayEnter(Turn turn, Entry entry) => null;

    /// <summary>The role of a newcomer, as the features before this one have it (§5.1.2).</summary>
    public virtual Role EntryRole(Turn turn, Entry entry, Role role) => role;

    /// <summary>Somebody came in and was told what everybody is told (§7.1): what is for this one alone.</summary>
    public virtual void Entered(Turn turn, Occupant newcomer)
    {
    }

    /// <summary>Whether this occupant may say something to all (§7.4).</summary>
    public virtual StanzaError? MaySpeak(Turn turn, Occupant author) => null;

    /// <summary>A message on its way to everybody: what is taken from it and added to it.</summary>
    public virtual Stanza Reflecting(Turn turn, Occupant author, Stanza message) => message;

    /// <summary>Status codes for the first presence of a newcomer (§7.2.3, §7.2.12).</summary>
    public virtual IEnumerable<int> EntryStatuses(RoomConfig config) => [];

    /// <summary>Fields of the form that are not options of their own: filled in as the room is now.</summary>
    public virtual IEnumerable<DerivedField> Derived(Room room) => [];

    /// <summary>Reads a submitted form beyond the options, and says whether the result can stand (§10.1.3).</summary>
    public virtual StanzaError? Configured(Turn turn, Submission form) => null;

    /// <summary>Status codes that tell of a changed configuration (§10.2.1), besides 104.</summary>
    public virtual IEnumerable<int> ConfigStatuses(RoomConfig before, RoomConfig after) => [];

    /// <summary>Ad-hoc commands of the room (XEP-0050) that it offers.</summary>
    public virtual ImmutableArray<RoomCommand> Commands => [];

    /// <summary>The namespaces of requests to the room that this feature answers.</summary>
    public virtual ImmutableArray<XNamespace> Answers => [];

    /// <summary>Answers a request in one of <see cref="Answers"/>.</summary>
    /// <param name="payload">The iq's child.</param>
    public virtual StanzaError? Answer(Turn turn, XElement payload) => StanzaError.ServiceUnavailable;
}

/// <summary>One field of the <c>muc#roominfo</c> form.</summary>
public sealed record InfoField(string Var, string Type, params ImmutableArray<string> Values);

/// <summary>One field of the configuration form that shows something kept elsewhere.</summary>
public sealed record DerivedField(string Var, string Label, string Type, params ImmutableArray<string> Values);

/// <summary>Somebody asking to come in.</summary>
/// <param name="Muc">The <c>&lt;x xmlns='…muc'/&gt;</c> of the join.</param>
public sealed record Entry(XElement Muc, string Nick, Affiliation Affiliation);

/// <summary>A submitted configuration form: the values of a field, or null if it was not submitted.</summary>
public sealed record Submission(Func<string, ImmutableArray<string>?> Values);
