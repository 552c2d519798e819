using System.Collections.Immutable;
using System.Xml.Linq;
using Microsoft.Extensions.Logging.Abstractions;
using MucComponent.Component;
using MucComponent.Hosting;
using MucComponent.Operations;
using MucComponent.Rooms;
using MucComponent.Storage;
using MucComponent.Telemetry;
using MucComponent.Tests.Component;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;

namespace MucComponent.Tests.Operations;

/// <summary>A service with its rooms, in memory, on which operations work; what goes to the server can be looked at.</summary>
public sealed class Operated : IDisposable, IOutbox
{
    public const string Domain = "chat.shakespeare.lit";
    public const string Lobby = $"lobby@{Domain}";

    private readonly List<XElement> _sent = [];
    private readonly LocalRooms _rooms;

    public Operated(ServicePolicy? policy = null, MucOptions? options = null)
    {
        policy ??= new ServicePolicy();
        options = (options ?? new MucOptions()) with { Domain = Jid.Parse(Domain), Storage = StorageKind.Memory };
        RoomRequests? requests = null;
        var engine = new RoomEngine(FeatureList.Standard(policy), policy);
        _rooms = new LocalRooms(engine, Store, new OwnMail(options.Domain, this, stanza => requests?.Take(stanza)), Clock, NullLogger<LocalRooms>.Instance);
        requests = new RoomRequests(options.Domain, _rooms.Post, Clock);
        Service = new OperatedService(
            options, Store, requests, engine.Features, Clock, Log, () => new ProcessFigures(DateTimeOffset.UnixEpoch, IsAttached: true, _rooms.Loaded, 0, 0));
    }

    public OperatedService Service { get; }

    public MemoryRoomStore Store { get; } = new();

    public FakeClock Clock { get; } = new();

    public LogBook<LocalRooms> Log { get; } = new();

    /// <summary>All that went to the server, one for each address, in order.</summary>
    public IReadOnlyList<XElement> Sent
    {
        get { lock (_sent) return [.. _sent]; }
    }

    public IReadOnlyList<XElement> SentTo(string jid) => [.. Sent.Where(s => s.Attribute("to")?.Value == jid)];

    /// <summary>Runs an operation as somebody would write it, without the program's name.</summary>
    public Task<OperationResult> RunAsync(params string[] words)
    {
        var operation = OperationList.Named(string.Join(' ', words.Take(2))) ?? OperationList.Named(words[0])!;
        var fault = MucComponent.Control.CommandLine.Read(operation, words[operation.Name.Split(' ').Length..], out var values);
        return fault is null ? Service.RunAsync(operation, new OperationRequest(Service, values), default) : throw new ArgumentException(fault, nameof(words));
    }

    /// <summary>Somebody comes in, and is in when this returns.</summary>
    public Task EnterAsync(string who, string nick, string room = Lobby) => Service.Rooms.TellAsync(
        new Stanza(StanzaKind.Presence) { From = Jid.Parse(who), To = Jid.Parse($"{room}/{nick}"), Children = [new XElement(Ns.Muc + "x")] }, default);

    public void Dispose() => _rooms.Dispose();

    public ValueTask SendAsync(ImmutableArray<Outgoing> outgoing, CancellationToken stop, Delivery? delivery = null, Passage? passage = null)
    {
        foreach (var one in outgoing) TrySend(one);
        return ValueTask.CompletedTask;
    }

    public bool TrySend(Outgoing outgoing)
    {
        lock (_sent)
            foreach (var to in outgoing.To) _sent.Add((outgoing.Stanza with { To = to }).ToXml());
        return true;
    }
}
