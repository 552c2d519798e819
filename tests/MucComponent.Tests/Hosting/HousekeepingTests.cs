using MucComponent.Hosting;
using MucComponent.Rooms;
using MucComponent.Rooms.Reading;
using MucComponent.Storage;
using MucComponent.Xmpp;
using NUnit.Framework;
using static MucComponent.Tests.Hosting.HostedRooms;

namespace MucComponent.Tests.Hosting;

/// <summary>What comes with time alone.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class HousekeepingTests : IAsyncDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(5);
    private readonly HostedRooms _hosted = new(policy: new ServicePolicy { EmptyRoomGrace = Grace });
    private readonly Housekeeping _housekeeping;

    public HousekeepingTests() => _housekeeping = new Housekeeping(
        new MucOptions { Domain = Jid.Parse("chat.shakespeare.lit"), EmptyRoomGrace = Grace }, _hosted.Kept, _hosted.Rooms, _hosted.Rooms.Attendance, _hosted.Clock, _hosted.Log);

    public async ValueTask DisposeAsync()
    {
        await _housekeeping.DisposeAsync();
        _hosted.Dispose();
    }

    [Test]
    public async Task Temporary_rooms_that_nobody_came_back_to_end_without_anybody_touching_them()
    {
        string[] rooms = [Coven, "heath@chat.shakespeare.lit", "castle@chat.shakespeare.lit"];
        foreach (var room in rooms) await _hosted.OpenAsync(room);
        foreach (var room in rooms[..2])
        {
            _hosted.Leave(Crone1, "firstwitch", room);
            _hosted.Leave(Hag66, "thirdwitch", room);
        }
        await _hosted.UntilAsync(() => _hosted.Rooms.Loaded == 1);
        _housekeeping.Start();
        _housekeeping.Start();

        for (var round = 1; round < 5; round++) await _hosted.Clock.PassAsync(Housekeeping.Round);
        Assert.That(await ListedAsync(), Has.Count.EqualTo(3), "four minutes");

        await _hosted.Clock.PassAsync(Housekeeping.Round);
        await _hosted.Clock.PassAsync(TimeSpan.FromSeconds(1));
        await _hosted.UntilAsync(() => _hosted.Journal.Count(line => line == "kept RoomDestroyed") == 2);
        Assert.That(await ListedAsync(), Is.EqualTo(new[] { "castle" }));
    }

    [Test]
    public async Task A_ban_ends_without_anybody_touching_the_room()
    {
        await _hosted.OpenAsync();
        _hosted.Hears($"""
            <iq from='{Crone1}' to='{Coven}' type='set' id='ban'><command xmlns='http://jabber.org/protocol/commands' node='ban'><x xmlns='jabber:x:data' type='submit'>
              <field var='who'><value>thirdwitch</value></field><field var='for'><value>10m</value></field></x></command></iq>
            """);
        await _hosted.ToldAsync(Crone1, "ban");
        _housekeeping.Start();

        for (var round = 1; round < 10; round++) await _hosted.Clock.PassAsync(Housekeeping.Round);
        Assert.That(_hosted.Told("hag66@shakespeare.lit"), Is.Empty, "nine minutes");
        await _hosted.Clock.PassAsync(Housekeeping.Round);
        await _hosted.Clock.PassAsync(Housekeeping.Round);

        await _hosted.ToldAsync("hag66@shakespeare.lit", s => s.Descendants(Ns.MucUser + "status").Any(c => c.Attribute("code")?.Value == "101"));
    }

    [Test]
    public async Task What_is_kept_no_longer_is_removed_in_portions_with_pauses_between_them()
    {
        await _hosted.OpenAsync();
        _hosted.Configure(Coven, ("enablelogging", "1"));
        const int Messages = Housekeeping.Portion + 1;
        for (var i = 0; i < Messages; i++) _hosted.Say(Crone1, $"{i}");
        await _hosted.ToldAsync(Hag66, $"{Messages - 1}");
        Assert.That(await KeptAsync(), Is.EqualTo(Messages));
        _hosted.Clock.Advance(TimeSpan.FromDays(2));
        await using var housekeeping = new Housekeeping(
            new MucOptions { ArchiveRetention = TimeSpan.FromDays(1) }, _hosted.Kept, _hosted.Rooms, _hosted.Rooms.Attendance, _hosted.Clock, _hosted.Log);
        housekeeping.Start();

        await _hosted.UntilAsync(() => KeptAsync().Result < Messages);
        Assert.That(await KeptAsync(), Is.EqualTo(1));
        await _hosted.Clock.PassAsync(TimeSpan.FromMilliseconds(100));
        await _hosted.UntilAsync(() => KeptAsync().Result == 0);
    }

    [Test]
    public async Task A_store_that_cannot_answer_is_asked_again()
    {
        await _hosted.OpenAsync();
        _hosted.Leave(Crone1, "firstwitch");
        _hosted.Leave(Hag66, "thirdwitch");
        await _hosted.UntilAsync(() => _hosted.Rooms.Loaded == 0);
        _hosted.Listing = () => throw new StoreUnavailableException("the disk is on the blasted heath");
        await using var housekeeping = new Housekeeping(
            new MucOptions { Domain = Jid.Parse("chat.shakespeare.lit"), EmptyRoomGrace = Grace }, _hosted.Store, _hosted.Rooms, _hosted.Rooms.Attendance, _hosted.Clock, _hosted.Log);
        housekeeping.Start();
        await _hosted.UntilAsync(() => _hosted.Log.Lines.Any(line => line.Contains("blasted heath", StringComparison.Ordinal)));

        _hosted.Listing = () => { };
        for (var round = 1; round <= 5; round++) await _hosted.Clock.PassAsync(Housekeeping.Round);
        await _hosted.UntilAsync(() => _hosted.Journal.Contains("kept RoomDestroyed"));
    }

    [Test]
    public async Task How_many_rooms_there_are_is_counted_at_the_start_where_that_is_limited()
    {
        foreach (var room in new[] { Coven, "heath@chat.shakespeare.lit" }) await _hosted.OpenAsync(room);
        using var again = new HostedRooms(_hosted.Kept);
        await using var housekeeping = new Housekeeping(
            new MucOptions { Domain = Jid.Parse("chat.shakespeare.lit"), Policy = new ServicePolicy { MaxRooms = 9 } }, again.Kept, again.Rooms, again.Rooms.Attendance, again.Clock, again.Log);
        housekeeping.Start();
        await again.UntilAsync(() => again.Rooms.Attendance.Of(Jid.Parse(Hag66).Bare).Rooms == 2);
    }

    private async Task<int> KeptAsync() =>
        (await _hosted.Kept.ReadArchiveAsync(Jid.Parse(Coven), new ArchiveQuery { Max = 0 }, default))!.Count!.Value;

    private async Task<IReadOnlyList<string>> ListedAsync() =>
        [.. (await _hosted.Kept.ListAsync(null, null, backwards: false, 9, default)).Rooms.Select(r => r.Jid.Local)];
}
