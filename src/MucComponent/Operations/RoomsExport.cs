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
        if (request.Data is { } data)
        {
            await WriteAsync(data, service, report, stop).ConfigureAwait(false);
            return report.ToResult();
        }
        var file = service.NewFile("rooms", ".jsonl.gz");
        try
        {
            await ExportFile.CreateAsync(file, stream => WriteAsync(stream, service, report, stop)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RefusedException($"{file} cannot be written: {e.Message}");
        }
        return report.ToResult() with { Note = $"All rooms are in {file}." };
    }

    private static async Task WriteAsync(Stream stream, OperatedService service, MovingReport report, CancellationToken stop)
    {
        var buffered = new BufferedStream(stream, 1 << 16);
        using var writer = new ExportWriter(buffered);
        await writer.WriteAsync(service.Options.Domain, StoreReader.ReadAsync(service.Store, stop), report, stop).ConfigureAwait(false);
        await buffered.FlushAsync(stop).ConfigureAwait(false);
    }
}
