using System.Collections.Immutable;
using System.Xml.Linq;
using MucComponent.Rooms;
using MucComponent.Xmpp;

namespace MucComponent.Operations;

/// <summary>What operations ask of rooms, in the words of XEP-0045; what a room refuses is refused with its reason.</summary>
internal static class AskingRooms
{
    private const string ConfigType = "http://jabber.org/protocol/muc#roomconfig";

    /// <summary>Whether there is such a room.</summary>
    public static async Task<bool> ExistsAsync(this OperatedService service, Jid room, CancellationToken stop)
    {
        var answer = await service.Rooms.AskAsync(room, "get", new XElement(Ns.DiscoInfo + "query"), stop).ConfigureAwait(false);
        return answer.Type == "result" || (answer.ErrorCondition is "item-not-found" or "gone" ? false : throw Refused(room, answer));
    }

    /// <summary>The configuration form of a room, filled in as it is.</summary>
    public static async Task<DataForm> ConfigurationAsync(this OperatedService service, Jid room, CancellationToken stop)
    {
        var answer = await service.AskAsync(room, "get", new XElement(Ns.MucOwner + "query"), stop).ConfigureAwait(false);
        return DataForm.From(answer!.Element(DataForm.Name))!;
    }

    /// <summary>Changes the configuration; or makes the room, if it is not there.</summary>
    public static Task ConfigureAsync(this OperatedService service, Jid room, IEnumerable<FormField> fields, CancellationToken stop) =>
        service.AskAsync(room, "set", new XElement(Ns.MucOwner + "query", DataForm.Submit(ConfigType, [.. fields]).ToXml()), stop);

    /// <summary>An affiliation list of a room (§9.2, §9.5, §10.5, §10.8).</summary>
    public static async Task<ImmutableArray<AffiliationRecord>> AffiliationsAsync(this OperatedService service, Jid room, Affiliation affiliation, CancellationToken stop)
    {
        var answer = await service.AskAsync(room, "get", Items(new XElement(Ns.MucAdmin + "item", new XAttribute("affiliation", affiliation.Word()))), stop).ConfigureAwait(false);
        return
        [
            .. answer!.Elements(Ns.MucAdmin + "item").Select(i => new AffiliationRecord(
                Jid.Parse(i.Attribute("jid")!.Value), affiliation, i.Attribute("nick")?.Value, (string?)i.Element(Ns.MucAdmin + "reason"))),
        ];
    }

    /// <summary>Sets affiliations, all or none. An empty nick is to be reserved no more, none (null) stays as it is.</summary>
    public static Task AffiliateAsync(this OperatedService service, Jid room, IEnumerable<AffiliationRecord> records, CancellationToken stop) =>
        service.AskAsync(room, "set", Items([.. records.Select(r => new XElement(
            Ns.MucAdmin + "item",
            new XAttribute("jid", r.Jid.ToString()), new XAttribute("affiliation", r.Affiliation.Word()),
            r.Nick is null ? null : new XAttribute("nick", r.Nick),
            r.Reason is null ? null : new XElement(Ns.MucAdmin + "reason", r.Reason)))]), stop);

    /// <summary>Asks, and returns the payload of the result.</summary>
    /// <exception cref="RefusedException">The room refuses, or does not answer.</exception>
    public static async Task<XElement?> AskAsync(this OperatedService service, Jid room, string type, XElement payload, CancellationToken stop)
    {
        try
        {
            var answer = await service.Rooms.AskAsync(room, type, payload, stop).ConfigureAwait(false);
            return answer.Type == "result" ? answer.Children.FirstOrDefault() : throw Refused(room, answer);
        }
        catch (TimeoutException)
        {
            throw new RefusedException($"{room} does not answer; what was asked of it may still be done.");
        }
    }

    private static XElement Items(params XElement[] items) => new(Ns.MucAdmin + "query", items);

    private static RefusedException Refused(Jid room, Stanza answer) => new(answer.ErrorCondition switch
    {
        "item-not-found" => $"There is no room {room}.",
        "gone" => $"The room {room} was destroyed.",
        var condition => $"{room} refuses: {answer.Child(Ns.Client + "error")?.Element(Ns.StanzaErrors + "text")?.Value ?? condition}",
    });
}
