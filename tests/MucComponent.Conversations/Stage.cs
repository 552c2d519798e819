using System.Collections.Immutable;

namespace MucComponent.Conversations;

/// <summary>Where scripts are played: a server, and the component attached to it, unless the server plays its part itself.</summary>
public sealed class Stage : IAsyncDisposable
{
    public const string InProcess = "in-process";
    public const string Prosody = "prosody";
    public const string Ejabberd = "ejabberd";
    public const string ProsodyMulticast = "prosody-multicast";
    public const string EjabberdMulticast = "ejabberd-multicast";
    public const string ProsodyBuiltIn = "prosody-builtin";

    private const int LinesShown = 40;

    /// <summary>In a script's settings: a folder of the stage's own, gone with it.</summary>
    private const string Data = "${data}";

    private readonly ComponentStarter? _start;
    private readonly IClient? _keeper;
    private IAsyncDisposable? _component;
    private string? _data;
    private ImmutableSortedDictionary<string, string> _settings = ScansionScript.NoSettings;

    private Stage(string name, IServer server, ComponentStarter? start, IClient? keeper) => (Name, Server, _start, _keeper) = (name, server, start, keeper);

    /// <summary>Starts a component and returns once the server has accepted it.</summary>
    /// <param name="settings">Those that a script wants besides the usual ones.</param>
    public delegate Task<IAsyncDisposable> ComponentStarter(IServer server, ImmutableSortedDictionary<string, string> settings, CancellationToken stop);

    public string Name { get; }

    /// <summary>The stage with the same server, to which copies go.</summary>
    public static string WithoutMulticast(string name) => name switch
    {
        ProsodyMulticast => Prosody,
        EjabberdMulticast => Ejabberd,
        _ => name,
    };

    public IServer Server { get; }

    /// <summary>Opens the stage of this name.</summary>
    /// <param name="config">The folder with the operator's files.</param>
    /// <param name="start">Brings the component; not asked for <see cref="ProsodyBuiltIn"/>.</param>
    public static async Task<Stage> OpenAsync(string name, string config, ComponentStarter start)
    {
        IServer server = name switch
        {
            InProcess => new SimulatedServer(),
            Prosody => ProsodyServer.With(Path.Combine(config, "prosody.cfg.lua")),
            ProsodyMulticast => ProsodyServer.WithMulticast(Path.Combine(config, "prosody.cfg.lua")),
            Ejabberd => EjabberdServer.With(Path.Combine(config, "ejabberd.yml")),
            EjabberdMulticast => EjabberdServer.WithMulticast(Path.Combine(config, "ejabberd.yml")),
            ProsodyBuiltIn => ProsodyServer.WithItsOwnRooms(),
            _ => throw new ArgumentException($"there is no stage '{name}': {InProcess}, {Prosody}, {ProsodyMulticast}, {Ejabberd}, {EjabberdMulticast}, {ProsodyBuiltIn}"),
        };
        try
        {
            if (server is RealServer real) await real.StartAsync();
            return name == ProsodyBuiltIn ? new Stage(name, server, null, null) : new Stage(name, server, start, await BlockList.CreateAsync(server));
        }
        catch (Exception wrong)
        {
            var log = (server as RealServer)?.Log;
            await server.DisposeAsync();
            throw new IOException($"{name} did not open: {wrong.Message}\n{log}", wrong);
        }
    }

    /// <summary>
    /// Plays a script with the component that is there, or with a new one that has forgotten everything, as where the script wants other
    /// settings than that one has.
    /// </summary>
    /// <exception cref="ConversationException">Something else happened than the script says.</exception>
    public async Task PlayAsync(ScansionScript script, bool fresh = false, Narrator? narrator = null, CancellationToken stop = default)
    {
        if (fresh || !script.Settings.SequenceEqual(_settings)) await RemoveComponentAsync();
        _settings = script.Settings;
        if (_start is not null) _component ??= await _start(Server, WithData(_settings), stop);
        await Conversation.PlayAsync(script, Server, narrator, stop);
    }

    /// <summary>The last of what the component and the server logged: where to look when a script failed.</summary>
    public string Log
    {
        get
        {
            var component = (_component as ComponentProcess)?.Log ?? [];
            var server = (Server as RealServer)?.Log.Split('\n') ?? [];
            return string.Join('\n', ["-- component", .. component.TakeLast(LinesShown), "-- server", .. server.TakeLast(LinesShown)]);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await RemoveComponentAsync();
        if (_keeper is not null) await _keeper.DisposeAsync();
        await Server.DisposeAsync();
        if (_data is not null) Directory.Delete(_data, recursive: true);
    }

    private ImmutableSortedDictionary<string, string> WithData(ImmutableSortedDictionary<string, string> settings)
    {
        foreach (var (name, value) in settings.Where(s => s.Value.Contains(Data, StringComparison.Ordinal)))
            settings = settings.SetItem(name, value.Replace(Data, _data ??= Directory.CreateTempSubdirectory("muc-stage-").FullName, StringComparison.Ordinal));
        return settings;
    }

    private async Task RemoveComponentAsync()
    {
        if (_component is not null) await _component.DisposeAsync();
        _component = null;
    }
}
