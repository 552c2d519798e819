using Microsoft.Extensions.Logging.Abstractions;
using MucComponent.Control;
using MucComponent.Moving.Ejabberd;
using MucComponent.Moving.Prosody;
using MucComponent.Storage;
using MucComponent.Xmpp;

namespace MucComponent.Moving;

/// <summary>
/// The commands <c>export</c> and <c>import</c>, which work on the store of a service that does not run. What they did goes
/// to the one writer, progress and what went wrong to the other.
/// </summary>
public static class MovingCommand
{
    private const int Done = 0;
    private const int Failed = 1;
    private const int Misused = 2;

    /// <summary>How long PostgreSQL may take to say whether a service is running.</summary>
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);

    public const string Usage = """
        MucComponent export FILE                     all rooms into a file (FILE.gz: compressed; -: standard output)
        MucComponent import FILE                     the rooms of an export
        MucComponent import --from prosody PLACE     PLACE: Prosody's data folder, its SQLite file, or postgresql://…
        MucComponent import --from ejabberd PLACE    PLACE: ejabberd's SQLite file, postgresql://…, or
                                                 what "ejabberdctl export2sql" wrote
            --host NAME   the rooms' host there, if it is another than MUC_DOMAIN
            --update      bring rooms that are here already up to date as well
            --dry-run     look at everything, and change nothing
        The service must not be running meanwhile.
        """;

    public static readonly ProgramCommand Export = Command("export", "export FILE", "writes all rooms into a file");
    public static readonly ProgramCommand Import = Command("import", "import [--from prosody|ejabberd] PLACE", "takes over rooms from an export, Prosody or ejabberd");

    /// <returns>The exit code: 0 when it was done, 1 when it could not be, 2 when it was asked for wrongly.</returns>
    public static async Task<int> RunAsync(string[] args, MucOptions options, TextWriter output, TextWriter errors, CancellationToken stop)
    {
        if (Request.Read(args) is not { } request)
        {
            await errors.WriteLineAsync(Usage);
            return Misused;
        }
        try
        {
            var report = new MovingReport(errors);
            await using var lease = await AloneAsync(options, stop);
            await using var store = RoomStores.Create(options) as IWholeStore ?? throw new MovingException("this storage cannot be moved");
            await store.OpenAsync(stop);
            if (request.IsExport) await ExportFile.WriteAsync(request.Place, options.Domain, StoreReader.ReadAsync(store, stop), report, stop);
            else await ImportAsync(request, options, store, report, stop);
            var told = request is { IsExport: true, Place: ExportFile.Standard } ? errors : output;
            await told.WriteLineAsync($"{(request.IsExport ? "exported" : request.IsDryRun ? "would import" : "imported")}: {string.Join('\n', report.Lines())}");
            return Done;
        }
        catch (Exception e) when (e is MovingException or StoreUnavailableException or IOException or UnauthorizedAccessException or System.Data.Common.DbException)
        {
            await errors.WriteLineAsync($"MucComponent: {e.Message}");
        }
        catch (FormatException e)
        {
            await errors.WriteLineAsync($"MucComponent: {request.Place}: {e.Message}");
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await errors.WriteLineAsync("MucComponent: stopped; the same command goes on where this one was");
        }
        return Failed;
    }

    private static ProgramCommand Command(string name, string usage, string meaning) => new(name, usage, meaning, Usage, async (args, output, errors, stop) =>
    {
        var settings = Settings.Read();
        foreach (var line in settings.Mistakes.Concat(settings.Warnings)) await errors.WriteLineAsync(line);
        return settings.Options is { } options ? await RunAsync([name, .. args], options, output, errors, stop) : Misused;
    });

    private static async Task ImportAsync(Request request, MucOptions options, IWholeStore store, MovingReport report, CancellationToken stop)
    {
        var importer = new Importer(store, report, request.IsUpdate, request.IsDryRun);
        var now = DateTimeOffset.UtcNow;
        if (request.From is null)
        {
            if (!File.Exists(request.Place)) throw new MovingException($"{request.Place}: there is no such file");
            var export = new ExportReader(() => ExportFile.Open(request.Place));
            var domain = await export.CheckAsync(stop);
            if (domain != options.Domain) throw new MovingException($"{request.Place} has the rooms of {domain}, and MUC_DOMAIN is {options.Domain}");
            await importer.TakeAsync(export.ReadAsync(stop), stop);
            return;
        }

        if (!Jid.TryParse(request.Host ?? options.Domain.ToString(), out var there) || !there.IsDomain) throw new MovingException($"\"{request.Host}\" is not a domain");
        if (request.From == "prosody")
        {
            await using IProsodyData data = ForeignDatabase.IsNamed(request.Place)
                ? new ProsodyDatabase(await ForeignDatabase.OpenAsync(request.Place, stop), there.ToString())
                : new ProsodyFiles(request.Place, there.ToString());
            await importer.TakeAsync(new ProsodyRooms(data, there, options.Domain, now, report).ReadAsync(stop), stop);
        }
        else
        {
            if (!ForeignDatabase.IsNamed(request.Place)) throw new MovingException($"{request.Place}: there is no such file, and it is no postgresql:// URI");
            await using var database = ForeignDatabase.IsText(request.Place)
                ? await EjabberdDump.OpenAsync(request.Place, stop)
                : await ForeignDatabase.OpenAsync(request.Place, stop);
            await importer.TakeAsync(new EjabberdRooms(database, there, options.Domain, now, report).ReadAsync(stop), stop);
        }
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
            ? $"the service {options.Domain} is running on this database; stop it, and all that stand by, first"
            : "MUC_POSTGRES: the database does not answer");
    }

    /// <summary>What is asked for.</summary>
    private sealed record Request(bool IsExport, string Place, string? From, string? Host, bool IsUpdate, bool IsDryRun)
    {
        /// <summary>Null if it is not understood.</summary>
        public static Request? Read(string[] args)
        {
            string? place = null, from = null, host = null;
            bool isUpdate = false, isDryRun = false, isExport = args[0] == "export";
            for (var i = 1; i < args.Length; i++)
            {
                switch (args[i])
                {
                    case "--from" when i + 1 < args.Length && args[i + 1] is "prosody" or "ejabberd" && !isExport:
                        from = args[++i];
                        break;
                    case "--host" when i + 1 < args.Length && !isExport:
                        host = args[++i];
                        break;
                    case "--update" when !isExport:
                        isUpdate = true;
                        break;
                    case "--dry-run" when !isExport:
                        isDryRun = true;
                        break;
                    case var word when place is null && (!word.StartsWith('-') || (word == ExportFile.Standard && isExport)):
                        place = word;
                        break;
                    default:
                        return null;
                }
            }
            return place is null || (host is not null && from is null) ? null : new Request(isExport, place, from, host, isUpdate, isDryRun);
        }
    }
}
