using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using MucComponent.Component;
using MucComponent.Operations;
using MucComponent.Rooms;
using MucComponent.Xmpp;

namespace MucComponent.Service;

/// <summary>The operations as ad-hoc commands of the service (XEP-0050), for its admins alone; to all others there are none.</summary>
public sealed class ServiceCommands(OperatedService service, IOutbox outbox)
{
    // A command does not outlast the process, nor does the right to go on with it.
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    /// <summary>Whether anybody can have commands here.</summary>
    public bool Any => service.Options.Admins.Count > 0;

    /// <summary>The commands for this person (§2.2).</summary>
    public XElement Items(Jid who) =>
        CommandList.Items(service.Options.Domain, IsAdmin(who) ? OperationList.All.Select(o => (o.Nodes[0], o.Meaning)) : []);

    /// <summary>What a node is.</summary>
    /// <param name="info">If it is one of ours, and this person's to know.</param>
    public StanzaError? Info(Jid who, string node, out XElement? info)
    {
        info = null;
        if (node == Ns.Commands.NamespaceName) info = CommandList.Info(node, "command-list", "Commands");
        else if (OperationList.Under(node) is not { } operation) return StanzaError.ItemNotFound;
        else if (IsAdmin(who)) info = CommandList.Info(node, "command-node", operation.Meaning);
        else return CommandError.Forbidden;
        return null;
    }

    /// <summary>Answers now, or begins and answers later; never waits.</summary>
    public void Execute(Stanza stanza, XElement payload)
    {
        if (CommandRequest.Read(payload, out var request) is { } bad) Refuse(stanza, bad);
        else if (OperationList.Under(request.Node) is not { } operation) Refuse(stanza, StanzaError.ItemNotFound);
        else if (!IsAdmin(stanza.From!)) Refuse(stanza, CommandError.Forbidden);
        else
        {
            var session = new CommandSession(request, stanza.From!, service.Clock.GetUtcNow(), $"{Guid.NewGuid():N}", Sign);
            var step = session.Next(OperationForm.Of(operation, request.Node));
            if (step.Refusal is not null) Refuse(stanza, step.Refusal);
            else if (step.Submitted is null) Send(stanza, step.Answer!);
            else _ = Task.Run(() => RunAsync(stanza, session, operation, step.Submitted));
        }
    }

    private async Task RunAsync(Stanza stanza, CommandSession session, Operation operation, DataForm submitted)
    {
        try
        {
            var request = new OperationRequest(service, OperationForm.Read(operation, submitted), stanza.From);
            var result = await service.RunAsync(operation, request, CancellationToken.None).ConfigureAwait(false);
            Send(stanza, session.Completed(CommandResult.Done(result.Note) with { Form = OperationForm.Of(operation, session.Request.Node, result) }));
        }
        catch (RefusedException e)
        {
            // It was understood and could not be done: a command that is over, with a note (§4.3), as people are shown it.
            Send(stanza, session.Completed(new CommandResult { Notes = [new CommandNote("error", e.Message)] }));
        }
    }

    private void Send(Stanza stanza, XElement answer)
    {
        var outgoing = new Outgoing(stanza.Result(answer), [stanza.From!]);
        if (Outbox.IsTooBig(outgoing)) Refuse(stanza, StanzaError.PolicyViolation.Because("The answer is too long for one stanza; ask for less."));
        else outbox.TrySend(outgoing);
    }

    private void Refuse(Stanza stanza, StanzaError error) =>
        outbox.TrySend(new Outgoing(stanza.Error(error, service.Options.Domain), [stanza.From!]));

    private bool IsAdmin(Jid who) => service.Options.Admins.Contains(who.Bare);

    private string Sign(string text) => Convert.ToHexString(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(text)));
}
