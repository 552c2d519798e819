using MucComponent.Conversations;
using NUnit.Framework;

namespace MucComponent.Tests.Survival;

[TestFixture(Stage.Prosody)]
[TestFixture(Stage.Ejabberd)]
public sealed class WrongSecretTests(string name) : OnRealServer(name)
{
    [Test]
    public async Task It_says_what_to_do_and_attaches_once_the_server_is_put_right()
    {
        const string Secret = "toil-and-trouble";
        var component = Launch(Secret, Server.ComponentPort);
        await component.SaysAsync("compare MUC_SECRET with the server's");
        Assert.That(component.Output, Has.None.Contains("The stream is up").And.None.Contains(Secret).And.None.Contains(Server.Secret));

        await Server.StopAsync();
        Server.Secret = Secret;
        await Server.StartAsync();
        await component.SaysAsync("The stream is up");
        var romeo = await ConnectAsync("romeo");
        await romeo.EnterAsync(Room);
    }
}
