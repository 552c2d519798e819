using System.Globalization;
using System.IO.Compression;

namespace MucComponent.Moving;

/// <summary>The words of an export, and the files it is written to and read from: plain, or compressed where the name ends in <c>.gz</c>.</summary>
public static class ExportFile
{
    public const string Format = "muc-rooms";

    /// <summary>Raised when a reader of the one before could not understand it. More fields are no such reason.</summary>
    public const int Version = 1;

    public const string Kind = "record";
    public const string Header = "export";
    public const string Room = "room";
    public const string Affiliation = "affiliation";
    public const string Session = "session";
    public const string Message = "message";
    public const string Tombstone = "tombstone";
    public const string Archive = "archive";
    public const string End = "end";

    /// <summary>Standard output in place of a file.</summary>
    public const string Standard = "-";

    private const string ToTheMicrosecond = "yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'ffffff'Z'";

    // It holds passwords and the addresses of people.
    private const UnixFileMode ForOwnerAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>XEP-0082, to the microsecond.</summary>
    public static string Write(DateTimeOffset time) => time.UtcDateTime.ToString(ToTheMicrosecond, CultureInfo.InvariantCulture);

    private const string Devices = "/dev/";

    /// <summary>Writes a file, under its name only when it is whole; or standard output.</summary>
    /// <param name="write">Writes the export itself.</param>
    /// <exception cref="MovingException">There can be no such file.</exception>
    public static async Task CreateAsync(string file, Func<Stream, Task> write)
    {
        if (file == Standard)
        {
            await using var standard = Console.OpenStandardOutput();
            await write(standard);
            return;
        }
        // A device is written to, and not replaced by a file.
        if (file.StartsWith(Devices, StringComparison.Ordinal))
        {
            await using var device = new FileStream(file, FileMode.Open, FileAccess.Write);
            await write(device);
            return;
        }
        if (Directory.Exists(file)) throw new MovingException($"{file} is a folder; name a file");
        if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder && !Directory.Exists(folder)) throw new MovingException($"{folder}: there is no such folder");
        var partial = file + ".part";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 1 << 16 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = ForOwnerAlone;
        try
        {
            await using (var stream = new FileStream(partial, options))
            {
                await WriteAsync(stream, IsCompressed(file), write);
                stream.Flush(flushToDisk: true);
            }
            File.Move(partial, file, overwrite: true);
        }
        catch
        {
            // Half of one is of no use. Where there is none, nothing happens; where there is no folder, the first error says more.
            if (File.Exists(partial)) File.Delete(partial);
            throw;
        }
    }

    /// <summary>Reads it from the beginning.</summary>
    public static Stream Open(string file)
    {
        var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        return IsCompressed(file) ? new GZipStream(stream, CompressionMode.Decompress) : stream;
    }

    private static async Task WriteAsync(Stream stream, bool compressed, Func<Stream, Task> write)
    {
        if (!compressed)
        {
            await write(stream);
            return;
        }
        await using var output = new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true);
        await write(output);
    }

    private static bool IsCompressed(string file) => file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
}
