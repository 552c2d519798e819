using MucComponent.Xmpp;

namespace MucComponent.Storage;

/// <summary>
/// Finding what somebody said in SQL. Kept is who said something archived in which quarter of an hour or so (2²⁰ ms, by the time in the
/// ids); the messages of that time are looked through. An index of the messages themselves costs a page for each author in each save.
/// </summary>
internal static class AuthorSql
{
    /// <summary>The message ids of the time around this one.</summary>
    public static (Guid From, Guid To) Around(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        bytes[3] &= 0xF0;
        bytes[4..].Clear();
        var from = new Guid(bytes, bigEndian: true);
        bytes[3] |= 0x0F;
        bytes[4..].Fill(0xFF);
        return (from, new Guid(bytes, bigEndian: true));
    }

    /// <summary>Notes that a bare JID said something, unless the claim's holder has noted it for this time already.</summary>
    public static IEnumerable<Statement> Note(Jid room, Claim claim, Jid author, Guid id)
    {
        var (from, to) = Around(id);
        if (claim.HasNoted(author, from)) yield break;
        yield return new(
            """
            INSERT INTO author (room, jid, from_id, to_id) SELECT @room, @jid, @from, @to
            WHERE NOT EXISTS (SELECT 1 FROM author WHERE room = @room AND jid = @jid AND from_id = @from)
            """,
            ("@room", room.ToString()), ("@jid", author.ToString()), ("@from", from), ("@to", to));
    }

    public static Statement Forget(Jid room, Jid author) =>
        new("DELETE FROM author WHERE room = @room AND jid = @author", ("@room", room.ToString()), ("@author", author.ToString()));

    /// <summary>Of messages up to this one nothing is kept any more.</summary>
    public static Statement Forget(object room, Guid last) => new("DELETE FROM author WHERE room = @key AND to_id <= @last", ("@key", room), ("@last", last));
}
