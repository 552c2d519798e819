using System.Reflection;
using Microsoft.Extensions.Logging;
using MucComponent.Xmpp;
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

    [Test(Description = "Who people are is nothing for a log, but where somebody looks for a fault.")]
    public void Real_addresses_are_told_at_debug_alone()
    {
        var ours = new[] { "room", "domain", "service" };
        var told = from type in typeof(MucService).Assembly.GetTypes()
                   from method in type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
                   let message = method.GetCustomAttribute<LoggerMessageAttribute>()
                   where message is { Level: > LogLevel.Debug }
                   from parameter in method.GetParameters()
                   where !ours.Contains(parameter.Name) && (parameter.ParameterType == typeof(Jid) || parameter.Name is "from" or "to" or "jid" or "session" or "sender")
                   select $"{method.Name}({parameter.Name})";
        Assert.That(told, Is.Empty);
    }
}
