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

    private bool IsBuiltIn { get; init; }

    /// <param name="config">The operator's file.</param>
    public static EjabberdServer With(string config) => new("ejabberd", File.ReadAllText(config));

    /// <summary>ejabberd's own rooms; they, and the accounts, are kept in an SQLite file <c>ejabberd.db</c> in <see cref="RealServer.Folder"/>.</summary>
    public static EjabberdServer WithItsOwnRooms() => new("ejabberd-builtin", $"""
        include_config_file: {OperatorsFolder}/muc-secret.yml
        hosts:
          - localhost
        listen:
          - port: CLIENT_PORT
            module: ejabberd_c2s
        sql_type: sqlite
        sql_database: "{OperatorsFolder}/ejabberd.db"
        default_db: sql
        modules:
          mod_disco: {"{}"}
          mod_roster: {"{}"}
          mod_mam: {"{}"}
          mod_muc:
            host: conference.localhost
        """) { IsBuiltIn = true };

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
            auth_method: [{(IsBuiltIn ? "sql" : "anonymous")}]
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
        await (IsBuiltIn ? process.ListensAsync(ClientPort) : base.ReadyAsync(process));
    }
}
