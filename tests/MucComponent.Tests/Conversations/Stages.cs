using System.Collections.Immutable;
using MucComponent.Conversations;
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

    private static async Task<IAsyncDisposable> InThisProcessAsync(IServer server, ImmutableSortedDictionary<string, string> settings, CancellationToken stop)
    {
        var environment = new Dictionary<string, string?>
        {
            ["MUC_SERVER_PORT"] = $"{server.ComponentPort}",
            ["MUC_SECRET"] = server.Secret,
            ["MUC_STORAGE"] = "memory",
            ["MUC_ADMINS"] = "admin@localhost",
        };
        foreach (var (name, value) in settings) environment[name] = value;
        var read = Settings.Read(environment, File.ReadAllText);
        var options = read.Options ?? throw new InvalidOperationException(string.Join('\n', read.Mistakes));
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

    private static async Task<IAsyncDisposable> BesideItAsync(IServer server, ImmutableSortedDictionary<string, string> settings, CancellationToken stop) =>
        await ComponentProcess.StartAsync(Path.Combine(TestContext.CurrentContext.TestDirectory, "MucComponent.dll"), server, environment: settings);
}
