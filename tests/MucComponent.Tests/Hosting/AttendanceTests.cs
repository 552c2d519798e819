using MucComponent.Rooms;
using MucComponent.Storage;
using MucComponent.Xmpp;
using NUnit.Framework;
using static MucComponent.Tests.Hosting.HostedRooms;

namespace MucComponent.Tests.Hosting;

/// <summary>XEP-0045 §14.6: how many rooms one person is in and creates, and how many are in all rooms.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class AttendanceTests : IDisposable
{
    private const string Heath = "heath@chat.shakespeare.lit";
    private const string Cave = "cave@chat.shakespeare.lit";
    private const string OtherHag = "hag66@shakespeare.lit/laptop";

    private HostedRooms _hosted = new(policy: new ServicePolicy { MaxRoomsJoined = 2 });

    public void Dispose() => _hosted.Dispose();

    [Test]
    public async Task Nobody_is_in_more_rooms_than_allowed_and_leaving_one_lets_in_another()
    {
        foreach (var room in new[] { Coven, Heath }) await _hosted.OpenAsync(room);
        await _hosted.OpenByAsync(Cave, "crone2@shakespeare.lit/x");
        await RefusedAsync(Cave, "resource-constraint");
        _hosted.Join(OtherHag, "thirdwitch", Heath);
        await _hosted.ToldAsync(OtherHag, s => s.Name.LocalName == "message");

        _hosted.Leave(Hag66, "thirdwitch");
        await _hosted.ToldAsync(Hag66, s => (string?)s.Attribute("type") == "unavailable");
        await InAsync(Cave);
        Assert.That(_hosted.Rooms.Attendance.Of(Jid.Parse(Hag66).Bare).RoomsOfSender, Is.EqualTo(2));
        _hosted.Leave(Hag66, "thirdwitch", Heath);
        _hosted.Join(Hag66, "thirdwitch");
        await RefusedAsync(Coven, "resource-constraint");
    }

    [Test]
    public async Task A_room_that_is_destroyed_counts_no_more()
    {
        await _hosted.OpenAsync();
        await _hosted.OpenAsync(Heath);
        _hosted.Hears($"<iq type='set' id='destroy' from='{Crone1}' to='{Heath}'><query xmlns='http://jabber.org/protocol/muc#owner'><destroy/></query></iq>");
        await _hosted.ToldAsync(Crone1, "destroy");
        Assert.That(_hosted.Rooms.Attendance.Of(Jid.Parse(Hag66).Bare), Is.EqualTo(new Elsewhere(1, 2, false) { Rooms = 1 }));
    }

    [Test]
    public async Task Whoever_was_in_before_a_restart_counts_when_the_room_is_loaded_and_a_failure_does_not_count_twice()
    {
        await _hosted.OpenAsync();
        using var again = new HostedRooms(_hosted.Kept);
        again.Say(Hag66, "1");
        await again.ToldAsync(Hag66, "1");
        Assert.That(again.Rooms.Attendance.Of(Jid.Parse(Hag66).Bare), Is.EqualTo(new Elsewhere(1, 2, false)));

        again.Saving = (_, _) => Task.FromException(new StoreUnavailableException("no"));
        again.Join("hag67@shakespeare.lit/x", "fourthwitch");
        await again.ToldAsync("hag67@shakespeare.lit/x", s => ErrorOf(s) is not null);
        again.Saving = (_, _) => Task.CompletedTask;
        again.Say(Hag66, "2");
        await again.ToldAsync(Hag66, "2");
        Assert.That(again.Rooms.Attendance.Of(Jid.Parse("hag67@shakespeare.lit")), Is.EqualTo(new Elsewhere(0, 2, false)));
    }

    [Test] // §7.2.9
    public async Task The_service_may_be_full()
    {
        _hosted.Dispose();
        _hosted = new HostedRooms(policy: new ServicePolicy { MaxOccupantsInAll = 2 });
        await _hosted.OpenAsync();
        _hosted.Join("hag67@shakespeare.lit/x", "fourthwitch");
        Assert.That(ErrorOf(await _hosted.ToldAsync("hag67@shakespeare.lit/x", s => ErrorOf(s) is not null)), Is.EqualTo("service-unavailable"));
    }

    [Test]
    public async Task Nobody_creates_more_rooms_than_allowed_in_a_time()
    {
        _hosted.Dispose();
        _hosted = new HostedRooms(policy: new ServicePolicy { Creations = new Rate(1, TimeSpan.FromHours(1)) });
        _hosted.Join(Hag66, "thirdwitch");
        await InAsync(Coven);
        await RefusedAsync(Heath, "resource-constraint");
        await _hosted.OpenByAsync(Heath, Crone1);
        await InAsync(Heath);
        _hosted.Clock.Advance(TimeSpan.FromHours(1));
        await InAsync(Cave);
    }

    [Test]
    public async Task There_are_no_more_rooms_than_allowed_and_one_that_ends_makes_place()
    {
        _hosted.Dispose();
        _hosted = new HostedRooms(policy: new ServicePolicy { MaxRooms = 3, Admins = new HashSet<Jid> { Jid.Parse(Crone1).Bare } });
        _hosted.Rooms.Attendance.Discover(2);
        await InAsync(Coven);
        await RefusedAsync(Heath, "resource-constraint");
        _hosted.Leave(Hag66, "thirdwitch");
        await _hosted.ToldAsync(Hag66, s => (string?)s.Attribute("type") == "unavailable");
        await InAsync(Heath);
        await _hosted.OpenByAsync(Cave, Crone1);
        Assert.That(_hosted.Rooms.Attendance.Of(Jid.Parse(Hag66).Bare).Rooms, Is.EqualTo(4), "an admin's too");
    }

    private async Task RefusedAsync(string room, string condition)
    {
        _hosted.Join(Hag66, "thirdwitch", room);
        var told = await _hosted.ToldAsync(Hag66, s => ErrorOf(s) is not null && (string?)s.Attribute("from") == $"{room}/thirdwitch");
        Assert.That(ErrorOf(told), Is.EqualTo(condition));
    }

    private async Task InAsync(string room)
    {
        _hosted.Join(Hag66, "thirdwitch", room);
        await _hosted.ToldAsync(Hag66, s => s.Name.LocalName == "message" && ((string)s.Attribute("from")!).StartsWith(room, StringComparison.Ordinal));
    }
}
