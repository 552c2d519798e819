using MucComponent.Rooms.Features;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.UseCases;

/// <summary>The subject: XEP-0045 §8.1 (changing it), §7.2.15 (telling a newcomer).</summary>
public static class ChangingSubject
{
    /// <summary>A subject beside a body or a thread is part of a message like any other (§8.1).</summary>
    public static bool IsChange(Stanza message) =>
        message.Has(Ns.Client + "subject") && !message.Has(Ns.Client + "body") && !message.Has(Ns.Client + "thread");

    public static StanzaError? Change(Turn turn, Occupant me)
    {
        if (!SubjectChanges.MayChange(turn.Config, me.Role)) return StanzaError.Forbidden;
        if (ServiceLimits.MaySetSubject(turn) is { } tooLong) return tooLong;
        turn.SetSubject(new Subject([.. turn.Stanza.Children.Where(e => e.Name == Ns.Client + "subject")], me.Jid, turn.Now));
        // Changes of the subject are not part of the history (§7.2.13).
        SendingToAll.Reflect(turn, me, inHistory: false);
        return null;
    }

    /// <summary>Tells somebody who just came in; an empty subject where none is set, since clients wait for it.</summary>
    public static void Tell(Turn turn, Jid newcomer)
    {
        var subject = turn.Room.Subject;
        turn.Send(
            new Stanza(StanzaKind.Message)
            {
                Type = "groupchat",
                From = subject?.From is { } author && subject.Elements.Any(e => !e.IsEmpty && e.Value.Length > 0) ? author : turn.Room.Jid,
                Children = subject is null ? [new(Ns.Client + "subject")] : [.. subject.Elements, Delay.By(turn.Room.Jid, subject.At)],
            },
            newcomer);
    }
}
