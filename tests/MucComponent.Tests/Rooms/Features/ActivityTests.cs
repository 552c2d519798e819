using MucComponent.Rooms;
using MucComponent.Tests.Given;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.Features;

/// <summary>XEP-0502.</summary>
public sealed class ActivityTests
{
    private const string Persistent = "muc#roomconfig_persistentroom";

    [Test, Row("roominfo-{urn:xmpp:muc-activity}message-activity")] // "Business Rules": per hour, and not before it is known
    public void A_public_room_says_how_much_is_said_in_an_hour()
    {
        var coven = Public();
        Assert.That(Rate(coven), Is.Null, "nothing is known yet");

        Says(coven, 3);
        Assert.That(Rate(coven), Is.Null, "no hour is over");

        Assert.That(After(coven, 1), Is.EqualTo("3"));
        Says(coven, 2);
        Assert.That(Rate(coven), Is.EqualTo("3"), "the hour that runs does not count yet");
        Assert.That(After(coven, 1), Is.EqualTo("2.5"));
        Assert.That(After(coven, 2), Is.EqualTo("1.25"));
    }

    [Test] // "SHOULD NOT take into account messages which are older than 72 hours"
    public void What_was_said_a_day_ago_counts_no_more()
    {
        var coven = Public();
        Says(coven, 48);
        Assert.That(After(coven, 24), Is.EqualTo("2"));
        Assert.That(After(coven, 1), Is.EqualTo("0"));

        Says(coven, 24);
        Assert.That(After(coven, 1), Is.EqualTo("1"));
    }

    [Test] // what newcomers see is all that is left of an hour that was not over
    public void A_restart_forgets_nothing_that_is_in_the_history()
    {
        var coven = Public();
        Says(coven, 6);
        After(coven, 1);
        Says(coven, 4);

        Assert.That(After(coven.Restarts(), 1), Is.EqualTo("5"));
        Says(coven, 2);
        Assert.That(After(coven.Restarts(), 1), Is.EqualTo("4"));
    }

    [Test]
    public void It_is_written_once_an_hour_and_not_with_each_message()
    {
        var coven = Public();
        Says(coven, 1);
        Assert.That(coven.Changes.OfType<RoomChanged>(), Is.Not.Empty);
        Says(coven, 1);
        Assert.That(coven.Changes.OfType<RoomChanged>(), Is.Empty);

        After(coven, 1);
        Says(coven, 1);
        Assert.That(coven.Changes.OfType<RoomChanged>(), Is.Not.Empty);
        Says(coven, 1);
        Assert.That(coven.Changes.OfType<RoomChanged>(), Is.Empty);
    }

    [Test] // a bound on what is kept
    public void No_more_than_a_day_is_kept()
    {
        var coven = Public();
        for (var hour = 0; hour < 60; hour++)
        {
            Says(coven, 1);
            After(coven, 1);
        }

        Assert.That(coven.Room.Extra["activity"].Split(' '), Has.Length.InRange(20, 26));
    }

    [TestCase("<body>Thrice!</body>", ExpectedResult = "1")]
    [TestCase("<encryption xmlns='urn:xmpp:eme:0' namespace='urn:xmpp:omemo:2'/>", ExpectedResult = "1")]
    [TestCase("<composing xmlns='http://jabber.org/protocol/chatstates'/>", ExpectedResult = null)]
    [TestCase("<subject>Fire burn</subject>", ExpectedResult = null)]
    [TestCase("<body>Thrice!</body><replace xmlns='urn:xmpp:message-correct:0' id='1'/>", ExpectedResult = null)]
    public string? Only_what_is_shown_as_a_message_counts(string content) // "Business Rules"
    {
        var coven = Public().Hears($"<message from='{Coven.Crone1}' to='{Coven.Address}' type='groupchat'>{content}</message>");

        return After(coven, 1);
    }

    [Test] // "they MUST NOT count private messages"
    public void Private_messages_do_not_count()
    {
        var coven = Public();
        Says(coven, 1);
        coven.Hears($"<message from='{Coven.Crone1}' to='{Coven.Address}/firstwitch' type='chat'><body>psst</body></message>");

        Assert.That(After(coven, 1), Is.EqualTo("1"));
    }

    [TestCase("muc#roomconfig_publicroom", "0")]
    [TestCase("muc#roomconfig_persistentroom", "0")]
    [TestCase("muc#roomconfig_membersonly", "1")]
    [TestCase("muc#roomconfig_roomsecret", "cauldron")]
    [TestCase("muc#roomconfig_messageactivity", "0")]
    public void A_room_not_open_to_all_does_not_say_it(string option, string value) // "Privacy Considerations"
    {
        var coven = Public();
        Says(coven, 3);
        Assert.That(After(coven, 1), Is.EqualTo("3"));

        Assert.That(Rate(coven.With((option, value))), Is.Null);
    }

    private static Coven Public() => Coven.Open().With((Persistent, "1"));

    private static void Says(Coven coven, int times)
    {
        for (var i = 0; i < times; i++) coven.Says(Coven.Crone1, "Thrice the brinded cat hath mew'd.");
    }

    private static string? After(Coven coven, int hours)
    {
        coven.Now += TimeSpan.FromHours(hours);
        return Rate(coven);
    }

    private static string? Rate(Coven coven) => Coven.Field(
        coven.Asks(Coven.Hag66, "get", "<query xmlns='http://jabber.org/protocol/disco#info'/>").OnlyTold(Coven.Hag66), "{urn:xmpp:muc-activity}message-activity")?.Single();
}
