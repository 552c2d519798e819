using MucComponent.Operations;
using MucComponent.Rooms;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Operations;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class DeclaredRoomTests
{
    private const string Json = """
        {
          "lobby": {"owners": ["juliet@shakespeare.lit"], "members": ["romeo@shakespeare.lit"], "options": {"roomname": "Lobby", "moderatedroom": true}},
          "heath": {"owners": ["hecate@shakespeare.lit"]}
        }
        """;

    [Test]
    public async Task A_room_that_is_missing_is_made_and_one_that_is_there_is_left_alone()
    {
        using var operated = With(Json);

        await DeclaredRoom.DeclareAsync(operated.Service, default);
        Assert.That(Said(operated), Is.EqualTo("The declared rooms are there: 2 made, 0 changed, 0 as they were"));
        var kept = (await operated.Store.LoadAsync(Jid.Parse(Operated.Lobby), default)).Stored;
        Assert.That(kept.Affiliations.Values.Select(a => $"{a.Jid} {a.Affiliation}"), Is.EquivalentTo(new[] { "juliet@shakespeare.lit Owner", "romeo@shakespeare.lit Member" }));
        Assert.That(kept.Room!.Options["muc#roomconfig_moderatedroom"], Is.EqualTo(new[] { "1" }));

        var told = operated.Sent.Count;
        await DeclaredRoom.DeclareAsync(operated.Service, default);
        Assert.That(Said(operated), Is.EqualTo("The declared rooms are there: 0 made, 0 changed, 2 as they were"));
        Assert.That(operated.Sent, Has.Count.EqualTo(told), "nobody hears of it");
    }

    [Test]
    public async Task One_that_is_otherwise_is_brought_up_to_date_and_what_is_not_declared_is_left()
    {
        using var operated = With(Json);
        await operated.RunAsync("rooms", "create", "lobby", "--owners", "nurse@shakespeare.lit", "maxusers=30");

        await DeclaredRoom.DeclareAsync(operated.Service, default);

        Assert.That(Said(operated), Is.EqualTo("The declared rooms are there: 1 made, 1 changed, 0 as they were"));
        var shown = (await operated.RunAsync("rooms", "config", "lobby")).Rows.ToDictionary(r => r[0][0], r => string.Join('|', r[1]));
        Assert.That((shown["muc#roomconfig_roomname"], shown["muc#roomconfig_maxusers"], shown["muc#roomconfig_roomowners"]),
            Is.EqualTo(("Lobby", "30", "juliet@shakespeare.lit|nurse@shakespeare.lit")));
    }

    [Test]
    public async Task One_that_cannot_be_is_told_of_and_the_others_are_made()
    {
        using var operated = With("""{"lobby": {"members": ["romeo@shakespeare.lit"]}, "heath": {"owners": ["hecate@shakespeare.lit"]}}""");

        await DeclaredRoom.DeclareAsync(operated.Service, default);

        Assert.That(operated.Log.Lines, Has.One.EqualTo($"Warning: Declared room {Operated.Lobby}: it is not there, and cannot be made without an owner."));
        Assert.That((await operated.RunAsync("rooms", "list")).Rows.Select(r => r[1][0]), Is.EqualTo(new[] { "heath" }));
    }

    private static string Said(Operated operated) => operated.Log.Lines[^1].Replace("Information: ", "", StringComparison.Ordinal);

    private static Operated With(string json) => new(options: new MucOptions
    {
        Rooms = DeclaredRoom.Read(json, Jid.Parse(Operated.Domain), FeatureList.Standard(new ServicePolicy()).Options),
    });
}
