using System.Collections.Immutable;
using System.Globalization;
using MucComponent.Conversations;

// Plays conversation scripts from the command line: against a server that runs already, or on a stage of their own.
const string Usage = """
    play FILE.scs --host HOST --port PORT [--narrate]
        against a server that is running, with accounts that exist
    stage in-process|prosody|prosody-multicast|ejabberd|ejabberd-multicast|prosody-builtin FILE.scs... [--component MucComponent.dll] [--config FOLDER] [--narrate]
        on a server started for it
    """;

var files = new List<string>();
var options = new Dictionary<string, string>();
for (var i = 1; i < args.Length; i++)
{
    if (args[i] == "--narrate") options["narrate"] = "";
    else if (args[i].StartsWith("--", StringComparison.Ordinal) && i + 1 < args.Length) options[args[i][2..]] = args[++i];
    else files.Add(args[i]);
}
var narrator = options.ContainsKey("narrate") ? new Narrator(Console.Out) : null;

try
{
    switch (args)
    {
        case ["play", ..] when files is [var file]:
            var (host, port) = (options.GetValueOrDefault("host", "localhost"), int.Parse(options.GetValueOrDefault("port", "5222"), CultureInfo.InvariantCulture));
            await Conversation.PlayAsync(
                ScansionScript.Load(file), async (who, stop) => await XmppClient.ConnectAsync(host, port, who.Jid, who.Password, stop), narrator);
            return 0;
        case ["stage", var name, ..] when files.Count > 1:
            await using (var stage = await Stage.OpenAsync(name, Path.GetFullPath(options.GetValueOrDefault("config", "config")), ComponentAsync))
                return await PlayAllAsync(stage, files[1..]);
        default:
            Console.Error.WriteLine(Usage);
            return 2;
    }
}
catch (Exception wrong) when (wrong is ConversationException or ScriptException or IOException or ArgumentException or FormatException)
{
    Console.Error.WriteLine(wrong.Message);
    return 1;
}

async Task<int> PlayAllAsync(Stage stage, List<string> scripts)
{
    var failed = 0;
    foreach (var (number, file) in scripts.Index())
    {
        try
        {
            await stage.PlayAsync(ScansionScript.Load(file).InRoomsOfItsOwn($"{number}"), narrator: narrator);
            Console.WriteLine($"ok   {file}");
        }
        catch (ConversationException wrong)
        {
            failed++;
            Console.WriteLine($"FAIL {file}\n{wrong.Message}");
        }
    }
    return failed == 0 ? 0 : 1;
}

async Task<IAsyncDisposable> ComponentAsync(IServer server, ImmutableSortedDictionary<string, string> settings, CancellationToken stop) =>
    await ComponentProcess.StartAsync(options.GetValueOrDefault("component", "src/MucComponent/bin/Debug/net10.0/MucComponent.dll"), server, environment: settings);
