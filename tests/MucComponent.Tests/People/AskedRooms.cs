using System.Xml.Linq;
using MucComponent.Tests.Hosting;
using MucComponent.Xmpp;

namespace MucComponent.Tests.People;

/// <summary>Asks hosted rooms in the service's name.</summary>
internal static class AskedRooms
{
    public static async Task<Stanza> AskAsync(this HostedRooms hosted, Jid room, string type, XElement payload)
    {
        var id = Guid.NewGuid().ToString();
        hosted.Rooms.Post(new Stanza(StanzaKind.Iq) { Type = type, Id = id, From = room.DomainJid, To = room, Children = [payload] });
        return Stanza.TryFrom(await hosted.ToldAsync(room.DomainJid.ToString(), id), out var answer) ? answer : throw new FormatException("no stanza");
    }

    /// <summary>Somebody says something in a room, and it is kept.</summary>
    public static async Task SaidAsync(this HostedRooms hosted, string who, string id, string room)
    {
        hosted.Say(who, id, room);
        await hosted.ToldAsync(HostedRooms.Crone1, s => (string?)s.Attribute("id") == id && ((string)s.Attribute("from")!).StartsWith(room, StringComparison.Ordinal));
    }

    /// <summary>What the archive of a room and its history hold: <c>-</c> for what was taken back.</summary>
    public static async Task<string> KeptAsync(this HostedRooms hosted, string room)
    {
        var page = await hosted.Kept.ReadArchiveAsync(Jid.Parse(room), new MucComponent.Rooms.Reading.ArchiveQuery { Passing = true, Max = 250 }, default);
        return string.Join(' ', page!.Messages.Where(m => !m.Xml.Contains("<retract ", StringComparison.Ordinal))
            .Select(m => m.Retracted ? "-" : StanzaParser.Parse(m.Xml).Element(Ns.Client + "body")!.Value));
    }
}
