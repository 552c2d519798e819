using System.Collections.Immutable;
using System.Xml.Linq;
using MucComponent.Rooms.Features;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.UseCases;

/// <summary>
/// Telling the room about an occupant (XEP-0045 §7.2.2 to §7.2.4, §17.3). The one place that decides who sees a real JID:
/// everybody in a non-anonymous room, moderators in a semi-anonymous one, and oneself.
/// </summary>
public static class Presences
{
    /// <summary>Tells everybody how this occupant is now; its own sessions last, so that a newcomer knows the list is complete.</summary>
    public static void Announce(Turn turn, Occupant occupant, Notice notice)
    {
        AnnounceToOthers(turn, occupant, notice);
        turn.Send(Here(turn.Room, occupant, View.Self, notice), occupant.SessionJids);
    }

    /// <summary>Tells these of the occupant's own sessions.</summary>
    public static void AnnounceToSessions(Turn turn, Occupant occupant, ImmutableArray<Jid> own) =>
        turn.Send(Here(turn.Room, occupant, View.Self, Notice.None), own);

    /// <summary>Tells the others alone.</summary>
    public static void AnnounceToOthers(Turn turn, Occupant occupant, Notice notice)
    {
        if (IsShown(turn.Config, occupant)) TellOthers(turn, occupant, view => Here(turn.Room, occupant, view, notice));
    }

    /// <summary>Tells the sender how it is itself, with the id of the presence it sent (§7.2.2).</summary>
    public static void Acknowledge(Turn turn, Occupant occupant, Notice notice) =>
        turn.Send(Here(turn.Room, occupant, View.Self, notice) with { Id = turn.Stanza.Id }, turn.Sender);

    /// <summary>
    /// Tells everybody that this occupant is gone, itself first; it is out of the room already. Whoever was never shown is
    /// not announced as leaving.
    /// </summary>
    public static void AnnounceGone(Turn turn, Occupant gone, Notice notice)
    {
        foreach (var session in gone.SessionJids) TellGone(turn, gone, session, notice);
        AnnounceGoneToOthers(turn, gone, notice);
    }

    /// <summary>Tells the others alone.</summary>
    public static void AnnounceGoneToOthers(Turn turn, Occupant gone, Notice notice)
    {
        if (IsShown(turn.Config, gone)) TellOthers(turn, gone, view => Gone(turn.Room, gone, view, notice));
    }

    /// <summary>Tells one session that it is out.</summary>
    public static void TellGone(Turn turn, Occupant gone, Jid session, Notice notice) =>
        turn.Send(Gone(turn.Room, gone with { Sessions = [gone.Session(session) ?? gone.Shown] }, View.Self, notice), session);

    /// <summary>Tells one session who else is in the room (§7.2.2).</summary>
    public static void TellWhoIsHere(Turn turn, Occupant to, Jid session)
    {
        var view = MaySeeJids(turn.Config, to.Role) ? View.Full : View.Anonymous;
        ImmutableArray<Jid> address = [session];
        foreach (var occupant in turn.Room.Occupants.All)
            if (IsShown(turn.Config, occupant) && occupant.Nick != to.Nick) turn.Send(Here(turn.Room, occupant, view, Notice.None), address);

        if (!PresenceBroadcast.Shows(turn.Config, Role.None)) return;
        var present = turn.Room.Occupants.All.Select(o => o.RealJid).ToHashSet();
        foreach (var member in turn.Room.Affiliations.All)
            if (member.Nick is not null && !present.Contains(member.Jid)) TellAbsent(turn, member, to, session);
    }

    /// <summary>Tells one session of another occupant, if that one is shown at all.</summary>
    public static void TellOfOther(Turn turn, Occupant occupant, Occupant to, Jid session)
    {
        if (IsShown(turn.Config, occupant)) Tell(turn, occupant, to, session);
    }

    /// <summary>Tells one session of somebody who is registered and not there, as the session may see it.</summary>
    public static void TellAbsent(Turn turn, AffiliationRecord member, Occupant to, Jid session)
    {
        var item = new XElement(
            Ns.MucUser + "item",
            new XAttribute("affiliation", member.Affiliation.Word()), new XAttribute("role", Role.None.Word()), new XAttribute("nick", member.Nick!),
            MaySeeJids(turn.Config, to.Role) ? new XAttribute("jid", member.Jid.ToString()) : null);
        turn.Send(
            new Stanza(StanzaKind.Presence) { From = turn.Room.Jid.WithResource(member.Nick!), Type = "unavailable", Children = [Extended.X(item)] },
            session);
    }

    /// <summary>Tells one session how an occupant is, as the session may see it (§17.3, presence probes).</summary>
    public static void Tell(Turn turn, Occupant occupant, Occupant to, Jid session) =>
        turn.Send(Here(turn.Room, occupant, MaySeeJids(turn.Config, to.Role) ? View.Full : View.Anonymous, Notice.None), session);

    /// <summary>
    /// Announces an occupant whose role changed. The new role may show or hide real JIDs (§7.2.4), and its holder may fall
    /// out of sight (§5.1.1): everybody's picture of the room is brought up to date.
    /// </summary>
    public static void AnnounceRole(Turn turn, Occupant before, Occupant now, Notice notice)
    {
        if (IsShown(turn.Config, before) && !IsShown(turn.Config, now))
            TellOthers(turn, now, view => Gone(turn.Room, now, view, notice));
        // A new moderator is told even where all may see them: the room may have been opened after it came, and may close again.
        if (now.Role == Role.Moderator ? before.Role != Role.Moderator : MaySeeJids(turn.Config, before.Role) != MaySeeJids(turn.Config, now.Role))
            foreach (var session in now.SessionJids) TellWhoIsHere(turn, now, session);
        Announce(turn, now, notice);
    }

    /// <summary>A changed configuration may bring roles into sight or out of it (§5.1.1): those are announced as if they came or went.</summary>
    public static void AnnounceVisibility(Turn turn)
    {
        var (config, occupants) = (turn.Before.Config, turn.Before.Occupants);
        foreach (var occupant in turn.Room.Occupants.All.Where(o => !o.IsHeldBack))
            // By the role of before: the same form may have changed it, under the configuration that holds now.
            switch (PresenceBroadcast.Shows(config, occupants.ByNick(occupant.Nick)!.Role), PresenceBroadcast.Shows(turn.Config, occupant.Role))
            {
                case (false, true):
                    TellOthers(turn, occupant, view => Here(turn.Room, occupant, view, Notice.None));
                    break;
                case (true, false):
                    TellOthers(turn, occupant, view => Gone(turn.Room, occupant, view, Notice.None));
                    break;
            }
    }

    /// <summary>Whether occupants with this role are shown real JIDs.</summary>
    public static bool MaySeeJids(RoomConfig config, Role role) => role == Role.Moderator || Anonymity.IsNonAnonymous(config);

    // Whether the others know of it.
    private static bool IsShown(RoomConfig config, Occupant occupant) => !occupant.IsHeldBack && PresenceBroadcast.Shows(config, occupant.Role);

    private static void TellOthers(Turn turn, Occupant occupant, Func<View, Stanza> presence)
    {
        var audience = turn.Room.Occupants.Audience;
        var nonAnonymous = Anonymity.IsNonAnonymous(turn.Config);
        var full = Except(nonAnonymous ? audience.Everyone : audience.Moderators, occupant);
        if (!full.IsEmpty) turn.Send(presence(View.Full), full);
        if (nonAnonymous) return;
        var anonymous = Except(audience.Others, occupant);
        if (!anonymous.IsEmpty) turn.Send(presence(View.Anonymous), anonymous);
    }

    private static ImmutableArray<Jid> Except(ImmutableArray<Jid> addresses, Occupant occupant)
    {
        var rest = ImmutableArray.CreateBuilder<Jid>(addresses.Length);
        foreach (var address in addresses)
            if (occupant.Session(address) is null) rest.Add(address);
        return rest.DrainToImmutable();
    }

    // One's own is told hardly ever again, and what has news never.
    private static Stanza Here(Room room, Occupant occupant, View view, Notice notice) =>
        ReferenceEquals(notice, Notice.None) && view != View.Self
            ? occupant.Presence(view, room, static (r, o, v) => Stanza.Presence(o.Jid, Text(r, o, v)))
            : Make(room, occupant, view, null, notice);

    // As the elements are written that Make makes.
    private static string Text(Room room, Occupant occupant, View view) => string.Concat(
        occupant.Shown.SoundText, OccupantIds.Text(occupant.Id(room)), StanzaWriter.ToText(WornBy(room, occupant, null)),
        Extended.Text(occupant.Affiliation, occupant.Role, view == View.Anonymous ? null : occupant.Shown.Jid));

    private static Stanza Gone(Room room, Occupant occupant, View view, Notice notice) => Make(room, occupant, view, "unavailable", notice);

    // XEP-0317: of those who are there, where there are any.
    private static ImmutableArray<XElement> WornBy(Room room, Occupant occupant, string? type) =>
        room.Wardrobe is { } hats && type is null && room.Config.Get(Hats.Enabled) && hats.ToXml(occupant.RealJid) is { } worn ? [worn] : [];

    private static Stanza Make(Room room, Occupant occupant, View view, string? type, Notice notice)
    {
        var (said, role) = type is null ? (occupant.Shown.Presence, occupant.Role) : (notice.Farewell, notice.NewNick is null ? Role.None : occupant.Role);
        return new Stanza(StanzaKind.Presence)
        {
            From = occupant.Jid,
            Type = type,
            Children =
            [
                .. said,
                OccupantIds.Element(occupant.Id(room)),
                .. WornBy(room, occupant, type),
                Extended.Of(occupant.Affiliation, role, view == View.Anonymous ? null : occupant.Shown.Jid, view, notice),
            ],
        };
    }
}
