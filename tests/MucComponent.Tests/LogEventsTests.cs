using System.Reflection;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace MucComponent.Tests;

public sealed class LogEventsTests
{
    [Test(Description = "An operator may filter by them.")]
    public void No_two_log_messages_have_the_same_number()
    {
        var events = typeof(MucService).Assembly.GetTypes()
            .SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Select(m => (m.Name, m.GetCustomAttribute<LoggerMessageAttribute>()?.EventId))
            .Where(e => e.EventId is not null).ToList();
        Assert.That(events, Has.Count.GreaterThan(20));
        Assert.That(events.GroupBy(e => e.EventId).Where(g => g.Count() > 1), Is.Empty);
    }
}
