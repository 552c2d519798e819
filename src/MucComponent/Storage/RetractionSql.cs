using MucComponent.Rooms;
using MucComponent.Xmpp;

namespace MucComponent.Storage;

/// <summary>Taking messages back and giving them back in SQL (<see cref="MessageRecord.With(MessageRetracted)"/> says what it means).</summary>
internal static class RetractionSql
{
    public static IEnumerable<Statement> Keep(Jid room, Change change)
    {
        (string, object?) key = ("@room", room.ToString());
        switch (change)
        {
            case MessageRetracted c:
                if (c.Aside is { } aside)
                    yield return new(
                        """
                        INSERT INTO removed_message (room, id, removal, until, xml)
                        SELECT room, id, @removal, @until, xml FROM message WHERE room = @room AND id = @id AND NOT retracted AND real_jid = coalesce(@author, real_jid)
                        """,
                        key, ("@id", c.Id), ("@removal", aside.Removal), ("@until", RoomSql.Micros(aside.Until)), ("@author", c.Author?.ToString()));
                // A '>' in an attribute is written as an entity, so the first one ends the start tag.
                yield return new(
                    """
                    UPDATE message SET xml = substr(xml, 1, instr(xml, '>')) || @children || '</message>', retracted = TRUE
                    WHERE room = @room AND id = @id AND NOT retracted AND real_jid = coalesce(@author, real_jid)
                    """,
                    key, ("@id", c.Id), ("@children", c.Children), ("@author", c.Author?.ToString()));
                break;

            case AuthorErased c:
                yield return new(
                    """
                    DELETE FROM removed_message WHERE room = @room AND id IN
                        (SELECT id FROM message WHERE room = @room AND real_jid = @author AND id <= @upto)
                    """,
                    key, ("@author", c.Author.ToString()), ("@upto", c.UpTo));
                yield return new(
                    """
                    UPDATE message SET xml = @xml, sender = @room, real_jid = @service, resource = '', affiliation = 'none', role = 'none',
                        open = FALSE, retracted = TRUE
                    WHERE room = @room AND real_jid = @author AND id <= @upto
                    """,
                    key, ("@author", c.Author.ToString()), ("@upto", c.UpTo), ("@xml", c.Xml), ("@service", room.DomainJid.ToString()));
                break;

            case MessageRestored c:
                yield return new(
                    "UPDATE message SET xml = @xml, retracted = FALSE WHERE room = @room AND id = @id AND retracted",
                    key, ("@id", c.Id), ("@xml", c.Xml));
                yield return new("DELETE FROM removed_message WHERE room = @room AND id = @id", key, ("@id", c.Id));
                break;
        }
    }
}
