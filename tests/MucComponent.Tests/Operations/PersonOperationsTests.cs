using System.Collections.Immutable;
using System.Text.Json;
using MucComponent.Operations;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Operations;

/// <summary>What operators do about a person.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PersonOperationsTests : IDisposable
{
    private const string Romeo = "romeo@shakespeare.lit/orchard";

    private readonly string _folder = Directory.CreateTempSubdirectory("person").FullName;
    private readonly Operated _operated;

    public PersonOperationsTests() => _operated = new Operated(options: new MucOptions { DataDir = _folder });

    public void Dispose()
    {
        _operated.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [SetUp]
    public async Task SpeakAsync()
    {
        await _operated.RunAsync("rooms", "create", "lobby", "--owners", "nurse@shakespeare.lit");
        await _operated.EnterAsync("nurse@shakespeare.lit/kitchen", "Nurse");
        await _operated.EnterAsync(Romeo, "Romeo");
        foreach (var body in new[] { "one", "two" })
            await _operated.Service.Rooms.TellAsync(
                new Stanza(StanzaKind.Message) { Type = "groupchat", Id = body, From = Jid.Parse(Romeo), To = Jid.Parse(Operated.Lobby), Children = [new(Ns.Client + "body", body)] }, default);
    }

    [Test]
    public async Task What_somebody_said_is_taken_back_and_given_back()
    {
        var removed = await _operated.RunAsync("person", "remove", "romeo@shakespeare.lit", "1", "spam");
        Assert.That(removed.Rows.Single().Select(c => c[0]), Is.EqualTo(new[] { Operated.Lobby, "2", "0" }));
        Assert.That(_operated.SentTo("nurse@shakespeare.lit/kitchen").Count(s => s.Element(Ns.Retraction + "retract") is not null), Is.EqualTo(2));
        var listed = await _operated.RunAsync("removals", "list");
        Assert.That(listed.Rows.Single()[1][0], Is.EqualTo("2"));
        Assert.That(removed.Note, Does.EndWith($"removals undo {listed.Rows[0][0][0]}"));

        Assert.That((await _operated.RunAsync("removals", "undo", listed.Rows[0][0][0])).Rows.Single()[1][0], Is.EqualTo("2"));
        Assert.That(() => _operated.RunAsync("removals", "undo", listed.Rows[0][0][0]), Throws.TypeOf<RefusedException>());
        Assert.That(() => _operated.RunAsync("removals", "undo", "yesterday"), Throws.TypeOf<RefusedException>());
    }

    [Test]
    public async Task All_that_is_held_is_written_for_the_operator_alone_and_then_forgotten()
    {
        var note = (await _operated.RunAsync("person", "export", "romeo@shakespeare.lit")).Note!;
        var file = Directory.GetFiles(_folder).Single();
        Assert.That(note, Does.Contain(file));
        if (!OperatingSystem.IsWindows()) Assert.That(File.GetUnixFileMode(file), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        using (var json = JsonDocument.Parse(await File.ReadAllBytesAsync(file)))
            Assert.That(json.RootElement.GetProperty("rooms")[0].GetProperty("messages").GetArrayLength(), Is.EqualTo(2));

        var erased = await _operated.RunAsync("person", "erase", "romeo@shakespeare.lit");

        Assert.That(erased.Rows.Single().Take(3).Select(c => c[0]), Is.EqualTo(new[] { Operated.Lobby, "2", "1" }));
        Assert.That(await _operated.Store.ListTracesAsync(Jid.Parse("romeo@shakespeare.lit"), null, 9, default), Is.Empty);
    }

    [Test]
    public async Task Which_rooms_are_left_without_an_owner_is_told_and_how_to_give_them_one()
    {
        await _operated.RunAsync("rooms", "create", "heath", "--owners", "nurse@shakespeare.lit", "--owners", "romeo@shakespeare.lit");
        var progress = new List<string>();

        var erased = await _operated.Service.RunAsync(
            new PersonErase(), new OperationRequest(_operated.Service, new Dictionary<string, ImmutableArray<string>> { ["jid"] = ["nurse@shakespeare.lit"] }) { Progress = progress.Add }, default);

        Assert.That(erased.Note, Does.EndWith("nurse@shakespeare.lit was the only owner of 1 rooms, marked below. Each goes on without one, until: rooms affiliation ROOM JID owner"));
        Assert.That(erased.Rows.Select(r => (r[0][0], r[5][0])), Is.EqualTo(new[] { ("heath@chat.shakespeare.lit", "0"), (Operated.Lobby, "1") }));
        Assert.That(progress, Is.EqualTo(new[] { "1 rooms, 0 messages", "2 rooms, 0 messages" }));
        Assert.That((await _operated.RunAsync("rooms", "affiliation", "lobby", "romeo@shakespeare.lit", "owner")).Note, Is.Not.Null);
        Assert.That((await _operated.RunAsync("rooms", "show", "lobby")).Rows[0][10], Is.EqualTo(new[] { "romeo@shakespeare.lit" }));
    }

    [TestCase("shakespeare.lit")]
    [TestCase("@")]
    public void Who_is_no_person_is_refused(string jid) =>
        Assert.That(() => _operated.RunAsync("person", "erase", jid), Throws.TypeOf<RefusedException>());
}
