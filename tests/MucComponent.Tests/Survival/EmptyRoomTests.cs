using System.Xml.Linq;
using MucComponent.Conversations;
using NUnit.Framework;

namespace MucComponent.Tests.Survival;

/// <summary>Temporary rooms with a grace (XEP-0045 §7.14): a restart of the server empties them all, and its people come back.</summary>
[TestFixture(Stage.Prosody)]
[TestFixture(Stage.Ejabberd)]
public sealed class EmptyRoomTests(string name) : OnRealServer(name)
{
    private static readonly Dictionary<string, string> Long = new() { ["MUC_EMPTY_ROOM_GRACE"] = "5m" };
    private static readonly Dictionary<string, string> Short = new() { ["MUC_EMPTY_ROOM_GRACE"] = "2s" };

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_temporary_room_is_still_its_owners_after_a_restart_of_the_server(bool killed)
    {
        var component = await AttachAsync(Long);
        var romeo = await ConnectAsync("romeo");
        var juliet = await ConnectAsync("juliet");
        await romeo.EnterAsync(Room, persistent: false);
        await juliet.EnterAsync(Room);
        await romeo.SendAsync($"<message to='{Room}' type='groupchat'><subject>The orchard</subject></message>");
        await juliet.HearsAsync(s => SubjectOf(s) == "The orchard");

        if (killed) await Server.KillAsync();
        else await Server.StopAsync();
        await Server.StartAsync();
        await component.StreamIsUpAsync(times: 2);

        // It is empty once those who vanished are found out.
        var nurse = await ConnectAsync("nurse");
        var occupants = 2;
        for (var deadline = DateTime.UtcNow.AddMinutes(1); DateTime.UtcNow < deadline && occupants > 0;) occupants = await OccupantsAsync(nurse);
        Assert.That(occupants, Is.Zero);
        romeo = await ConnectAsync("romeo");
        await romeo.SendAsync($"<presence to='{Room}/romeo'><x xmlns='http://jabber.org/protocol/muc'/></presence>");
        var self = await romeo.HearsAsync(s => s.Name.LocalName == "presence" && Person.Codes(s).Contains("110"));
        Assert.That(self.Descendants().Single(e => e.Name.LocalName == "item").Attribute("affiliation")?.Value, Is.EqualTo("owner"));
        Assert.That(Person.Codes(self), Has.None.EqualTo("201"), "it is the room that was");
        Assert.That(SubjectOf(await romeo.HearsAsync(s => SubjectOf(s) is not null)), Is.EqualTo("The orchard"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_temporary_room_that_nobody_comes_back_to_is_gone_after_its_grace(bool killed)
    {
        var component = await AttachAsync(Short);
        var romeo = await ConnectAsync("romeo");
        await romeo.EnterAsync(Room, persistent: false);

        if (killed) await Server.KillAsync();
        else await Server.StopAsync();
        await Server.StartAsync();
        await component.StreamIsUpAsync(times: 2);

        // The list is the service's: asking for it touches no room.
        var nurse = await ConnectAsync("nurse");
        var rooms = 1;
        for (var deadline = DateTime.UtcNow.AddMinutes(1); DateTime.UtcNow < deadline && rooms > 0;) rooms = await CountAsync(nurse, "conference.localhost");
        Assert.That(rooms, Is.Zero);
    }

    private static string? SubjectOf(XElement stanza) => (string?)stanza.Element(ScriptXml.Client + "subject");

    private static async Task<int> OccupantsAsync(Person asking)
    {
        await asking.SendAsync($"<iq to='{Room}' type='get' id='info'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>");
        var info = await asking.HearsAsync(s => (string?)s.Attribute("id") == "info");
        return (int)info.Descendants().Single(e => (string?)e.Attribute("var") == "muc#roominfo_occupants").Elements().Single();
    }

    private static async Task<int> CountAsync(Person asking, string at)
    {
        await asking.SendAsync($"<iq to='{at}' type='get' id='items'><query xmlns='http://jabber.org/protocol/disco#items'/></iq>");
        return (await asking.HearsAsync(s => (string?)s.Attribute("id") == "items")).Descendants().Count(e => e.Name.LocalName == "item");
    }
}
