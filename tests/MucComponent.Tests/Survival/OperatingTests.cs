using MucComponent.Conversations;
using MucComponent.Tests.Program;
using MucComponent.Tests.Storage;
using NUnit.Framework;

namespace MucComponent.Tests.Survival;

/// <summary>An operator works on the running service with the program's subcommands, while people are in its rooms.</summary>
[TestFixture(Stage.Prosody)]
[TestFixture(Stage.Ejabberd)]
public sealed class OperatingTests(string name) : OnRealServer(name)
{
    [Test]
    public async Task People_in_the_rooms_hear_what_an_operator_does()
    {
        await AttachAsync();
        var romeo = await ConnectAsync("romeo");
        await romeo.EnterAsync(Room);

        Assert.That(await RunAsync(DataFolder, "announce", "We restart at noon."), Is.EqualTo((0, "Said in 1 rooms.")));
        await romeo.HearsAsync("We restart at noon.");
        Assert.That((await RunAsync(DataFolder, "rooms", "occupants", "coven")).Said, Does.Contain("romeo@localhost/home"));
        Assert.That(await RunAsync(DataFolder, "rooms", "config", "coven", "moderatedroom=1"), Is.EqualTo((0, $"The options of {Room} are set.")));
        Assert.That(Person.Codes(await romeo.HearsAsync(s => Person.Codes(s).Any())), Is.EqualTo(new[] { "104" }));
        Assert.That((await RunAsync(DataFolder, "rooms", "destroy", "coven", "--reason", "It has served")).Code, Is.Zero);
        var told = await romeo.HearsAsync(s => (string?)s.Attribute("type") == "unavailable");
        Assert.That(told.Value, Is.EqualTo("It has served"));
    }

    [Test]
    public async Task An_instance_that_stands_by_says_so_and_a_check_takes_nothing_from_the_other()
    {
        var database = await (await PostgresCluster.SharedAsync()).NewDatabaseAsync();
        var serving = await AttachAsync(database);
        await AttachAsync(database, until: "Standing by");

        Assert.That((await RunAsync(Path.Combine(DataFolder, "0"), "stats")).Code, Is.Zero);
        Assert.That(await RunAsync(Path.Combine(DataFolder, "1"), "stats"), Is.EqualTo((1, "MucComponent: This instance stands by: another one has the service. Ask that one.")));

        var (code, said) = await RunWithAsync(Path.Combine(DataFolder, "nobody's"), Server.Secret, database, ["check"]);
        Assert.That((code, said), Is.EqualTo((0, $"Settings: good (conference.localhost on 127.0.0.1:{Server.ComponentPort}, Postgres).\nStore: it can be used.\nServer: not tried, since another instance has the service; this one would stand by.")));
        Assert.That(serving.Log.Count(line => line.Contains("The stream is up", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public async Task A_check_beside_nobody_is_taken_by_the_server_and_one_with_another_secret_is_not()
    {
        Assert.That(await RunAsync(DataFolder, "check"), Is.EqualTo((0, $"Settings: good (conference.localhost on 127.0.0.1:{Server.ComponentPort}, Sqlite).\nStore: it can be used.\nServer: 127.0.0.1:{Server.ComponentPort} takes conference.localhost with this secret.")));

        var (code, said) = await RunWithAsync(DataFolder, "wrong", null, ["check"]);
        Assert.That(code, Is.EqualTo(1));
        Assert.That(said, Does.Contain("does not take conference.localhost: ").And.Contain("secret"));
    }

    private Task<(int Code, string Said)> RunAsync(string folder, params string[] arguments) => RunWithAsync(folder, Server.Secret, null, arguments);

    private async Task<(int Code, string Said)> RunWithAsync(string folder, string secret, string? database, string[] arguments)
    {
        var settings = new Dictionary<string, string>
        {
            ["MUC_DATA_DIR"] = folder,
            ["MUC_SECRET"] = secret,
            ["MUC_SERVER_PORT"] = $"{Server.ComponentPort}",
        };
        if (database is not null) (settings["MUC_STORAGE"], settings["MUC_POSTGRES"]) = ("postgres", database);
        await using var program = RunningProgram.Start(DataFolder, settings, arguments);
        var code = await program.EndsAsync();
        return (code, string.Join('\n', program.Output.Concat(program.Errors)));
    }
}
