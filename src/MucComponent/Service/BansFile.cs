using Microsoft.Extensions.Logging;
using MucComponent.Rooms;
using MucComponent.Xmpp;

namespace MucComponent.Service;

/// <summary>
/// The operator's own bans: a file with a bare JID or a domain on each line; what follows a <c>#</c> is a remark. It is read again
/// when it changes. If it cannot be read, or a line makes no sense, that is said once and what was read before stays.
/// </summary>
internal sealed class BansFile
{
    private const int MaxBytes = 16 * 1024 * 1024;

    private readonly string _path;
    private readonly ILogger _log;
    private DateTime _changed;
    private string? _told;

    public BansFile(string path, ILogger log)
    {
        (_path, _log) = (path, log);
        Look();
    }

    /// <summary>Whom it names.</summary>
    public Who Bans { get; private set; } = Who.Nobody;

    /// <summary>Reads it if it has changed.</summary>
    public void Look()
    {
        try
        {
            var file = new FileInfo(_path);
            if (!file.Exists) throw new FormatException("it does not exist");
            if (file.LastWriteTimeUtc == _changed) return;
            _changed = file.LastWriteTimeUtc;
            if (file.Length > MaxBytes) throw new FormatException($"it has more than {MaxBytes} bytes");
            Bans = Who.Of(Read(File.ReadLines(_path)));
            _told = null;
            _log.BansRead(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            if (_told == e.Message) return;
            _told = e.Message;
            _log.BansNotRead(_path, e.Message);
        }
    }

    private static List<Jid> Read(IEnumerable<string> lines)
    {
        var jids = new List<Jid>();
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            var text = line.Split('#', 2)[0].Trim();
            if (text.Length == 0) continue;
            if (!Jid.TryParse(text, out var jid) || !jid.IsBare) throw new FormatException($"line {number} is neither a bare JID nor a domain");
            jids.Add(jid);
        }
        return jids;
    }
}
