using System.Text.Json;
using MucComponent.People;
using MucComponent.Tests.Hosting;
using MucComponent.Xmpp;
using NUnit.Framework;
using static MucComponent.Tests.Hosting.HostedRooms;

namespace MucComponent.Tests.People;

/// <summary>All that is held about a person, as JSON.</summary>
public sealed class PersonExportTests
{
    [Test]
    public async Task All_that_is_held_is_there_and_nothing_of_others()
    {
        const string heath = "heath@chat.shakespeare.lit";
        var hag = Jid.Parse(Hag66).Bare;
        using var hosted = new HostedRooms();
        await hosted.OpenAsync();
        await hosted.OpenAsync(heath);
        hosted.Configure(Coven, ("enablelogging", "1"));
        for (var i = 0; i < 260; i++) hosted.Say(Hag66, $"hag says {i}");
        await hosted.ToldAsync(Crone1, "hag says 259");
        await hosted.SaidAsync(Crone1, "hers alone", Coven);
        hosted.Hears($"<iq from='{Crone1}' to='{heath}' type='set' id='a'><query xmlns='http://jabber.org/protocol/muc#admin'><item affiliation='member' jid='{hag}' nick='thirdwitch'><reason>ü</reason></item></query></iq>");
        await hosted.ToldAsync(Crone1, "a");
        var export = new PersonExport(hosted.Kept, (room, type, payload, _) => hosted.AskAsync(room, type, payload), hosted.Clock);

        using var output = new MemoryStream();
        await export.WriteAsync(hag, output, default);

        using var json = JsonDocument.Parse(output.ToArray());
        var rooms = json.RootElement.GetProperty("rooms").EnumerateArray().ToList();
        Assert.That(rooms.Select(r => r.GetProperty("room").GetString()), Is.EqualTo(new[] { Coven, heath }));
        var messages = rooms[0].GetProperty("messages").EnumerateArray().ToList();
        Assert.That(messages, Has.Count.EqualTo(260));
        Assert.That(StanzaParser.Parse(messages[7].GetProperty("xml").GetString()!).Element(Ns.Client + "body")?.Value, Is.EqualTo("hag says 7"));
        Assert.That(rooms[0].GetProperty("sessions")[0].GetProperty("jid").GetString(), Is.EqualTo(Hag66));
        Assert.That(rooms[0].TryGetProperty("affiliation", out _), Is.False);
        Assert.That(rooms[1].GetProperty("affiliation").GetProperty("reason").GetString(), Is.EqualTo("ü"));
        Assert.That(rooms[1].GetProperty("lists")[0].GetProperty("list").GetString(), Is.EqualTo("audit log"));
        Assert.That(System.Text.Encoding.UTF8.GetString(output.ToArray()), Does.Not.Contain("hers alone"));
    }
}
