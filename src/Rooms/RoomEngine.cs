using System.Collections.Immutable;
using System.Xml.Linq;
using MucComponent.Rooms.Features;
using MucComponent.Rooms.UseCases;
using MucComponent.Xmpp;

namespace MucComponent.Rooms;

/// <summary>
/// Decides what a room does with what it hears: addressee × kind × type → use case, read top to bottom. Pure: the same room
/// and the same input give the same step.
/// </summary>
public sealed class RoomEngine(FeatureList features, ServicePolicy policy)
{
    public FeatureList Features => features;

    public ServicePolicy Policy => policy;

    /// <summary>One input, one step. A refused input changes nothing, and only its sender hears why.</summary>
    public Step Handle(Room room, Input input)
    {
        if (Destroying.IsOverdue(room, policy, input.Now)) return HandleAnew(room, input);
        if (input.Now >= room.Due) return HandleLate(room, input);
        // Who speaks is there, whatever it says.
        if (!input.Stanza.IsError && room.Doubted.Contains(input.Stanza.From!)) room = room with { Doubted = room.Doubted.Remove(input.Stanza.From!) };
        var turn = new Turn(room, input, features, policy);
        if (room.Locked && input.Now > room.Created + policy.LockedFor && !Portion.IsUnfinished(room)) turn.Unlock();
        if (Decide(turn) is not { } error)
        {
            LargeRooms.CatchUp(turn);
            if (!Portion.IsUnfinished(turn.Room)) Destroying.IfForsaken(turn);
            return turn.ToStep();
        }
        if (!input.Stanza.MayBeRefused) return new Step(room, [], []);
        return new Step(room, [], [new Outgoing(Refusal(input.Stanza, error, By(room, input.Stanza)), [input.Stanza.From!])]);
    }

    /// <summary>What is told when a room is loaded, before anything else happens in it; nothing changes by it.</summary>
    /// <param name="room">As restored from <paramref name="stored"/>.</param>
    public ImmutableArray<Outgoing> TellAgain(Room room, StoredRoom stored, DateTimeOffset now, Guid id)
    {
        if (room.Occupants.IsEmpty) return [];
        // Nobody asked for it: the service does, as for a look after everybody.
        var turn = new Turn(room, new Input(Verifying.Request(room.Jid), now, id), features, policy);
        TellingAgain.Everybody(turn, stored);
        return turn.ToStep().Outgoing;
    }

    // The room ended when its grace did, and only now somebody looks: what is heard is heard by a room that is not there.
    private Step HandleAnew(Room room, Input input)
    {
        var end = new Turn(room, input, features, policy);
        end.Destroy(null);
        var step = Handle(end.Room, input);
        return step with { Changes = [.. end.ToStep().Changes, .. step.Changes] };
    }

    // What ends by itself ended before: what is heard is heard by a room in which it is over, and may be refused alone.
    private Step HandleLate(Room room, Input input)
    {
        var end = new Turn(room, input, features, policy);
        Elapsing.Elapse(end);
        var (over, step) = (end.ToStep(), Handle(end.Room, input));
        return step with { Changes = [.. over.Changes, .. step.Changes], Outgoing = [.. over.Outgoing, .. step.Outgoing] };
    }

    /// <summary>Refuses a stanza. A refused join says that it was one, as in the examples of §7.2: clients know it by that.</summary>
    public static Stanza Refusal(Stanza stanza, StanzaError error, Jid? by)
    {
        var refusal = stanza.Error(error, by);
        return stanza is { Kind: StanzaKind.Presence } && stanza.Has(Ns.Muc + "x")
            ? refusal with { Children = refusal.Children.Insert(0, new XElement(Ns.Muc + "x")) }
            : refusal;
    }

    // Tells the room's refusal from an occupant's. COMPAT: a registration (XEP-0077) is refused as by any other service,
    // which is how conversation tests for rooms have it.
    private static Jid? By(Room room, Stanza stanza) => stanza.Has(Ns.Register + "query") ? null : room.Jid;

    private static StanzaError? Decide(Turn turn) => turn.Stanza.Kind switch
    {
        StanzaKind.Presence => OfPresence(turn),
        StanzaKind.Message => OfMessage(turn),
        _ => turn.Stanza.Type switch
        {
            "get" or "set" when turn.Stanza.Children.Length != 1 => StanzaError.BadRequest,
            "get" or "set" => turn.Stanza.To!.IsBare ? OfRequest(turn, turn.Stanza.Children[0]) : ToOccupant(turn),
            "result" or "error" => OfAnswer(turn),
            _ => StanzaError.BadRequest,
        },
    };

    private static StanzaError? OfPresence(Turn turn)
    {
        var muc = turn.Stanza.Child(Ns.Muc + "x");
        switch (turn.Stanza.Type, turn.Me)
        {
            case (null, { } me) when turn.Stanza.To!.IsBare || turn.Stanza.To.Resource == me.Nick:
                if (muc is null) ChangingAvailability.Change(turn, me);
                else Entering.Resync(turn, me, muc);
                return null;
            case (null, { } me):
                return ChangingNick.Change(turn, me, muc);
            case (null, null) when turn.Stanza.To!.IsBare:
                return StanzaError.JidMalformed; // §7.2.1: no nick
            case (null, null) when muc is not null:
                return Entering.Enter(turn, muc);
            case (null, null):
                Entering.TellNotIn(turn);
                return null;
            case ("unavailable", { } me):
                Exiting.Exit(turn, me);
                return null;
            case ("unavailable", null) when turn.Sender.IsDomainOf(turn.Room.Jid):
                ShuttingDown.Everybody(turn); // the service itself goes
                return null;
            case ("error", _):
                Bouncing.Bounce(turn);
                return null;
            case ("probe", null) when turn.Sender.IsDomainOf(turn.Room.Jid):
                Verifying.Everybody(turn); // the service itself asks, which nobody else can
                return null;
            case ("unsubscribed", null) when turn.Sender.IsDomainOf(turn.Room.Jid):
                ShuttingOut.Them(turn); // the service itself shuts them out
                return null;
            case ("probe", _) when !turn.Stanza.To!.IsBare:
                return Probing.Probe(turn);
            default:
                return null; // §17.3: nothing else is for a room, and none of it is a join
        }
    }

    private static StanzaError? OfMessage(Turn turn)
    {
        if (turn.Stanza.Type == "error")
        {
            Bouncing.Bounce(turn);
            return null;
        }
        if (!turn.Room.Exists) return NotThere(turn);
        if (turn.Room.Locked && turn.Me is null) return StanzaError.ItemNotFound; // §17.2
        if (!turn.Stanza.To!.IsBare) return SendingPrivately.Send(turn);
        if (turn.Stanza.Type == "groupchat") return turn.IsByService ? Announcing.ToAll(turn) : SendingToAll.Send(turn);

        var x = turn.Stanza.Child(Ns.MucUser + "x");
        if (x?.Element(Ns.MucUser + "invite") is not null) return Inviting.Send(turn, x);
        if (x?.Element(Ns.MucUser + "decline") is not null) return Inviting.Decline(turn, x);
        if (turn.Stanza.Child(Ns.DataForms + "x") is { } form) return OfForm(turn, form);
        // §7.4: what is for everybody is of type groupchat. Without content there is nothing to refuse.
        return turn.Stanza.Has(Ns.Client + "body") ? StanzaError.BadRequest : null;
    }

    // A form in a message asks or answers: voice (§7.13, §8.6), approval of a registration (§9.9).
    private static StanzaError? OfForm(Turn turn, XElement x) => DataForm.From(x) switch
    {
        { Type: "cancel" } => null,
        { Type: "submit", FormType: RequestingVoice.FormType } form => RequestingVoice.Submit(turn, form),
        { Type: "submit", FormType: Registering.FormType } form => ApprovingRegistrations.Answer(turn, form),
        _ => StanzaError.BadRequest,
    };

    private static StanzaError? OfRequest(Turn turn, XElement payload)
    {
        if (turn.Portion is { } portion) return TakingOver.Take(turn, portion);
        if (!turn.Room.Exists) return turn.IsByService && MakesRoom(turn, payload) is { } form ? Creating.ByService(turn, form) : NotThere(turn);
        var (name, get) = (payload.Name, turn.Stanza.Type == "get");
        if (name == Ns.DiscoInfo + "query" && get) return Discovering.Info(turn, payload);
        if (name == Ns.DiscoItems + "query" && get) return Discovering.Items(turn, payload);
        if (name == Ns.MucAdmin + "query") return get ? Administering.Get(turn, payload) : Administering.Set(turn, payload);
        if (name == Ns.MucOwner + "query") return get ? Configuring.Get(turn) : OfOwner(turn, payload);
        if (name == Ns.Register + "query") return get ? Registering.Get(turn) : Registering.Set(turn, payload);
        if (name == CommandRequest.Name) return ExecutingCommands.Execute(turn, payload);
        return turn.Features.Answering(name.Namespace) is { } feature ? feature.Answer(turn, payload) : StanzaError.ServiceUnavailable;
    }

    private static XElement? MakesRoom(Turn turn, XElement payload) =>
        turn.Stanza.Type == "set" && payload.Name == Ns.MucOwner + "query" ? payload.Element(Ns.DataForms + "x") : null;

    private static StanzaError? OfOwner(Turn turn, XElement query)
    {
        if (query.Element(Ns.MucOwner + "destroy") is { } destroy) return Destroying.Request(turn, destroy);
        return query.Element(Ns.DataForms + "x") is { } form ? Configuring.Set(turn, form) : StanzaError.BadRequest;
    }

    private static StanzaError? ToOccupant(Turn turn)
    {
        // To a client that asks whether it is in, "not found" would mean that it is (XEP-0410 §3.1).
        if (!turn.Room.Exists && !turn.Stanza.Has(Ns.Ping + "ping")) return NotThere(turn);
        return Relaying.Ask(turn);
    }

    private static StanzaError NotThere(Turn turn) =>
        turn.Room.Tombstone is { } stone && stone.Until > turn.Now ? Entering.Gone(stone) : StanzaError.ItemNotFound;

    private static StanzaError? OfAnswer(Turn turn)
    {
        Relaying.Answer(turn);
        return null;
    }
}
