using System.Buffers.Text;
using System.Text;

namespace MucComponent.Bench.Load;

/// <summary>
/// What users, rooms and nicks are called, written and read as bytes: user 7 is <c>u7@localhost/r</c>, room 3 of the second
/// workload is <c>w2r3@DOMAIN</c>, its occupant 5 <c>w2r3@DOMAIN/n5</c>.
/// </summary>
public sealed class Addresses(string domain, int workload)
{
    private readonly byte[] _workload = Encoding.UTF8.GetBytes($"w{workload}r");
    private readonly byte[] _domain = Encoding.UTF8.GetBytes($"@{domain}");

    private static ReadOnlySpan<byte> UserEnd => "@localhost/r"u8;

    public static void WriteUser(StanzaBuffer output, int user)
    {
        output.Add("u"u8);
        output.Add(user);
        output.Add(UserEnd);
    }

    public void WriteRoom(StanzaBuffer output, int room)
    {
        output.Add(_workload);
        output.Add(room);
        output.Add(_domain);
    }

    public void WriteOccupant(StanzaBuffer output, int room, int occupant)
    {
        WriteRoom(output, room);
        output.Add("/n"u8);
        output.Add(occupant);
    }

    public static bool TryUser(ReadOnlySpan<byte> address, out int user)
    {
        user = 0;
        return address.Length > 1 && address[0] == 'u' && Utf8Parser.TryParse(address[1..], out user, out var digits)
            && address[(1 + digits)..].SequenceEqual(UserEnd);
    }

    /// <summary>Reads a room's or an occupant's address of this workload.</summary>
    /// <param name="occupant">-1 for the room itself.</param>
    public bool TryOccupant(ReadOnlySpan<byte> address, out int room, out int occupant)
    {
        (room, occupant) = (0, -1);
        if (!address.StartsWith(_workload) || !Utf8Parser.TryParse(address[_workload.Length..], out room, out var digits)) return false;
        address = address[(_workload.Length + digits)..];
        if (!address.StartsWith(_domain)) return false;
        address = address[_domain.Length..];
        if (address.IsEmpty) return true;
        return address.StartsWith("/n"u8) && Utf8Parser.TryParse(address[2..], out occupant, out digits) && address.Length == 2 + digits;
    }
}
