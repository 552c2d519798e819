using System.Text;
using MucComponent.Moving;
using MucComponent.Rooms;
using MucComponent.Rooms.Reading;
using MucComponent.Storage;
using MucComponent.Tests.Storage;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Moving.Prosody;

/// <summary>What Prosodys of other versions, other modules and bad days leave behind; what one leaves on a good day is in <see cref="MovingInTests"/>.</summary>
[TestFixture]
public sealed class ProsodyRoomsTests
{
    private static readonly Jid Coven = Jid.Parse("coven@conference.localhost");

    private TemporaryFolder _there = null!;
    private TemporaryFolder _here = null!;

    [SetUp]
    public void Open() => (_there, _here) = (new TemporaryFolder(), new TemporaryFolder());

    [TearDown]
    public void Close()
    {
        _there.Delete();
        _here.Delete();
    }

    [Test]
    public async Task The_older_format_has_its_affiliations_in_a_table_of_their_own()
    {
        Write("config/coven.dat", """
            return { ["jid"] = "coven@conference.localhost"; ["_data"] = { ["persistent"] = true };
              ["_affiliations"] = { ["alice@localhost"] = "owner"; ["jid"] = "member"; ["bad.example"] = "outcast"; };
              ["_affiliation_data"] = { ["alice@localhost"] = { ["reserved_nickname"] = "Al"; ["reason"] = "hers" } } };
            """);

        await ImportAsync();

        var room = await RoomAsync();
        Assert.That(room.Affiliations.Values.OrderBy(a => a.Jid.ToString()), Is.EqualTo(new[]
        {
            new AffiliationRecord(Jid.Parse("alice@localhost"), Affiliation.Owner, "Al", "hers"),
            new AffiliationRecord(Jid.Parse("bad.example"), Affiliation.Outcast, null, null),
            new AffiliationRecord(Jid.Parse("jid"), Affiliation.Member, null, null),
        }));
    }

    [Test]
    public async Task A_picture_is_carried_with_its_hash()
    {
        Write("config/coven.dat", "return { [\"_data\"] = { [\"persistent\"] = true } };");
        Write("vcard_muc/coven.dat", """
            return { ["name"] = "vCard"; ["attr"] = { ["xmlns"] = "vcard-temp" };
              { ["name"] = "PHOTO"; ["attr"] = {}; { ["name"] = "TYPE"; ["attr"] = {}; "image/png" }; { ["name"] = "BINVAL"; ["attr"] = {}; "AQID" } } };
            """);

        await ImportAsync();

        var extra = (await RoomAsync()).Room!.Extra;
        Assert.That(extra["vcard"], Is.EqualTo("<vCard xmlns=\"vcard-temp\"><PHOTO><TYPE>image/png</TYPE><BINVAL>AQID</BINVAL></PHOTO></vCard>"));
        Assert.That(extra["vcard-photos"], Is.EqualTo("7037807198c22a7d2b0807371d763779a84fdfcf"), "sha1sum of 01 02 03");
    }

    [Test]
    public async Task A_destroyed_room_stays_destroyed()
    {
        Write("config/coven.dat", """
            return { ["_data"] = { ["persistent"] = true; ["destroyed"] = true; ["locked"] = 1900000000; ["reason"] = "Macbeth doth come"; ["newjid"] = "heath@conference.localhost" } };
            """);

        var report = await ImportAsync();

        Assert.That(report, Does.StartWith("imported: 1 tombstone"));
        Assert.That((await RoomAsync()).Tombstone, Is.EqualTo(new Tombstone(
            "Macbeth doth come", Jid.Parse("heath@conference.localhost"), DateTimeOffset.FromUnixTimeSeconds(1_900_000_000))));
    }

    [Test]
    public async Task A_damaged_archive_is_carried_up_to_the_damage_and_a_damaged_room_not_at_all()
    {
        Write("config/coven.dat", "return { [\"_data\"] = { [\"persistent\"] = true } };");
        Write("muc_log/coven.list", Item("a", 1_700_000_000, "one") + Item("b", 1_700_000_000, "two") + "item({ [\"name\"] = \"mess");
        Write("config/heath.dat", "return { [\"_data\"] = {");

        var report = await ImportAsync();

        Assert.That((await RoomAsync()).History.Select(m => Body(m.Xml)), Is.EqualTo(new[] { "one", "two" }), "in their order, though of the same second");
        Assert.That(report, Does.Contain("not carried: the rest of an archive that is damaged (the end inside a text at byte "));
        Assert.That(report, Does.Contain("not carried: a room whose file is damaged (").And.Contain("heath@conference.localhost"));
    }

    [Test]
    public async Task What_is_told_is_what_could_not_be_carried()
    {
        Write("config/coven.dat", """
            return { ["_data"] = { ["persistent"] = true; ["whois"] = "nobody"; ["slow_mode"] = 5 };
              ["not an address@"] = "owner"; ["alice@localhost"] = "emperor";
              ["_affiliation_data"] = {} };
            """);
        Write("config/passing.dat", "return { [\"_data\"] = {} };");
        Write("muc_log/coven.list", "item({ [\"name\"] = \"presence\"; [\"attr\"] = { [\"from\"] = \"coven@conference.localhost/a\" }; [\"key\"] = \"p\"; [\"when\"] = 1700000000 });\n");

        var report = await ImportAsync();

        foreach (var what in new[]
        {
            "a value of muc#roomconfig_whois that is not possible here", "the setting \"slow_mode\"", "an affiliation of what is no address",
            "an affiliation \"emperor\", which there is none", "a temporary room, which ends with its last occupant", "a presence in the archive",
        })
            Assert.That(report, Does.Contain($"not carried: {what} (1 time; "));
    }

    [Test]
    public async Task Rooms_may_come_from_another_host_and_their_people_keep_their_ids()
    {
        Write("config/coven.dat", """
            return { ["_jid"] = "coven@old.example"; ["alice@localhost"] = "owner"; ["_data"] = { ["persistent"] = true; ["occupant_id_salt"] = "salt"; ["subject"] = "Hail"; ["subject_from"] = "coven@old.example/al"; ["subject_time"] = 1700000000 } };
            """, "old%2eexample");
        var id = OccupantIdScheme.IdOf(Jid.Parse("alice@localhost"), "salt", (System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty).Add(OccupantIdScheme.Name, OccupantIdScheme.Prosody));
        Write("muc_log/coven.list", $$"""
            item({ ["name"] = "message"; ["attr"] = { ["from"] = "coven@old.example/al"; ["type"] = "groupchat" }; ["key"] = "a"; ["when"] = 1700000000;
              { ["name"] = "body"; ["attr"] = {}; "hail" }; { ["name"] = "occupant-id"; ["attr"] = { ["xmlns"] = "urn:xmpp:occupant-id:0"; ["id"] = "{{id}}" } } });
            """, "old%2eexample");

        Assert.That(await CommandAsync("import", "--from", "prosody", _there.Path), Is.EqualTo((1, $"MucComponent: {_there.Path} has nothing of conference.localhost; it has rooms of old.example (--host)\n")));
        await CommandAsync("import", "--from", "prosody", _there.Path, "--host", "old.example");

        var room = await RoomAsync();
        var message = room.History.Single();
        Assert.That((room.Room!.SubjectFrom?.ToString(), message.From.ToString()), Is.EqualTo(("coven@conference.localhost/al", "coven@conference.localhost/al")));
        Assert.That(message.Author, Is.EqualTo(new Author(Jid.Parse("alice@localhost"), Affiliation.Owner, Role.Participant, false)), "the id tells whose it is");
        Assert.That(message.Id, Is.EqualTo(ArchiveQuery.Start(message.At)).Or.GreaterThan(ArchiveQuery.Start(message.At)));
        Assert.That((message.Id.Version, message.At), Is.EqualTo((7, DateTimeOffset.FromUnixTimeSeconds(1_700_000_000))));
    }

    [Test]
    public async Task What_was_kept_once_is_not_kept_again_when_the_archive_has_grown_and_aged()
    {
        Write("config/coven.dat", "return { [\"_data\"] = { [\"persistent\"] = true } };");
        Write("muc_log/coven.list", Item("a", 1_700_000_000, "one") + Item("b", 1_700_000_001, "two"));
        await ImportAsync();
        Write("muc_log/coven.list", Item("b", 1_700_000_001, "two") + Item("c", 1_700_000_002, "three"));

        await CommandAsync("import", "--from", "prosody", _there.Path, "--update");

        Assert.That((await RoomAsync()).History.Select(m => Body(m.Xml)), Is.EqualTo(new[] { "one", "two", "three" }));
    }

    private static string Item(string key, long when, string body) =>
        $"item({{ [\"name\"] = \"message\"; [\"attr\"] = {{ [\"from\"] = \"coven@conference.localhost/al\"; [\"type\"] = \"groupchat\"; [\"stamp\"] = \"x\" }}; "
        + $"[\"key\"] = \"{key}\"; [\"when\"] = {when}; {{ [\"name\"] = \"body\"; [\"attr\"] = {{}}; \"{body}\" }} }});\n";

    private static string Body(string xml) => StanzaParser.Parse(xml).Element(Ns.Client + "body")!.Value;

    private void Write(string file, string text, string host = "conference%2elocalhost")
    {
        var path = Path.Combine(_there.Path, host, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text, new UTF8Encoding(false));
    }

    private async Task<string> ImportAsync()
    {
        var (code, told) = await CommandAsync("import", "--from", "prosody", _there.Path);
        Assert.That(code, Is.Zero, told);
        return told;
    }

    private async Task<(int Code, string Told)> CommandAsync(params string[] args)
    {
        using StringWriter output = new();
        var options = new MucOptions { Domain = Jid.Parse("conference.localhost"), DataDir = _here.Path };
        return (await MovingCommand.RunAsync(args, options, output, output, default), output.ToString());
    }

    private async Task<StoredRoom> RoomAsync()
    {
        await using var store = new SqliteRoomStore(_here.Path);
        await store.OpenAsync(default);
        return (await store.LoadAsync(Coven, default)).Stored;
    }
}
