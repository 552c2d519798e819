using System.Collections.Immutable;
using MucComponent.Moving;

namespace MucComponent.Operations;

/// <summary>
/// Takes over the rooms of an export (<c>config/EXPORT.md</c>), while the others go on: each in its own turns
/// (<see cref="Rooms.UseCases.TakingOver"/>). The program hands it in on its connection; whoever else asks names a file in the data folder.
/// </summary>
public sealed class RoomsImport : Operation
{
    public override string Name => "rooms import";

    public override string Meaning => "Take over the rooms of an export in the data folder";

    public override ImmutableArray<Argument> Arguments =>
    [
        new("file", "The file's name in the data folder"), new("update", "Bring rooms that are here already up to date as well", ArgumentType.Flag),
        new("dry-run", "Look at everything, and change nothing", ArgumentType.Flag),
    ];

    public override async Task<OperationResult> RunAsync(OperationRequest request, CancellationToken stop)
    {
        // Two at once could bring the same message.
        if (!await request.Service.Importing.WaitAsync(TimeSpan.Zero, stop).ConfigureAwait(false)) throw new RefusedException("Another import is under way; wait until it is over.");
        try
        {
            return await ImportAsync(request, stop).ConfigureAwait(false);
        }
        catch (Exception e) when (e is FormatException or MovingException or IOException or UnauthorizedAccessException)
        {
            throw new RefusedException(e.Message);
        }
        finally
        {
            request.Service.Importing.Release();
        }
    }

    private static async Task<OperationResult> ImportAsync(OperationRequest request, CancellationToken stop)
    {
        var (service, isDryRun) = (request.Service, request.Flag("dry-run"));
        var report = new MovingReport(request.Progress);
        var export = new ExportReader(Source(request), service.Options.Domain);
        // Who hands it in has looked through it before.
        if (request.Data is null)
        {
            await export.CheckAsync(stop).ConfigureAwait(false);
            report.Of = export.Rooms;
        }
        var importer = new Importer(new IntoService(service.Store, service.Rooms), report, request.Flag("update"), isDryRun);
        await importer.TakeAsync(export.ReadAsync(stop), stop).ConfigureAwait(false);
        return report.ToResult() with { Note = $"{(isDryRun ? "Would take over" : "Taken over")}: {string.Join('\n', report.Lines())}" };
    }

    private static Func<Stream> Source(OperationRequest request)
    {
        if (request.Data is { } data) return () => data;
        if (request.Text("file") is not { } name) throw new RefusedException("file is missing: The file's name in the data folder.");
        var file = Path.Combine(Path.GetFullPath(request.Service.Options.DataDir), name);
        // Whoever may command the service need not be one who may read the host's files.
        if (name != Path.GetFileName(name) || !File.Exists(file)) throw new RefusedException($"There is no file \"{name}\" in the data folder.");
        return () => ExportFile.Open(file);
    }
}
