using System.Collections.Immutable;
using MucComponent.People;

namespace MucComponent.Operations;

/// <summary>Writes all that is held about a person into a file in the data folder, where only the service's user can read it (<see cref="PersonExport"/>).</summary>
public sealed class PersonExportFile : Operation
{
    public override string Name => "person export";

    public override string Meaning => "Write all that is held about a person into a file in the data folder";

    public override ImmutableArray<Argument> Arguments => [new("jid", "The person's bare JID", ArgumentType.Jid, Required: true)];

    public override async Task<OperationResult> RunAsync(OperationRequest request, CancellationToken stop)
    {
        var (service, person) = (request.Service, request.Person());
        var file = service.NewFile("person", ".json");
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            await using var output = new FileStream(file, options);
            await new PersonExport(service.Store, service.Rooms.AskAsync, service.Clock).WriteAsync(person, output, stop).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RefusedException($"{file} cannot be written: {e.Message}");
        }
        return OperationResult.Done($"All that is held about {person} is in {file}.");
    }
}
