using System.Collections.Immutable;
using MucComponent.Moving.Ejabberd;
using NUnit.Framework;

namespace MucComponent.Tests.Moving.Ejabberd;

[TestFixture]
public sealed class ErlangReaderTests
{
    [TestCase("<<>>", "")]
    [TestCase("<<\"The Coven\">>", "The Coven")]
    [TestCase("<<195,188,32,240,159,144,136>>", "ü 🐈")]
    [TestCase("<<\"ü\">>", "ü", Description = "the bytes of UTF-8, printed as they are")]
    [TestCase("<<\"a \\\"quote\\\" and \\\\\\n\">>", "a \"quote\" and \\\n")]
    [TestCase("<<\"long text \"\n  \"in pieces\">>", "long text in pieces")]
    [TestCase("<<\"\\303\\274\">>", "ü")]
    [TestCase("<<\"\\x{1F408}\"/utf8>>", "🐈")]
    [TestCase("\"a string\"", "a string")]
    [TestCase("<<252>>", "ü", Description = "no UTF-8, so Latin-1")]
    public void Texts_are_read(string term, string text) => Assert.That(ErlangReader.Read(term), Is.EqualTo(text));

    [Test]
    public void All_kinds_of_terms_are_read()
    {
        var list = (ImmutableArray<object>)ErlangReader.Read(" [{title,<<\"x\">>}, 'an atom', -12, 1.5, $a, [], {}, #{key => [1]}] .");

        Assert.That(((ErlangTuple)list[0]).Items, Is.EqualTo(new object[] { new Atom("title"), "x" }));
        Assert.That(list.Skip(1).Take(4), Is.EqualTo(new object[] { new Atom("an atom"), -12d, 1.5, 97d }));
        Assert.That((((ImmutableArray<object>)list[5]).Length, ((ErlangTuple)list[6]).Items.Length), Is.EqualTo((0, 0)));
        Assert.That(((ErlangTuple)((ImmutableArray<object>)list[7])[0]).Items[0], Is.EqualTo(new Atom("key")));
    }

    [TestCase("")]
    [TestCase("[")]
    [TestCase("[a")]
    [TestCase("{a b}")]
    [TestCase("[a|b]")]
    [TestCase("<<\"a")]
    [TestCase("<<300>>")]
    [TestCase("<<1")]
    [TestCase("\"\\x{FFFFFFFF}\"")]
    [TestCase("<0.1.2>")]
    [TestCase("a b")]
    [TestCase("fun() -> ok end")]
    public void What_is_no_term_is_refused(string text) => Assert.That(() => ErlangReader.Read(text), Throws.TypeOf<FormatException>().With.Message.Contains("at byte"));

    [Test]
    public void What_is_nested_without_end_is_refused() =>
        Assert.That(() => ErlangReader.Read(new string('[', 100_000)), Throws.TypeOf<FormatException>().With.Message.StartsWith("nested too deeply"));
}
