using System.Xml.Linq;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.UseCases;

/// <summary>The room's ad-hoc commands: which there are for the one who asks (XEP-0050 §2.2), and executing one (§2.4).</summary>
public static class ExecutingCommands
{
    /// <summary>What a node of the room's is: the list of commands, or one of them.</summary>
    public static StanzaError? Info(Turn turn, string node)
    {
        if (turn.Features.Commands.IsEmpty) return StanzaError.ItemNotFound;
        if (node == Ns.Commands.NamespaceName) return Tell("command-list", "Commands");
        if (turn.Features.Command(node) is not { } command) return StanzaError.ItemNotFound;
        return command.MayRun(turn) is null ? Tell("command-node", command.Name) : CommandError.Forbidden;

        StanzaError? Tell(string type, string name)
        {
            turn.Reply(CommandList.Info(node, type, name));
            return null;
        }
    }

    /// <summary>The commands that the sender may run.</summary>
    public static StanzaError? Items(Turn turn, string node)
    {
        if (turn.Features.Commands.IsEmpty || node != Ns.Commands.NamespaceName) return StanzaError.ItemNotFound;
        turn.Reply(CommandList.Items(turn.Room.Jid, turn.Features.Commands.Where(c => c.MayRun(turn) is null).Select(c => (c.Node, c.Name))));
        return null;
    }

    public static StanzaError? Execute(Turn turn, XElement payload)
    {
        if (turn.Stanza.Type != "set") return StanzaError.BadRequest;
        if (CommandRequest.Read(payload, out var request) is { } bad) return bad;
        if (turn.Features.Command(request.Node) is not { } command) return StanzaError.ItemNotFound;
        if (command.MayRun(turn) is { } no) return no == StanzaError.Forbidden ? CommandError.Forbidden : no;

        var session = new CommandSession(request, turn.Sender, turn.Now, $"{turn.Id:N}", turn.Room.Sign);
        var step = session.Next(command.Form?.Invoke(turn));
        if (step.Refusal is not null) return step.Refusal;
        if (step.Submitted is null)
        {
            turn.Reply(step.Answer!);
            return null;
        }
        var result = command.Run(turn, step.Submitted);
        if (result.Error is null) turn.Reply(session.Completed(result));
        return result.Error;
    }
}
