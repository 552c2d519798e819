using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Xmpp;

public sealed class XmlTextTests
{
    [TestCase("", "")]
    [TestCase("plain é 🦉", "plain é 🦉")]
    [TestCase("<a b='c' d=\"e\">&</a>", "&lt;a b=&apos;c&apos; d=&quot;e&quot;&gt;&amp;&lt;/a&gt;")]
    [TestCase("\t\n\r", "&#9;&#10;&#13;")]
    public void Escaped_it_may_stand_anywhere(string text, string expected) => Assert.That(XmlText.Escape(text), Is.EqualTo(expected));

    [Test]
    public void What_xml_cannot_carry_is_left_out() =>
        Assert.That(XmlText.Escape("\0a\u001Fb\uFFFEc\uFFFFd\uD83Ee\uDD89"), Is.EqualTo("abcde"));
}
