using MucComponent.Conversations;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Conversations;

/// <summary>The stages of this run: each is opened when it is first played on, shared, and closed when all is over.</summary>
[SetUpFixture]
public sealed class Stages
{
    private static readonly TimeSpan ToAttach = TimeSpan.FromSeconds(20);
    private static readonly Dictionary<string, Stage> Open = [];

    public static async Task<Stage> OpenedAsync(string name)
    {
        if (Open.TryGetValue(name, out var stage)) return stage;
        return Open[name] = await Stage.OpenAsync(
            name, Path.Combine(Repository.Root, "config"), name == Stage.InProcess ? InThisProcessAsync : BesideItAsync);
    }

    [OneTimeTearDown]
    public async Task CloseAll()
    {
        foreach (var stage in Open.Values) await stage.DisposeAsync();
        Open.Clear();
    }

    private static async Task<IAsyncDisposable> InThisProcessAsync(IServer server, CancellationToken stop)
    {
        var options = new MucOptions { ServerPort = server.ComponentPort, Secret = server.Secret, Storage = StorageKind.Memory, Admins = new HashSet<Jid> { Jid.Parse("admin@localhost") } };
        var service = await MucService.StartAsync(options, stop);
        try
        {
            await ((SimulatedServer)server).AttachedAsync(stop).WaitAsync(ToAttach, stop);
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    private static async Task<IAsyncDisposable> BesideItAsync(IServer server, CancellationToken stop) =>
        await ComponentProcess.StartAsync(Path.Combine(TestContext.CurrentContext.TestDirectory, "MucComponent.dll"), server);
}
