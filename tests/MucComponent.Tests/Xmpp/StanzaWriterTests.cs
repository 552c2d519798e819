using System.Buffers;
using System.Text;
using System.Xml.Linq;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Xmpp;

public sealed class StanzaWriterTests
{
    private static readonly Jid Crone = Jid.Parse("crone1@shakespeare.lit/desktop");

    [Test]
    public void The_address_is_the_first_attribute_and_the_stream_s_namespace_goes_unsaid()
    {
        var stanza = Stanza.Message("groupchat", new XElement(Ns.Client + "body", "Thrice the brinded cat hath mew'd."))
            with
        { From = Jid.Parse("coven@chat.shakespeare.lit/firstwitch"), Id = "hysf1v37", Lang = "en" };

        Assert.That(Written(stanza), Is.EqualTo(
            "<message to='crone1@shakespeare.lit/desktop' from='coven@chat.shakespeare.lit/firstwitch' type='groupchat'"
            + " id='hysf1v37' xml:lang='en'><body>Thrice the brinded cat hath mew'd.</body></message>"));
    }

    [Test]
    public void A_stanza_without_anything_in_it_is_one_tag() =>
        Assert.That(Written(Stanza.Presence(null)), Is.EqualTo("<presence to='crone1@shakespeare.lit/desktop'/>"));

    [Test(Description = "XEP-0033 §4.6.3: nobody sees whom else it goes to.")]
    public void To_many_by_a_service_it_is_written_once_with_their_addresses_first()
    {
        var nurse = Jid.Parse("nurse@shakespeare.lit/a&b");
        var output = new ArrayBufferWriter<byte>();
        StanzaWriter.WriteMulticast(Stanza.Message(null, new XElement(Ns.Client + "body", "1 > 0"), new XElement(Ns.Client + "body")).Encoded, Jid.Parse("multicast.shakespeare.lit"), [Crone, nurse], output);
        StanzaWriter.WriteMulticast(Stanza.Presence("unavailable").Encoded, Jid.Parse("multicast.shakespeare.lit"), [nurse], output);
        const string Addresses = "<addresses xmlns='http://jabber.org/protocol/address'>", Nurse = "<address type='bcc' jid='nurse@shakespeare.lit/a&amp;b'/>";
        Assert.That(Encoding.UTF8.GetString(output.WrittenSpan), Is.EqualTo(
            $"<message to='multicast.shakespeare.lit'>{Addresses}<address type='bcc' jid='crone1@shakespeare.lit/desktop'/>{Nurse}</addresses><body>1 &gt; 0</body><body/></message>"
            + $"<presence to='multicast.shakespeare.lit' type='unavailable'>{Addresses}{Nurse}</addresses></presence>"));
    }

    [Test]
    public void Head_and_tail_leave_the_address_open()
    {
        var encoded = Stanza.Presence("unavailable").Encoded;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Encoding.UTF8.GetString(encoded.Head), Is.EqualTo("<presence to='"));
            Assert.That(Encoding.UTF8.GetString(encoded.Tail), Is.EqualTo("' type='unavailable'/>"));
        }
    }

    [Test]
    public void The_address_of_an_incoming_stanza_is_not_written_a_second_time() =>
        Assert.That(Written(Stanza.Presence(null) with { To = Jid.Parse("a@b") }), Does.Not.Contain("a@b"));

    [Test]
    public void Several_stanzas_are_written_one_after_another()
    {
        var output = new ArrayBufferWriter<byte>();
        var encoded = Stanza.Presence(null).Encoded;
        StanzaWriter.Write(encoded, Jid.Parse("a@b/c"), output);
        StanzaWriter.Write(encoded, Jid.Parse("d@e/f"), output);

        Assert.That(Encoding.UTF8.GetString(output.WrittenSpan), Is.EqualTo("<presence to='a@b/c'/><presence to='d@e/f'/>"));
    }

    [Test]
    public void The_size_is_that_of_the_written_bytes()
    {
        var stanza = Stanza.Message("chat", new XElement(Ns.Client + "body", "Grüße 🦉 & <b>"));
        var to = Jid.Parse("ohara@example.org/d'é");
        var output = new ArrayBufferWriter<byte>();
        StanzaWriter.Write(stanza.Encoded, to, output);

        Assert.That(StanzaWriter.Size(stanza.Encoded, to), Is.EqualTo(output.WrittenCount));
    }

    [Test]
    public void An_address_is_escaped()
    {
        var output = new ArrayBufferWriter<byte>();
        StanzaWriter.Write(Stanza.Presence(null).Encoded, Jid.Parse("room@example.org/it's <me> & \"you\""), output);

        Assert.That(Encoding.UTF8.GetString(output.WrittenSpan),
            Is.EqualTo("<presence to='room@example.org/it&apos;s &lt;me&gt; &amp; &quot;you&quot;'/>"));
    }

    [Test]
    public void An_element_says_its_namespace_where_it_is_not_the_one_around_it()
    {
        var forwarded = new XElement(Ns.Forward + "forwarded",
            new XElement(Ns.Delay + "delay"),
            new XElement(Ns.Client + "message", new XElement(Ns.Client + "body", "x")),
            new XElement(Ns.Forward + "more"),
            new XElement("none", new XElement("none")));

        Assert.That(Child(forwarded), Is.EqualTo(
            "<forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay'/><message xmlns='jabber:client'><body>x</body></message>"
            + "<more/><none xmlns=''><none/></none></forwarded>"));
    }

    [Test]
    public void Elements_have_no_prefix_whatever_they_were_written_with_before() =>
        Assert.That(Child(XElement.Parse("<a:x xmlns:a='urn:a'><a:y/></a:x>")),
            Is.EqualTo("<x xmlns='urn:a' xmlns:a='urn:a'><y/></x>"));

    [Test]
    public void Declared_prefixes_stay_as_text_may_mean_them_and_default_declarations_go() =>
        Assert.That(Child(XElement.Parse("<x xmlns='urn:x' xmlns:q='urn:q'><y xmlns='urn:x'>q:name</y></x>")),
            Is.EqualTo("<x xmlns='urn:x' xmlns:q='urn:q'><y>q:name</y></x>"));

    [Test]
    public void An_attribute_in_a_namespace_gets_the_prefix_its_element_declares() =>
        Assert.That(Child(XElement.Parse("<x xmlns='urn:x' xmlns:q='urn:q' q:a='1'/>")),
            Is.EqualTo("<x xmlns='urn:x' xmlns:q='urn:q' q:a='1'/>"));

    [Test]
    public void An_attribute_in_a_namespace_gets_a_new_prefix_when_its_element_declares_none() =>
        Assert.That(Child(XElement.Parse("<o xmlns='urn:x' xmlns:q='urn:q'><x q:a='1' q:b='2'/></o>")),
            Does.Contain("<x xmlns:ns0='urn:q' ns0:a='1' xmlns:ns1='urn:q' ns1:b='2'/>"));

    [Test]
    public void A_new_prefix_is_none_the_element_declares_for_something_else()
    {
        var x = new XElement(XName.Get("x", "urn:x"),
            new XAttribute(XName.Get("a", "urn:q"), "1"),
            new XAttribute(XNamespace.Xmlns + "ns0", "urn:other"));

        Assert.That(Child(x), Is.EqualTo("<x xmlns='urn:x' xmlns:ns0_='urn:q' ns0_:a='1' xmlns:ns0='urn:other'/>"));
    }

    [Test]
    public void The_language_keeps_its_prefix() =>
        Assert.That(Child(new XElement(Ns.Client + "body", new XAttribute(XNamespace.Xml + "lang", "de"), "Hallo")),
            Is.EqualTo("<body xml:lang='de'>Hallo</body>"));

    [Test]
    public void Text_is_escaped_and_keeps_its_line_ends() =>
        Assert.That(Child(new XElement(Ns.Client + "body", "a & b <c> ]]> 'd' \"e\"\r\n\tf")),
            Is.EqualTo("<body>a &amp; b &lt;c&gt; ]]&gt; 'd' \"e\"&#13;\n\tf</body>"));

    [Test]
    public void Attributes_are_escaped_so_that_line_ends_and_tabs_survive() =>
        Assert.That(Child(new XElement(Ns.Client + "x", new XAttribute("a", "<'\"&>\r\n\t "))),
            Is.EqualTo("<x a='&lt;&apos;&quot;&amp;&gt;&#13;&#10;&#9; '/>"));

    [Test]
    public void What_xml_cannot_carry_is_left_out() =>
        Assert.That(Child(new XElement(Ns.Client + "x", new XAttribute("a", "\0\u001Fa\uD83E\uFFFE"), "\u0001b\uDD89c\uFFFFd🦉\uD800")),
            Is.EqualTo("<x a='a'>bcd🦉</x>"));

    [Test]
    public void Cdata_is_text_and_comments_and_instructions_go() =>
        Assert.That(Child(new XElement(Ns.Client + "x", new XCData("<&>"), new XComment("c"), new XElement(Ns.Client + "y"),
                new XProcessingInstruction("p", "i"), " z")),
            Is.EqualTo("<x>&lt;&amp;&gt;<y/> z</x>"));

    [Test]
    public void An_element_of_nothing_but_a_comment_is_empty() =>
        Assert.That(Child(new XElement(Ns.Client + "x", new XComment("c"))), Is.EqualTo("<x/>"));

    [Test]
    public void Long_text_is_written_whole([Values(1000, 1024, 5000, 300_000)] int length)
    {
        var text = string.Concat(Enumerable.Repeat("aé🦉&", length / 5));

        Assert.That(Child(new XElement(Ns.Client + "body", text)), Is.EqualTo($"<body>{text.Replace("&", "&amp;")}</body>"));
    }

    [Test]
    public void Whatever_is_written_is_read_as_the_same([Range(1, 300)] int seed)
    {
        var random = new RandomXml(seed);
        var stanza = Stanza.Message("chat", random.Element(), random.Element()) with
        {
            From = Jid.Parse("coven@chat.shakespeare.lit/first'witch"),
            Id = random.Text(),
            Lang = "en",
        };
        var output = new ArrayBufferWriter<byte>();
        StanzaWriter.Write(stanza.Encoded, Crone, output);

        Assert.That(StanzaParser.TryParse(output.WrittenSpan, out var xml), Is.True, $"seed {seed}");
        Assert.That(Stanza.TryFrom(xml!, out var read), Is.True);
        Assert.That(RandomXml.Canonical(read.ToXml()), Is.EqualTo(RandomXml.Canonical((stanza with { To = Crone }).ToXml())), $"seed {seed}");
    }

    private static string Written(Stanza stanza)
    {
        var output = new ArrayBufferWriter<byte>();
        StanzaWriter.Write(stanza.Encoded, Crone, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static string Child(XElement child)
    {
        var tail = Encoding.UTF8.GetString(Stanza.Message(null, child).Encoded.Tail);
        return tail["'>".Length..^"</message>".Length];
    }
}
