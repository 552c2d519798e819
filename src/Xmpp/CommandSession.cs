using System.Globalization;
using System.Xml.Linq;

namespace MucComponent.Xmpp;

/// <summary>
/// One execution of an ad-hoc command of one step or two (XEP-0050 §2.4): without a form it is done at once, with one it is
/// done when the form comes back filled in, also when it comes at once. Nothing is kept between the steps: the session id is
/// a ticket that only its maker can have made, for this command, this person and an hour.
/// </summary>
/// <param name="Who">Full JID.</param>
/// <param name="Now">UTC.</param>
/// <param name="Unique">Different for each execution; letters and digits, maybe dashes.</param>
/// <param name="Sign">A keyed hash, of 22 characters or more.</param>
public sealed record CommandSession(CommandRequest Request, Jid Who, DateTimeOffset Now, string Unique, Func<string, string> Sign)
{
    /// <summary>How long a form waits to be filled in.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private const int SealLength = 22;

    /// <summary>What comes next: the command is to be done, or there is an answer without that.</summary>
    /// <param name="form">What has to be filled in first, or null.</param>
    public CommandStep Next(DataForm? form)
    {
        if (Request.SessionId is { } id && Refused(id) is { } no) return CommandStep.Refuse(no);
        if (Request.Action == CommandAction.Cancel)
            return Request.SessionId is null ? CommandStep.Refuse(CommandError.BadSessionId) : CommandStep.Reply(Answer("canceled"));
        if (form is null) return CommandStep.Run(Request.Form ?? new DataForm("submit", null));
        if (Request.Form is { } submitted)
            return form.FaultIn(submitted) is { } fault ? CommandStep.Refuse(CommandError.BadPayload(fault)) : CommandStep.Run(submitted);
        if (Request.SessionId is not null) return CommandStep.Refuse(CommandError.BadPayload("The form is missing."));
        if (Request.Action == CommandAction.Complete) return CommandStep.Refuse(CommandError.BadAction);
        var actions = new XElement(Ns.Commands + "actions", new XAttribute("execute", "complete"), new XElement(Ns.Commands + "complete"));
        return CommandStep.Reply(Answer("executing", actions, form.ToXml()));
    }

    /// <summary>The answer when the command is done.</summary>
    public XElement Completed(CommandResult result) => Answer(
        "completed",
        [.. result.Notes.Select(n => new XElement(Ns.Commands + "note", new XAttribute("type", n.Type), n.Text)), result.Form?.ToXml()]);

    private XElement Answer(string status, params ReadOnlySpan<XElement?> content) => new(
        CommandRequest.Name,
        new XAttribute("node", Request.Node), new XAttribute("sessionid", Request.SessionId ?? Ticket()), new XAttribute("status", status),
        content.ToArray());

    private string Ticket()
    {
        var content = string.Create(CultureInfo.InvariantCulture, $"{Now.ToUnixTimeSeconds()}.{Unique}");
        return $"{content}.{Seal(content)}";
    }

    private string Seal(string content) => Sign($"command {Request.Node}\n{Who}\n{content}")[..SealLength];

    private StanzaError? Refused(string id)
    {
        if (id.LastIndexOf('.') is var end and > 0 && id[(end + 1)..] == Seal(id[..end]) && long.TryParse(id.AsSpan(0, id.IndexOf('.')), CultureInfo.InvariantCulture, out var seconds))
            return Now - DateTimeOffset.FromUnixTimeSeconds(seconds) > Lifetime ? CommandError.SessionExpired : null;
        return CommandError.BadSessionId;
    }
}

/// <summary>What comes next in a command: one of the three.</summary>
/// <param name="Refusal">It cannot go on.</param>
/// <param name="Answer">Nothing is to be done but to send this.</param>
/// <param name="Submitted">It is to be done, with this form, which is empty where none was asked for.</param>
public sealed record CommandStep(StanzaError? Refusal, XElement? Answer, DataForm? Submitted)
{
    public static CommandStep Refuse(StanzaError error) => new(error, null, null);

    public static CommandStep Reply(XElement answer) => new(null, answer, null);

    public static CommandStep Run(DataForm submitted) => new(null, null, submitted);
}
