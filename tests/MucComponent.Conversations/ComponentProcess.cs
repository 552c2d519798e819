namespace MucComponent.Conversations;

/// <summary>The component as an operator runs it: a process that gets all it knows from the environment.</summary>
public sealed class ComponentProcess : IAsyncDisposable
{
    /// <summary>What it logs each time a server has accepted it.</summary>
    public const string StreamIsUp = "stream is up";

    private readonly ExternalProcess _process;

    private ComponentProcess(ExternalProcess process) => _process = process;

    public IReadOnlyCollection<string> Log => _process.Output;

    /// <summary>The process's number.</summary>
    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Starts it beside a server and waits until that has accepted it.</summary>
    /// <param name="program"><c>MucComponent.dll</c>, or the program itself.</param>
    /// <param name="dataFolder">Where its rooms are kept; null for memory.</param>
    /// <param name="environment">Further settings, or others in place of these.</param>
    /// <param name="until">What it logs when it has come as far as it is waited for.</param>
    public static async Task<ComponentProcess> StartAsync(
        string program, IServer server, string? dataFolder = null, IReadOnlyDictionary<string, string>? environment = null, string until = StreamIsUp)
    {
        var settings = new Dictionary<string, string>
        {
            ["MUC_DOMAIN"] = "conference.localhost",
            ["MUC_SERVER_HOST"] = "127.0.0.1",
            ["MUC_SERVER_PORT"] = $"{server.ComponentPort}",
            ["MUC_SECRET"] = server.Secret,
            ["MUC_ADMINS"] = "admin@localhost",
            ["MUC_STORAGE"] = dataFolder is null ? "memory" : "sqlite",
        };
        if (dataFolder is not null) settings["MUC_DATA_DIR"] = dataFolder;
        else settings["MUC_CONTROL"] = "off";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) settings[name] = value;
        var isDll = program.EndsWith(".dll", StringComparison.Ordinal);
        var component = new ComponentProcess(ExternalProcess.Start("MucComponent", isDll ? "dotnet" : program, isDll ? [program] : [], settings));
        try
        {
            await component.SaysAsync(until);
            return component;
        }
        catch
        {
            await component.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until a server has accepted it, <paramref name="times"/> times in all: more than once after its stream broke.</summary>
    public Task StreamIsUpAsync(int times = 1) => SaysAsync(StreamIsUp, times);

    /// <summary>Waits until it has logged this, <paramref name="times"/> times in all.</summary>
    public Task SaysAsync(string text, int times = 1) => _process.SaysAsync(text, times);

    /// <summary>Stops it with SIGTERM.</summary>
    public Task StopAsync() => _process.TerminateAsync();

    /// <summary>Kill -9.</summary>
    public Task KillAsync() => _process.KillAsync();

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
