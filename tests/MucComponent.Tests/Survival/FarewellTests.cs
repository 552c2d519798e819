using MucComponent.Conversations;
using NUnit.Framework;

namespace MucComponent.Tests.Survival;

/// <summary>A stop of the service that people are told of (XEP-0045 §11.2), where its operator wants that.</summary>
[TestFixture(Stage.Prosody)]
[TestFixture(Stage.Ejabberd)]
public sealed class FarewellTests(string name) : OnRealServer(name)
{
    private static readonly Dictionary<string, string> Leave = new() { ["MUC_STOP"] = "leave" };

    [Test]
    public async Task Everybody_is_told_and_is_out_when_it_starts_again()
    {
        var component = await AttachAsync(Leave);
        var romeo = await ConnectAsync("romeo");
        var juliet = await ConnectAsync("juliet");
        await romeo.EnterAsync(Room);
        await juliet.EnterAsync(Room);

        await component.StopAsync();

        foreach (var who in new[] { romeo, juliet })
        {
            // Nobody hears of the others: the next thing is about themselves.
            var told = await who.HearsAsync(s => (string?)s.Attribute("type") == "unavailable");
            Assert.That(Person.Codes(told), Is.EqualTo(new[] { "332", "110" }));
        }
        Assert.That(component.Log, Has.Some.Contains("2 sessions in its rooms were told"));

        await AttachAsync(Leave);
        await romeo.SendAsync($"<message to='{Room}' type='groupchat' id='still in?'><body>still in?</body></message>");
        Assert.That(await romeo.HearsErrorAsync("still in?"), Is.EqualTo("not-acceptable"));
    }
}
