using MucComponent.Component;
using MucComponent.Hosting;
using MucComponent.Rooms;
using MucComponent.Xmpp;

namespace MucComponent.Service;

/// <summary>
/// What is let to the service and its rooms at all: not what comes from whom the operator shuts out, and of everything no more than
/// one person may do in all rooms together (XEP-0045 §14.6; what is one room's alone, the room decides itself). Costs nothing where
/// there is no limit, and makes nothing for who keeps to them. For one caller at a time.
/// </summary>
public sealed class Admission(MucOptions options, BlockLists lists, IOutbox outbox, Reticence reticence, HeldPresences held, TimeProvider clock)
{
    private static readonly StanzaError ShutOut = StanzaError.Forbidden.Because("You may not use this service.");

    private readonly Paces<Jid>? _messages = New(options.MessageRate, clock);
    private readonly Paces<Jid>? _joins = New(options.JoinRate, clock);
    private readonly Paces<Jid>? _invitations = New(options.InvitationRate, clock);
    private readonly Paces<Jid>? _voiceRequests = New(options.VoiceRequestRate, clock);
    private readonly Paces<Jid>? _requests = New(options.RequestRate, clock);

    /// <summary>Whether it goes on; otherwise all that has to be done is done. Goodbyes, answers and errors always go on.</summary>
    public bool Admits(Stanza stanza)
    {
        if (stanza.Kind == StanzaKind.Presence && stanza.Type is "unavailable" or "error") held.Forget(stanza);
        if (!stanza.MayBeRefused) return true;
        var person = stanza.From!.Bare;
        if (lists.ShutsOut(person)) return Refuse(stanza, ShutOut);
        if (options.Unlimited.Includes(person, options.Admins)) return true;
        return stanza.Kind switch
        {
            StanzaKind.Message => AdmitsMessage(stanza, person),
            StanzaKind.Presence => AdmitsPresence(stanza, person),
            _ => _requests?.TryTake(person) != false || Refuse(stanza, TooOften("You ask too often.")),
        };
    }

    private bool AdmitsMessage(Stanza message, Jid person)
    {
        if (_messages is not null && message.Has(Ns.Client + "body") && !_messages.TryTake(person)) return Refuse(message, TooOften("You write too much."));
        if (message.Type == "groupchat") return true;
        if (_invitations is not null && message.Child(Ns.MucUser + "x") is { } x)
        {
            var count = x.Elements(Ns.MucUser + "invite").Count();
            if (count > 0 && !_invitations.TryTake(person, count)) return Refuse(message, StanzaError.ResourceConstraint.Because("You have sent many invitations. Please try again later."));
        }
        if (_voiceRequests is not null && message.Has(Ns.DataForms + "x") && !_voiceRequests.TryTake(person))
            return Refuse(message, StanzaError.ResourceConstraint.Because("You have sent many requests. Please try again later."));
        return true;
    }

    private bool AdmitsPresence(Stanza presence, Jid person)
    {
        if (presence.Type is not null) return true;
        if (!presence.Has(Ns.Muc + "x")) return !held.Holds(presence);
        held.Forget(presence);
        return _joins?.TryTake(person) != false || Refuse(presence, TooOften("You enter rooms too often."));
    }

    private static StanzaError TooOften(string what) => StanzaError.PolicyViolation with { Type = "wait", Text = $"{what} Please try again later." };

    private bool Refuse(Stanza stanza, StanzaError error)
    {
        if (reticence.TellsOfLimit(stanza.From!))
            foreach (var refusal in Hosting.Refusal.Of(stanza, error)) outbox.TrySend(refusal);
        return false;
    }

    private static Paces<Jid>? New(Rate? rate, TimeProvider clock) => rate is null ? null : new(clock, rate);
}
