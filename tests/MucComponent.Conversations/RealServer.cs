using System.Security.Cryptography;

namespace MucComponent.Conversations;

/// <summary>
/// An installed XMPP server as a throw-away process: a folder, two loopback ports and a secret of its own, configured by the
/// operator's file in <c>config/</c> with a wrapper around it that holds what only a test needs.
/// </summary>
public abstract class RealServer : IServer
{
    private readonly string _name;
    private ExternalProcess? _process;

    protected RealServer(string name)
    {
        _name = name;
        Folder = Directory.CreateTempSubdirectory($"muc-{name}-").FullName;
    }

    public int ClientPort { get; } = FreePort.Next();

    public int ComponentPort { get; } = FreePort.Next();

    /// <summary>What the operator set; a change counts from the next start on.</summary>
    public string Secret { get; set; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>Where it keeps everything; gone when it is disposed.</summary>
    public string Folder { get; }

    /// <summary>What the server wrote into its log, for a look at failures.</summary>
    public string Log => File.Exists(LogFile) ? File.ReadAllText(LogFile) : "";

    protected string LogFile => Path.Combine(Folder, $"{_name}.log");

    /// <summary>Starts the program; what it needs is in <see cref="Folder"/>.</summary>
    protected abstract ExternalProcess Launch();

    /// <summary>Returns once it is ready for clients and components.</summary>
    protected virtual Task ReadyAsync(ExternalProcess process) => process.ListensAsync(ClientPort, ComponentPort);

    /// <summary>Starts it, for the first time or again with the same data, and waits until it listens.</summary>
    public async Task StartAsync()
    {
        _process = Launch();
        try
        {
            await ReadyAsync(_process);
        }
        catch (IOException wrong)
        {
            throw new IOException($"{wrong.Message}\n{Log}", wrong);
        }
    }

    /// <summary>Stops it as an operator does.</summary>
    public async Task StopAsync()
    {
        if (_process is not null) await _process.TerminateAsync();
        await ForgetAsync();
    }

    /// <summary>Kill -9.</summary>
    public Task KillAsync() => ForgetAsync();

    public async Task<IClient> ConnectAsync(string jid, string password, CancellationToken stop) =>
        await XmppClient.ConnectAsync("localhost", ClientPort, jid, password, stop);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await ForgetAsync();
        if (Directory.Exists(Folder)) Directory.Delete(Folder, recursive: true);
    }

    public override string ToString() => _name;

    protected string Written(string file, string text)
    {
        var path = Path.Combine(Folder, file);
        File.WriteAllText(path, text);
        return path;
    }

    private async Task ForgetAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        _process = null;
    }
}
