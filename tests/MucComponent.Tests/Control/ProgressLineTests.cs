using MucComponent.Control;
using MucComponent.Moving;
using MucComponent.Rooms;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Control;

public sealed class ProgressLineTests
{
    [Test]
    public void On_a_terminal_it_moves_and_is_gone_at_the_end()
    {
        using var errors = new StringWriter();
        using (var line = new ProgressLine(errors, isShown: true))
        {
            line.Show("1 of 2 rooms");
            line.Show("2 of 2 rooms");
        }

        Assert.That(errors.ToString(), Is.EqualTo("\r1 of 2 rooms\e[K\r2 of 2 rooms\e[K\r\e[K"));
    }

    [Test]
    public void Elsewhere_there_is_nothing()
    {
        using var errors = new StringWriter();
        using (var line = new ProgressLine(errors, isShown: false)) line.Show("1 of 2 rooms");

        Assert.That(errors.ToString(), Is.Empty);
    }

    [Test]
    public void What_is_moved_is_told_a_few_times_a_second_with_how_much_there_is()
    {
        var clock = new FakeClock();
        var told = new List<string>();
        var report = new MovingReport(told.Add, clock) { Of = 7 };
        var message = new MovedMessage(null!);
        report.Count(new MovedTombstone(Jid.Parse("heath@chat.shakespeare.lit"), new Tombstone(null, null, default)));
        for (var i = 0; i < 100; i++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(10));
            report.Count(message);
        }

        Assert.That(told, Is.EqualTo(new[] { "0 of 7 rooms, 20 messages, 100 a second", "0 of 7 rooms, 40 messages, 100 a second", "0 of 7 rooms, 60 messages, 100 a second", "0 of 7 rooms, 80 messages, 100 a second", "0 of 7 rooms, 100 messages, 100 a second" }));
    }
}
