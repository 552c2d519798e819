using MucComponent.Rooms;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.Features;

/// <summary>XEP-0045 §7.13: whether and how often, and what becomes of a request that nobody hears.</summary>
public sealed class VoiceRequestsTests
{
    private const string FormType = "http://jabber.org/protocol/muc#request";

    [Test, Row("field-allow_voice_requests")] // §7.13
    public void Where_nobody_may_ask_asking_is_forbidden()
    {
        var coven = Asks(Moderated().With(("muc#roomconfig_allowvoicerequests", "0")));
        coven.RefusesWith(Coven.Hag66, "auth", "forbidden");
    }

    [Test, Row("V4", "field-voice_request_min_interval")]
    public void Nobody_asks_again_before_the_interval_is_over_not_even_by_another_nick()
    {
        var coven = Asks(Moderated().With(("muc#roomconfig_voicerequestmininterval", "60")));
        Asks(coven.Hears($"<presence from='{Coven.Hag66}' to='{Coven.Address}/oldhag'/>")).RefusesWith(Coven.Hag66, "wait", "resource-constraint");

        coven.Now += TimeSpan.FromSeconds(60);
        Assert.That(Asks(coven).ToldTo(Coven.Crone1), Has.Count.EqualTo(1));
    }

    [Test, Row("V4")]
    public void Others_may_ask_meanwhile()
    {
        var coven = Asks(Moderated()).Enters(Coven.Wiccarocks, "secondwitch");
        Assert.That(Asks(coven, Coven.Wiccarocks).ToldTo(Coven.Crone1), Has.Count.EqualTo(1));
    }

    [Test, Row("V5")] // §8.6
    public void A_request_that_no_moderator_was_there_to_hear_waits_for_the_next_one()
    {
        var coven = Asks(WithoutModerator());
        Assert.That(coven.Told, Is.Empty);

        coven.Enters(Coven.Crone1, "firstwitch");

        Assert.That(DataForm.From(coven.ToldTo(Coven.Crone1)[^1].Element(Ns.DataForms + "x"))?.Value("muc#jid"), Is.EqualTo(Coven.Hag66));
        Assert.That(Coven.Short(coven.ToldTo(Coven.Crone1)[^2]), Is.EqualTo("groupchat"), "after the subject, when the newcomer is in");
        coven.Enters("crone1@shakespeare.lit/x", "crone");
        Assert.That(Forms(coven, "crone1@shakespeare.lit/x"), Is.Zero, "it was heard");
    }

    [Test, Row("V5")]
    public void A_request_of_who_has_gone_meanwhile_waits_no_more()
    {
        var coven = Asks(WithoutModerator()).Hears($"<presence type='unavailable' from='{Coven.Hag66}' to='{Coven.Address}/thirdwitch'/>").Enters(Coven.Crone1, "firstwitch");
        Assert.That(Forms(coven, Coven.Crone1), Is.Zero);
    }

    [Test, Row("V5")]
    public void A_request_that_waits_is_shown_to_nobody_without_the_role()
    {
        var coven = Asks(WithoutModerator()).Enters(Coven.Wiccarocks, "secondwitch");
        Assert.That(Forms(coven, Coven.Wiccarocks), Is.Zero);
    }

    private static Coven Moderated() => Coven.Open().With(("muc#roomconfig_moderatedroom", "1")).Enters(Coven.Hag66, "thirdwitch");

    private static Coven WithoutModerator() => Moderated().Hears($"<presence type='unavailable' from='{Coven.Crone1}' to='{Coven.Address}/firstwitch'/>");

    private static Coven Asks(Coven coven, string who = Coven.Hag66) => coven.Submits(who, FormType, ("muc#role", "participant"));

    private static int Forms(Coven coven, string who) => coven.ToldTo(who).SelectMany(s => s.Elements(Ns.DataForms + "x")).Count();
}
