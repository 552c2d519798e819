using MucComponent.Conversations;
using MucComponent.Tests.Conversations;
using MucComponent.Tests.Program;
using MucComponent.Tests.Storage;
using NUnit.Framework;

namespace MucComponent.Tests.Survival;

/// <summary>A real server for each test, with the operator's configuration, and a data folder for the component.</summary>
public abstract class OnRealServer(string name)
{
    protected const string Room = "coven@conference.localhost";

    private readonly List<IAsyncDisposable> _running = [];
    private Stage _stage = null!;
    private TemporaryFolder _folder = null!;

    protected RealServer Server => (RealServer)_stage.Server;

    /// <summary>Where the component keeps its rooms.</summary>
    protected string DataFolder => _folder.Path;

    [SetUp]
    public async Task Open()
    {
        _folder = new TemporaryFolder();
        _stage = await Stage.OpenAsync(name, Path.Combine(Repository.Root, "config"), (_, _, _) => throw new NotSupportedException("each test starts its own"));
    }

    [TearDown]
    public async Task Close()
    {
        if (TestContext.CurrentContext.Result.FailCount > 0) await TestContext.Out.WriteLineAsync(_stage.Log);
        foreach (var running in Enumerable.Reverse(_running)) await running.DisposeAsync();
        _running.Clear();
        await _stage.DisposeAsync();
        _folder.Delete();
    }

    /// <summary>Starts the component, with the rooms it had before.</summary>
    /// <param name="settings">Further ones, or others than usual.</param>
    protected async Task<ComponentProcess> AttachAsync(IReadOnlyDictionary<string, string>? settings = null) =>
        Ended(await ComponentProcess.StartAsync(
            Path.Combine(TestContext.CurrentContext.TestDirectory, "MucComponent.dll"), Server, _folder.Path, settings));

    /// <summary>Starts an instance that keeps its rooms in this PostgreSQL database, as any number of them may.</summary>
    /// <param name="until">What it logs when it has come as far as it is waited for.</param>
    protected async Task<ComponentProcess> AttachAsync(string database, string until = ComponentProcess.StreamIsUp) => Ended(await ComponentProcess.StartAsync(
        Path.Combine(TestContext.CurrentContext.TestDirectory, "MucComponent.dll"), Server, Directory.CreateDirectory(_folder.File($"{_running.Count}")).FullName,
        new Dictionary<string, string> { ["MUC_STORAGE"] = "postgres", ["MUC_POSTGRES"] = database }, until));

    /// <summary>Starts the component without waiting for anything.</summary>
    protected RunningProgram Launch(string secret, int port) => Ended(RunningProgram.Start(_folder.Path, new Dictionary<string, string>
    {
        ["MUC_DOMAIN"] = "conference.localhost",
        ["MUC_SERVER_PORT"] = $"{port}",
        ["MUC_SECRET"] = secret,
    }));

    protected async Task<Person> ConnectAsync(string who) => Ended(await Person.ConnectAsync(Server, who));

    /// <summary>This will not run longer than the test.</summary>
    protected T Ended<T>(T running)
        where T : IAsyncDisposable
    {
        _running.Add(running);
        return running;
    }
}
