using System.Text;
using System.Xml.Linq;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Xmpp;

public sealed class StanzaTests
{
    [Test]
    public void It_is_read_with_all_that_is_in_it()
    {
        var stanza = Read("<message from='Hag66@shakespeare.lit/pda' to='coven@chat.shakespeare.lit' type='groupchat' id='1' xml:lang='en'>"
            + "<body>hi</body><x xmlns='urn:x'/></message>");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(stanza.Kind, Is.EqualTo(StanzaKind.Message));
            Assert.That(stanza.From, Is.EqualTo(Jid.Parse("hag66@shakespeare.lit/pda")));
            Assert.That(stanza.To, Is.EqualTo(Jid.Parse("coven@chat.shakespeare.lit")));
            Assert.That((stanza.Type, stanza.Id, stanza.Lang), Is.EqualTo(("groupchat", "1", "en")));
            Assert.That(stanza.Child(Ns.Client + "body")?.Value, Is.EqualTo("hi"));
            Assert.That(stanza.Child((XNamespace)"urn:x")?.Name.LocalName, Is.EqualTo("x"));
            Assert.That(stanza.Has(Ns.Client + "subject"), Is.False);
        }
    }

    [TestCase("<message from='@'/>")]
    [TestCase("<message to='a@b/'/>")]
    [TestCase("<message to=''/>")]
    [TestCase("<stream:features/>")]
    [TestCase("<handshake/>")]
    [TestCase("<message xmlns='urn:x'/>")]
    public void What_is_no_stanza_or_has_a_malformed_address_is_refused(string xml)
    {
        Assert.That(StanzaParser.TryParse(Encoding.UTF8.GetBytes(xml), out var element), Is.True);
        Assert.That(Stanza.TryFrom(element!, out _), Is.False);
    }

    [Test]
    public void A_changed_stanza_is_written_anew()
    {
        var stanza = Stanza.Presence(null);
        _ = stanza.Encoded;
        var changed = (stanza with { Type = "unavailable" }).Encoded;

        Assert.That(Encoding.UTF8.GetString(changed.Tail), Is.EqualTo("' type='unavailable'/>"));
    }

    [Test]
    public void A_stanza_is_written_once()
    {
        var stanza = Stanza.Presence(null);
        var first = stanza.Encoded;

        Assert.That(stanza.Encoded, Is.SameAs(first));
    }

    [Test]
    public void As_its_bytes_alone_it_is_written_the_same_and_still_tells_its_children()
    {
        var stanza = Stanza.Presence(null, new XElement(Ns.Client + "show", "away & <gone>"), new XElement(Ns.MucUser + "x", new XElement(Ns.MucUser + "item", new XAttribute("role", "none"))));
        var (text, children) = (Text(stanza), stanza.Children);
        Assert.That(stanza.Compact(), Is.SameAs(stanza));
        Assert.That(Text(stanza), Is.EqualTo(text));
        Assert.That(stanza.Children[0], Is.Not.SameAs(children[0]));
        Assert.That(stanza.Children, Is.EqualTo(children).Using<XElement>(XNode.DeepEquals));
        Assert.That(Text(stanza.Compact() with { Id = "1" }), Is.EqualTo(Text(stanza with { Id = "1" })));
    }

    [Test]
    public void Made_of_text_it_is_written_as_that_stands_and_tells_its_children()
    {
        var jid = Jid.Parse("coven@chat.shakespeare.lit/firstwitch");
        var show = new XElement(Ns.Client + "show", "away & <gone>");
        var (made, expected) = (Stanza.Presence(jid, StanzaWriter.ToText([show])), Stanza.Presence(null, show) with { From = jid });
        Assert.That(Text(made with { Id = "1" }), Is.EqualTo(Text(expected with { Id = "1" })), "changed before it is written");
        Assert.That(Text(made), Is.EqualTo(Text(expected)));
        Assert.That(made.Children, Is.EqualTo(expected.Children).Using<XElement>(XNode.DeepEquals));
    }

    [Test]
    public void Without_children_and_without_bytes_it_is_of_no_use() =>
        Assert.That(() => new Stanza(StanzaKind.Message) { Children = default }.Encoded, Throws.InvalidOperationException);

    [Test]
    public void Children_are_added_at_the_end_and_taken_away_by_a_rule()
    {
        var stanza = Stanza.Message(null, new XElement("a"), new XElement("b")).With(new XElement("a", "2"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(stanza.Children.Select(c => c.ToString()), Is.EqualTo(["<a />", "<b />", "<a>2</a>"]));
            Assert.That(stanza.Without(c => c.Name == "a").Children.Select(c => c.ToString()), Is.EqualTo(["<b />"]));
            Assert.That(stanza.Without(c => c.Name == "c"), Is.SameAs(stanza));
        }
    }

    [Test]
    public void A_result_comes_from_where_the_request_went_and_bears_its_id()
    {
        var request = Read("<iq type='get' id='q1' from='a@b/c' to='room@chat'><query xmlns='urn:x'/></iq>");

        Assert.That(Text(request.Result(new XElement((XNamespace)"urn:x" + "query"))),
            Is.EqualTo("<iq to='' from='room@chat' type='result' id='q1'><query xmlns='urn:x'/></iq>"));
    }

    [Test]
    public void An_error_is_of_the_same_kind_with_the_same_id_and_comes_from_where_the_stanza_went()
    {
        var stanza = Read("<presence id='p1' from='hag66@shakespeare.lit/pda' to='coven@chat.shakespeare.lit/thirdwitch'><x xmlns='http://jabber.org/protocol/muc'/></presence>");

        Assert.That(Text(stanza.Error(StanzaError.Conflict, Jid.Parse("coven@chat.shakespeare.lit"))), Is.EqualTo(
            "<presence to='' from='coven@chat.shakespeare.lit/thirdwitch' type='error' id='p1'>"
            + "<error type='cancel' by='coven@chat.shakespeare.lit'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>"));
    }

    [TestCase("<message from='a@b'/>", true)]
    [TestCase("<message from='a@b' type='groupchat'/>", true)]
    [TestCase("<message from='a@b' type='error'/>", false)]
    [TestCase("<presence from='a@b'/>", true)]
    [TestCase("<presence from='a@b' type='probe'/>", true)]
    [TestCase("<presence from='a@b' type='unavailable'/>", false)]
    [TestCase("<presence from='a@b' type='error'/>", false)]
    [TestCase("<iq from='a@b' type='get'/>", true)]
    [TestCase("<iq from='a@b' type='set'/>", true)]
    [TestCase("<iq from='a@b' type='result'/>", false)]
    [TestCase("<iq from='a@b' type='error'/>", false)]
    [TestCase("<iq from='a@b'/>", false)]
    [TestCase("<message/>", false)]
    public void An_error_may_answer_what_is_no_answer_itself(string xml, bool expected) =>
        Assert.That(Read(xml).MayBeRefused, Is.EqualTo(expected));

    [Test]
    public void As_an_element_it_is_addressed()
    {
        var stanza = Read("<iq to='a@b' from='c@d' type='get' id='1' xml:lang='en'><query xmlns='urn:x'/></iq>");

        Assert.That(RandomXml.Canonical(stanza.ToXml()),
            Is.EqualTo("<{jabber:client}iq from=c@d id=1 to=a@b type=get {http://www.w3.org/XML/1998/namespace}lang=en><{urn:x}query></></>"));
    }

    private static Stanza Read(string xml)
    {
        Assert.That(StanzaParser.TryParse(Encoding.UTF8.GetBytes(xml), out var element), Is.True);
        Assert.That(Stanza.TryFrom(element!, out var stanza), Is.True);
        return stanza;
    }

    private static string Text(Stanza stanza) => Encoding.UTF8.GetString([.. stanza.Encoded.Head, .. stanza.Encoded.Tail]);
}
