using System.Buffers;
using System.Xml.Linq;
using MucComponent.Rooms;
using MucComponent.Rooms.UseCases;
using MucComponent.Xmpp;

namespace MucComponent.Tests.Rooms;

/// <summary>
/// One room and its public: hears inputs one after another, lets the clients hear what comes of each in its order, and checks
/// after every step what always holds. Without chance of its own: the same inputs give the same.
/// </summary>
public sealed class SimulationStage
{
    private static readonly ServicePolicy Policy = new() { MaxNickLength = SimulationCast.MaxNickLength, MaxAffiliations = 7, EmptyRoomGrace = TimeSpan.FromMinutes(2) };

    private readonly RoomEngine _engine = new(FeatureList.Standard(Policy), Policy);
    private readonly Dictionary<Jid, SimulationClientView> _views = SimulationCast.Sessions.ToDictionary(s => s, s => new SimulationClientView(s));
    private readonly Dictionary<(Jid Asked, string Id), (Jid Asker, Jid OccupantJid, string? Id)> _relayed = [];
    private readonly SimulationStore _store;
    private int _steps;
    private int _sent;

    public SimulationStage() => _store = new SimulationStore(_engine);

    public Room Room { get; private set; } = new(SimulationCast.Room, "the salt of the coven");

    public SimulationMoment Hears(Input input)
    {
        // A room whose grace is over hears nothing any more: what is heard is heard by one that is not there.
        var before = Destroying.IsOverdue(Room, Policy, input.Now) ? new Room(Room.Jid, Room.Salt) : Room;
        var step = _engine.Handle(Room, input);
        if (before != Room)
        {
            if (step.Changes is not [RoomDestroyed, ..]) throw new SimulationException("A room ends when its grace does, whatever comes then");
            _store.Keep([step.Changes[0]]);
            step = step with { Changes = step.Changes.RemoveAt(0) };
        }
        var moment = new SimulationMoment(before, input, step);
        Room = step.Room;
        _store.Keep(step.Changes);
        foreach (var outgoing in step.Outgoing) Deliver(moment, outgoing);
        SimulationInvariants.Check(moment, _views);
        CheckRelayed(moment);
        _store.CheckLists(Room);
        // Nobody may notice.
        if (_steps % 7 == 0) Room.Rest();
        if (_steps++ % 50 == 0) CheckKept();
        return moment;
    }

    /// <summary>The component goes and comes back: the room is what was kept, and no client is to notice.</summary>
    public void Restarts()
    {
        CheckKept();
        Room = _store.Reload(Room);
    }

    public void CheckKept() => _store.CheckWhole(Room);

    private void Deliver(SimulationMoment moment, Outgoing outgoing)
    {
        var mentioned = SimulationAnonymity.Mentioned(moment, outgoing.Stanza);
        foreach (var to in outgoing.To)
        {
            var view = _views.GetValueOrDefault(to);
            SimulationAnonymity.Check(moment, outgoing, to, mentioned, view);
            view?.Hears(outgoing.Stanza);
        }
        if (_sent++ % 20 == 0) CheckWritten(outgoing);
    }

    /// <summary>An answer finds its asker, if that is still in, under its own id; one that nobody asked for reaches nobody (§17.4).</summary>
    private void CheckRelayed(SimulationMoment moment)
    {
        if (moment.IsRequest)
        {
            foreach (var (stanza, to) in moment.Outgoing)
                if (stanza is { Kind: StanzaKind.Iq, Type: "get" or "set", Id: { } id }) _relayed[(to[0], id)] = (moment.Sender, moment.Stanza.To!, moment.Stanza.Id);
            return;
        }
        if (moment.Stanza is not { Kind: StanzaKind.Iq }) return;
        if (moment.Stanza is not { Type: "result" or "error", Id: { } answered } || !_relayed.TryGetValue((moment.Sender, answered), out var way) || moment.After.Occupants.BySession(way.Asker) is null)
        {
            if (!moment.Outgoing.IsEmpty) throw new SimulationException("An answer that nobody waits for reaches nobody");
            return;
        }
        if (moment.Outgoing is not [(var answer, [var asker])] || asker != way.Asker || answer.From != way.OccupantJid || answer.Type != moment.Stanza.Type || (answer.Id ?? "") != (way.Id ?? ""))
            throw new SimulationException($"An answer finds who asked: {way.Asker} asked {way.OccupantJid} with id {way.Id}");
    }

    /// <summary>What is written is XML, and reads as what was meant.</summary>
    private static void CheckWritten(Outgoing outgoing)
    {
        if (outgoing.To.IsEmpty) throw new SimulationException($"What is sent has an address: {outgoing.Stanza.ToXml()}");
        var bytes = new ArrayBufferWriter<byte>();
        StanzaWriter.Write(outgoing.Stanza.Encoded, outgoing.To[0], bytes);
        var meant = (outgoing.Stanza with { To = outgoing.To[0] }).ToXml();
        if (!StanzaParser.TryParse(bytes.WrittenSpan, out var xml) || !Stanza.TryFrom(xml, out var read) || !XNode.DeepEquals(Normal(read.ToXml()), Normal(meant)))
            throw new SimulationException($"What is sent reads as it was meant: {meant}");
    }

    // Without the xmlns attributes of elements made by hand, and with text in one piece.
    private static XElement Normal(XElement xml) => new(
        xml.Name,
        xml.Attributes().Where(a => !a.IsNamespaceDeclaration).OrderBy(a => a.Name.ToString(), StringComparer.Ordinal),
        xml.HasElements ? xml.Nodes().Select(n => n is XElement e ? Normal(e) : n) : xml.Value.Length > 0 ? xml.Value : null);
}
