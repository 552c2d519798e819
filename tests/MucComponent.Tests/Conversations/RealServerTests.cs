using MucComponent.Conversations;
using NUnit.Framework;

namespace MucComponent.Tests.Conversations;

[TestFixture(Stage.Prosody)]
[TestFixture(Stage.Ejabberd)]
public sealed class RealServerTests(string name)
{
    private Stage _stage = null!;

    private RealServer Server => (RealServer)_stage.Server;

    [SetUp]
    public async Task Open() => _stage = await Stage.OpenAsync(
        name, Path.Combine(Repository.Root, "config"), (_, _, _) => throw new NotSupportedException("no component is needed here"));

    [TearDown]
    public async Task Close() => await _stage.DisposeAsync();

    [Test]
    public async Task It_can_be_killed_and_comes_back_at_the_same_ports()
    {
        await using var before = await Server.ConnectAsync("user@localhost", "password", default);

        await Server.KillAsync();

        Assert.That(async () => await before.ReceiveAsync(default), Throws.TypeOf<EndOfStreamException>());
        await Server.StartAsync();
        await using var after = await Server.ConnectAsync("user@localhost", "password", default);
        Assert.That(after.Jid, Does.StartWith("user@localhost/"));
    }

    [Test]
    public async Task It_can_be_stopped_and_its_folder_goes_with_it()
    {
        await Server.StopAsync();

        await _stage.DisposeAsync();

        Assert.That(Directory.Exists(Server.Folder), Is.False);
    }
}
