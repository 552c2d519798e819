using System.Globalization;
using MucComponent.Moving;

namespace MucComponent.Operations;

/// <summary>
/// Writes all rooms as an export (<c>config/EXPORT.md</c>), while they go on: each as it is at one moment, with all that anybody
/// was told before the export began. The program gets it on its connection; whoever else asks, as a file in the data folder.
/// </summary>
public sealed class RoomsExport : Operation
{
    public override string Name => "rooms export";

    public override string Meaning => "Write all rooms into a file in the data folder";

    public override async Task<OperationResult> RunAsync(OperationRequest request, CancellationToken stop)
    {
        var service = request.Service;
        var report = new MovingReport(request.Progress) { Of = (await service.Store.CountAsync(stop).ConfigureAwait(false)).Rooms };
        var file = request.Data is null ? service.NewFile("rooms", ".jsonl.gz") : null;
        try
        {
            if (file is null) await WriteAsync(request.Data!, service, report, stop).ConfigureAwait(false);
            else await ExportFile.CreateAsync(file, stream => WriteAsync(stream, service, report, stop)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or MovingException)
        {
            throw new RefusedException(file is null ? "Whoever asked for the export is gone." : $"{file} cannot be written: {e.Message}");
        }
        return file is null ? report.ToResult() : report.ToResult() with { Note = $"All rooms are in {file}." };
    }

    private static async Task WriteAsync(Stream stream, OperatedService service, MovingReport report, CancellationToken stop)
    {
        var buffered = new BufferedStream(stream, 1 << 16);
        using var writer = new ExportWriter(buffered);
        await writer.WriteAsync(service.Options.Domain, StoreReader.ReadAsync(service.Store, stop), report, stop).ConfigureAwait(false);
        await buffered.FlushAsync(stop).ConfigureAwait(false);
    }
}
