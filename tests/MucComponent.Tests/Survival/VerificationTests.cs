using System.Diagnostics;
using MucComponent.Conversations;
using NUnit.Framework;

namespace MucComponent.Tests.Survival;

/// <summary>Who vanished while the service or the server was away is found out, and nobody else is sent out for it (XEP-0045 §11.1).</summary>
[TestFixture(Stage.Prosody)]
[TestFixture(Stage.Ejabberd)]
public sealed class VerificationTests(string name) : OnRealServer(name)
{
    [TestCase("closes the client")]
    [TestCase("loses the network")]
    public async Task Who_vanished_while_the_service_was_away_leaves_within_a_minute_and_who_answers_no_ping_stays(string how)
    {
        var component = await AttachAsync();
        var romeo = await ConnectAsync("romeo");
        var juliet = await ConnectAsync("juliet");
        await romeo.EnterAsync(Room);
        await juliet.EnterAsync(Room);

        await component.KillAsync();
        if (how == "loses the network") juliet.Vanish();
        else await juliet.DisposeAsync();
        await AttachAsync();

        var returned = Stopwatch.StartNew();
        var gone = await romeo.HearsAsync(s => (string?)s.Attribute("type") == "unavailable");
        Assert.That((string?)gone.Attribute("from"), Is.EqualTo($"{Room}/juliet"));
        Assert.That(Person.Codes(gone), Is.EqualTo(new[] { "333" }));
        Assert.That(returned.Elapsed, Is.LessThan(TimeSpan.FromMinutes(1)));
        await TestContext.Out.WriteLineAsync($"She was seen to be gone {returned.Elapsed.TotalSeconds:0.0} s after the service was back.");
        // This client answers no ping and nothing else that it is asked; it is in all the same.
        await romeo.SayAsync(Room, "Is she gone?");
        Assert.That(Person.BodyOf(await romeo.HearsNextAsync()), Is.EqualTo("Is she gone?"));
        Assert.That(await romeo.OccupantsAsync(Room), Is.EqualTo(new[] { "romeo@localhost/home" }));
    }

    [Test]
    public async Task People_who_come_back_by_another_client_after_the_server_was_killed_are_not_doubled()
    {
        var component = await AttachAsync();
        var romeo = await ConnectAsync("romeo");
        var juliet = await ConnectAsync("juliet");
        await romeo.EnterAsync(Room);
        await juliet.EnterAsync(Room);

        await Server.KillAsync();
        await Server.StartAsync();
        await component.StreamIsUpAsync(times: 2);
        romeo = await Person.ConnectAsync(Server, "romeo", "phone");
        juliet = await Person.ConnectAsync(Server, "juliet", "phone");
        await romeo.EnterAsync(Room);
        await juliet.EnterAsync(Room);

        // Once the former sessions are found out, each nick has the one client that is there.
        string[] jids = [];
        for (var deadline = DateTime.UtcNow.AddMinutes(1); DateTime.UtcNow < deadline && jids is not ["juliet@localhost/phone", "romeo@localhost/phone"];)
            jids = await romeo.OccupantsAsync(Room);
        Assert.That(jids, Is.EqualTo(new[] { "juliet@localhost/phone", "romeo@localhost/phone" }));
    }
}
