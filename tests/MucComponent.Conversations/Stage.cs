namespace MucComponent.Conversations;

/// <summary>Where scripts are played: a server, and the component attached to it, unless the server plays its part itself.</summary>
public sealed class Stage : IAsyncDisposable
{
    public const string InProcess = "in-process";
    public const string Prosody = "prosody";
    public const string Ejabberd = "ejabberd";
    public const string EjabberdMulticast = "ejabberd-multicast";
    public const string ProsodyBuiltIn = "prosody-builtin";

    private const int LinesShown = 40;

    private readonly ComponentStarter? _start;
    private IAsyncDisposable? _component;

    private Stage(string name, IServer server, ComponentStarter? start) => (Name, Server, _start) = (name, server, start);

    /// <summary>Starts a component and returns once the server has accepted it.</summary>
    public delegate Task<IAsyncDisposable> ComponentStarter(IServer server, CancellationToken stop);

    public string Name { get; }

    public IServer Server { get; }

    /// <summary>Opens the stage of this name.</summary>
    /// <param name="config">The folder with the operator's files.</param>
    /// <param name="start">Brings the component; not asked for <see cref="ProsodyBuiltIn"/>.</param>
    public static async Task<Stage> OpenAsync(string name, string config, ComponentStarter start)
    {
        if (name == InProcess) return new Stage(name, new SimulatedServer(), start);
        RealServer server = name switch
        {
            Prosody => ProsodyServer.With(Path.Combine(config, "prosody.cfg.lua")),
            Ejabberd => EjabberdServer.With(Path.Combine(config, "ejabberd.yml")),
            EjabberdMulticast => EjabberdServer.WithMulticast(Path.Combine(config, "ejabberd.yml")),
            ProsodyBuiltIn => ProsodyServer.WithItsOwnRooms(),
            _ => throw new ArgumentException($"there is no stage '{name}': {InProcess}, {Prosody}, {Ejabberd}, {EjabberdMulticast}, {ProsodyBuiltIn}"),
        };
        try
        {
            await server.StartAsync();
            return new Stage(name, server, name == ProsodyBuiltIn ? null : start);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Plays a script with the component that is there, or with a new one that has forgotten everything.</summary>
    /// <exception cref="ConversationException">Something else happened than the script says.</exception>
    public async Task PlayAsync(ScansionScript script, bool fresh = false, Narrator? narrator = null, CancellationToken stop = default)
    {
        if (fresh) await RemoveComponentAsync();
        if (_start is not null) _component ??= await _start(Server, stop);
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
        await Server.DisposeAsync();
    }

    private async Task RemoveComponentAsync()
    {
        if (_component is not null) await _component.DisposeAsync();
        _component = null;
    }
}
