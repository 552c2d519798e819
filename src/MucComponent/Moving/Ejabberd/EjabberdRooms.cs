using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using MucComponent.Rooms;
using MucComponent.Rooms.Features;
using MucComponent.Xmpp;

namespace MucComponent.Moving.Ejabberd;

/// <summary>
/// The rooms of an ejabberd from its SQL tables <c>muc_room</c>, <c>muc_registered</c> and <c>archive</c>, of either schema.
/// Who is in a room is not carried, since ejabberd's rooms are empty when it has stopped.
/// </summary>
/// <param name="there">The rooms' host in ejabberd.</param>
/// <param name="here">Their domain here.</param>
/// <param name="now">UTC; where ejabberd does not know when a room was made.</param>
internal sealed class EjabberdRooms(DbConnection connection, Jid there, Jid here, DateTimeOffset now, MovingReport report)
{
    // Options that mean the same with a yes or no.
    private static readonly Dictionary<string, Toggle> Toggles = new()
    {
        ["public"] = PublicRoom.Public,
        ["public_list"] = OccupantList.Public,
        ["mam"] = Logging.Enabled,
        ["members_only"] = MembersOnly.Only,
        ["moderated"] = Moderated.Only,
        ["members_by_default"] = Moderated.VoiceByDefault,
        ["allow_change_subj"] = SubjectChanges.ByParticipants,
        ["allow_user_invites"] = Invitations.ByMembers,
        ["allow_query_users"] = Queries.Allowed,
        ["allow_visitor_status"] = Visitors.Status,
        ["allow_visitor_nickchange"] = Visitors.NickChange,
        ["allow_voice_requests"] = VoiceRequests.Allowed,
    };

    // Told elsewhere, of no meaning here, or only how ejabberd itself saw the room.
    private static readonly HashSet<string> Passed =
    [
        "affiliations", "persistent", "title", "description", "lang", "password", "password_protected", "anonymous", "allowpm",
        "allow_private_messages", "allow_private_messages_from_visitors", "max_users", "presence_broadcast", "voice_request_min_interval",
        "pubsub", "subject", "subject_author", "vcard", "vcard_xupdate", "salt", "hibernation_time", "logging", "captcha_protected",
        "captcha_whitelist", "subscribers", "allow_subscription", "hats_users", "enable_hats", "roles", "nicks",
    ];

    private readonly List<(Jid Who, string Nick)> _registered = [];

    public async IAsyncEnumerable<Moved> ReadAsync([EnumeratorCancellation] CancellationToken stop)
    {
        var host = there.ToString();
        var hosts = await connection.ListAsync("SELECT DISTINCT host FROM muc_room ORDER BY host", stop);
        if (!hosts.Contains(host))
            throw new MovingException($"the database has no rooms of {host}" + (hosts.Count > 0 ? $"; it has rooms of {string.Join(", ", hosts)} (--host)" : ""));
        await using (var rows = await connection.QueryAsync("SELECT jid, nick FROM muc_registered WHERE host = @p0 ORDER BY jid", stop, host))
            while (await rows.ReadAsync(stop))
                if (Jid.TryParse(rows.GetString(0), out var who)) _registered.Add((who.Bare, rows.GetString(1)));
        var reserved = new HashSet<Jid>();
        foreach (var name in await connection.ListAsync("SELECT name FROM muc_room WHERE host = @p0 ORDER BY name", stop, host))
            await foreach (var piece in RoomAsync(name, reserved, stop)) yield return piece;
        foreach (var (who, _) in _registered.Where(r => !reserved.Contains(r.Who)))
            report.LeftBehind(host, "a nick registered with the service by somebody who is a member of no room");
    }

    private async IAsyncEnumerable<Moved> RoomAsync(string name, HashSet<Jid> reserved, [EnumeratorCancellation] CancellationToken stop)
    {
        if (!Jid.TryParse($"{name}@{here}", out var jid) || !Jid.TryParse($"{name}@{there}", out var old))
        {
            report.LeftBehind($"{name}@{there}", "a room whose name is no address");
            yield break;
        }
        var (text, created) = await OptionsAsync(name, stop);
        ImmutableDictionary<string, object>? options = null;
        try
        {
            options = Options(text);
        }
        catch (FormatException e)
        {
            report.LeftBehind(jid.ToString(), $"a room whose options are damaged ({e.Message})");
        }
        if (options is null) yield break;
        if (!IsTrue(options, "persistent"))
        {
            report.LeftBehind(jid.ToString(), "a temporary room, which ends with its last occupant");
            yield break;
        }

        var room = new ForeignRoom(jid, old, report) { Created = created };
        Configure(room, options);
        Affiliate(room, options);
        foreach (var (who, nick) in _registered)
            if (room.TryReserve(who, nick)) reserved.Add(who);
        foreach (var piece in room.Pieces()) yield return piece;

        var taken = new ForeignMessages(room);
        await using var archive = await connection.QueryAsync(
            "SELECT timestamp, peer, xml, nick FROM archive WHERE username = @p0 AND kind = 'groupchat' ORDER BY timestamp, id", stop, old.ToString());
        for (long? last = null; await archive.ReadAsync(stop);)
        {
            // Its ids are its times: what has the same one is the same message, brought into the database twice.
            var micros = Convert.ToInt64(archive.GetValue(0), CultureInfo.InvariantCulture);
            if (micros == last) continue;
            last = micros;
            if (!StanzaParser.TryParse(System.Text.Encoding.UTF8.GetBytes(archive.GetString(2)), out var xml))
            {
                room.LeftBehind("a message that is damaged or compressed (compress_xml)");
                continue;
            }
            _ = Jid.TryParse(archive.GetString(1), out var author);
            var nick = await archive.IsDBNullAsync(3, stop) ? null : archive.GetString(3);
            if (taken.Take(micros.ToString(CultureInfo.InvariantCulture), micros, xml, author, nick) is { } message) yield return new MovedMessage(message);
        }
    }

    private async Task<(string Options, DateTimeOffset Created)> OptionsAsync(string name, CancellationToken stop)
    {
        await using var rows = await connection.QueryAsync("SELECT opts, created_at FROM muc_room WHERE name = @p0 AND host = @p1", stop, name, there.ToString());
        await rows.ReadAsync(stop);
        var created = rows.GetValue(1) switch
        {
            DateTime time => new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)),
            string written when DateTimeOffset.TryParse(written, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) => time,
            _ => now,
        };
        // Some releases write the first days of 1970 for all rooms.
        return (rows.GetString(0), created.Year > 1970 ? created : now);
    }

    // A list of pairs, of which the first of a name counts.
    private static ImmutableDictionary<string, object> Options(string text)
    {
        var all = ImmutableDictionary.CreateBuilder<string, object>();
        foreach (var pair in ErlangReader.Read(text) as ImmutableArray<object>? ?? throw new FormatException("no list"))
            if (pair is ErlangTuple { Items: [Atom { Name: var name }, var value] }) all.TryAdd(name, value);
        return all.ToImmutable();
    }

    private static void Configure(ForeignRoom room, ImmutableDictionary<string, object> options)
    {
        room.Set(PersistentRoom.Persistent, true);
        foreach (var (name, toggle) in Toggles)
            if (options.GetValueOrDefault(name) is Atom { Name: "true" or "false" } word) room.Set(toggle, word.Name == "true");
        if (Text(options, "title") is { } title) room.Set(About.Name, title);
        if (Text(options, "description") is { } description) room.Set(About.Description, description);
        if (Text(options, "lang") is { } language) room.Set(About.Language, language);
        if (Text(options, "pubsub") is { } node) room.Set(About.PubSub, node);
        if (IsTrue(options, "password_protected") && Text(options, "password") is { } password) room.Set(Password.Secret, password);
        room.Set(Anonymity.Whois, options.GetValueOrDefault("anonymous") is Atom { Name: "false" } ? "anyone" : "moderators");
        AllowPrivateMessages(room, options);
        if (options.GetValueOrDefault("max_users") is double most) room.Set(MaxOccupants.Maximum, most.ToString(CultureInfo.InvariantCulture));
        if (options.GetValueOrDefault("voice_request_min_interval") is double seconds) room.Set(VoiceRequests.Interval, seconds.ToString(CultureInfo.InvariantCulture));
        if (options.GetValueOrDefault("presence_broadcast") is ImmutableArray<object> roles)
            room.Set(PresenceBroadcast.Roles, [.. roles.OfType<Atom>().Select(r => r.Name)]);
        if (Text(options, "salt") is { } salt) room.SetSalt(salt, OccupantIdScheme.Ejabberd(room.There));
        SetSubject(room, options);
        if (Text(options, "vcard") is { } card)
        {
            if (StanzaParser.TryParse(System.Text.Encoding.UTF8.GetBytes(card), out var xml)) room.SetCard(xml);
            else room.LeftBehind("a picture that is too large or damaged");
        }
        if (IsTrue(options, "captcha_protected")) room.LeftBehind("CAPTCHA at the entrance");
        if (IsTrue(options, "logging")) room.LeftBehind("the log as web pages");
        if (options.GetValueOrDefault("subscribers") is ImmutableArray<object> { IsEmpty: false }) room.LeftBehind("subscriptions (MucSub)");
        if (options.GetValueOrDefault("hats_users") is ImmutableArray<object> { IsEmpty: false }) room.LeftBehind("hats (XEP-0317)");
        foreach (var unknown in options.Keys.Where(k => !Toggles.ContainsKey(k) && !Passed.Contains(k))) room.LeftBehind($"the setting \"{unknown}\"");
    }

    // Newer releases say who may, older ones whether all may and whom visitors may write to.
    private static void AllowPrivateMessages(ForeignRoom room, ImmutableDictionary<string, object> options)
    {
        if (options.GetValueOrDefault("allowpm") is Atom { Name: var allowed }) room.Set(PrivateMessages.Allowed, allowed);
        else if (options.GetValueOrDefault("allow_private_messages") is Atom { Name: "false" }) room.Set(PrivateMessages.Allowed, "none");
        if (options.GetValueOrDefault("allow_private_messages_from_visitors") is Atom { Name: "nobody" } && room.Config.Get(PrivateMessages.Allowed) == "anyone")
            room.Set(PrivateMessages.Allowed, "participants");
    }

    // Older releases kept one text, newer ones keep one for each language, of which we take the first.
    private static void SetSubject(ForeignRoom room, ImmutableDictionary<string, object> options)
    {
        var subject = options.GetValueOrDefault("subject") switch
        {
            string text => text,
            ImmutableArray<object> texts => texts.OfType<ErlangTuple>().Select(t => t.Items is [Atom { Name: "text" }, _, string text] ? text : null).FirstOrDefault(),
            _ => null,
        };
        var author = options.GetValueOrDefault("subject_author") switch
        {
            string nick => nick,
            ErlangTuple { Items: [string nick, ..] } => nick,
            _ => null,
        };
        if (!string.IsNullOrEmpty(subject)) room.SetSubject(subject, string.IsNullOrEmpty(author) ? null : author, room.Created);
    }

    // {{User, Server, Resource}, Affiliation} or {…, {Affiliation, Reason}}.
    private static void Affiliate(ForeignRoom room, ImmutableDictionary<string, object> options)
    {
        foreach (var entry in options.GetValueOrDefault("affiliations") as ImmutableArray<object>? ?? [])
        {
            if (entry is not ErlangTuple { Items: [ErlangTuple { Items: [string user, string server, ..] }, var what] })
            {
                room.LeftBehind("an affiliation of what is no address");
                continue;
            }
            var (affiliation, reason) = what switch
            {
                Atom { Name: var word } => (word, null),
                ErlangTuple { Items: [Atom { Name: var word }, string why] } => (word, why),
                ErlangTuple { Items: [Atom { Name: var word }, ..] } => (word, null),
                _ => ((string?)null, (string?)null),
            };
            room.Affiliate(user.Length > 0 ? $"{user}@{server}" : server, affiliation, null, reason);
        }
    }

    private static bool IsTrue(ImmutableDictionary<string, object> options, string name) => options.GetValueOrDefault(name) is Atom { Name: "true" };

    // An empty text is as good as none.
    private static string? Text(ImmutableDictionary<string, object> options, string name) => options.GetValueOrDefault(name) is string { Length: > 0 } text ? text : null;
}
