using System.Xml.Linq;
using MucComponent.People;
using MucComponent.Tests.Hosting;
using MucComponent.Xmpp;
using NUnit.Framework;
using static MucComponent.Tests.Hosting.HostedRooms;

namespace MucComponent.Tests.People;

/// <summary>Taking back all that somebody said lately in all rooms, and undoing it.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RemovalsTests : IDisposable
{
    private const string Heath = "heath@chat.shakespeare.lit";
    private static readonly Jid Hag = Jid.Parse(Hag66).Bare;

    private readonly HostedRooms _hosted = new();

    private Removals Removals => new(_hosted.Kept, (room, type, payload, _) => _hosted.AskAsync(room, type, payload), _hosted.Clock);

    public void Dispose() => _hosted.Dispose();

    [SetUp]
    public async Task SaySpamAsync()
    {
        foreach (var room in new[] { Coven, Heath })
        {
            await _hosted.OpenAsync(room);
            await _hosted.SaidAsync(Hag66, "old", room);
        }
        _hosted.Configure(Coven, ("enablelogging", "1"));
        _hosted.Clock.Advance(TimeSpan.FromHours(3));
        foreach (var room in new[] { Coven, Heath })
        {
            await _hosted.SaidAsync(Hag66, "spam", room);
            await _hosted.SaidAsync(Crone1, "no", room);
            await _hosted.SaidAsync(Hag66, "more", room);
        }
    }

    [Test]
    public async Task What_was_said_lately_is_taken_back_in_every_room_and_all_are_told()
    {
        var receipt = await Removals.RemoveAsync(Hag, TimeSpan.FromHours(2), "spam", default);

        Assert.That(receipt.Rooms, Is.EqualTo(new[] { new RemovedInRoom(Jid.Parse(Coven), 2, 0), new RemovedInRoom(Jid.Parse(Heath), 2, 0) }));
        foreach (var room in new[] { Coven, Heath }) Assert.That(await _hosted.KeptAsync(room), Is.EqualTo("old - no -"));
        var told = _hosted.Told(Crone1).Where(s => s.Element(Ns.Retraction + "retract") is not null).ToList();
        Assert.That(told, Has.Count.EqualTo(4));
        Assert.That(told.Descendants(Ns.Retraction + "reason").Select(r => r.Value).Distinct(), Is.EqualTo(new[] { "spam" }));
        Assert.That((await Removals.RemoveAsync(Hag, TimeSpan.FromHours(2), null, default)).Rooms, Is.Empty, "a second time there is nothing left");
    }

    [Test]
    public async Task It_can_be_undone_for_some_days()
    {
        var receipt = await Removals.RemoveAsync(Hag, TimeSpan.FromHours(2), null, default);
        Assert.That((await Removals.ListAsync(9, default)).Select(r => (r.Removal, r.Messages, r.Until)), Is.EqualTo(new[] { (receipt.Removal, 4, _hosted.Clock.GetUtcNow() + Removals.KeptFor) }));

        var undone = await Removals.UndoAsync(receipt.Removal, default);

        Assert.That(undone.Rooms.Select(r => (r.Messages, r.Failed)), Is.EqualTo(new[] { (2, 0), (2, 0) }));
        foreach (var room in new[] { Coven, Heath }) Assert.That(await _hosted.KeptAsync(room), Is.EqualTo("old spam no more"));
        Assert.That(await Removals.ListAsync(9, default), Is.Empty);
        _hosted.Join("hecate@shakespeare.lit/moon", "hecate", Heath);
        await _hosted.ToldAsync("hecate@shakespeare.lit/moon", "more");
    }

    [Test]
    public async Task What_they_took_back_stays_taken_back()
    {
        var id = _hosted.Told(Crone1).Last(s => (string?)s.Attribute("id") == "spam").Element(Ns.StanzaId + "stanza-id")!.Attribute("id")!.Value;
        _hosted.Hears($"<message from='{Hag66}' to='{Heath}' type='groupchat' id='sorry'><retract xmlns='urn:xmpp:message-retract:1' id='{id}'/></message>");
        await _hosted.ToldAsync(Crone1, "sorry");

        var receipt = await Removals.RemoveAsync(Hag, TimeSpan.FromHours(2), null, default);
        Assert.That(receipt.Rooms[1].Messages, Is.EqualTo(1));
        await Removals.UndoAsync(receipt.Removal, default);

        Assert.That(await _hosted.KeptAsync(Heath), Is.EqualTo("old - no more"));
    }

    [Test] // XEP-0308
    public async Task A_correction_takes_along_what_it_corrects_and_brings_it_back()
    {
        await _hosted.SaidAsync(Hag66, "harmless", Coven);
        _hosted.Clock.Advance(TimeSpan.FromHours(3));
        _hosted.Configure(Coven, ("historylength", "0"));
        _hosted.Hears($"<message from='{Hag66}' to='{Coven}' type='groupchat' id='edit'><body>spam2</body><replace xmlns='urn:xmpp:message-correct:0' id='harmless'/></message>");
        await _hosted.ToldAsync(Crone1, "edit");

        var receipt = await Removals.RemoveAsync(Hag, TimeSpan.FromHours(2), null, default);
        Assert.That(await _hosted.KeptAsync(Coven), Is.EqualTo("old spam no more - -"));

        await Removals.UndoAsync(receipt.Removal, default);
        Assert.That(await _hosted.KeptAsync(Coven), Is.EqualTo("old spam no more harmless spam2"));
    }

    [Test]
    public async Task What_a_room_does_not_do_is_counted()
    {
        _hosted.Saving = (room, _) => room == Jid.Parse(Heath) ? throw new MucComponent.Storage.StoreUnavailableException("the disk is full") : Task.CompletedTask;

        var receipt = await Removals.RemoveAsync(Hag, TimeSpan.FromHours(2), null, default);

        Assert.That(receipt.Rooms, Is.EqualTo(new[] { new RemovedInRoom(Jid.Parse(Coven), 2, 0), new RemovedInRoom(Jid.Parse(Heath), 0, 2) }));
    }
}
