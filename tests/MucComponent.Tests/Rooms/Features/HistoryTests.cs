using System.Xml.Linq;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.Features;

/// <summary>XEP-0045 §7.2.13 and §7.2.14.</summary>
public sealed class HistoryTests
{
    private static readonly XName Stamp = Ns.Delay + "delay";

    [Test, Row("J30", "1.16.M")] // §7.2.13
    public void What_was_said_comes_from_its_author_stamped_by_the_room_with_the_time_it_was_said()
    {
        var coven = Coven.Open().With(("muc#roomconfig_whois", "anyone")).Says(Coven.Crone1, "Thrice the brinded cat hath mew'd.");
        coven.Now += TimeSpan.FromHours(1);

        var said = Heard(coven).Single();

        Assert.That(said.Attribute("from")?.Value, Is.EqualTo($"{Coven.Address}/firstwitch"));
        Assert.That(said.Elements(Stamp).Single().Attribute("from")?.Value, Is.EqualTo(Coven.Address));
        Assert.That(said.Elements(Stamp).Single().Attribute("stamp")?.Value, Is.EqualTo("2002-10-13T23:58:37.000Z"));
    }

    [Test, Row("J31", "1.15.5")] // XEP-0359, §7.4
    public void What_was_said_keeps_the_ids_it_had_when_it_was_said_even_after_a_restart()
    {
        var coven = Coven.Open().Says(Coven.Crone1, "Thrice the brinded cat hath mew'd.", "hysf1v37");
        var live = coven.OnlyTold(Coven.Crone1);

        var said = Heard(coven.Restarts()).Single();

        Assert.That(said.Attribute("id")?.Value, Is.EqualTo("hysf1v37"));
        Assert.That(said.Element(Ns.StanzaId + "stanza-id")?.Attribute("id")?.Value, Is.EqualTo(live.Element(Ns.StanzaId + "stanza-id")!.Attribute("id")!.Value));
        Assert.That(said.Element(Ns.StanzaId + "stanza-id")?.Attribute("by")?.Value, Is.EqualTo(Coven.Address));
    }

    [Test, Row("J32", Otherwise = "§7.2.13 only allows it, and it would give away who spoke while the room was still semi-anonymous.")]
    public void What_was_said_does_not_show_the_address_of_its_author()
    {
        var coven = Coven.Open().Says(Coven.Crone1, "Thrice the brinded cat hath mew'd.").With(("muc#roomconfig_whois", "anyone"));

        Assert.That(Heard(coven).Single().ToString(), Does.Not.Contain("crone1"));
    }

    [TestCase("maxstanzas='2'", ExpectedResult = "three four")]
    [TestCase("maxstanzas='0'", ExpectedResult = "")]
    [TestCase("maxstanzas='100'", ExpectedResult = "one two three four")]
    [Row("J33")] // §7.2.14
    public string A_newcomer_asks_for_so_many_messages(string wish) => Bodies(FourAMinuteApart(), wish);

    [TestCase("maxchars='0'", ExpectedResult = "")]
    [TestCase("maxchars='65000'", ExpectedResult = "one two three four")]
    [Row("J34")] // §7.2.14
    public string A_newcomer_asks_for_so_many_characters(string wish) => Bodies(FourAMinuteApart(), wish);

    [Test, Row("J34")] // §7.2.14: whole stanzas, counted with their markup
    public void Characters_are_those_of_whole_stanzas()
    {
        var coven = FourAMinuteApart();
        var last = Heard(coven)[^1].ToString(SaveOptions.DisableFormatting).Length;
        coven.Leaves(Coven.Hag66);

        Assert.That(Bodies(coven, $"maxchars='{last + 30}'"), Is.EqualTo("four"));
        coven.Leaves(Coven.Hag66);
        Assert.That(Bodies(coven, "maxchars='30'"), Is.Empty, "longer than the body, shorter than the stanza");
    }

    [TestCase("seconds='90'", ExpectedResult = "four")]
    [TestCase("seconds='121'", ExpectedResult = "three four")]
    [TestCase("seconds='0'", ExpectedResult = "")]
    [TestCase("seconds='2147483647'", ExpectedResult = "one two three four")]
    [Row("J35")] // §7.2.14
    public string A_newcomer_asks_for_the_last_seconds(string wish) => Bodies(FourAMinuteApart(), wish);

    [TestCase("since='2002-10-13T23:59:37Z'", ExpectedResult = "two three four")]
    [TestCase("since='2002-10-14T00:00:30.500Z'", ExpectedResult = "three four")]
    [TestCase("since='2002-10-14T02:00:38+02:00'", ExpectedResult = "four")]
    [TestCase("since='1970-01-01T00:00:00Z'", ExpectedResult = "one two three four")]
    [Row("J36")] // §7.2.14, XEP-0082
    public string A_newcomer_asks_for_what_was_said_since(string wish) => Bodies(FourAMinuteApart(), wish);

    [TestCase("maxstanzas='1' seconds='121'", ExpectedResult = "four")]
    [TestCase("maxstanzas='3' seconds='90'", ExpectedResult = "four")]
    [TestCase("since='1970-01-01T00:00:00Z' seconds='90'", ExpectedResult = "four")]
    [TestCase("since='2002-10-14T00:01:37Z' seconds='600'", ExpectedResult = "four")]
    [TestCase("maxchars='0' maxstanzas='10'", ExpectedResult = "")]
    [Row("J37")] // §7.2.14
    public string The_least_of_several_wishes_counts(string wish) => Bodies(FourAMinuteApart(), wish);

    [TestCase("maxstanzas='many'")]
    [TestCase("maxstanzas='-1'")]
    [TestCase("since='yesterday'")]
    public void A_wish_nobody_understands_is_none(string wish) => Assert.That(Bodies(FourAMinuteApart(), wish), Is.EqualTo("one two three four"));

    [Test, Row("J33", "roominfo-muc#maxhistoryfetch")] // §7.2.14: never more than the room gives
    public void The_room_gives_no_more_than_it_is_configured_to()
    {
        var coven = FourAMinuteApart().With(("muc#roomconfig_historylength", "3"));

        Assert.That(Bodies(coven, "maxstanzas='100'"), Is.EqualTo("two three four"));
        Assert.That(
            Coven.Field(coven.Requests(Coven.Hag66, "<query xmlns='http://jabber.org/protocol/disco#info'/>").OnlyTold(Coven.Hag66), "muc#maxhistoryfetch"),
            Is.EqualTo(new[] { "3" }));
    }

    [TestCase("<body>Double, double toil and trouble.</body>", ExpectedResult = 1)]
    [TestCase("<encrypted xmlns='eu.siacs.conversations.axolotl'/><encryption xmlns='urn:xmpp:eme:0' namespace='eu.siacs.conversations.axolotl'/>", ExpectedResult = 1)]
    [TestCase("<reactions xmlns='urn:xmpp:reactions:0' id='1'/><store xmlns='urn:xmpp:hints'/>", ExpectedResult = 1)]
    [TestCase("<body>Double, double toil and trouble.</body><no-store xmlns='urn:xmpp:hints'/>", ExpectedResult = 0)]
    [TestCase("<body>Double, double toil and trouble.</body><no-permanent-store xmlns='urn:xmpp:hints'/>", ExpectedResult = 0)]
    [TestCase("<composing xmlns='http://jabber.org/protocol/chatstates'/>", ExpectedResult = 0)]
    [Row("G10", "G11")] // XEP-0334, XEP-0085
    public int Newcomers_hear_what_is_worth_hearing_later_and_no_more(string message)
    {
        var coven = Coven.Open().Enters(Coven.Wiccarocks, "secondwitch");
        coven.Hears($"<message from='{Coven.Crone1}' to='{Coven.Address}' type='groupchat' id='1'>{message}</message>");
        Assert.That(coven.ToldTo(Coven.Wiccarocks), Has.Count.EqualTo(1), "all hear it now");

        return Heard(coven).Count;
    }

    private static Coven FourAMinuteApart()
    {
        var coven = Coven.Open();
        foreach (var word in new[] { "one", "two", "three", "four" })
        {
            coven.Says(Coven.Crone1, word, word);
            coven.Now += TimeSpan.FromMinutes(1);
        }
        return coven;
    }

    private static string Bodies(Coven coven, string wish) =>
        string.Join(' ', Heard(coven, $"<history {wish}/>").Select(m => m.Element(Ns.Client + "body")?.Value));

    private static List<XElement> Heard(Coven coven, string inside = "") =>
        [.. coven.Enters(Coven.Hag66, "thirdwitch", inside).ToldTo(Coven.Hag66).Where(s => Coven.Short(s).StartsWith("groupchat ", StringComparison.Ordinal))];
}
