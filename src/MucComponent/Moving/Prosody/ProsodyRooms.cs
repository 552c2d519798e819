using System.Globalization;
using System.Runtime.CompilerServices;
using MucComponent.Rooms;
using MucComponent.Rooms.Features;
using MucComponent.Xmpp;

namespace MucComponent.Moving.Prosody;

/// <summary>
/// The rooms of a Prosody (0.11 and later; written for 0.12): its stores <c>config</c>, <c>vcard_muc</c> and <c>muc_log</c>.
/// Who is in a room is not carried, since Prosody's rooms are empty when it has stopped.
/// </summary>
/// <param name="there">The rooms' host in Prosody.</param>
/// <param name="here">Their domain here.</param>
/// <param name="now">UTC. Prosody does not know when a room was made.</param>
internal sealed class ProsodyRooms(IProsodyData data, Jid there, Jid here, DateTimeOffset now, MovingReport report)
{
    private const string Archive = "muc_log";

    // What Prosody keeps of a room and what it is here.
    private static readonly HashSet<string> Known =
    [
        "name", "description", "language", "hidden", "persistent", "members_only", "allow_member_invites", "moderated", "password", "whois",
        "presence_broadcast", "subject", "subject_from", "subject_time", "changesubject", "history_length", "default_history_messages", "locked",
        "occupant_id_salt", "archiving", "destroyed", "reason", "newjid", "allow_pm",
    ];

    public async IAsyncEnumerable<Moved> ReadAsync([EnumeratorCancellation] CancellationToken stop)
    {
        foreach (var node in await data.ListAsync("config", stop))
            await foreach (var piece in RoomAsync(node, stop)) yield return piece;
    }

    private async IAsyncEnumerable<Moved> RoomAsync(string node, [EnumeratorCancellation] CancellationToken stop)
    {
        if (!Jid.TryParse($"{node}@{here}", out var jid) || !Jid.TryParse($"{node}@{there}", out var old))
        {
            report.LeftBehind($"{node}@{there}", "a room whose name is no address");
            yield break;
        }
        LuaTable? stored = null;
        try
        {
            stored = await data.ReadAsync("config", node, stop);
        }
        catch (FormatException e)
        {
            report.LeftBehind(jid.ToString(), $"a room whose file is damaged ({e.Message})");
        }
        if (stored is null) yield break;

        var settings = stored.Table("_data") ?? new LuaTable();
        if (settings.IsTrue("destroyed"))
        {
            var until = settings.Number("locked") is { } seconds && seconds < Far.ToUnixTimeSeconds() ? DateTimeOffset.FromUnixTimeSeconds((long)seconds) : Far;
            yield return new MovedTombstone(jid, new Tombstone(
                settings.Text("reason"), Jid.TryParse(settings.Text("newjid"), out var alternate) ? alternate : null, until));
            yield break;
        }
        if (!settings.IsTrue("persistent"))
        {
            report.LeftBehind(jid.ToString(), "a temporary room, which ends with its last occupant");
            yield break;
        }

        var room = new ForeignRoom(jid, old, report) { Created = now };
        Configure(room, settings);
        Affiliate(room, stored);
        await AddPictureAsync(room, node, stop);

        // What the room does by default Prosody's configuration says, and not its storage: an archive tells that it was kept.
        await using var archive = data.ReadArchiveAsync(Archive, node, stop).GetAsyncEnumerator(stop);
        var messages = await NextAsync(archive, room);
        room.Set(Logging.Enabled, settings.Flag("archiving") ?? messages);
        foreach (var piece in room.Pieces()) yield return piece;

        var taken = new ForeignMessages(room);
        for (; messages; messages = await NextAsync(archive, room))
            if (taken.Take(archive.Current.Id, archive.Current.Micros, archive.Current.Xml) is { } message) yield return new MovedMessage(message);
    }

    /// <summary>The most distant time that is of use as one.</summary>
    private static DateTimeOffset Far { get; } = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static async Task<bool> NextAsync(IAsyncEnumerator<ProsodyMessage> archive, ForeignRoom room)
    {
        try
        {
            return await archive.MoveNextAsync();
        }
        catch (FormatException e)
        {
            room.LeftBehind($"the rest of an archive that is damaged ({e.Message})");
            return false;
        }
    }

    private static void Configure(ForeignRoom room, LuaTable settings)
    {
        room.Set(PersistentRoom.Persistent, true);
        if (settings.Text("name") is { } name) room.Set(About.Name, name);
        if (settings.Text("description") is { } description) room.Set(About.Description, description);
        if (settings.Text("language") is { } language) room.Set(About.Language, language);
        if (settings.Text("password") is { } password) room.Set(Password.Secret, password);
        if (settings.Text("whois") is { } whois) room.Set(Anonymity.Whois, whois);
        if (settings.Text("allow_pm") is { } allowed) room.Set(PrivateMessages.Allowed, allowed);
        room.Set(PublicRoom.Public, !settings.IsTrue("hidden"));
        room.Set(MembersOnly.Only, settings.IsTrue("members_only"));
        room.Set(Invitations.ByMembers, settings.IsTrue("allow_member_invites"));
        room.Set(Moderated.Only, settings.IsTrue("moderated"));
        room.Set(SubjectChanges.ByParticipants, settings.IsTrue("changesubject"));
        if (settings.Number("history_length") is { } length)
            room.Set(History.Length, Math.Clamp((int)Math.Min(length, StoredRoom.HistoryKept), 0, StoredRoom.HistoryKept).ToString(CultureInfo.InvariantCulture));
        if (settings.Table("presence_broadcast") is { } roles) room.Set(PresenceBroadcast.Roles, [.. PresenceBroadcast.Roles.Choices.Select(c => c.Value).Where(roles.IsTrue)]);
        if (settings.Text("occupant_id_salt") is { } salt) room.SetSalt(salt, OccupantIdScheme.Prosody);
        if (settings.Number("locked") is { } until && until > room.Created.ToUnixTimeSeconds()) room.Locked = true;
        if (settings.Text("subject") is { } subject)
            room.SetSubject(subject, settings.Text("subject_from"), settings.Number("subject_time") is { } at ? DateTimeOffset.FromUnixTimeSeconds((long)at) : room.Created);
        foreach (var unknown in settings.Named.Keys.Where(k => !Known.Contains(k))) room.LeftBehind($"the setting \"{unknown}\"");
    }

    // In the older of the two formats they are in a table of their own.
    private static void Affiliate(ForeignRoom room, LuaTable stored)
    {
        var more = stored.Table("_affiliation_data");
        foreach (var (who, affiliation) in (stored.Table("_affiliations") ?? stored).Named.OrderBy(a => a.Key, StringComparer.Ordinal))
        {
            if (who.StartsWith('_') || (who == "jid" && stored.Table("_affiliations") is null && affiliation is string) || affiliation is not string word) continue;
            var details = more?.Table(who);
            room.Affiliate(who, word, details?.Text("reserved_nickname"), details?.Text("reason"));
            if (details?.Table("hats") is not null) room.LeftBehind("hats (XEP-0317)");
        }
    }

    private async Task AddPictureAsync(ForeignRoom room, string node, CancellationToken stop)
    {
        try
        {
            if (await data.ReadAsync("vcard_muc", node, stop) is { } card) room.SetCard(ProsodyStanza.Read(card));
        }
        catch (FormatException)
        {
            room.LeftBehind("a picture that is too large or damaged");
        }
    }
}
