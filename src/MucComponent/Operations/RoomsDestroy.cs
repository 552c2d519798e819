using System.Collections.Immutable;
using System.Xml.Linq;
using MucComponent.Xmpp;

namespace MucComponent.Operations;

/// <summary>Destroys rooms (XEP-0045 §10.9): all who are in them are told.</summary>
public sealed class RoomsDestroy : Operation
{
    public override string Name => "rooms destroy";

    public override string Meaning => "Destroy rooms";

    public override ImmutableArray<string> Nodes => [.. base.Nodes, "http://prosody.im/protocol/muc#destroy"];

    public override ImmutableArray<Argument> Arguments =>
    [
        new("rooms", "The rooms", ArgumentType.Rooms, Required: true),
        new("reason", "Why; those in them are told"),
        new("alternate", "The room to go to instead", ArgumentType.Jid),
    ];

    // Where it is Prosody's, it has Prosody's form.
    public override string? FormType(string node) => node == Nodes[0] ? null : node;

    public override async Task<OperationResult> RunAsync(OperationRequest request, CancellationToken stop)
    {
        var destroyed = new List<Jid>();
        foreach (var room in request.Rooms("rooms"))
        {
            try
            {
                await request.Service.AskAsync(room, "set", Payload(request.Text("reason"), request.Jid("alternate")), stop).ConfigureAwait(false);
                destroyed.Add(room);
            }
            catch (RefusedException e) when (destroyed.Count > 0)
            {
                throw new RefusedException($"{e.Message} Before that these were destroyed: {string.Join(", ", destroyed)}.");
            }
        }
        return OperationResult.Done($"The following rooms were destroyed:\n{string.Join('\n', destroyed)}");
    }

    /// <summary>Says so to the room.</summary>
    internal static XElement Payload(string? reason, Jid? alternate) => new(
        Ns.MucOwner + "query",
        new XElement(
            Ns.MucOwner + "destroy",
            alternate is null ? null : new XAttribute("jid", alternate.ToString()),
            reason is null ? null : new XElement(Ns.MucOwner + "reason", reason)));
}
