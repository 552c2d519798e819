using System.Globalization;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Xmpp;

public sealed class TimestampTests
{
    [Test]
    public void It_is_written_in_utc_to_the_millisecond()
    {
        var moment = new DateTimeOffset(1969, 7, 20, 21, 56, 15, TimeSpan.FromHours(-5)).AddTicks(1_239_999);

        Assert.That(Timestamp.Format(moment), Is.EqualTo("1969-07-21T02:56:15.123Z"));
    }

    [Test]
    public void It_is_written_the_same_in_every_culture()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("ar-SA");
            Assert.That(Timestamp.Format(DateTimeOffset.UnixEpoch), Is.EqualTo("1970-01-01T00:00:00.000Z"));
            Assert.That(Timestamp.TryParse("1970-01-01T00:00:00.000Z", out var read), Is.True);
            Assert.That(read, Is.EqualTo(DateTimeOffset.UnixEpoch));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [TestCase("1969-07-21T02:56:15Z", "1969-07-21T02:56:15.0000000")]
    [TestCase("1969-07-20T21:56:15-05:00", "1969-07-21T02:56:15.0000000")]
    [TestCase("1969-07-21T04:56:15.25+02:00", "1969-07-21T02:56:15.2500000")]
    [TestCase("1969-07-21T02:56:15.1234567890123Z", "1969-07-21T02:56:15.1234567")]
    [TestCase("1969-07-21T02:56:15.0-00:00", "1969-07-21T02:56:15.0000000")]
    [TestCase("1999-12-31T24:00:00Z", "2000-01-01T00:00:00.0000000")]
    [TestCase("2000-02-29T23:59:59.9+14:00", "2000-02-29T09:59:59.9000000")]
    [TestCase("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.0000000")]
    [TestCase("9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.9999999")]
    public void Every_legal_form_is_read(string text, string utc)
    {
        Assert.That(Timestamp.TryParse(text, out var moment), Is.True);
        Assert.That(moment.Offset, Is.EqualTo(TimeSpan.Zero));
        Assert.That(moment.ToString("yyyy-MM-ddTHH:mm:ss.fffffff", CultureInfo.InvariantCulture), Is.EqualTo(utc));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("1969-07-21")]
    [TestCase("02:56:15Z")]
    [TestCase("19690721T02:56:15")]
    [TestCase("1969-07-21T02:56:15")]
    [TestCase("1969-07-21T02:56:15z")]
    [TestCase("1969-07-21t02:56:15Z")]
    [TestCase("1969-07-21 02:56:15Z")]
    [TestCase("1969-07-21T02:56Z+00:00")]
    [TestCase("1969-07-21T02:56:15.Z")]
    [TestCase("1969-07-21T02:56:15,5Z")]
    [TestCase("1969-07-21T02:56:15Zx")]
    [TestCase(" 1969-07-21T02:56:15Z")]
    [TestCase("1969-07-21T02:56:15Z ")]
    [TestCase("1969-07-21T02:56:15+1:00")]
    [TestCase("1969-07-21T02:56:15+0100")]
    [TestCase("1969-07-21T02:56:15+01")]
    [TestCase("1969-07-21T02:56:15+14:01")]
    [TestCase("1969-07-21T02:56:15+01:60")]
    [TestCase("1969-13-21T02:56:15Z")]
    [TestCase("1969-02-29T02:56:15Z")]
    [TestCase("1969-07-21T25:00:00Z")]
    [TestCase("1969-07-21T24:00:01Z")]
    [TestCase("1969-07-21T24:00:00.5Z")]
    [TestCase("1969-07-21T02:60:15Z")]
    [TestCase("1969-07-21T02:56:60Z")]
    [TestCase("0000-07-21T02:56:15Z")]
    [TestCase("-0001-07-21T02:56:15Z")]
    [TestCase("12345-07-21T02:56:15Z")]
    [TestCase("0001-01-01T00:00:00+01:00")]
    [TestCase("9999-12-31T23:59:59-01:00")]
    [TestCase("9999-12-31T24:00:00Z")]
    [TestCase("١٩٦٩-07-21T02:56:15Z")]
    public void Anything_else_is_refused(string? text) => Assert.That(Timestamp.TryParse(text, out _), Is.False);

    [Test]
    public void What_is_written_is_read_as_the_same([Range(1, 20)] int seed)
    {
        var moment = new DateTimeOffset(new Random(seed).NextInt64(DateTime.MaxValue.Ticks) / 10_000 * 10_000, TimeSpan.Zero);

        Assert.That(Timestamp.TryParse(Timestamp.Format(moment), out var read), Is.True);
        Assert.That(read, Is.EqualTo(moment));
    }
}
