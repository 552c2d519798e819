using MucComponent.Rooms;
using NUnit.Framework;

namespace MucComponent.Tests;

public sealed class RatesTests
{
    [TestCase("20/m", 20, 3)]
    [TestCase("60,20/m", 60, 3)]
    [TestCase(" 5 , 1/s ", 5, 1)]
    [TestCase("2/h", 2, 1800)]
    [TestCase("1/d", 1, 86_400)]
    public void A_rate_is_so_many_at_once_and_so_many_in_a_time(string text, int burst, int seconds) =>
        Assert.That(Rates.Read(text), Is.EqualTo(new Rate(burst, TimeSpan.FromSeconds(seconds))));

    [TestCase("off")]
    [TestCase("OFF")]
    public void Off_is_no_limit(string text) => Assert.That(Rates.Read(text), Is.Null);

    [TestCase("20")]
    [TestCase("20/w")]
    [TestCase("0/s")]
    [TestCase("-1/s")]
    [TestCase(",1/s")]
    [TestCase("1,2,3/s")]
    [TestCase("1/2/s")]
    [TestCase("2000000/s")]
    [TestCase("")]
    public void What_is_none_is_told_what_one_looks_like(string text) =>
        Assert.That(() => Rates.Read(text), Throws.TypeOf<FormatException>().With.Message.StartsWith($"\"{text}\" is not a rate: 20/m"));
}
