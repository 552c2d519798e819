using MucComponent.Moving;
using MucComponent.Rooms;
using MucComponent.Storage;
using MucComponent.Tests.Storage;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Moving.Ejabberd;

[TestFixture]
public sealed class EjabberdDumpTests
{
    // As ejabberd 23.01 wrote it, but for the options, of which there were more.
    private const string Dump = """
        -- 
        -- Mnesia table: passwd
        --
        delete from users where username='alice' and 0=0;
        INSERT INTO users(username, password) VALUES ('alice', 'it''s; \' hers');
        -- Mnesia table: archive_msg
        INSERT INTO archive(username, timestamp, peer, bare_peer, xml, txt, kind, nick) VALUES ('coven@conference.localhost', 1795276573478902, 'alice@localhost/r', 'alice@localhost', '<message xml:lang=''en'' to=''coven@conference.localhost'' from=''alice@localhost/r'' type=''groupchat'' xmlns=''jabber:client''><body>it&apos;s — \\ ü 🐈</body></message>', 'it''s — \\ ü 🐈', 'groupchat', 'al');
        -- Mnesia table: archive_msg
        INSERT INTO archive(username, timestamp, peer, bare_peer, xml, txt, kind, nick) VALUES ('coven@conference.localhost', 1795276573478902, 'alice@localhost/r', 'alice@localhost', '<message xml:lang=''en'' to=''coven@conference.localhost'' from=''alice@localhost/r'' type=''groupchat'' xmlns=''jabber:client''><body>it&apos;s — \\ ü 🐈</body></message>', 'it''s — \\ ü 🐈', 'groupchat', 'al');
        -- Mnesia table: muc_room
        delete from muc_room where name='coven' and host='conference.localhost';
        INSERT INTO muc_room(name, host, opts) VALUES ('coven', 'conference.localhost', '[{title,<<195,150,32,240,159,144,136,226,128,153,115>>},{persistent,true},{mam,true},{salt,<<\"123\">>},{affiliations,[{{<<\"alice\">>,<<\"localhost\">>,<<>>},{owner,<<>>}},{{<<>>,<<\"bad.example\">>,<<>>},{outcast,<<\"no\\nwell\">>}}]},{subject,[{text,<<>>,<<\"Hail\">>}]},{subject_author,<<\"al\">>}]');
        -- Mnesia table: muc_registered
        delete from muc_registered where jid='alice@localhost' and host='conference.localhost';
        INSERT INTO muc_registered(jid, host, nick) VALUES ('alice@localhost', 'conference.localhost', 'Al');
        INSERT INTO muc_registered(jid, host, nick) VALUES ('bob@localhost', 'conference.localhost', 'Bob');

        """;

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Open() => _folder = new TemporaryFolder();

    [TearDown]
    public void Close() => _folder.Delete();

    [Test]
    public async Task What_Mnesia_held_is_taken_over([Values] bool escaped)
    {
        // With sql_type: sqlite only quotes are doubled.
        var (code, told) = await ImportAsync(escaped ? Dump : Dump.Replace("\\'", "''", StringComparison.Ordinal).Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal));

        Assert.That((code, told), Is.EqualTo((0, """
            imported: 1 room, 2 affiliations, 1 message
            not carried: a nick registered with the service by somebody who is a member of no room (1 time; conference.localhost)

            """.ReplaceLineEndings("\n"))));
        var room = await RoomAsync();
        Assert.That((room.Room!.Name, room.Room.Subject, room.Room.SubjectFrom?.Resource), Is.EqualTo(("Ö 🐈’s", "<subject>Hail</subject>", "al")));
        Assert.That(room.Affiliations.Values.OrderBy(a => a.Jid.ToString()), Is.EqualTo(new[]
        {
            new AffiliationRecord(Jid.Parse("alice@localhost"), Affiliation.Owner, "Al", null),
            new AffiliationRecord(Jid.Parse("bad.example"), Affiliation.Outcast, null, "no\nwell"),
        }));
        Assert.That(room.Room.Extra[OccupantIdScheme.Name], Is.EqualTo("ejabberd coven@conference.localhost"));
        var said = room.History.Single();
        Assert.That(StanzaParser.Parse(said.Xml).Element(Ns.Client + "body")!.Value, Is.EqualTo("it's — \\ ü 🐈"));
        Assert.That((said.From.Resource, said.Author.Jid.ToString(), said.Author.Affiliation), Is.EqualTo(("al", "alice@localhost/r", Affiliation.Owner)));
        Assert.That(said.At, Is.EqualTo(DateTimeOffset.FromUnixTimeMilliseconds(1_795_276_573_478)));
    }

    [Test]
    public async Task Half_of_it_is_refused()
    {
        var (code, told) = await ImportAsync(Dump[..(Dump.Length / 2)]);

        Assert.That((code, told), Is.EqualTo((1, $"MucComponent: {_folder.File("rooms.sql")}: line 9: it breaks off\n")));
        Assert.That((await RoomAsync()).Room, Is.Null);
    }

    private async Task<(int Code, string Told)> ImportAsync(string dump)
    {
        await File.WriteAllTextAsync(_folder.File("rooms.sql"), dump.ReplaceLineEndings("\n"));
        using StringWriter output = new();
        var options = new MucOptions { Domain = Jid.Parse("conference.localhost"), DataDir = _folder.File("data") };
        return (await MovingCommand.RunAsync(["import", "--from", "ejabberd", _folder.File("rooms.sql")], options, output, output, default), output.ToString());
    }

    private async Task<StoredRoom> RoomAsync()
    {
        await using var store = new SqliteRoomStore(_folder.File("data"));
        await store.OpenAsync(default);
        return (await store.LoadAsync(Jid.Parse("coven@conference.localhost"), default)).Stored;
    }
}
