using MucComponent.Conversations;
using NUnit.Framework;

namespace MucComponent.Tests.Survival;

/// <summary>The server goes away under the component, and comes back.</summary>
[TestFixture(Stage.Prosody)]
[TestFixture(Stage.Ejabberd)]
public sealed class ServerRestartTests(string name) : OnRealServer(name)
{
    [TestCase(false)]
    [TestCase(true)]
    public async Task People_come_back_and_talk_without_anybody_touching_the_component(bool killed)
    {
        var component = await AttachAsync();
        var romeo = await ConnectAsync("romeo");
        var juliet = await ConnectAsync("juliet");
        await romeo.EnterAsync(Room);
        await juliet.EnterAsync(Room);

        if (killed) await Server.KillAsync();
        else await Server.StopAsync();
        await Server.StartAsync();
        await component.StreamIsUpAsync(times: 2);

        romeo = await ConnectAsync("romeo");
        juliet = await ConnectAsync("juliet");
        await romeo.EnterAsync(Room);
        await juliet.EnterAsync(Room);
        await romeo.SayAsync(Room, "Art thou not Romeo?");
        await juliet.HearsAsync("Art thou not Romeo?");
        await juliet.SayAsync(Room, "Neither");
        await romeo.HearsAsync("Neither");
    }
}
