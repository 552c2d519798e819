using MucComponent.Tests.Given;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.Features;

/// <summary>XEP-0045 §7.2.12.</summary>
public sealed class LoggingTests
{
    [TestCase("1", "170 110"), TestCase("0", "110")]
    [Row("status-170")] // §7.2.12
    public void Who_enters_learns_whether_what_is_said_is_kept(string enabled, string statuses)
    {
        var coven = Coven.Open().With(("muc#roomconfig_enablelogging", enabled)).Enters(Coven.Hag66, "thirdwitch");
        Assert.That(string.Join(' ', Coven.Statuses(coven.ToldTo(Coven.Hag66)[1])), Is.EqualTo(statuses));
    }
}
