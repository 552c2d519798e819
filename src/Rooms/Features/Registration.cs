using System.Collections.Immutable;
using MucComponent.Rooms.UseCases;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Features;

/// <summary>
/// Who may become a member by registering, and whether members keep to their nick: XEP-0045 §7.10, §7.2.2 (210), §9.9
/// (approval). What waits for approval is kept with the room, and each admin who comes in gets to see it.
/// </summary>
public sealed class Registration : Feature
{
    public const string Closed = "closed";
    public const string ByApproval = "approval";
    public const string Open = "open";

    public static readonly Choice Admission = new(
        "muc#roomconfig_registration", "Who may register as a member?", Closed,
        (Closed, "Those whom an admin adds"), (ByApproval, "Those whom an admin approves"), (Open, "Anyone"))
    {
        Aliases = ["x-muc#roomconfig_registration"],
        Synonyms = [("0", Closed), ("false", Closed), ("1", Open), ("true", Open)],
    };

    public static readonly Toggle NicksLocked = new("muc#roomconfig_lockednicks", "Keep registered members to their nick?", false)
    {
        Aliases = ["x-muc#roomconfig_reservednick"],
    };

    private const string Name = "registrations";

    public override ImmutableArray<Option> Options => [Admission, NicksLocked];

    /// <summary>Who waits for approval. A request is over once its author has an affiliation, by whatever way.</summary>
    public static ImmutableArray<RegistrationRequest> Pending(Room room) =>
    [
        .. Rows.Read(room, Name).Select(row => new RegistrationRequest(Jid.Parse(row[0]), row[1]))
            .Where(r => room.Affiliations.Get(r.By) == Affiliation.None),
    ];

    /// <summary>Keeps a request in the place of an older one of the same person. False when too many wait already.</summary>
    public static bool TryAdd(Turn turn, RegistrationRequest request)
    {
        var others = Pending(turn.Room).RemoveAll(r => r.By == request.By);
        if (others.Length >= turn.Policy.PendingRequests) return false;
        Write(turn, others.Add(request));
        return true;
    }

    /// <summary>Drops what this person asked for. False when there was nothing.</summary>
    public static bool TryRemove(Turn turn, Jid by)
    {
        var pending = Pending(turn.Room);
        var others = pending.RemoveAll(r => r.By == by);
        Write(turn, others);
        return others.Length < pending.Length;
    }

    public override void Entered(Turn turn, Occupant newcomer) => OfferPending(turn, newcomer, [turn.Sender]);

    /// <summary>Shows an admin what waits; nobody else.</summary>
    public static void OfferPending(Turn turn, Occupant admin, ImmutableArray<Jid> sessions)
    {
        if (admin.Affiliation < Affiliation.Admin) return;
        foreach (var request in Pending(turn.Room)) ApprovingRegistrations.Offer(turn, request, sessions);
    }

    private static void Write(Turn turn, ImmutableArray<RegistrationRequest> pending) =>
        Rows.Write(turn, Name, pending.Select(r => new[] { r.By.ToString(), r.Nick }), turn.Policy.PendingRequests);
}

/// <summary>Somebody's wish to become a member under a nick.</summary>
/// <param name="By">Bare.</param>
public sealed record RegistrationRequest(Jid By, string Nick);
