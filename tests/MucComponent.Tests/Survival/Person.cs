using System.Xml.Linq;
using MucComponent.Conversations;

namespace MucComponent.Tests.Survival;

/// <summary>Somebody at a real client, who waits for what they expect, and remembers what came instead.</summary>
public sealed class Person : IAsyncDisposable
{
    /// <summary>Against tests that would never end.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>How often to look for what no stanza tells.</summary>
    public static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(10);

    private static readonly XNamespace Mam = "urn:xmpp:mam:2";

    private static readonly XName StanzaId = XName.Get("stanza-id", "urn:xmpp:sid:0");

    private readonly HashSet<string> _known = [];
    private readonly IClient _client;
    private readonly string _nick;

    private Person(IClient client, string nick) => (_client, _nick) = (client, nick);

    /// <summary>Logs in at the same address every time.</summary>
    public static async Task<Person> ConnectAsync(IServer server, string name, string resource = "home") =>
        new(await server.ConnectAsync($"{name}@localhost/{resource}", "password", default), name);

    public Task SendAsync(string xml) => _client.SendAsync(xml, default);

    public Task SayAsync(string room, string body, string? id = null) =>
        SendAsync($"<message to='{room}' type='groupchat' id='{id ?? $"{Guid.NewGuid()}"}'><body>{body}</body></message>");

    /// <summary>Comes in under their own name, and hears how they are in; the first one makes it a room that lasts, or a temporary one.</summary>
    /// <param name="options">What else the first one switches on, by the names of the form's fields.</param>
    public async Task<XElement> EnterAsync(string room, bool persistent = true, params string[] options)
    {
        await SendAsync($"<presence to='{room}/{_nick}'><x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='0'/></x></presence>");
        var self = await HearsAsync(s => s.Name.LocalName == "presence" && Codes(s).Contains("110"));
        if (Codes(self).Contains("201"))
        {
            await SendAsync($"""
                <iq to='{room}' type='set' id='config'><query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'>
                  <field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#roomconfig</value></field>
                  <field var='muc#roomconfig_persistentroom'><value>{(persistent ? 1 : 0)}</value></field>
                  {string.Concat(options.Select(option => $"<field var='{option}'><value>1</value></field>"))}
                </x></query></iq>
                """);
            await HearsAsync(s => (string?)s.Attribute("id") == "config");
        }
        else
        {
            await HearsAsync(s => s.Element(ScriptXml.Client + "subject") is not null);
        }
        return self;
    }

    /// <summary>
    /// The very next thing they are told. A message that says nothing, by which a room finds out who is there, no client
    /// shows; nor one that they know by its stanza-id (XEP-0359) and that is told once more, late (XEP-0203).
    /// </summary>
    public async Task<XElement> HearsNextAsync()
    {
        while (true)
        {
            var heard = await HearsWithinAsync(Patience) ?? throw new TimeoutException($"{_client.Jid} hears nothing");
            var isNew = heard.Element(StanzaId) is not { } id || _known.Add((string)id.Attribute("id")!);
            if (isNew || !heard.Elements().Any(e => e.Name.LocalName == "delay")) return heard;
        }
    }

    /// <summary>The very next thing they are told, or null if nothing comes in this time.</summary>
    public async Task<XElement?> HearsWithinAsync(TimeSpan time)
    {
        using var late = new CancellationTokenSource(time);
        try
        {
            while (true)
                if (await _client.ReceiveAsync(late.Token) is var heard && !SaysNothing(heard)) return heard;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>The next thing like this; what comes before it is passed over.</summary>
    public async Task<XElement> HearsAsync(Func<XElement, bool> what)
    {
        while (true)
        {
            var heard = await HearsNextAsync();
            if (what(heard)) return heard;
        }
    }

    public Task<XElement> HearsAsync(string body) => HearsAsync(s => BodyOf(s) == body);

    /// <summary>The error that answers what they sent with this id: its condition.</summary>
    public async Task<string> HearsErrorAsync(string id) =>
        (await HearsAsync(s => (string?)s.Attribute("id") == id && (string?)s.Attribute("type") == "error"))
        .Elements().Single(e => e.Name.LocalName == "error").Elements().First().Name.LocalName;

    /// <summary>Who is in, with the client that is shown, as the room's owner may see them; in the order of their addresses.</summary>
    public async Task<string[]> OccupantsAsync(string room)
    {
        var jids = new List<string>();
        foreach (var role in new[] { "moderator", "participant" })
        {
            await SendAsync($"<iq to='{room}' type='get' id='{role}'><query xmlns='http://jabber.org/protocol/muc#admin'><item role='{role}'/></query></iq>");
            var list = await HearsAsync(s => (string?)s.Attribute("id") == role);
            jids.AddRange(list.Descendants().Where(e => e.Name.LocalName == "item").Select(e => (string)e.Attribute("jid")!));
        }
        return [.. jids.Order(StringComparer.Ordinal)];
    }

    /// <summary>The room's whole archive, page by page (XEP-0313): each message's id and what it says.</summary>
    public async Task<IReadOnlyList<(string Id, string? Body)>> ReadArchiveAsync(string room)
    {
        var all = new List<(string Id, string? Body)>();
        for (var page = 1; ; page++)
        {
            var after = all.Count > 0 ? $"<after>{all[^1].Id}</after>" : "";
            await SendAsync($"""
                <iq to='{room}' type='set' id='page{page}'><query xmlns='{Mam}'><set xmlns='http://jabber.org/protocol/rsm'><max>100</max>{after}</set></query></iq>
                """);
            while (true)
            {
                var heard = await HearsNextAsync();
                if (heard.Element(Mam + "result") is { } result) all.Add(((string)result.Attribute("id")!, BodyOf(result.Descendants(ScriptXml.Client + "message").Single())));
                if ((string?)heard.Attribute("id") != $"page{page}") continue;
                if ((string?)heard.Element(Mam + "fin")?.Attribute("complete") == "true") return all;
                if ((string?)heard.Attribute("type") == "error") throw new IOException($"the archive is not shown: {heard}");
                break;
            }
        }
    }

    /// <summary>Their network or power fails: they say nothing more, not even goodbye.</summary>
    public void Vanish() => ((XmppClient)_client).Vanish();

    public static string? BodyOf(XElement stanza) => (string?)stanza.Element(ScriptXml.Client + "body");

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    private static bool SaysNothing(XElement stanza) =>
        stanza.Name.LocalName == "message" && stanza.Elements().All(e => e.Name.LocalName == "no-store");

    public static IEnumerable<string?> Codes(XElement stanza) => stanza.Descendants().Where(e => e.Name.LocalName == "status").Select(e => (string?)e.Attribute("code"));
}
