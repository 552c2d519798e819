using System.Xml.Linq;
using MucComponent.Conversations;

namespace MucComponent.Tests.Survival;

/// <summary>Somebody at a real client, who waits for what they expect, and remembers what came instead.</summary>
public sealed class Person : IAsyncDisposable
{
    /// <summary>Against tests that would never end.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly IClient _client;
    private readonly string _nick;

    private Person(IClient client, string nick) => (_client, _nick) = (client, nick);

    /// <summary>Logs in at the same address every time.</summary>
    public static async Task<Person> ConnectAsync(IServer server, string name, string resource = "home") =>
        new(await server.ConnectAsync($"{name}@localhost/{resource}", "password", default), name);

    public Task SendAsync(string xml) => _client.SendAsync(xml, default);

    public Task SayAsync(string room, string body, string? id = null) =>
        SendAsync($"<message to='{room}' type='groupchat' id='{id ?? $"{Guid.NewGuid()}"}'><body>{body}</body></message>");

    /// <summary>Comes in under their own name; the first one makes it a room that lasts.</summary>
    public async Task EnterAsync(string room)
    {
        await SendAsync($"<presence to='{room}/{_nick}'><x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='0'/></x></presence>");
        var self = await HearsAsync(s => s.Name.LocalName == "presence" && Codes(s).Contains("110"));
        if (Codes(self).Contains("201"))
        {
            await SendAsync($"""
                <iq to='{room}' type='set' id='config'><query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'>
                  <field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#roomconfig</value></field>
                  <field var='muc#roomconfig_persistentroom'><value>1</value></field>
                </x></query></iq>
                """);
            await HearsAsync(s => (string?)s.Attribute("id") == "config");
        }
        else
        {
            await HearsAsync(s => s.Element(ScriptXml.Client + "subject") is not null);
        }
    }

    /// <summary>The very next thing they are told. A message that says nothing, by which a room finds out who is there, no client shows.</summary>
    public async Task<XElement> HearsNextAsync() =>
        await HearsWithinAsync(Patience) ?? throw new TimeoutException($"{_client.Jid} hears nothing");

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

    public static string? BodyOf(XElement stanza) => (string?)stanza.Element(ScriptXml.Client + "body");

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    private static bool SaysNothing(XElement stanza) =>
        stanza.Name.LocalName == "message" && stanza.Elements().All(e => e.Name.LocalName == "no-store");

    public static IEnumerable<string?> Codes(XElement stanza) => stanza.Descendants().Where(e => e.Name.LocalName == "status").Select(e => (string?)e.Attribute("code"));
}
