using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using MucComponent.Control;
using MucComponent.Moving.Ejabberd;
using MucComponent.Moving.Prosody;
using MucComponent.Operations;
using MucComponent.Storage;
using MucComponent.Xmpp;

namespace MucComponent.Moving;

/// <summary>
/// The commands <c>export</c> and <c>import</c>. Where a service runs here they are done by it, while it goes on; where none does,
/// on its store. What they did goes to the one writer, progress and what went wrong to the other.
/// </summary>
public static class MovingCommand
{
    private const int Done = 0;
    private const int Failed = 1;
    private const int Misused = 2;

    /// <summary>How long PostgreSQL may take to say whether a service is running.</summary>
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);

    /// <summary>What rooms can be imported from.</summary>
    private static readonly ImmutableArray<string> Sources = ["prosody", "ejabberd"];

    public const string Usage = """
        MucComponent export FILE                     all rooms into a file (FILE.gz: compressed; -: standard output)
        MucComponent import FILE                     the rooms of an export
        MucComponent import --from prosody PLACE     PLACE: Prosody's data folder, its SQLite file, or postgresql://…
        MucComponent import --from ejabberd PLACE    PLACE: ejabberd's SQLite file, postgresql://…, or
                                                 what "ejabberdctl export2sql" wrote
            --host NAME   the rooms' host there, if it is another than MUC_DOMAIN
            --update      bring rooms that are here already up to date as well
            --dry-run     look at everything, and change nothing
            --json        tell what was done as JSON
        Where the service runs here, it does it and goes on meanwhile; otherwise its store is read and written.
        """;

    public static readonly ProgramCommand Export = Command("export", "export FILE", "writes all rooms into a file");
    public static readonly ProgramCommand Import = Command("import", "import [--from prosody|ejabberd] PLACE", "takes over rooms from an export, Prosody or ejabberd");

    /// <returns>The exit code: 0 when it was done, 1 when it could not be, 2 when it was asked for wrongly.</returns>
    public static async Task<int> RunAsync(string[] args, MucOptions options, TextWriter output, TextWriter errors, CancellationToken stop)
    {
        if (Request.Read(args, out var fault) is not { } request)
        {
            await errors.WriteLineAsync(fault is null ? Usage : $"MucComponent: {fault}\n{Usage}");
            return Misused;
        }
        string? failure;
        using (var line = ProgressLine.On(errors, isWanted: !request.IsJson))
        {
            try
            {
                var report = new MovingReport(line.Show);
                if (request.IsExport) await ExportAsync(request, options, report, line, stop);
                else await ImportAsync(request, options, report, stop);
                line.Dispose();
                var told = request is { IsExport: true, Place: ExportFile.Standard } ? errors : output;
                await told.WriteLineAsync(request.IsJson
                    ? ResultText.ToJson(report.ToResult())
                    : $"{(request.IsExport ? "exported" : request.IsDryRun ? "would import" : "imported")}: {string.Join('\n', report.Lines())}");
                return Done;
            }
            catch (StoreUnavailableException e) when (e.IsInUse)
            {
                failure = $"{e.Message}. If that is the service: it does not answer at {options.ControlPath ?? "any socket, since MUC_CONTROL is off"}; "
                    + "run this as its user, with its MUC_DATA_DIR and MUC_CONTROL, or stop it first";
            }
            catch (Exception e) when (e is MovingException or StoreUnavailableException or IOException or UnauthorizedAccessException or System.Data.Common.DbException)
            {
                failure = e.Message;
            }
            catch (FormatException e)
            {
                failure = $"{request.Place}: {e.Message}";
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                failure = "stopped; the same command goes on where this one was";
            }
        }
        await errors.WriteLineAsync($"MucComponent: {failure}");
        return Failed;
    }

    private static ProgramCommand Command(string name, string usage, string meaning) => new(name, usage, meaning, Usage, async (args, output, errors, stop) =>
    {
        var settings = Settings.Read();
        foreach (var line in settings.Mistakes.Concat(settings.Warnings)) await errors.WriteLineAsync(line);
        return settings.Options is { } options ? await RunAsync([name, .. args], options, output, errors, stop) : Misused;
    });

    private static Task ExportAsync(Request request, MucOptions options, MovingReport report, ProgressLine line, CancellationToken stop) =>
        ExportFile.CreateAsync(request.Place, async stream =>
        {
            if (await AskAsync(options, new ControlRequest(new RoomsExport().Name, []), line.Show, stop, take: stream) is { } done)
            {
                report.Become(done);
                return;
            }
            await using var store = await OpenAsync(options, stop);
            report.Of = (await store.Store.CountAsync(stop)).Rooms;
            using var writer = new ExportWriter(stream);
            await writer.WriteAsync(options.Domain, StoreReader.ReadAsync(store.Store, stop), report, stop);
        });

    private static async Task ImportAsync(Request request, MucOptions options, MovingReport report, CancellationToken stop)
    {
        if (request.From is null)
        {
            if (!File.Exists(request.Place)) throw new MovingException($"{request.Place}: there is no such file");
            var export = new ExportReader(() => ExportFile.Open(request.Place));
            var domain = await export.CheckAsync(stop);
            if (domain != options.Domain) throw new MovingException($"{request.Place} has the rooms of {domain}, and MUC_DOMAIN is {options.Domain}");
            report.Of = export.Rooms;
            await TakeAsync(export.ReadAsync(stop), request, options, report, stop);
            return;
        }

        if (!Jid.TryParse(request.Host ?? options.Domain.ToString(), out var there) || !there.IsDomain) throw new MovingException($"\"{request.Host}\" is not a domain");
        var now = DateTimeOffset.UtcNow;
        if (request.From == "prosody")
        {
            await using IProsodyData data = ForeignDatabase.IsNamed(request.Place)
                ? new ProsodyDatabase(await ForeignDatabase.OpenAsync(request.Place, stop), there.ToString())
                : new ProsodyFiles(request.Place, there.ToString());
            await TakeAsync(new ProsodyRooms(data, there, options.Domain, now, report).ReadAsync(stop), request, options, report, stop);
        }
        else
        {
            if (!ForeignDatabase.IsNamed(request.Place)) throw new MovingException($"{request.Place}: there is no such file, and it is no postgresql:// URI");
            await using var database = ForeignDatabase.IsText(request.Place)
                ? await EjabberdDump.OpenAsync(request.Place, stop)
                : await ForeignDatabase.OpenAsync(request.Place, stop);
            await TakeAsync(new EjabberdRooms(database, there, options.Domain, now, report).ReadAsync(stop), request, options, report, stop);
        }
    }

    /// <summary>Hands rooms to the service as an export, wherever they come from; or puts them into its store.</summary>
    private static async Task TakeAsync(IAsyncEnumerable<Moved> pieces, Request request, MucOptions options, MovingReport report, CancellationToken stop)
    {
        var arguments = new Dictionary<string, ImmutableArray<string>>();
        if (request.IsUpdate) arguments["update"] = ["1"];
        if (request.IsDryRun) arguments["dry-run"] = ["1"];
        // The service takes it as it comes, so what was handed in says how far it is.
        if (await AskAsync(options, new ControlRequest(new RoomsImport().Name, arguments), _ => { }, stop, give: GiveAsync) is { } done)
        {
            report.Become(done);
            return;
        }
        await using var store = await OpenAsync(options, stop);
        await new Importer(new IntoStore(store.Store), report, request.IsUpdate, request.IsDryRun).TakeAsync(pieces, stop);

        async Task GiveAsync(Stream stream, CancellationToken ended)
        {
            var buffered = new BufferedStream(stream, 1 << 16);
            using var writer = new ExportWriter(buffered);
            await writer.WriteAsync(options.Domain, pieces, report, ended);
            await buffered.FlushAsync(ended);
        }
    }

    /// <summary>Has the service that runs here do it.</summary>
    /// <returns>Null if there is none.</returns>
    private static async Task<OperationResult?> AskAsync(
        MucOptions options, ControlRequest request, Action<string> progress, CancellationToken stop, Stream? take = null, Func<Stream, CancellationToken, Task>? give = null)
    {
        if (options.ControlPath is not { } path || await ControlClient.AskAsync(path, request, progress, stop, take, give) is not { } answer) return null;
        return answer.Result ?? throw new MovingException(answer.Error ?? "the service does not say what it did");
    }

    private static async Task<Opened> OpenAsync(MucOptions options, CancellationToken stop)
    {
        if (options.Storage == StorageKind.Memory) throw new MovingException("MUC_STORAGE is memory, and no service runs here: there are no rooms, and none would be kept");
        var lease = await AloneAsync(options, stop);
        var store = RoomStores.Create(options);
        try
        {
            await store.OpenAsync(stop);
        }
        catch
        {
            await new Opened(store, lease).DisposeAsync();
            throw;
        }
        return new Opened(store, lease);
    }

    /// <summary>Sees to it that no service runs on the store, and that none begins to. SQLite's file is locked when it is opened.</summary>
    private static async Task<IAsyncDisposable> AloneAsync(MucOptions options, CancellationToken stop)
    {
        var lease = Leases.Create(options, NullLoggerFactory.Instance);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var acquired = lease.AcquireAsync(ending.Token);
        for (var waited = TimeSpan.Zero; !acquired.IsCompleted && !lease.IsStandingBy && waited < LeaseTime; waited += Glance) await Task.Delay(Glance, stop);
        if (acquired.IsCompletedSuccessfully) return lease;

        var isRunning = lease.IsStandingBy;
        await ending.CancelAsync();
        await acquired.ContinueWith(static _ => { }, TaskScheduler.Default);
        await lease.DisposeAsync();
        stop.ThrowIfCancellationRequested();
        throw new MovingException(isRunning
            ? $"the service {options.Domain} is running on this database, but not here; run this where it runs, or stop it and all that stand by"
            : "MUC_POSTGRES: the database does not answer");
    }

    /// <summary>The store, and what keeps services off it.</summary>
    private sealed record Opened(IWholeStore Store, IAsyncDisposable Lease) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Store.DisposeAsync();
            await Lease.DisposeAsync();
        }
    }

    /// <summary>What is asked for.</summary>
    private sealed record Request(bool IsExport, string Place, string? From, string? Host, bool IsUpdate, bool IsDryRun, bool IsJson)
    {
        /// <summary>Null if it is not understood.</summary>
        /// <param name="fault">The word that is wrong, in a sentence, if it is one.</param>
        public static Request? Read(string[] args, out string? fault)
        {
            fault = null;
            string? place = null, from = null, host = null;
            bool isUpdate = false, isDryRun = false, isJson = false, isExport = args[0] == "export";
            for (var i = 1; i < args.Length; i++)
            {
                switch (args[i])
                {
                    case "--from" when i + 1 < args.Length && !isExport:
                        from = args[++i];
                        if (Sources.Contains(from)) break;
                        fault = $"--from \"{from}\" is none of {string.Join(", ", Sources)}; did you mean {Settings.Nearest(from, Sources)}?";
                        return null;
                    case "--host" when i + 1 < args.Length && !isExport:
                        host = args[++i];
                        break;
                    case "--update" when !isExport:
                        isUpdate = true;
                        break;
                    case "--dry-run" when !isExport:
                        isDryRun = true;
                        break;
                    case "--json":
                        isJson = true;
                        break;
                    case var word when place is null && (!word.StartsWith('-') || (word == ExportFile.Standard && isExport)):
                        place = word;
                        break;
                    case var word:
                        fault = word.StartsWith('-') ? $"\"{args[0]}\" has no {word} like this." : $"\"{word}\" is one argument too many.";
                        return null;
                }
            }
            return string.IsNullOrEmpty(place) || (host is not null && from is null) ? null : new Request(isExport, place, from, host, isUpdate, isDryRun, isJson);
        }
    }
}
