using NUnit.Framework;

namespace MucComponent.Tests;

[TestFixture]
public sealed class DurationTests
{
    [TestCase("0", ExpectedResult = 0L)]
    [TestCase("0s", ExpectedResult = 0L)]
    [TestCase("90s", ExpectedResult = 90L)]
    [TestCase("15m", ExpectedResult = 15 * 60L)]
    [TestCase("12h", ExpectedResult = 12 * 3600L)]
    [TestCase("30d", ExpectedResult = 30 * 86_400L)]
    [TestCase("36500d", ExpectedResult = 36_500 * 86_400L)]
    public long A_whole_number_with_its_unit_is_one(string text) => (long)Duration.Read(text).TotalSeconds;

    [TestCase("")]
    [TestCase("5")]
    [TestCase("m")]
    [TestCase("5 m")]
    [TestCase("-5m")]
    [TestCase("1.5h")]
    [TestCase("5M")]
    [TestCase("1h30m")]
    [TestCase("00:05:00")]
    public void Anything_else_is_none(string text) =>
        Assert.That(() => Duration.Read(text), Throws.TypeOf<FormatException>().With.Message.StartsWith($"\"{text}\" is not a duration"));

    [TestCase("36501d")]
    [TestCase("9223372036854775807d")]
    [TestCase("9223372036854775807s")]
    public void What_nobody_lives_to_see_is_none(string text) =>
        Assert.That(() => Duration.Read(text), Throws.TypeOf<FormatException>().With.Message.EndsWith("is more than a hundred years"));

    [Test]
    public void More_digits_than_a_number_has_are_none() =>
        Assert.That(() => Duration.Read("99999999999999999999d"), Throws.TypeOf<FormatException>());
}
