using System.Text;
using System.Xml.Linq;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Xmpp;

public sealed class StanzaParserTests
{
    [Test]
    public void The_stream_s_namespace_is_the_stanza_s()
    {
        var xml = Parsed("<message from='a@b'><body>hi</body></message>");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(xml.Name, Is.EqualTo(Ns.Client + "message"));
            Assert.That(xml.Element(Ns.Client + "body")?.Value, Is.EqualTo("hi"));
            Assert.That(xml.Attribute("from")?.Value, Is.EqualTo("a@b"));
        }
    }

    [Test]
    public void A_stanza_that_names_the_component_namespace_is_read_the_same()
    {
        var xml = Parsed("<message xmlns='jabber:component:accept'><x xmlns='urn:x'/><body>hi</body></message>");

        Assert.That(RandomXml.Canonical(xml), Is.EqualTo(RandomXml.Canonical(Parsed("<message><x xmlns='urn:x'/><body>hi</body></message>"))));
    }

    [Test]
    public void The_component_namespace_may_be_named_by_a_prefix() =>
        Assert.That(Parsed("<c:iq xmlns:c='jabber:component:accept'><c:error/></c:iq>").Element(Ns.Client + "error"), Is.Not.Null);

    [Test]
    public void The_stream_prefix_is_known() =>
        Assert.That(Parsed("<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>").Name,
            Is.EqualTo(Ns.Streams + "error"));

    [Test]
    public void Other_namespaces_and_the_language_are_kept()
    {
        var xml = Parsed("<iq xml:lang='de'><q:query xmlns:q='urn:q' q:a='1'><none xmlns=''/></q:query></iq>");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(xml.Attribute(XNamespace.Xml + "lang")?.Value, Is.EqualTo("de"));
            Assert.That(xml.Element(XName.Get("query", "urn:q"))?.Attribute(XName.Get("a", "urn:q"))?.Value, Is.EqualTo("1"));
            Assert.That(xml.Descendants("none"), Has.One.Items);
        }
    }

    [Test]
    public void References_are_resolved_and_line_ends_made_one() =>
        Assert.That(Parsed("<message><body>&lt;&amp;&#x1F989;&#13;&apos;\r\n<![CDATA[<b>]]></body></message>").Value,
            Is.EqualTo("<&🦉\r'\n<b>"));

    [Test]
    public void Layout_between_a_stanza_s_children_is_dropped_and_a_message_of_one_space_is_kept()
    {
        var xml = Parsed("\n<message>\n  <body> </body>\n  <x xmlns='urn:x'><b>a</b> <b>b</b></x>\n</message>\n");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(xml.Nodes(), Is.All.InstanceOf<XElement>());
            Assert.That(xml.Element(Ns.Client + "body")?.Value, Is.EqualTo(" "));
            Assert.That(xml.Elements().Last().Value, Is.EqualTo("a b"));
        }
    }

    [TestCase("", TestName = "Refused: nothing")]
    [TestCase("  ", TestName = "Refused: whitespace alone")]
    [TestCase("text", TestName = "Refused: text alone")]
    [TestCase("<message>", TestName = "Refused: an open element")]
    [TestCase("<message></iq>", TestName = "Refused: another end tag")]
    [TestCase("<message/><message/>", TestName = "Refused: two stanzas")]
    [TestCase("<message/>x", TestName = "Refused: text after the stanza")]
    [TestCase("<message a='1' a='2'/>", TestName = "Refused: an attribute twice")]
    [TestCase("<message a=1/>", TestName = "Refused: no quotes")]
    [TestCase("<message a='<'/>", TestName = "Refused: a bare < in an attribute")]
    [TestCase("<q:message/>", TestName = "Refused: a prefix nobody declared")]
    [TestCase("<message><x xmlns:q=''/></message>", TestName = "Refused: a prefix undeclared")]
    [TestCase("<message xmlns:xmlns='urn:x'/>", TestName = "Refused: the prefix xmlns declared")]
    [TestCase("<message xmlns:q='http://www.w3.org/2000/xmlns/'/>", TestName = "Refused: a prefix for the namespace of declarations")]
    [TestCase("<message xmlns='http://www.w3.org/XML/1998/namespace'/>", TestName = "Refused: the xml namespace as default")]
    [TestCase("<message xmlns:xml='urn:x'/>", TestName = "Refused: the prefix xml declared anew")]
    [TestCase("<message><xml:x/></message>", TestName = "Refused: an element in the xml namespace")]
    [TestCase("<message><xmlns:x/></message>", TestName = "Refused: an element in the namespace of declarations")]
    [TestCase("<message>&nbsp;</message>", TestName = "Refused: an entity")]
    [TestCase("<message>&#0;</message>", TestName = "Refused: a reference to a character that is none")]
    [TestCase("<message>\u0001</message>", TestName = "Refused: a control character")]
    [TestCase("<message>\uFFFF</message>", TestName = "Refused: a noncharacter")]
    [TestCase("<message>]]></message>", TestName = "Refused: ]]> in text")]
    [TestCase("<message><!-- c --></message>", TestName = "Refused: a comment (RFC 6120 §11.1)")]
    [TestCase("<!-- c --><message/>", TestName = "Refused: a comment before")]
    [TestCase("<message/><!-- c -->", TestName = "Refused: a comment after")]
    [TestCase("<message><?p i?></message>", TestName = "Refused: a processing instruction (RFC 6120 §11.1)")]
    [TestCase("<?xml version='1.0'?><message/>", TestName = "Refused: an XML declaration inside the stream")]
    [TestCase("<!DOCTYPE message><message/>", TestName = "Refused: a DTD (RFC 6120 §11.1)")]
    [TestCase("<!DOCTYPE m [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><m>&b;</m>", TestName = "Refused: an entity bomb")]
    public void Refused(string xml) => Assert.That(StanzaParser.TryParse(Encoding.UTF8.GetBytes(xml), out _), Is.False);

    [Test]
    public void Bytes_that_are_not_utf8_are_refused()
    {
        byte[][] bad = [[0xFF], [0xC3], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80]];
        foreach (var bytes in bad)
            Assert.That(StanzaParser.TryParse([.. "<message><body>"u8, .. bytes, .. "</body></message>"u8], out _), Is.False);
    }

    [Test]
    public void Nesting_has_an_end()
    {
        static byte[] Nested(int depth) => Encoding.UTF8.GetBytes(
            string.Concat(Enumerable.Repeat("<x>", depth)) + string.Concat(Enumerable.Repeat("</x>", depth)));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(StanzaParser.TryParse(Nested(StanzaParser.MaxDepth), out _), Is.True);
            Assert.That(StanzaParser.TryParse(Nested(StanzaParser.MaxDepth + 1), out _), Is.False);
            Assert.That(StanzaParser.TryParse(Nested(100_000), out _), Is.False);
        }
    }

    [TestCase("<message from='a@b' to='c>d' id=\"'1'\"><body>aaaa", TestName = "Open tag: of a stanza that is cut off")]
    [TestCase("<message from='a@b' to='c>d' id=\"'1'\"/>", TestName = "Open tag: of a stanza that is one tag")]
    [TestCase("\n<message from='a@b' to='c>d' id=\"'1'\" ><!-- c --></iq>", TestName = "Open tag: of a stanza that is broken")]
    [TestCase("<message xmlns='jabber:component:accept' from='a@b' to='c>d' id=\"'1'\">", TestName = "Open tag: with the component's namespace")]
    public void Open_tag(string prefix)
    {
        Assert.That(StanzaParser.TryParseOpenTag(Encoding.UTF8.GetBytes(prefix), out var tag), Is.True);
        Assert.That(RandomXml.Canonical(tag!), Is.EqualTo("<{jabber:client}message from=a@b id='1' to=c\\>d></>"));
    }

    [Test]
    public void An_open_tag_is_read_though_the_bytes_end_inside_a_character() =>
        Assert.That(StanzaParser.TryParseOpenTag([.. "<iq id='1'><x>"u8, 0xF0, 0x9F], out _), Is.True);

    [TestCase("")]
    [TestCase(">")]
    [TestCase("<message from='a@b'")]
    [TestCase("<message from='a@b>")]
    [TestCase("text <message>")]
    [TestCase("</message>")]
    [TestCase("<!-- c -->")]
    [TestCase("<?p i?>")]
    public void No_open_tag(string prefix) => Assert.That(StanzaParser.TryParseOpenTag(Encoding.UTF8.GetBytes(prefix), out _), Is.False);

    [Test]
    public void No_bytes_whatever_make_it_throw([Range(1, 100)] int seed)
    {
        TestContext.Out.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var stanza = Stanza.Message("chat", new RandomXml(seed).Element(), new RandomXml(seed + 1000).Element()).Encoded;
        byte[] whole = [.. stanza.Head, .. stanza.Tail];
        byte[][] pieces = ["<"u8.ToArray(), "</"u8.ToArray(), "/>"u8.ToArray(), "<![CDATA["u8.ToArray(), "<!--"u8.ToArray(), "<?"u8.ToArray(),
            "xmlns:"u8.ToArray(), "<xml:"u8.ToArray(), "&#"u8.ToArray(), [0xFF], [0xED, 0xA0, 0x80], [0], "xmlns:xml='http://www.w3.org/XML/1998/namespace' "u8.ToArray()];

        for (var i = 0; i < 200; i++)
        {
            var bytes = whole.ToList();
            for (var n = random.Next(1, 4); n > 0; n--)
            {
                var at = random.Next(bytes.Count);
                switch (random.Next(4))
                {
                    case 0: bytes[at] = (byte)random.Next(256); break;
                    case 1: bytes.RemoveRange(at, Math.Min(random.Next(1, 20), bytes.Count - at)); break;
                    case 2: bytes.InsertRange(at, pieces[random.Next(pieces.Length)]); break;
                    default: bytes.InsertRange(at, bytes.GetRange(at / 2, at - (at / 2))); break;
                }
                if (bytes.Count == 0) bytes.Add((byte)'<');
            }
            byte[] mutated = [.. bytes];

            Assert.That(() => StanzaParser.TryParseOpenTag(mutated, out _), Throws.Nothing);
            // What is let in can also be sent on and read again.
            if (StanzaParser.TryParse(mutated, out var xml))
            {
                Assert.That(StanzaParser.TryParseStrictly(mutated, out var strict), "nothing is let in that the strict reader refuses");
                Assert.That(RandomXml.Canonical(xml), Is.EqualTo(RandomXml.Canonical(strict!)));
                var sent = Stanza.Message(null, xml).Encoded;
                Assert.That(StanzaParser.TryParse([.. sent.Head, .. sent.Tail], out var again), Is.True, Encoding.UTF8.GetString(mutated));
                Assert.That(RandomXml.Canonical(again!.Elements().Single()), Is.EqualTo(RandomXml.Canonical(xml)));
            }
        }
    }

    private static XElement Parsed(string text)
    {
        Assert.That(StanzaParser.TryParse(Encoding.UTF8.GetBytes(text), out var xml), Is.True);
        return xml!;
    }
}
