using System.Text.Json;
using MucComponent.People;
using MucComponent.Tests.Hosting;
using MucComponent.Xmpp;
using NUnit.Framework;
using static MucComponent.Tests.Hosting.HostedRooms;

namespace MucComponent.Tests.People;

/// <summary>Forgetting a person in all rooms, with a receipt.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PersonErasureTests : IDisposable
{
    private const string Heath = "heath@chat.shakespeare.lit";
    private static readonly Jid Hag = Jid.Parse(Hag66).Bare;

    private readonly HostedRooms _hosted = new();

    private PersonErasure Erasure => new(_hosted.Kept, (room, type, payload, _) => _hosted.AskAsync(room, type, payload), _hosted.Clock);

    public void Dispose() => _hosted.Dispose();

    [Test]
    public async Task All_rooms_forget_and_say_what_it_was()
    {
        await _hosted.OpenAsync();
        await _hosted.OpenAsync(Heath);
        _hosted.Hears($"<iq from='{Crone1}' to='{Heath}' type='set' id='a'><query xmlns='http://jabber.org/protocol/muc#admin'><item affiliation='member' jid='{Hag}' nick='thirdwitch'/></query></iq>");
        // More than a portion.
        for (var i = 0; i < 260; i++) _hosted.Say(Hag66, $"{i}");
        await _hosted.ToldAsync(Crone1, "259");
        _hosted.Leave(Hag66, "thirdwitch");
        await _hosted.SaidAsync(Crone1, "hers", Coven);
        _hosted.Configure(Coven, ("enablelogging", "1"));
        for (var i = 260; i < 515; i++)
        {
            if (i == 260) _hosted.Join(Hag66, "thirdwitch");
            _hosted.Say(Hag66, $"{i}");
        }
        await _hosted.ToldAsync(Crone1, "514");
        _hosted.Leave(Hag66, "thirdwitch");

        var receipt = await Erasure.EraseAsync(Hag, default);

        Assert.That(receipt.Rooms.Select(r => (r.Room.Local, r.Sessions, r.Affiliations, r.Mentions, r.Failure)), Is.EqualTo(new[] { ("coven", 0, 0, 0, (string?)null), ("heath", 1, 1, 1, null) }));
        Assert.That(receipt.Rooms[0].Messages, Is.GreaterThan(250));
        Assert.That(await _hosted.Kept.ListTracesAsync(Hag, null, 9, default), Is.Empty);
        Assert.That(Coven, Is.Not.EqualTo(Heath));
        Assert.That((await Erasure.EraseAsync(Hag, default)).Rooms, Is.Empty);

        using var json = JsonDocument.Parse(receipt.ToJson());
        Assert.That(json.RootElement.GetProperty("person").GetString(), Is.EqualTo(Hag.ToString()));
        Assert.That(json.RootElement.GetProperty("rooms")[1].GetProperty("affiliations").GetInt32(), Is.EqualTo(1));
    }

    [Test]
    public async Task What_fails_in_one_room_is_said_and_hinders_no_other()
    {
        await _hosted.OpenAsync();
        await _hosted.OpenAsync(Heath);
        _hosted.Saving = (room, _) => room == Jid.Parse(Coven) ? throw new MucComponent.Storage.StoreUnavailableException("the disk is full") : Task.CompletedTask;

        var receipt = await Erasure.EraseAsync(Hag, default);

        Assert.That(receipt.Rooms.Select(r => (r.Room.Local, r.Sessions, r.Failure)), Is.EqualTo(new[] { ("coven", 0, "internal-server-error"), ("heath", 1, (string?)null) }));
        Assert.That((await _hosted.Kept.ListTracesAsync(Hag, null, 9, default)).Select(r => r.Local), Is.EqualTo(new[] { "coven" }));
    }
}
