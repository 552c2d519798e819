using MucComponent.Conversations;
using NUnit.Framework;

namespace MucComponent.Tests.Survival;

/// <summary>What a real client can send through a real server that we would rather not get.</summary>
[TestFixture(Stage.Prosody)]
[TestFixture(Stage.Ejabberd)]
public sealed class MalformedStanzaTests(string name) : OnRealServer(name)
{
    /// <summary>Both servers take 256 KiB from a client.</summary>
    private const int BelowTheServersLimit = 250_000;

    private const string Elsewhere = "heath@conference.localhost";

    private ComponentProcess _component = null!;
    private Person _romeo = null!;
    private Person _juliet = null!;

    [SetUp]
    public async Task Enter()
    {
        _component = await AttachAsync();
        _romeo = await ConnectAsync("romeo");
        _juliet = await ConnectAsync("juliet");
        foreach (var room in new[] { Room, Elsewhere })
        {
            await _romeo.EnterAsync(room);
            await _juliet.EnterAsync(room);
        }
    }

    [TearDown]
    public async Task The_stream_is_still_the_first_one_and_another_room_goes_on()
    {
        await _romeo.SayAsync(Elsewhere, "all is well");
        await _juliet.HearsAsync("all is well");
        Assert.That(_component.Log.Count(line => line.Contains(ComponentProcess.StreamIsUp, StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public async Task A_huge_message_is_heard_whole()
    {
        var words = new string('x', BelowTheServersLimit);
        await _romeo.SayAsync(Room, words);
        await _juliet.HearsAsync(words);
    }

    // Servers write six bytes for each quotation mark. The second does not even reach a room.
    [TestCase(120_000, null)]
    [TestCase(BelowTheServersLimit, "policy-violation")]
    public async Task A_message_that_grows_on_its_way_to_us_is_heard_or_refused(int length, string? refusal)
    {
        var words = new string('\'', length);
        await _romeo.SendAsync($"<message to='{Room}' type='groupchat' id='quotes'><body>{words}</body></message>");
        if (refusal is null) await _juliet.HearsAsync(words);
        else Assert.That(await _romeo.HearsErrorAsync("quotes"), Is.EqualTo(refusal));
    }

    [Test]
    public async Task A_message_that_grows_on_its_way_from_us_is_refused_before_it_would_end_the_stream()
    {
        // In small tags and with something after it: a server's XML parser may wait for more behind a large or a last one.
        var quotes = string.Concat(Enumerable.Repeat($"<x xmlns='urn:example' x=\"{new string('\'', 1_000)}\"/>", 120));
        await _romeo.SendAsync($"<message to='{Room}' type='groupchat' id='quotes'><body>quotes</body>{quotes}</message>{new string(' ', 4_000)}");
        Assert.That(await _romeo.HearsErrorAsync("quotes"), Is.EqualTo("policy-violation"));
    }

    [TestCase(50, null)]
    [TestCase(1000, "policy-violation")]
    public async Task Deep_nesting_is_carried_or_refused(int depth, string? refusal)
    {
        var nested = string.Concat(Enumerable.Repeat("<x xmlns='urn:example'>", depth)) + string.Concat(Enumerable.Repeat("</x>", depth));
        await _romeo.SendAsync($"<message to='{Room}' type='groupchat' id='deep'><body>deep</body>{nested}</message>");
        if (refusal is null) Assert.That((await _juliet.HearsAsync("deep")).Descendants("{urn:example}x").Count(), Is.EqualTo(depth));
        else Assert.That(await _romeo.HearsErrorAsync("deep"), Is.EqualTo(refusal));
    }

    [Test]
    public async Task Unknown_namespaces_are_carried_as_they_are()
    {
        await _romeo.SendAsync($"<message to='{Room}' type='groupchat'><body>strange</body><a:b xmlns:a='urn:example:a' xml:lang='x-y' a:c='&lt;'><d xmlns=''/></a:b></message>");
        var strange = (await _juliet.HearsAsync("strange")).Element("{urn:example:a}b");
        Assert.That((string?)strange?.Attribute("{urn:example:a}c"), Is.EqualTo("<"));
        Assert.That(strange?.Element("d"), Is.Not.Null);
    }

    private static readonly (string Xml, string Condition)[] Nonsense =
    [
        ($"<iq to='{Room}' type='get' id='bad'><query xmlns='urn:example'/></iq>", "service-unavailable"),
        ($"<iq to='{Room}' type='set' id='bad'><query xmlns='http://jabber.org/protocol/muc#owner'/></iq>", "bad-request"),
        ("<iq to='conference.localhost' type='get' id='bad'><query xmlns='urn:example'/></iq>", "service-unavailable"),
        ("<presence to='none@conference.localhost' id='bad'><x xmlns='http://jabber.org/protocol/muc'/></presence>", "jid-malformed"),
        (Admin("jid='@localhost' affiliation='member'"), "jid-malformed"),
        (Admin("jid='a@b@c' affiliation='member'"), "jid-malformed"),
        (Admin("jid='a@b' affiliation='emperor'"), "bad-request"),
        (Admin("nick='nobody' role='none'"), "item-not-found"),
        ($"<message to='{Room}/nobody' type='chat' id='bad'><body>hello?</body></message>", "item-not-found"),
    ];

    [Test]
    public async Task What_makes_no_sense_is_refused()
    {
        foreach (var (xml, condition) in Nonsense)
        {
            await _romeo.SendAsync(xml);
            Assert.That(await _romeo.HearsErrorAsync("bad"), Is.EqualTo(condition), xml);
        }
    }

    private static string Admin(string item) =>
        $"<iq to='{Room}' type='set' id='bad'><query xmlns='http://jabber.org/protocol/muc#admin'><item {item}/></query></iq>";
}
