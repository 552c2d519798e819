using MucComponent.Tests.Given;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.Features;

/// <summary>XEP-0410; the answers themselves are tested with the requests between occupants.</summary>
public sealed class SelfPingTests
{
    [Test, Row("Q3")] // XEP-0410 §3.2
    public void A_room_says_that_it_answers_for_the_client()
    {
        var answer = Coven.Open().Requests(Coven.Hag66, "<query xmlns='http://jabber.org/protocol/disco#info'/>").OnlyTold(Coven.Hag66);

        Assert.That(Coven.Features(answer), Does.Contain("http://jabber.org/protocol/muc#self-ping-optimization"));
    }
}
