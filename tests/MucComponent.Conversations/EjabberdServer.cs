namespace MucComponent.Conversations;

/// <summary>
/// ejabberd with <c>config/ejabberd.yml</c>, or with rooms of its own in the component's place; without Erlang's
/// distribution, so it needs neither epmd nor a node name.
/// </summary>
public sealed class EjabberdServer : RealServer
{
    /// <summary>Where the operator keeps the secret; we keep ours in <see cref="RealServer.Folder"/>.</summary>
    private const string OperatorsFolder = "/etc/ejabberd";

    private readonly string _operators;
    private int _startedBefore;

    private EjabberdServer(string name, string operators) : base(name) => _operators = operators;

    private string AccountsIn { get; init; } = "anonymous";

    private int? CommandPort { get; init; }

    /// <param name="config">The operator's file.</param>
    public static EjabberdServer With(string config) => new("ejabberd", WithBlockList(config));

    /// <summary>The same with <c>mod_multicast</c>, as <c>config/README.md</c> has it, which expands what goes to many (XEP-0033); and with <see cref="CommandAsync"/>.</summary>
    /// <param name="config">The operator's file.</param>
    public static EjabberdServer WithMulticast(string config)
    {
        var commandPort = FreePort.Next();
        const string Modules = "modules:\n";
        var whole = WithBlockList(config).Replace(Modules, $$"""
              - port: {{commandPort}}
                ip: "127.0.0.1"
                module: ejabberd_http
                request_handlers:
                  /api: mod_http_api
            api_permissions:
              all:
                who: [ip: 127.0.0.1/8]
                what: ["*"]
            acl:
              rooms:
                server: conference.localhost
            access_rules:
              multicast:
                allow: rooms
            {{Modules}}  mod_admin_extra: {}
              mod_multicast:
                access: multicast
                limits:
                  remote:
                    message: 100
                    presence: 100

            """, StringComparison.Ordinal);
        return new EjabberdServer("ejabberd-multicast", whole) { CommandPort = commandPort };
    }

    /// <summary>
    /// ejabberd's own rooms; they, and the accounts, are kept in Mnesia, or in an SQLite file <c>ejabberd.db</c> in
    /// <see cref="RealServer.Folder"/>.
    /// </summary>
    public static EjabberdServer WithItsOwnRooms(bool sqlite) => new("ejabberd-builtin", $"""
        include_config_file: {OperatorsFolder}/muc-secret.yml
        hosts:
          - localhost
        listen:
          - port: CLIENT_PORT
            module: ejabberd_c2s
          - port: COMPONENT_PORT
            ip: "127.0.0.1"
            module: ejabberd_http
            request_handlers:
              /api: mod_http_api
        api_permissions:
          all:
            who: [ip: 127.0.0.1/8]
            what: ["*"]
        {(sqlite ? $"sql_type: sqlite\nsql_database: {OperatorsFolder}/ejabberd.db\ndefault_db: sql" : "default_db: mnesia")}
        modules:
          mod_disco: {"{}"}
          mod_roster: {"{}"}
          mod_mam: {"{}"}
          mod_muc:
            host: conference.localhost
        """) { AccountsIn = sqlite ? "sql" : "internal" };

    /// <summary>Runs a command of <c>ejabberdctl</c>'s, where there are rooms of its own, or multicast.</summary>
    /// <param name="arguments">JSON.</param>
    public async Task CommandAsync(string command, string arguments)
    {
        using var http = new HttpClient();
        using var content = new StringContent(arguments, System.Text.Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri($"http://127.0.0.1:{CommandPort ?? ComponentPort}/api/{command}"), content);
        if (!answer.IsSuccessStatusCode) throw new IOException($"{command}: {await answer.Content.ReadAsStringAsync()}");
    }

    private static string WithBlockList(string config) => File.ReadAllText(config).Replace(
        "\nmodules:\n", $"\nmodules:\n  mod_pubsub:\n    hosts: [\"{BlockList.Service}\"]\n    access_createnode: all\n", StringComparison.Ordinal);

    private int TimesStarted => Log.Split("is started in the node").Length - 1;

    protected override ExternalProcess Launch()
    {
        _startedBefore = TimesStarted;
        // Debian's ejabberdctl insists on a user and on epmd, but knows where the libraries are: ERL_LIBS='/usr/lib/…'
        const string Libraries = "ERL_LIBS=";
        var control = File.ReadLines(ExternalProcess.Installed("ejabberdctl", "ejabberd"));
        var libraries = control.First(line => line.StartsWith(Libraries, StringComparison.Ordinal))[Libraries.Length..].Trim('\'');
        var operators = Written("operators.yml", _operators.Replace(OperatorsFolder, Folder, StringComparison.Ordinal));
        Written("muc-secret.yml", "define_macro: {}");
        var main = Written("ejabberd.yml", $"""
            include_config_file:
              "{operators}":
                disallow: [define_macro]
            define_macro:
              CLIENT_PORT: {ClientPort}
              COMPONENT_PORT: {ComponentPort}
              MUC_SECRET: "{Secret}"
            auth_method: [{AccountsIn}]
            anonymous_protocol: login_anon
            allow_multiple_connections: true
            """);
        return ExternalProcess.Start(
            ToString(),
            ExternalProcess.Installed("erl", "erlang-base"),
            ["+K", "true", "+S", "2", "-noshell", "-noinput", "-mnesia", "dir", $"\"{Folder}/db\"", "-ejabberd", "quiet", "true", "-s", "ejabberd"],
            new Dictionary<string, string>
            {
                ["ERL_LIBS"] = libraries,
                ["ERL_CRASH_DUMP"] = Path.Combine(Folder, "crash"),
                ["HOME"] = Folder,
                ["EJABBERD_CONFIG_PATH"] = main,
                ["EJABBERD_LOG_PATH"] = LogFile,
            });
    }

    // It listens before it has started, and a SIGTERM in between would leave it hanging.
    protected override async Task ReadyAsync(ExternalProcess process)
    {
        await process.UntilAsync("say that it has started", () => TimesStarted > _startedBefore);
        await base.ReadyAsync(process);
    }
}
