using MucComponent.Conversations;
using MucComponent.Tests.Storage;
using Npgsql;
using NUnit.Framework;

namespace MucComponent.Tests.Survival;

/// <summary>The holder reaches the server but no longer PostgreSQL, so another takes over; Prosody ends the older connection.</summary>
[TestFixture]
public sealed class CutOffHolderTests() : OnRealServer(Stage.Prosody)
{
    [Test]
    public async Task Replaced_by_another_and_unable_to_prove_its_lease_it_stands_by_and_does_not_fight()
    {
        var database = await (await PostgresCluster.SharedAsync()).NewDatabaseAsync();
        var network = new TcpProxy(new NpgsqlConnectionStringBuilder(database).Port);
        var holder = await AttachAsync(new NpgsqlConnectionStringBuilder(database) { Port = network.Port }.ConnectionString);
        var standby = await AttachAsync(database, until: "Standing by");
        var romeo = await ConnectAsync("romeo");
        await romeo.EnterAsync(Room);
        await romeo.SayAsync(Room, "It is the lark");
        await romeo.HearsAsync("It is the lark");

        await network.DisposeAsync();
        await standby.StreamIsUpAsync();
        await holder.SaysAsync("is lost: conflict (Replaced by a new connection)");
        await holder.SaysAsync("This instance has the service conference.localhost no longer");
        await romeo.SayAsync(Room, "It was the nightingale");
        Assert.That(Person.BodyOf(await romeo.HearsNextAsync()), Is.EqualTo("It was the nightingale"));
        Assert.That(holder.Log, Has.One.Contains(ComponentProcess.StreamIsUp).And.None.Contains("Trying again in"));
    }
}
