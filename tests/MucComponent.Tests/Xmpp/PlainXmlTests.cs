using System.Text;
using System.Xml.Linq;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Xmpp;

/// <summary>What it reads, it reads as the strict reader does; what it does not know it leaves to that one.</summary>
public sealed class PlainXmlTests
{
    [TestCase("<message/>")]
    [TestCase("<message from='a@b/c' to=\"d@e\" type='groupchat' id='1'><body>Thrice the brinded cat</body></message>")]
    [TestCase("<message xmlns='jabber:component:accept'><body xml:lang='en'>a &amp; b &lt;&gt;&apos;&quot;</body></message>")]
    [TestCase("<presence ><x xmlns='urn:a'><y/><z xmlns=''/><y xmlns='jabber:component:accept' ></y > </x></presence >")]
    [TestCase("<iq>\n\t<query xmlns='urn:a'> \n</query> tail</iq>")]
    [TestCase("<message a='größe 🦉'><body>größe 🦉</body>😀</message>")]
    [TestCase("<m _='1' a.b-c='2'><_/><a.b-c/></m>")]
    public void Plain(string xml)
    {
        var bytes = Encoding.UTF8.GetBytes(xml);
        var plain = PlainXml.TryRead(bytes);
        Assert.That(plain, Is.Not.Null);
        Assert.That(StanzaParser.TryParseStrictly(bytes, out var strict), Is.True);
        Assert.That(XNode.DeepEquals(plain, strict), $"{plain}\n{strict}");
    }

    [TestCase("<message> <!-- c --> </message>")]
    [TestCase("<message><![CDATA[a]]></message>")]
    [TestCase("<message>&#97;</message>")]
    [TestCase("<message a='&#97;'/>")]
    [TestCase("<message>\r</message>")]
    [TestCase("<message a='\n'/>")]
    [TestCase("<q:message xmlns:q='urn:q'/>")]
    [TestCase("<message xmlns:q='urn:q' q:a='1'/>")]
    [TestCase("<größe/>")]
    [TestCase("<message/> ")]
    public void Left_to_the_strict_reader(string xml)
    {
        var bytes = Encoding.UTF8.GetBytes(xml);
        Assert.That(PlainXml.TryRead(bytes), Is.Null);
    }

    [Test]
    public void They_agree_on_whatever_can_stand_in_a_stanza([Range(1, 40)] int seed)
    {
        var random = new RandomXml(seed);
        var read = 0;
        for (var i = 0; i < 100; i++)
        {
            var encoded = Stanza.Message("chat", random.Element()).Encoded;
            byte[] bytes = [.. encoded.Head, .. encoded.Tail];
            Assert.That(StanzaParser.TryParseStrictly(bytes, out var strict), Is.True);
            if (PlainXml.TryRead(bytes) is not { } plain) continue;
            Assert.That(XNode.DeepEquals(plain, strict), Encoding.UTF8.GetString(bytes));
            read++;
        }
        Assert.That(read, Is.GreaterThan(5), "some are plain");
    }

    [Test]
    public void Names_that_have_the_same_place_in_its_memory_stay_apart()
    {
        for (var i = 0; i < 5000; i++)
        {
            var xml = PlainXml.TryRead(Encoding.UTF8.GetBytes($"<n{i} a{i}='v{i}' xmlns='urn:{i % 7}'/>"))!;
            Assert.That(xml.ToString(), Is.EqualTo($"<n{i} a{i}=\"v{i}\" xmlns=\"urn:{i % 7}\" />"));
        }
    }
}
