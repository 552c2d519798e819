using MucComponent.Conversations;
using NUnit.Framework;

namespace MucComponent.Tests.Survival;

[TestFixture]
public sealed class HalfOpenLinkTests() : OnRealServer(Stage.Prosody)
{
    /// <summary>What we promise; this is the one test that has to let real time pass.</summary>
    private static readonly TimeSpan Noticed = TimeSpan.FromSeconds(30);

    [Test]
    public async Task A_link_that_went_dead_is_noticed_and_replaced_and_nobody_has_left()
    {
        var network = Ended(new TcpProxy(Server.ComponentPort));
        var component = Launch(Server.Secret, network.Port);
        await component.SaysAsync("The stream is up");
        var romeo = await ConnectAsync("romeo");
        var juliet = await ConnectAsync("juliet");
        await romeo.EnterAsync(Room);
        await juliet.EnterAsync(Room);
        // He has heard that she came, so that what he hears next is new.
        await romeo.HearsAsync(s => (string?)s.Attribute("from") == $"{Room}/juliet");

        await network.GoDeadAsync();
        await component.SaysAsync("Nothing has come from the server", within: Noticed);
        await component.SaysAsync("The stream is up", times: 2);
        await juliet.SayAsync(Room, "It is the lark");
        Assert.That(Person.BodyOf(await romeo.HearsNextAsync()), Is.EqualTo("It is the lark"));
    }
}
