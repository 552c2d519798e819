using MucComponent.Conversations;
using NUnit.Framework;

namespace MucComponent.Tests.Survival;

/// <summary>The component goes away under people who stay connected: what the service promises above all.</summary>
[TestFixture(Stage.Prosody)]
[TestFixture(Stage.Ejabberd)]
public sealed class ComponentRestartTests(string name) : OnRealServer(name)
{
    [TestCase(false)]
    [TestCase(true)]
    public async Task Nobody_leaves_and_nobody_is_told_anything(bool killed)
    {
        var component = await AttachAsync();
        var romeo = await ConnectAsync("romeo");
        var juliet = await ConnectAsync("juliet");
        await romeo.EnterAsync(Room);
        await juliet.EnterAsync(Room);
        await romeo.SayAsync(Room, "before");
        await romeo.HearsAsync("before");
        await juliet.HearsAsync("before");

        for (var time = 1; time <= 2; time++)
        {
            if (killed) await component.KillAsync();
            else await component.StopAsync();
            component = await AttachAsync();

            // Each hears it once, and hears nothing else: neither before nor in between.
            foreach (var (who, words) in new[] { (romeo, $"Art thou not Romeo? {time}"), (juliet, $"Neither {time}") })
            {
                await who.SayAsync(Room, words);
                Assert.That(Person.BodyOf(await romeo.HearsNextAsync()), Is.EqualTo(words));
                Assert.That(Person.BodyOf(await juliet.HearsNextAsync()), Is.EqualTo(words));
            }
        }
    }

    [Test]
    public async Task Who_goes_afterwards_is_seen_to_go()
    {
        var component = await AttachAsync();
        var romeo = await ConnectAsync("romeo");
        var juliet = await ConnectAsync("juliet");
        await romeo.EnterAsync(Room);
        await juliet.EnterAsync(Room);
        await component.KillAsync();
        await AttachAsync();

        await juliet.DisposeAsync();
        var gone = await romeo.HearsAsync(s => (string?)s.Attribute("type") == "unavailable");
        Assert.That((string?)gone.Attribute("from"), Is.EqualTo($"{Room}/juliet"));
    }
}
