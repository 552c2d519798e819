using System.Buffers;

namespace MucComponent.Xmpp;

/// <summary>What a piece of the stream is.</summary>
public enum FrameKind
{
    /// <summary>The server's <c>&lt;stream:stream …&gt;</c>, with the XML declaration if there is one.</summary>
    Header,

    /// <summary>One whole element of the first level.</summary>
    Stanza,

    /// <summary>An element that was not kept; <see cref="Frame.Bytes"/> is its opening tag, or empty if that is not known.</summary>
    Refused,

    /// <summary><c>&lt;/stream:stream&gt;</c>.</summary>
    Close,

    /// <summary>This is no XML stream, or none any more; <see cref="Frame.Bytes"/> is how it goes on. Nothing sensible follows.</summary>
    Broken,
}

/// <summary>Why an element was not kept.</summary>
public enum Refusal
{
    TooBig,
    TooDeep,

    /// <summary>A comment, processing instruction or DTD (RFC 6120 §11.1).</summary>
    RestrictedXml,
}

/// <summary>One piece of the stream. The bytes lie in the caller's buffer, or in a small copy where the element was refused.</summary>
/// <param name="Refusal">Says something only where the kind is <see cref="FrameKind.Refused"/>.</param>
public readonly record struct Frame(FrameKind Kind, ReadOnlySequence<byte> Bytes, Refusal Refusal = default);

/// <summary>
/// Bytes → one whole stanza's bytes (RFC 6120 §4.2, §11). It only finds where elements end, so that each can be parsed on
/// its own: a stanza that makes no sense costs that stanza and not the stream. What is refused (too big, too deep,
/// restricted XML) is passed over without being kept, so that the stream stays up and the sender can be told.
/// <para>
/// The caller keeps the bytes. It comes with what is left of the last time and what has arrived since; the framer
/// remembers how far it has looked, so a big stanza in many small pieces is looked at once.
/// </para>
/// </summary>
public sealed class StanzaFramer(int maxBytes = StanzaFramer.DefaultMaxBytes, int maxDepth = StanzaParser.MaxDepth)
{
    /// <summary>Twice what servers let through by default (Prosody: 512 kB from other servers), as they may write it longer than they read it.</summary>
    public const int DefaultMaxBytes = 1024 * 1024;

    /// <summary>Two addresses of 3,071 bytes and some; longer opening tags are not worth an answer.</summary>
    private const int MaxOpeningTag = 8 * 1024;

    /// <summary>A refused element that never ends means that the server and we no longer agree on where we are.</summary>
    private const int MaxRefusedStanzas = 64;

    private enum At
    {
        Between,
        Text,
        Markup,
        Tag,
        DoubleQuotes,
        SingleQuotes,
        EndTag,
        Exclamation,
        CData,
        Comment,
        Instruction,
        Declaration,
    }

    private At _at;
    private bool _streamIsOpen;
    private int _depth;
    private int _angles;
    private byte _last, _lastButOne;

    private long _seen;
    private long _passedOver;
    private int _openingTag;
    private Refusal? _refusal;
    private byte[] _opening = [];
    private FrameKind? _found;

    /// <summary>
    /// Takes the next piece off the front of the buffer. False: all of the buffer was looked at, and what is left in it
    /// must be there again, at the front, the next time.
    /// </summary>
    public bool TryNext(ref ReadOnlySequence<byte> buffer, out Frame frame)
    {
        if (_at == At.Between && !TryReachMarkup(ref buffer, out frame)) return frame.Kind == FrameKind.Broken;

        _found = null;
        foreach (var piece in buffer.Slice(_seen))
        {
            Look(piece.Span);
            if (_found is not null) break;
        }
        if (_passedOver + _seen > maxBytes) _refusal = Refusal.TooBig;
        if (_refusal is not null && _passedOver == 0) _opening = OpeningTag(buffer);

        if (_found is { } kind)
        {
            frame = kind switch
            {
                FrameKind.Broken => Broken(buffer),
                FrameKind.Stanza when _refusal is { } refusal => new(FrameKind.Refused, new(_opening), refusal),
                _ => new(kind, buffer.Slice(0, _seen)),
            };
            buffer = buffer.Slice(_seen);
            StartAnew();
            return true;
        }

        frame = default;
        if (_refusal is null) return false;
        if (!_streamIsOpen || _passedOver > (long)MaxRefusedStanzas * maxBytes)
        {
            frame = Broken(buffer);
            return true;
        }
        buffer = buffer.Slice(buffer.End);
        _passedOver += _seen;
        _seen = 0;
        return false;
    }

    /// <summary>Passes over white space (keepalives). Nothing else may stand between stanzas.</summary>
    private static bool TryReachMarkup(ref ReadOnlySequence<byte> buffer, out Frame frame)
    {
        var reader = new SequenceReader<byte>(buffer);
        reader.AdvancePastAny((byte)' ', (byte)'\n', (byte)'\r', (byte)'\t');
        buffer = reader.UnreadSequence;
        frame = reader.TryPeek(out var first) && first != '<' ? Broken(buffer) : default;
        return !reader.End && first == '<';
    }

    /// <summary>Goes from one byte that means something to the next; stops behind the one that ends a frame.</summary>
    private void Look(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var next = _at switch
            {
                At.Between or At.Markup or At.Exclamation => 0,
                At.Text => bytes.IndexOf((byte)'<'),
                At.Tag => bytes.IndexOfAny((byte)'>', (byte)'"', (byte)'\''),
                At.DoubleQuotes => bytes.IndexOf((byte)'"'),
                At.SingleQuotes => bytes.IndexOf((byte)'\''),
                At.Declaration => bytes.IndexOfAny((byte)'<', (byte)'>'),
                _ => bytes.IndexOf((byte)'>'),
            };
            if (next < 0)
            {
                Pass(bytes);
                return;
            }
            Pass(bytes[..next]);
            _seen++;
            Turn(bytes[next]);
            if (_found is not null) return;
            Remember(bytes[next]);
            bytes = bytes[(next + 1)..];
        }
    }

    private void Turn(byte here)
    {
        switch (_at)
        {
            case At.Between or At.Text:
                _at = At.Markup;
                break;
            case At.Markup:
                _at = here switch { (byte)'/' => At.EndTag, (byte)'!' => At.Exclamation, (byte)'?' => At.Instruction, _ => At.Tag };
                if (_at == At.Tag && _streamIsOpen && ++_depth > maxDepth) _refusal ??= Refusal.TooDeep;
                break;
            case At.Tag when here == '"':
                _at = At.DoubleQuotes;
                break;
            case At.Tag when here == '\'':
                _at = At.SingleQuotes;
                break;
            case At.Tag:
                EndOpeningTag(selfClosing: _last == '/');
                break;
            case At.DoubleQuotes or At.SingleQuotes:
                _at = At.Tag;
                break;
            case At.EndTag:
                if (!_streamIsOpen) _found = FrameKind.Broken;
                else if (_depth == 0) _found = FrameKind.Close;
                else EndElement();
                break;
            case At.Exclamation:
                _at = here switch { (byte)'[' => At.CData, (byte)'-' => At.Comment, _ => At.Declaration };
                _angles = 1;
                // Before the header only its XML declaration may stand, and CDATA between stanzas would be text.
                if (!_streamIsOpen || (_at == At.CData && _depth == 0)) _found = FrameKind.Broken;
                else if (_at != At.CData) _refusal ??= Refusal.RestrictedXml;
                break;
            case At.CData:
                if (_last == ']' && _lastButOne == ']') _at = At.Text;
                break;
            case At.Comment:
                if (_last == '-' && _lastButOne == '-') EndAside();
                break;
            case At.Instruction:
                if (_streamIsOpen) _refusal ??= Refusal.RestrictedXml;
                if (_last == '?') EndAside();
                break;
            case At.Declaration:
                _angles += here == '<' ? 1 : -1;
                if (_angles == 0) EndAside();
                break;
        }
    }

    private void EndOpeningTag(bool selfClosing)
    {
        if (!_streamIsOpen)
        {
            _found = selfClosing ? FrameKind.Broken : FrameKind.Header;
            _streamIsOpen = true;
            return;
        }
        if (_depth == 1) _openingTag = (int)_seen;
        if (selfClosing) EndElement();
        else _at = At.Text;
    }

    private void EndElement()
    {
        _at = At.Text;
        if (--_depth == 0) _found = FrameKind.Stanza;
    }

    /// <summary>A comment and its like is over: inside a stanza the stanza goes on, between stanzas it stands for itself.</summary>
    private void EndAside()
    {
        _at = At.Text;
        if (_streamIsOpen && _depth == 0) _found = FrameKind.Stanza;
    }

    private void StartAnew()
    {
        _at = At.Between;
        _seen = _passedOver = _openingTag = 0;
        _refusal = null;
        _opening = [];
    }

    private byte[] OpeningTag(in ReadOnlySequence<byte> buffer) =>
        _openingTag > 0 && _openingTag <= Math.Min(MaxOpeningTag, maxBytes) ? buffer.Slice(0, _openingTag).ToArray() : [];

    private static Frame Broken(in ReadOnlySequence<byte> buffer) =>
        new(FrameKind.Broken, buffer.Slice(0, Math.Min(buffer.Length, 64)));

    private void Pass(ReadOnlySpan<byte> bytes)
    {
        _seen += bytes.Length;
        if (bytes.Length > 1) Remember(bytes[^2]);
        if (bytes.Length > 0) Remember(bytes[^1]);
    }

    private void Remember(byte here) => (_lastButOne, _last) = (_last, here);
}
