using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace MucComponent.Xmpp;

/// <summary>
/// One stream of the component protocol, seen from the component (XEP-0114 §3; RFC 6120 §4): bytes in, events out, no I/O.
/// <para>
/// Send <see cref="Opening"/>; hand what arrives to <see cref="TryNext"/> and send the <see cref="HeaderReceived.Answer"/>;
/// after <see cref="Authenticated"/> stanzas flow; end with <see cref="Closing"/>. The order of what the server may say is
/// header, handshake, stanzas, close; a stream error may come at any time after the header.
/// </para>
/// </summary>
public sealed class ComponentStream(string domain, string secret, StanzaFramer framer)
{
    private enum Expects
    {
        Header,
        Handshake,
        Stanzas,
        Nothing,
    }

    private Expects _expects = Expects.Header;
    private string _header = "";
    private string _prefix = "";
    private byte[] _errorTag = [];

    /// <summary>What to send first.</summary>
    public ReadOnlyMemory<byte> Opening { get; } = Encoding.UTF8.GetBytes(
        $"<?xml version='1.0'?><stream:stream xmlns='{Ns.Component}' xmlns:stream='{Ns.Streams}' to='{XmlText.Escape(domain)}'>");

    /// <summary>What to send last.</summary>
    public static ReadOnlyMemory<byte> Closing { get; } = "</stream:stream>"u8.ToArray();

    /// <summary>
    /// Takes the next event off the front of the buffer. False: there is none yet; what is left in the buffer must be there
    /// again, at the front, the next time.
    /// </summary>
    public bool TryNext(ref ReadOnlySequence<byte> buffer, out StreamEvent next)
    {
        next = null!;
        while (_expects != Expects.Nothing && framer.TryNext(ref buffer, out var frame))
        {
            if (Understand(frame) is not { } understood) continue;
            next = understood;
            if (next is StreamFailed or StreamClosed or StreamBroken) _expects = Expects.Nothing;
            return true;
        }
        return false;
    }

    private StreamEvent? Understand(in Frame frame) => frame.Kind switch
    {
        FrameKind.Header => Header(Encoding.UTF8.GetString(frame.Bytes)),
        FrameKind.Close => new StreamClosed(),
        FrameKind.Broken => new StreamBroken(_expects == Expects.Header
            ? $"This is no XMPP server, it begins with '{Printable(frame.Bytes)}'. {AskForPort}"
            : $"The server's stream is not XML any more at '{Printable(frame.Bytes)}'."),
        FrameKind.Stanza when Begins(frame.Bytes, _errorTag) => Error(Encoding.UTF8.GetString(frame.Bytes)),
        FrameKind.Stanza when _expects == Expects.Stanzas => new StanzaReceived(frame.Bytes),
        FrameKind.Stanza when Begins(frame.Bytes, "<handshake"u8) => Handshaken(),
        FrameKind.Refused when _expects == Expects.Stanzas => new StanzaRefused(frame.Refusal, frame.Bytes),
        _ => new StreamBroken("The server answered the handshake with something else."),
    };

    private StreamEvent? Header(string text)
    {
        // An opening tag alone is no document; a self-closing one is.
        if (Parse(text[..^1] + "/>") is not { } header || header.Name != Ns.Streams + "stream")
            return new StreamBroken($"This is no XMPP server, it begins with '{Printable(text)}'. {AskForPort}");
        var ns = header.Attribute("xmlns")?.Value ?? "";
        if (ns != Ns.Component.NamespaceName)
            return new StreamBroken($"The server answers in the namespace '{ns}' and not as to a component. {AskForPort}");

        _header = text;
        _prefix = header.GetPrefixOfNamespace(Ns.Streams)!;
        _errorTag = Encoding.UTF8.GetBytes($"<{_prefix}:error");
        _expects = Expects.Handshake;
        // Prosody leaves the id empty when an error follows; the secret is not to be hashed without one.
        return header.Attribute("id")?.Value is { Length: > 0 } id ? new HeaderReceived(id, Handshake(id)) : null;
    }

    private byte[] Handshake(string id)
    {
#pragma warning disable CA5350 // XEP-0114 knows no other hash.
        var hash = SHA1.HashData(Encoding.UTF8.GetBytes(id + secret));
#pragma warning restore CA5350
        return Encoding.UTF8.GetBytes($"<handshake>{Convert.ToHexStringLower(hash)}</handshake>");
    }

    private Authenticated Handshaken()
    {
        _expects = Expects.Stanzas;
        return new Authenticated();
    }

    private StreamFailed Error(string text)
    {
        // Its prefix is declared in the header.
        var stream = Parse($"{_header}{text}</{_prefix}:stream>");
        return new StreamFailed(stream is null ? new StreamError("undefined-condition", null) : StreamError.From(stream.Elements().First()));
    }

    /// <summary>The framer has seen to it that there is no DTD.</summary>
    private static XElement? Parse(string xml)
    {
        try
        {
            return XElement.Parse(xml);
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static bool Begins(in ReadOnlySequence<byte> bytes, ReadOnlySpan<byte> with) =>
        new SequenceReader<byte>(bytes).IsNext(with);

    private const string AskForPort = "Is MUC_SERVER_PORT the server's component port?";

    private static string Printable(in ReadOnlySequence<byte> bytes) => Printable(Encoding.UTF8.GetString(bytes));

    private static string Printable(string text) => string.Concat(text.Take(40).Select(c => c is < ' ' or > '~' ? '.' : c));
}
