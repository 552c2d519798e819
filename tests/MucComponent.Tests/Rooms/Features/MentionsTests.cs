using System.Xml.Linq;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.Features;

/// <summary>XEP-0452.</summary>
public sealed class MentionsTests
{
    private const string Absent = "hag66@shakespeare.lit";
    private static readonly XNamespace Mmn = "urn:xmpp:mmn:0";

    [Test] // "Notifying a non-present user of being mentioned in a MUC"
    public void Who_belongs_to_the_room_and_is_not_there_gets_what_mentions_it()
    {
        var coven = Forwarding();

        var told = Mentions(coven, $"xmpp:{Absent}").OnlyTold(Absent);

        Assert.That((told.Attribute("from")?.Value, told.Attribute("type")?.Value), Is.EqualTo((Coven.Address, (string?)null)));
        var forwarded = told.Element(Mmn + "mentions")!.Element(Ns.Forward + "forwarded")!;
        Assert.That(forwarded.Element(Ns.Delay + "delay")?.Attribute("stamp")?.Value, Is.EqualTo(Timestamp.Format(coven.Now)));
        var message = forwarded.Element(Ns.Client + "message")!;
        var reflected = new XElement(coven.OnlyTold(Coven.Crone1));
        reflected.SetAttributeValue("to", Coven.Address);
        Assert.That(message.ToString(), Is.EqualTo(reflected.ToString()), "the entire message, with what the room adds");
        Assert.That(message.Element(Ns.StanzaId + "stanza-id"), Is.Not.Null);
    }

    [TestCase("xmpp:hag66@shakespeare.lit", ExpectedResult = true)]
    [TestCase("xmpp:hag66@shakespeare.lit/pda", ExpectedResult = true)]
    [TestCase("xmpp:coven@chat.shakespeare.lit/third%20witch", ExpectedResult = true, Description = "the reserved nick")]
    [TestCase("xmpp:coven@chat.shakespeare.lit/nobody", ExpectedResult = false)]
    [TestCase("xmpp:coven@chat.shakespeare.lit", ExpectedResult = false)]
    [TestCase("hag66@shakespeare.lit", ExpectedResult = false)]
    [TestCase("xmpp:@", ExpectedResult = false)]
    public bool It_is_meant_by_its_address_or_by_its_nick(string uri) => Mentions(Forwarding(), uri).ToldTo(Absent).Count == 1;

    [TestCase("", ExpectedResult = 1)]
    [TestCase("<noping/>", ExpectedResult = 0, Description = "XEP-0513, \"No Ping\"")]
    public int It_is_meant_by_its_occupant_id(string inside)
    {
        var coven = Forwarding();
        return coven.Hears($"""
            <message type='groupchat' from='{Coven.Crone1}' to='{Coven.Address}'><body>Hail!</body>
              <mention xmlns='urn:xmpp:mentions:0' occupantid='{coven.Room.OccupantId(Jid.Parse(Absent))}'>{inside}</mention></message>
            """).ToldTo(Absent).Count;
    }

    [TestCase("owner", ExpectedResult = 1)]
    [TestCase("none", ExpectedResult = 0)]
    [TestCase("outcast", ExpectedResult = 0)]
    public int Only_those_who_belong_to_the_room_hear_of_it(string affiliation) =>
        Mentions(Forwarding().Affiliates(Absent, affiliation), $"xmpp:{Absent}").ToldTo(Absent).Count;

    [Test] // its server keeps nothing for a domain
    public void A_member_by_its_domain_is_a_stranger_who_might_come() =>
        Assert.That(Mentions(Forwarding().Affiliates("elsewhere.lit", "member"), "xmpp:someone@elsewhere.lit").Told, Has.Count.EqualTo(1));

    [Test]
    public void Who_is_there_hears_it_only_once()
    {
        var coven = Forwarding().Enters(Coven.Hag66, "third witch");

        Mentions(coven, $"xmpp:{Absent}");

        Assert.That(coven.Told.Select(s => s.Attribute("to")!.Value), Is.EquivalentTo(new[] { Coven.Crone1, Coven.Hag66 }));
    }

    [Test]
    public void Twice_in_one_message_is_once() =>
        Assert.That(Mentions(Forwarding(), $"xmpp:{Absent}", $"xmpp:{Absent}/pda").ToldTo(Absent), Has.Count.EqualTo(1));

    [Test]
    public void One_message_does_not_reach_everybody()
    {
        var coven = Forwarding();
        for (var i = 0; i < 30; i++) coven.Affiliates($"witch{i}@shakespeare.lit", "member");

        Mentions(coven, [.. Enumerable.Range(0, 30).Select(i => $"xmpp:witch{i}@shakespeare.lit")]);

        Assert.That(coven.Told, Has.Count.EqualTo(21));
    }

    [Test, Row("field-muc#roomconfig_forwardmentions")] // "Whether or not messages are forwarded will be determined by a configuration setting on the MUC"
    public void Only_where_the_owner_wants_it()
    {
        Assert.That(Forwarding().Features("urn:xmpp:mmn:0"), Is.Not.Empty);
        var coven = Forwarding().With(("muc#roomconfig_forwardmentions", "0"));

        Assert.That(Mentions(coven, $"xmpp:{Absent}").ToldTo(Absent), Is.Empty);
        Assert.That(coven.Features("urn:xmpp:mmn:0"), Is.Empty);
    }

    private static Coven Forwarding() =>
        Coven.Open().With(("muc#roomconfig_forwardmentions", "1")).Affiliates(Absent, "member", attributes: "nick='third witch'");

    private static Coven Mentions(Coven coven, params string[] uris) => coven.Hears($"""
        <message from='{Coven.Crone1}' to='{Coven.Address}' type='groupchat' id='m1' xml:lang='en'><body>third witch: Thrice the brinded cat hath mew'd.</body>{
            string.Concat(uris.Select(u => $"<reference xmlns='urn:xmpp:reference:0' type='mention' begin='0' end='11' uri='{u}'/>"))}</message>
        """);
}
