using System.Xml.Linq;

namespace MucComponent.Xmpp;

/// <summary>What is asked of a command (XEP-0050 §4.1); <c>prev</c> and <c>next</c> are for more steps than we have.</summary>
public enum CommandAction
{
    /// <summary>What comes next by itself, whatever that is.</summary>
    Execute,

    Complete,
    Cancel,
}

/// <summary>Somebody begins to execute an ad-hoc command, or goes on with one (XEP-0050 §2.4).</summary>
/// <param name="SessionId">Given from the second step on.</param>
/// <param name="Form">What was filled in, or null.</param>
public sealed record CommandRequest(string Node, CommandAction Action, string? SessionId, DataForm? Form)
{
    /// <summary>The element's name.</summary>
    public static readonly XName Name = Ns.Commands + "command";

    /// <summary>Reads a request; the error if it is none.</summary>
    public static StanzaError? Read(XElement command, out CommandRequest request)
    {
        request = null!;
        if (command.Name != Name || command.Attribute("node")?.Value is not { Length: > 0 } node) return StanzaError.BadRequest;
        if (command.Attribute("sessionid")?.Value is "") return CommandError.BadSessionId;
        if (!TryReadForm(command.Element(DataForm.Name), out var form)) return CommandError.BadPayload("A form filled in is needed.");
        CommandAction action;
        switch (command.Attribute("action")?.Value)
        {
            case null or "execute":
                action = CommandAction.Execute;
                break;
            case "complete":
                action = CommandAction.Complete;
                break;
            case "cancel":
                action = CommandAction.Cancel;
                break;
            case "prev" or "next":
                return CommandError.BadAction;
            default:
                return CommandError.MalformedAction;
        }
        request = new CommandRequest(node, action, command.Attribute("sessionid")?.Value, form);
        return null;
    }

    // "Responders SHOULD consider any <x type='cancel'/> to be <x type='submit'/>" (§3.5.1); and some say no type at all.
    private static bool TryReadForm(XElement? x, out DataForm? form)
    {
        form = null;
        if (x is null) return true;
        if (x.Attribute("type")?.Value is not (null or "submit" or "cancel")) return false;
        var submit = new XElement(x);
        submit.SetAttributeValue("type", "submit");
        form = DataForm.From(submit);
        return true;
    }
}

/// <summary>The errors of XEP-0050 §4.4 besides those that every request has.</summary>
public static class CommandError
{
    public static readonly StanzaError MalformedAction = Bad("malformed-action");
    public static readonly StanzaError BadAction = Bad("bad-action");
    public static readonly StanzaError BadSessionId = Bad("bad-sessionid");
    public static readonly StanzaError SessionExpired = StanzaError.NotAllowed with { Detail = new XElement(Ns.Commands + "session-expired") };

    /// <summary>Other than everywhere else, it is of type <c>cancel</c> here.</summary>
    public static readonly StanzaError Forbidden = StanzaError.Forbidden with { Type = "cancel" };

    /// <param name="why">A sentence for people.</param>
    public static StanzaError BadPayload(string why) => Bad("bad-payload").Because(why);

    private static StanzaError Bad(string condition) => StanzaError.BadRequest with { Detail = new XElement(Ns.Commands + condition) };
}
