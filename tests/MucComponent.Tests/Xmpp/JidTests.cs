using System.Text;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Xmpp;

public sealed class JidTests
{
    [TestCase("juliet@example.com", "juliet", "example.com", "")]
    [TestCase("juliet@example.com/foo", "juliet", "example.com", "foo")]
    [TestCase("juliet@example.com/foo@bar", "juliet", "example.com", "foo@bar")]
    [TestCase("juliet@example.com/foo/bar", "juliet", "example.com", "foo/bar")]
    [TestCase("example.com", "", "example.com", "")]
    [TestCase("example.com/foobar", "", "example.com", "foobar")]
    [TestCase("a.example.com/b@example.net", "", "a.example.com", "b@example.net")]
    [TestCase("[::1]/x", "", "[::1]", "x")]
    public void The_parts_are_those_of_RFC_7622_section_3_5(string text, string local, string domain, string resource)
    {
        Assert.That(Jid.TryParse(text, out var jid), Is.True);
        Assert.That((jid!.Local, jid.Domain, jid.Resource), Is.EqualTo((local, domain, resource)));
        Assert.That(jid.ToString(), Is.EqualTo(text));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("@example.com")]
    [TestCase("juliet@")]
    [TestCase("juliet@/foo")]
    [TestCase("/foo")]
    [TestCase("example.com/")]
    [TestCase("juliet@example.com/")]
    [TestCase("foo bar@example.com")]
    [TestCase("a@b@example.com")]
    [TestCase("\"juliet\"@example.com")]
    public void What_is_no_address_is_refused(string? text) => Assert.That(Jid.TryParse(text, out _), Is.False);

    [Test]
    public void Equal_addresses_are_equal_however_they_are_written()
    {
        var jid = Jid.Parse("JULIET@Example.COM./A\u030A");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(jid, Is.EqualTo(Jid.Parse("juliet@example.com/Å")));
            Assert.That(jid.GetHashCode(), Is.EqualTo(Jid.Parse("juliet@example.com/Å").GetHashCode()));
            Assert.That(jid == Jid.Parse("juliet@example.com/å"), Is.False);
            Assert.That(jid != Jid.Parse("juliet@example.com"), Is.True);
            Assert.That(jid.Equals(null), Is.False);
        }
    }

    [Test]
    public void A_full_address_has_a_bare_one_and_a_domain()
    {
        var jid = Jid.Parse("coven@chat.shakespeare.lit/thirdwitch");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(jid.IsBare, Is.False);
            Assert.That(jid.Bare, Is.EqualTo(Jid.Parse("coven@chat.shakespeare.lit")));
            Assert.That(jid.Bare.IsBare, Is.True);
            Assert.That(jid.Bare.IsDomain, Is.False);
            Assert.That(jid.Bare.Bare, Is.SameAs(jid.Bare));
            Assert.That(jid.DomainJid.IsDomain, Is.True);
            Assert.That(jid.DomainJid, Is.EqualTo(Jid.Parse("chat.shakespeare.lit")));
            Assert.That(jid.Bare.WithResource("thirdwitch"), Is.EqualTo(jid));
            Assert.That(Jid.Parse("chat.shakespeare.lit/x").IsDomain, Is.False);
        }
    }

    [Test]
    public void The_longest_address_is_read_whole()
    {
        var part = new string('a', Jid.MaxPartBytes);

        Assert.That(Jid.TryParse($"{part}@{part}/{part}", out var jid), Is.True);
        Assert.That((jid!.Local, jid.Domain, jid.Resource), Is.EqualTo((part, part, part)));
    }

    [Test]
    public void As_an_attribute_it_is_escaped_utf8() =>
        Assert.That(Encoding.UTF8.GetString(Jid.Parse("room@example.org/d'é & <co> \"🦉\"").Attribute),
            Is.EqualTo("room@example.org/d&apos;é &amp; &lt;co&gt; &quot;🦉&quot;"));

    [Test]
    public void A_bad_address_that_was_said_to_be_good_is_a_bug() =>
        Assert.That(() => Jid.Parse("@"), Throws.TypeOf<FormatException>());
}
