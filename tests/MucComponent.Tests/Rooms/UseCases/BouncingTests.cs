using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.UseCases;

/// <summary>XEP-0045 §18.1.2 and §11.1: what comes back undelivered.</summary>
public sealed class BouncingTests
{
    private const string Pda = "hag66@shakespeare.lit/broom";

    [TestCase("message", "gone")]
    [TestCase("message", "item-not-found")]
    [TestCase("message", "recipient-unavailable")]
    [TestCase("message", "redirect")]
    [TestCase("message", "remote-server-not-found")]
    [TestCase("message", "service-unavailable")]
    [TestCase("presence", "gone")]
    [TestCase("presence", "recipient-unavailable")]
    [TestCase("presence", "remote-server-not-found")]
    [Row("W1", "W2", "W3", "status-333")] // §18.1.2, §11.1
    public void A_session_that_cannot_be_reached_leaves_with_333_and_without_307(string kind, string condition)
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch");

        Bounces(coven, kind, Coven.Hag66, "firstwitch", condition);

        Assert.That(coven.Room.Occupants.ByNick("thirdwitch"), Is.Null);
        Assert.That(Coven.Short(coven.OnlyTold(Coven.Crone1)), Is.EqualTo("unavailable thirdwitch"));
        Assert.That(Coven.Statuses(coven.OnlyTold(Coven.Crone1)), Is.EqualTo(new[] { 333 }));
        Assert.That(Coven.Statuses(coven.OnlyTold(Coven.Hag66)), Is.EqualTo(new[] { 333, 110 }));
    }

    [Test, Row("W1")] // it is about whom it comes from, not about the nick it came back to
    public void The_author_whose_message_came_back_stays()
    {
        var coven = Bounces(Coven.Open().Enters(Coven.Hag66, "thirdwitch"), "message", Coven.Hag66, "firstwitch", "recipient-unavailable");

        Assert.That(coven.Room.Occupants.All.Select(o => o.Nick), Is.EqualTo(new[] { "firstwitch" }));
    }

    [TestCase("remote-server-timeout")]
    [TestCase("resource-constraint")]
    [TestCase("internal-server-error")]
    [TestCase("not-acceptable")]
    [TestCase("policy-violation")]
    [Row("W2", Otherwise = "§18.1.2 counts remote-server-timeout as the end of a session; it only says that nobody knows, and we never guess that somebody is gone.")]
    public void What_does_not_say_for_certain_that_a_session_is_gone_changes_nothing(string condition)
    {
        var coven = Bounces(Coven.Open().Enters(Coven.Hag66, "thirdwitch"), "message", Coven.Hag66, "firstwitch", condition);

        Assert.That(coven.Told, Is.Empty);
        Assert.That(coven.Changes, Is.Empty);
    }

    [Test, Row("W1", "J23")]
    public void Only_the_session_that_cannot_be_reached_leaves()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch");
        coven.Now += TimeSpan.FromSeconds(1);
        coven.Enters(Pda, "thirdwitch");

        Bounces(coven, "message", Coven.Hag66, "firstwitch", "recipient-unavailable");

        Assert.That(coven.Room.Occupants.ByNick("thirdwitch")!.SessionJids, Is.EqualTo(new[] { Jid.Parse(Pda) }));
        Assert.That(coven.ToldTo(Coven.Crone1), Is.Empty);
    }

    [Test, Row("PM1")] // §7.5: the author wants to know; the session that refused one message is not gone for that
    public void A_private_message_that_comes_back_goes_on_to_its_author_and_nobody_leaves()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch")
            .Hears($"<message from='{Coven.Crone1}' to='{Coven.Address}/thirdwitch' type='chat' id='pm1'><body>toil</body></message>");

        coven.Hears($"""
            <message from='{Coven.Hag66}' to='{Coven.Address}/firstwitch' type='error' id='pm1'>
              <error type='cancel' by='hag66@shakespeare.lit'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>
            """);

        var error = coven.OnlyTold(Coven.Crone1);
        Assert.That((Coven.Short(error), error.Attribute("id")?.Value), Is.EqualTo(("error thirdwitch", "pm1")));
        Assert.That(error.ToString(), Does.Not.Contain("hag66"));
        Assert.That(coven.Room.Occupants.ByNick("thirdwitch"), Is.Not.Null);
    }

    [TestCase("message")]
    [TestCase("presence")]
    [Row("W10")] // RFC 6120 §8.3.1
    public void An_error_from_a_stranger_is_not_answered(string kind)
    {
        Assert.That(Bounces(Coven.Open(), kind, Coven.Hag66, "firstwitch", "recipient-unavailable").Told, Is.Empty);
        Assert.That(Bounces(Coven.Uncreated(), kind, Coven.Hag66, "firstwitch", "recipient-unavailable").Told, Is.Empty);
    }

    [Test, Row("W4", Otherwise = "A room pings nobody by itself: silence says nothing, and the next thing that is sent finds a ghost out.")]
    public void A_silent_occupant_stays_for_years_and_hears_what_is_said()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch");
        coven.Now += TimeSpan.FromDays(1000);

        Assert.That(coven.Says(Coven.Crone1, "When shall we three meet again?").ToldTo(Coven.Hag66), Has.Count.EqualTo(1));
    }

    private static Coven Bounces(Coven coven, string kind, string from, string to, string condition) => coven.Hears(
        $"<{kind} from='{from}' to='{Coven.Address}/{to}' type='error' id='1'><error type='cancel'><{condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></{kind}>");
}
