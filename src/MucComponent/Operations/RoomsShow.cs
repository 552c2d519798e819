using System.Collections.Immutable;
using System.Xml.Linq;
using MucComponent.Rooms;
using MucComponent.Xmpp;

namespace MucComponent.Operations;

/// <summary>What there is to know of a room at a glance; its settings are <c>rooms config</c>, its lists <c>rooms affiliation</c>.</summary>
public sealed class RoomsShow : Operation
{
    public override string Name => "rooms show";

    public override string Meaning => "Show a room";

    public override ImmutableArray<Argument> Arguments => [new("room", "The room", ArgumentType.Room, Required: true)];

    public override async Task<OperationResult> RunAsync(OperationRequest request, CancellationToken stop)
    {
        var (service, room) = (request.Service, request.Room("room"));
        var info = await service.AskAsync(room, "get", new XElement(Ns.DiscoInfo + "query"), stop).ConfigureAwait(false);
        var features = info!.Elements(Ns.DiscoInfo + "feature").Select(f => f.Attribute("var")?.Value).ToHashSet();
        var form = DataForm.From(info.Element(DataForm.Name));
        var lists = new Dictionary<Affiliation, ImmutableArray<AffiliationRecord>>();
        foreach (var affiliation in (Affiliation[])[Affiliation.Owner, Affiliation.Admin, Affiliation.Member, Affiliation.Outcast])
            lists[affiliation] = await service.AffiliationsAsync(room, affiliation, stop).ConfigureAwait(false);
        return OperationResult.Record(
            (new("room", "Room", ColumnType.Jid), room),
            (new("name", "Name"), info.Element(Ns.DiscoInfo + "identity")?.Attribute("name")?.Value),
            (new("description", "Description"), form?.Value("muc#roominfo_description")),
            (new("occupants", "Occupants", ColumnType.Number), form?.Value("muc#roominfo_occupants")),
            (new("persistent", "Persistent", ColumnType.Flag), features.Contains("muc_persistent")),
            (new("public", "Public", ColumnType.Flag), features.Contains("muc_public")),
            (new("membersonly", "Members only", ColumnType.Flag), features.Contains("muc_membersonly")),
            (new("moderated", "Moderated", ColumnType.Flag), features.Contains("muc_moderated")),
            (new("password", "Password protected", ColumnType.Flag), features.Contains("muc_passwordprotected")),
            (new("archive", "Archive", ColumnType.Flag), features.Contains(Ns.Mam.NamespaceName)),
            (new("owners", "Owners", ColumnType.Jids), Jids(lists[Affiliation.Owner])),
            (new("admins", "Admins", ColumnType.Jids), Jids(lists[Affiliation.Admin])),
            (new("members", "Members", ColumnType.Number), lists[Affiliation.Member].Length),
            (new("outcasts", "Outcasts", ColumnType.Number), lists[Affiliation.Outcast].Length));
    }

    private static IEnumerable<object> Jids(ImmutableArray<AffiliationRecord> list) => list.Select(r => r.Jid);
}
