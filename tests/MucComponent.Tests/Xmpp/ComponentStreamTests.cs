using System.Buffers;
using System.Text;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Xmpp;

/// <summary>XEP-0114 §3 as real servers speak it; each conversation is read whole and byte by byte.</summary>
public sealed class ComponentStreamTests
{
    private const string Xep = "<stream:stream xmlns:stream='http://etherx.jabber.org/streams' xmlns='jabber:component:accept' from='plays.shakespeare.lit' id='3BF96D32'>";
    private const string Prosody = "<?xml version='1.0'?><stream:stream xml:lang='en' id='3BF96D32' from='plays.shakespeare.lit' xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams'>";
    private const string Ejabberd = "<?xml version='1.0'?><stream:stream id=\"3BF96D32\" xmlns:stream=\"http://etherx.jabber.org/streams\" from=\"plays.shakespeare.lit\" xmlns=\"jabber:component:accept\">";
    private const string OtherPrefix = "<s:stream xmlns:s='http://etherx.jabber.org/streams' xmlns='jabber:component:accept' id='3BF96D32'>";

    [Test]
    public void It_opens_with_the_name_of_the_component() =>
        Assert.That(Encoding.UTF8.GetString(Stream().Opening.Span), Is.EqualTo(
            "<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' to='plays.shakespeare.lit'>"));

    [TestCase(Xep)]
    [TestCase(Prosody)]
    [TestCase(Ejabberd)]
    [TestCase(OtherPrefix)]
    public void Header_handshake_and_stanzas_follow_each_other(string header) => Gives(
        header + "<handshake/>\n<message id='1'/> <iq/></" + (header == OtherPrefix ? "s" : "stream") + ":stream>",
        "Header 3BF96D32 <handshake>b09ea9b3b7f586be8a08d0a3dd7466f110aeb136</handshake>",
        "Authenticated", "Stanza <message id='1'/>", "Stanza <iq/>", "Closed");

    // The digest is that of «3&BF'é» + «secret».
    [Test]
    public void The_id_counts_as_it_reads_and_not_as_it_is_written() => Gives(
        "<stream:stream xmlns:stream='http://etherx.jabber.org/streams' xmlns='jabber:component:accept' id='3&amp;BF&apos;&#xE9;'>",
        "Header 3&BF'é <handshake>df8338b14914274300d6c4bc24415cdb8aa8673b</handshake>");

    [TestCase("<stream:error><not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>", "not-authorized", null)]
    [TestCase("<stream:error><not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>Given token does not match calculated token</text></stream:error>", "not-authorized", "Given token does not match calculated token")]
    [TestCase("<stream:error><text xmlns='urn:ietf:params:xml:ns:xmpp-streams'> a </text><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>", "conflict", "a")]
    [TestCase("<stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>b.example:5347</see-other-host></stream:error>", "see-other-host", "b.example:5347")]
    [TestCase("<stream:error/>", "undefined-condition", null)]
    public void A_stream_error_may_come_instead_of_the_handshake_or_later(string error, string condition, string? text)
    {
        var expected = $"Failed {condition}: {text}";
        Gives(Xep + error, Greeting, expected);
        Gives(Xep + "<handshake/>" + error, Greeting, "Authenticated", expected);
    }

    [Test]
    public void Prosody_refuses_a_host_with_an_empty_id_and_the_secret_is_not_hashed_for_it() => Gives(
        Prosody.Replace("3BF96D32", "") + "<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>",
        "Failed host-unknown: ");

    [TestCase("HTTP/1.1 400 Bad Request\r\n", "This is no XMPP server, it begins with 'HTTP/1.1 400 Bad Request..'. Is MUC_SERVER_PORT the server's component port?")]
    [TestCase("<html><body>", "This is no XMPP server, it begins with '<html>'. Is MUC_SERVER_PORT the server's component port?")]
    [TestCase("<stream:stream id='1'>", "This is no XMPP server, it begins with '<stream:stream id='1'>'. Is MUC_SERVER_PORT the server's component port?")]
    [TestCase("<stream:stream xmlns:stream='http://etherx.jabber.org/streams' xmlns='jabber:client' id='1'>", "The server answers in the namespace 'jabber:client' and not as to a component. Is MUC_SERVER_PORT the server's component port?")]
    public void Another_protocol_is_told_plainly(string stream, string why)
    {
        var buffer = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(stream));
        Assert.That(Stream().TryNext(ref buffer, out var next));
        Assert.That(next, Is.EqualTo(new StreamBroken(why)));
    }

    [Test]
    public void Nothing_else_may_answer_the_handshake() =>
        Gives(Xep + "<message/>", Greeting, "Broken The server answered the handshake with something else.");

    [Test]
    public void Nothing_is_read_after_the_end() =>
        Gives(Xep + "<handshake/></stream:stream><message/>", Greeting, "Authenticated", "Closed");

    [Test]
    public void A_refused_stanza_leaves_the_stream_up() => Gives(
        Xep + "<handshake/><iq id='1'><!-- --></iq><iq id='2'/>",
        Greeting, "Authenticated", "Refused RestrictedXml <iq id='1'>", "Stanza <iq id='2'/>");

    private const string Greeting = "Header 3BF96D32 <handshake>b09ea9b3b7f586be8a08d0a3dd7466f110aeb136</handshake>";

    private static ComponentStream Stream() => new("plays.shakespeare.lit", "secret", new StanzaFramer());

    private static void Gives(string stream, params string[] events)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Read(stream, int.MaxValue), Is.EqualTo(events), "whole");
            Assert.That(Read(stream, 1), Is.EqualTo(events), "byte by byte");
        }
    }

    private static List<string> Read(string text, int step)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var stream = Stream();
        var events = new List<string>();
        for (int start = 0, end = 0; end < bytes.Length;)
        {
            end = (int)Math.Min((long)end + step, bytes.Length);
            var buffer = new ReadOnlySequence<byte>(bytes[start..end]);
            while (stream.TryNext(ref buffer, out var next)) events.Add(Say(next));
            start = end - (int)buffer.Length;
        }
        return events;
    }

    private static string Say(StreamEvent next) => next switch
    {
        HeaderReceived header => $"Header {header.Id} {Encoding.UTF8.GetString(header.Answer.Span)}",
        Authenticated => "Authenticated",
        StanzaReceived stanza => $"Stanza {Encoding.UTF8.GetString(stanza.Bytes)}",
        StanzaRefused refused => $"Refused {refused.Reason} {Encoding.UTF8.GetString(refused.OpeningTag)}",
        StreamFailed failed => $"Failed {failed.Error.Condition}: {failed.Error.Text}",
        StreamClosed => "Closed",
        StreamBroken broken => $"Broken {broken.Why}",
        _ => next.ToString(),
    };
}
