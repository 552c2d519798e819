using System.Text;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Xmpp;

public sealed class PrecisTests
{
    [TestCase("juliet", "juliet")]
    [TestCase("Juliet", "juliet", TestName = "Localpart: lower-cased")]
    [TestCase("foo\\20bar", "foo\\20bar", TestName = "Localpart: an escaped space stays escaped (XEP-0106)")]
    [TestCase("fußball", "fußball", TestName = "Localpart: ß stays (RFC 8265 §3.5)")]
    [TestCase("Σ", "σ")]
    [TestCase("σ", "σ")]
    [TestCase("ς", "ς", TestName = "Localpart: final sigma stays (RFC 8265 §3.5)")]
    [TestCase("İ", "i\u0307", TestName = "Localpart: a dotted capital I")]
    [TestCase("\u212A", "k", TestName = "Localpart: the Kelvin sign")]
    [TestCase("Å", "å", TestName = "Localpart: composed")]
    [TestCase("A\u030A", "å", TestName = "Localpart: decomposed")]
    [TestCase("ｊｕｌｉｅｔ", "juliet", TestName = "Localpart: fullwidth letters are the narrow ones")]
    [TestCase("ﾃｽﾄ", "テスト", TestName = "Localpart: halfwidth kana are the wide ones")]
    [TestCase("π", "π")]
    [TestCase("אבג1", "אבג1", TestName = "Localpart: Hebrew ending in a digit (RFC 5893 §2, 3)")]
    [TestCase("אבּ", "אבּ", TestName = "Localpart: Hebrew ending in a point (RFC 5893 §2, 3)")]
    [TestCase("soft\u00ADhyphen", "softhyphen", TestName = "Localpart: a soft hyphen is nothing (RFC 3454 B.1)")]
    [TestCase("col·lega", "col·lega", TestName = "Localpart: a middle dot between l and l (RFC 5892 A.3)")]
    [TestCase("\u0375α", "\u0375α", TestName = "Localpart: a Greek keraia before Greek (RFC 5892 A.4)")]
    [TestCase("א\u05F3", "א\u05F3", TestName = "Localpart: a geresh after Hebrew (RFC 5892 A.5)")]
    [TestCase("ア・イ", "ア・イ", TestName = "Localpart: a Katakana middle dot in Katakana (RFC 5892 A.7)")]
    [TestCase("क्\u200Dष", "क्\u200Dष", TestName = "Localpart: a joiner after a virama (RFC 5892 A.2)")]
    [TestCase("می\u200Cخواهم", "می\u200Cخواهم", TestName = "Localpart: a non-joiner between joining letters (RFC 5892 A.1)")]
    [TestCase("a\u200Db\u200C", "ab", TestName = "Localpart: a joiner that joins nothing is nothing")]
    public void Localpart(string text, string expected)
    {
        Assert.That(Precis.TryLocalpart(text, out var prepared), Is.True);
        Assert.That(prepared, Is.EqualTo(expected));
    }

    [TestCase("", TestName = "No localpart: empty")]
    [TestCase("\u00AD", TestName = "No localpart: nothing left")]
    [TestCase("foo bar", TestName = "No localpart: a space (RFC 7622 §3.5)")]
    [TestCase("foo\"bar", TestName = "No localpart: a quotation mark (RFC 7622 §3.3.1)")]
    [TestCase("a&b", TestName = "No localpart: an ampersand (RFC 7622 §3.3.1)")]
    [TestCase("o'hara", TestName = "No localpart: an apostrophe (RFC 7622 §3.3.1)")]
    [TestCase("a/b", TestName = "No localpart: a slash (RFC 7622 §3.3.1)")]
    [TestCase("a:b", TestName = "No localpart: a colon (RFC 7622 §3.3.1)")]
    [TestCase("a<b", TestName = "No localpart: less than (RFC 7622 §3.3.1)")]
    [TestCase("a>b", TestName = "No localpart: greater than (RFC 7622 §3.3.1)")]
    [TestCase("a@b", TestName = "No localpart: an at sign (RFC 7622 §3.3.1)")]
    [TestCase("a＠b", TestName = "No localpart: a fullwidth at sign")]
    [TestCase("henry\u2163", TestName = "No localpart: a Roman numeral (RFC 7622 §3.5)")]
    [TestCase("♚", TestName = "No localpart: a symbol (RFC 7622 §3.5)")]
    [TestCase("a\u0007", TestName = "No localpart: a control character")]
    [TestCase("a\u200E", TestName = "No localpart: a direction mark")]
    [TestCase("\uE000", TestName = "No localpart: private use")]
    [TestCase("\u0378", TestName = "No localpart: unassigned")]
    [TestCase("\uFFFE", TestName = "No localpart: a noncharacter")]
    [TestCase("\u1100", TestName = "No localpart: a conjoining jamo alone")]
    [TestCase("\u0640", TestName = "No localpart: a tatweel (RFC 5892 §2.6)")]
    [TestCase("a·b", TestName = "No localpart: a middle dot elsewhere (RFC 5892 A.3)")]
    [TestCase("\u0375a", TestName = "No localpart: a keraia before Latin (RFC 5892 A.4)")]
    [TestCase("a\u05F3", TestName = "No localpart: a geresh after Latin (RFC 5892 A.5)")]
    [TestCase("a・b", TestName = "No localpart: a Katakana middle dot in Latin (RFC 5892 A.7)")]
    [TestCase("ا\u0661\u06F1", TestName = "No localpart: two kinds of Arabic digits (RFC 5892 A.8)")]
    [TestCase("אa", TestName = "No localpart: right to left with left to right (RFC 5893 §2, 2)")]
    [TestCase("aא", TestName = "No localpart: left to right with right to left (RFC 5893 §2, 5)")]
    [TestCase("1א", TestName = "No localpart: a digit before right to left (RFC 5893 §2, 1)")]
    [TestCase("א!", TestName = "No localpart: right to left ending in a mark of punctuation (RFC 5893 §2, 3)")]
    [TestCase("ا1\u0661", TestName = "No localpart: European with Arabic digits (RFC 5893 §2, 4)")]
    public void No_localpart(string text) => Assert.That(Precis.TryLocalpart(text, out _), Is.False);

    [TestCase("balcony")]
    [TestCase("Balcony", TestName = "Resource: case stays")]
    [TestCase("foo bar", TestName = "Resource: a space (RFC 7622 §3.5)")]
    [TestCase("\"It's\" <me> & @you/both:", TestName = "Resource: any ASCII")]
    [TestCase("henry\u2163", TestName = "Resource: a Roman numeral")]
    [TestCase("♚", TestName = "Resource: a symbol (RFC 7622 §3.5)")]
    [TestCase("🤖", TestName = "Resource: an emoji")]
    [TestCase("👍🏽", TestName = "Resource: an emoji with a skin tone")]
    [TestCase("🇳🇱", TestName = "Resource: a flag")]
    [TestCase("אbג!", TestName = "Resource: any direction")]
    [TestCase("ｆｕｌｌ", TestName = "Resource: fullwidth letters stay (RFC 8265 §4.2.2)")]
    [TestCase("می\u200Cخواهم", TestName = "Resource: a non-joiner between joining letters")]
    public void Resource_as_it_is(string text)
    {
        Assert.That(Precis.TryResource(text, out var prepared), Is.True);
        Assert.That(prepared, Is.EqualTo(text));
    }

    [TestCase("a\u00A0b\u3000c", "a b c", TestName = "Resource: all spaces are one (RFC 8265 §4.2.2)")]
    [TestCase("e\u0301", "é", TestName = "Resource: composed")]
    [TestCase("🤖\uFE0F", "🤖", TestName = "Resource: an emoji's variation selector is nothing (RFC 3454 B.1)")]
    [TestCase("👨\u200D👩\u200D👧", "👨👩👧", TestName = "Resource: an emoji's joiners are nothing (RFC 3454 B.1)")]
    [TestCase("\u1112\u1161\u11AB", "한", TestName = "Resource: conjoining jamo are a syllable")]
    public void Resource(string text, string expected)
    {
        Assert.That(Precis.TryResource(text, out var prepared), Is.True);
        Assert.That(prepared, Is.EqualTo(expected));
    }

    [TestCase("", TestName = "No resource: empty")]
    [TestCase("\uFE0F", TestName = "No resource: nothing left")]
    [TestCase("a\nb", TestName = "No resource: a line end")]
    [TestCase("a\u007F", TestName = "No resource: delete")]
    [TestCase("a\u0085", TestName = "No resource: a C1 control character")]
    [TestCase("\u202Eevil", TestName = "No resource: a direction override")]
    [TestCase("\u2066a\u2069", TestName = "No resource: a direction isolate")]
    [TestCase("a\u2028b", TestName = "No resource: a line separator")]
    [TestCase("\uF8FF", TestName = "No resource: private use")]
    [TestCase("\u0378", TestName = "No resource: unassigned")]
    [TestCase("\uFFFE", TestName = "No resource: a noncharacter")]
    [TestCase("a·b", TestName = "No resource: a middle dot out of context")]
    [TestCase("\u3164", TestName = "No resource: a filler")]
    public void No_resource(string text) => Assert.That(Precis.TryResource(text, out _), Is.False);

    [Test]
    public void Half_a_surrogate_pair_is_no_text()
    {
        using (Assert.EnterMultipleScope())
        {
            foreach (var half in (string[])["a\uD83E", "\uDD16a"])
            {
                Assert.That(Precis.TryLocalpart(half, out _), Is.False);
                Assert.That(Precis.TryDomain(half, out _), Is.False);
                Assert.That(Precis.TryResource(half, out _), Is.False);
            }
        }
    }

    [TestCase("shakespeare.lit", "shakespeare.lit")]
    [TestCase("Shakespeare.LIT", "shakespeare.lit")]
    [TestCase("shakespeare.lit.", "shakespeare.lit", TestName = "Domain: absolute (RFC 7622 §3.2)")]
    [TestCase("localhost", "localhost")]
    [TestCase("my_host", "my_host", TestName = "Domain: an underscore, as in container names")]
    [TestCase("192.0.2.1", "192.0.2.1")]
    [TestCase("[2001:DB8::1]", "[2001:db8::1]")]
    [TestCase("[::ffff:192.0.2.1]", "[::ffff:192.0.2.1]")]
    [TestCase("Bücher.example", "bücher.example")]
    [TestCase("bu\u0308cher.example", "bücher.example")]
    [TestCase("xn--bcher-kva.example", "xn--bcher-kva.example", TestName = "Domain: an A-label is what its server calls itself")]
    [TestCase("例え。テスト", "例え.テスト", TestName = "Domain: an ideographic full stop is a dot")]
    [TestCase("ｅxample．org", "example.org", TestName = "Domain: fullwidth")]
    public void Domain(string text, string expected)
    {
        Assert.That(Precis.TryDomain(text, out var prepared), Is.True);
        Assert.That(prepared, Is.EqualTo(expected));
    }

    [TestCase("")]
    [TestCase(".")]
    [TestCase("a..b")]
    [TestCase(".a")]
    [TestCase("a..")]
    [TestCase("a b")]
    [TestCase("a!b")]
    [TestCase("a@b")]
    [TestCase("a:5222")]
    [TestCase("[]")]
    [TestCase("[1]")]
    [TestCase("[::1")]
    [TestCase("[::g]")]
    [TestCase("♚.example")]
    [TestCase("é\u0000")]
    [TestCase("é！b")]
    public void No_domain(string text) => Assert.That(Precis.TryDomain(text, out _), Is.False);

    [Test]
    public void A_part_is_at_most_1023_bytes()
    {
        var longest = new string('a', Jid.MaxPartBytes);
        var longestWide = new string('é', 511);

        using (Assert.EnterMultipleScope())
        {
            foreach (var good in (string[])[longest, longestWide])
            {
                Assert.That(Precis.TryLocalpart(good, out _), Is.True);
                Assert.That(Precis.TryDomain(good, out _), Is.True);
                Assert.That(Precis.TryResource(good, out _), Is.True);
            }
            foreach (var bad in (string[])[longest + "a", longestWide + "é", new string('é', 100_000)])
            {
                Assert.That(Precis.TryLocalpart(bad, out _), Is.False);
                Assert.That(Precis.TryDomain(bad, out _), Is.False);
                Assert.That(Precis.TryResource(bad, out _), Is.False);
            }
        }
    }

    [Test]
    public void What_is_canonical_ascii_already_is_not_copied()
    {
        Precis.TryLocalpart("juliet", out var localpart);
        Precis.TryDomain("shakespeare.lit", out var domain);
        Precis.TryResource("Balcony 1", out var resource);

        Assert.That((localpart, domain, resource), Is.EqualTo(("juliet", "shakespeare.lit", "Balcony 1")));
        Assert.That(resource, Is.SameAs("Balcony 1"));
    }

    [Test]
    public void No_code_point_changes_when_it_is_prepared_again_nor_makes_it_throw()
    {
        var changed = new List<string>();
        for (var c = 0; c <= 0x10FFFF; c++)
        {
            if (c is >= 0xD800 and <= 0xDFFF) continue;
            var text = new Rune(c).ToString();
            if (Precis.TryLocalpart(text, out var once) && !(Precis.TryLocalpart(once, out var twice) && twice == once)) changed.Add($"local {c:X4}");
            if (Precis.TryDomain(text, out once) && !(Precis.TryDomain(once, out twice) && twice == once)) changed.Add($"domain {c:X4}");
            if (Precis.TryResource(text, out once) && !(Precis.TryResource(once, out twice) && twice == once)) changed.Add($"resource {c:X4}");
        }

        Assert.That(changed, Is.Empty);
    }

    [Test]
    public void No_string_changes_when_it_is_prepared_again([Range(1, 20)] int seed)
    {
        TestContext.Out.WriteLine($"seed {seed}");
        var random = new Random(seed);
        int[] pool = ['a', 'K', '.', ' ', 0xAD, 0x130, 0x301, 0x307, 0x30A, 0x323, 0x345, 0x3A3, 0x5D0, 0x628, 0x6CC, 0x661, 0x93C, 0x94D, 0x951, 0x915,
            0x1100, 0x1161, 0x11A8, 0x200C, 0x200D, 0x212A, 0x3000, 0x30FB, 0xAC00, 0xFE0F, 0xFF61, 0xFF9E, 0xFF76, 0x1F916, 0xD834, 0xE9, 0x10A3F];
        for (var i = 0; i < 2000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 8))
                .Select(_ => pool[random.Next(pool.Length)]).Select(c => c < 0x10000 ? ((char)c).ToString() : char.ConvertFromUtf32(c)));

            if (Precis.TryLocalpart(text, out var once)) Assert.That(Precis.TryLocalpart(once, out var twice) ? twice : null, Is.EqualTo(once), text);
            if (Precis.TryDomain(text, out once)) Assert.That(Precis.TryDomain(once, out var twice) ? twice : null, Is.EqualTo(once), text);
            if (Precis.TryResource(text, out once)) Assert.That(Precis.TryResource(once, out var twice) ? twice : null, Is.EqualTo(once), text);
        }
    }

    [TestCase("thirdwitch", true)]
    [TestCase("king lear", true)]
    [TestCase("🤖", true)]
    [TestCase("e\u0323\u0301", true)]
    [TestCase("", false)]
    [TestCase(" ", false, TestName = "No nick: a space alone (XEP-0045 §17.1)")]
    [TestCase("   ", false, TestName = "No nick: spaces alone (XEP-0045 §17.1)")]
    [TestCase(" witch", false, TestName = "No nick: a space before")]
    [TestCase("witch ", false, TestName = "No nick: a space behind")]
    [TestCase("\u0301", false, TestName = "No nick: a mark on nothing")]
    [TestCase("\u2800", false, TestName = "No nick: a blank braille pattern")]
    public void Nick(string prepared, bool expected) => Assert.That(Precis.IsNick(prepared), Is.EqualTo(expected));
}
