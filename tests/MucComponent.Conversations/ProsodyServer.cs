namespace MucComponent.Conversations;

/// <summary>Prosody: with <c>config/prosody.cfg.lua</c>, or with rooms of its own in the component's place.</summary>
public sealed class ProsodyServer : RealServer
{
    private const string Config = "prosody.cfg.lua";

    private readonly string _operators;

    private ProsodyServer(string name, string operators) : base(name) => _operators = operators;

    private bool IsBuiltIn { get; init; }

    private Dictionary<string, string> Environment => new() { ["MUC_SECRET"] = Secret };

    /// <param name="config">The operator's file.</param>
    public static ProsodyServer With(string config) => new("prosody", WithBlockList(config));

    /// <summary>The same with the multicast service that is beside that file, as <c>config/README.md</c> has it; and with <see cref="CommandAsync"/>.</summary>
    /// <param name="config">The operator's file.</param>
    public static ProsodyServer WithMulticast(string config) => new("prosody-multicast", $"""
        plugin_paths = {"{"} "{Path.GetDirectoryName(Path.GetFullPath(config))}" {"}"}
        {WithBlockList(config)}
        VirtualHost "localhost"
            modules_enabled = {"{"} "admin_shell" {"}"}
        Component "multicast.localhost" "multicast"

        """);

    /// <summary>Prosody's own rooms, which tell a wrong script from a wrong component.</summary>
    /// <param name="storage">Where they are kept, as Prosody's configuration says it; files are in <see cref="RealServer.Folder"/>.</param>
    public static ProsodyServer WithItsOwnRooms(string storage = "storage = \"memory\"") => new("prosody-builtin", $"""
        modules_enabled = {"{"} "saslauth", "roster", "disco" {"}"}
        VirtualHost "localhost"
        Component "conference.localhost" "muc"
            modules_enabled = {"{"} "muc_mam" {"}"}
            {storage}
        """) { IsBuiltIn = true };

    /// <summary>Runs a command of <c>prosodyctl shell</c>, where there is multicast.</summary>
    /// <param name="words">Such as "module", "reload", "multicast", "multicast.localhost".</param>
    public async Task CommandAsync(params string[] words)
    {
        await using var control = ExternalProcess.Start("prosodyctl", ExternalProcess.Installed("prosodyctl", "prosody"), ["--config", Path.Combine(Folder, Config), "shell", .. words], Environment);
        await control.EndsAsync();
    }

    private static string WithBlockList(string config) => $$"""
        Include "{{config}}"
        Component "{{BlockList.Service}}" "pubsub"
            admins = { "{{BlockList.Keeper}}" }

        """;

    // Without an external component, Prosody does not open the port for one.
    protected override Task ReadyAsync(ExternalProcess process) => IsBuiltIn ? process.ListensAsync(ClientPort) : base.ReadyAsync(process);

    protected override ExternalProcess Launch()
    {
        // What is set here first stays global; reopening the host afterwards overrides what the operator set for it.
        var config = Written(Config, $"""
            run_as_root = true
            daemonize = false
            data_path = "{Folder}"
            certificates = "{Folder}"
            pidfile = "{Folder}/prosody.pid"
            log = {"{{"} levels = {"{"} min = "info" {"}"}, to = "file", filename = "{LogFile}" {"}}"}
            interfaces = {"{"} "127.0.0.1" {"}"}
            c2s_ports = {"{"} {ClientPort} {"}"}
            component_ports = {"{"} {ComponentPort} {"}"}
            s2s_ports, http_ports, https_ports = {"{}"}, {"{}"}, {"{}"}
            storage = "memory"
            c2s_require_encryption = false
            allow_unencrypted_plain_auth = true

            {_operators}
            VirtualHost "localhost"
                authentication = "insecure"
                insecure_open_authentication = "Yes please, I know what I'm doing!"
            """);
        return ExternalProcess.Start(
            ToString(), ExternalProcess.Installed("prosody", "prosody"), ["-F", "--config", config], Environment);
    }
}
