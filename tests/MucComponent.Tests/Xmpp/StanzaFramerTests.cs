using System.Buffers;
using System.Text;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Xmpp;

/// <summary>Each case is read whole, byte by byte, and in threes; with what follows it left alone.</summary>
public sealed class StanzaFramerTests
{
    private const string Header = "<?xml version='1.0'?><stream:stream id='1'>";

    private static readonly TestCaseData<string, string[]>[] Streams =
    [
        new("<a/>", ["Stanza <a/>"]) { TestName = "A self-closing element is a stanza" },
        new("<a></a>", ["Stanza <a></a>"]) { TestName = "So is an empty one" },
        new("<a b='c'>d<e f=\"g\"/>h</a>", ["Stanza <a b='c'>d<e f=\"g\"/>h</a>"]) { TestName = "Children belong to it" },
        new("<a/><b/> <c/>", ["Stanza <a/>", "Stanza <b/>", "Stanza <c/>"]) { TestName = "Stanzas follow each other" },
        new(" \n<a/>\t\r\n <b/> ", ["Stanza <a/>", "Stanza <b/>"]) { TestName = "White space between stanzas is a keepalive" },
        new("<a b='/>' c=\">'</a>\"><d e='\">'/></a>", ["Stanza <a b='/>' c=\">'</a>\"><d e='\">'/></a>"]) { TestName = "Markup in quotes is text" },
        new("<a b='/'>c</a >", ["Stanza <a b='/'>c</a >"]) { TestName = "A slash at the end of a value closes nothing" },
        new("<a>/></a>", ["Stanza <a>/></a>"]) { TestName = "A bare greater-than sign is text" },
        new("<a><![CDATA[</a><b>]]]]><![CDATA[>]]></a>", ["Stanza <a><![CDATA[</a><b>]]]]><![CDATA[>]]></a>"]) { TestName = "CDATA is text" },
        new("<a><b><b><b/></b></b></a><c/>", ["Stanza <a><b><b><b/></b></b></a>", "Stanza <c/>"]) { TestName = "Nesting is followed" },
        new("<a>\u00e9\u20ac\U0001f9d9</a>", ["Stanza <a>\u00e9\u20ac\U0001f9d9</a>"]) { TestName = "UTF-8 passes through" },
        new("<a/></stream:stream>", ["Stanza <a/>", "Close </stream:stream>"]) { TestName = "The stream's end is seen" },
        new("<a b='1'><!-- </a> > -- ' --><c/></a><d/>", ["Refused RestrictedXml <a b='1'>", "Stanza <d/>"]) { TestName = "A comment is refused with its stanza" },
        new("<a><?php </a> > ?></a><d/>", ["Refused RestrictedXml <a>", "Stanza <d/>"]) { TestName = "A processing instruction is refused with its stanza" },
        new("<a><!DOCTYPE a [<!ENTITY b \"c\">]></a><d/>", ["Refused RestrictedXml <a>", "Stanza <d/>"]) { TestName = "A DTD is refused with its stanza" },
        new("<!-- x --><?y?><!DOCTYPE z><d/>", ["Refused RestrictedXml ", "Refused RestrictedXml ", "Refused RestrictedXml ", "Stanza <d/>"]) { TestName = "Between stanzas each is refused for itself" },
        new("<a><b><c><d/></c></b></a>", ["Stanza <a><b><c><d/></c></b></a>"]) { TestName = "Four deep is not too deep" },
        new("<a x='1'><b><c><d><e/></d></c></b></a><f/>", ["Refused TooDeep <a x='1'>", "Stanza <f/>"]) { TestName = "Five deep is too deep" },
        new("<a><b>4567890123456789012345678901234567890</b></a><f/>", ["Stanza <a><b>4567890123456789012345678901234567890</b></a>", "Stanza <f/>"]) { TestName = "Fifty-one bytes are not too big" },
        new("<a id='1'>0123456789012345678901234567890123456789012345678</a><f/>", ["Refused TooBig <a id='1'>", "Stanza <f/>"]) { TestName = "More than sixty bytes are too big" },
        new("<a id='01234567890123456789012345678901234567890123456789012345678'/><f/>", ["Refused TooBig ", "Stanza <f/>"]) { TestName = "Too big may be too big for its opening tag" },
        new("<a><b><c><d><e/></d></c></b>0123456789012345678901234567890123456789</a><f/>", ["Refused TooBig <a>", "Stanza <f/>"]) { TestName = "Too big goes before too deep" },
        new("<a/>text", ["Stanza <a/>", "Broken text"]) { TestName = "Text between stanzas is no XMPP" },
        new("<![CDATA[x]]>", ["Broken <![CDATA[x]]>"]) { TestName = "CDATA between stanzas is text" },
    ];

    [TestCaseSource(nameof(Streams))]
    public void What_is_in_the_stream(string stream, string[] frames)
    {
        using (Assert.EnterMultipleScope())
            foreach (var step in (int[])[int.MaxValue, 1, 3])
                Assert.That(Read(Header + stream, step).Skip(1), Is.EqualTo(frames).Using<string>(SameBeginning), $"in steps of {step}");
    }

    private static readonly TestCaseData<string, string>[] Headers =
    [
        new("<stream:stream id='>'>", "Header <stream:stream id='>'>") { TestName = "A header" },
        new("<?xml version='1.0'?>\n<stream:stream>", "Header <?xml version='1.0'?>\n<stream:stream>") { TestName = "A header after an XML declaration" },
        new("HTTP/1.1 400 Bad Request", "Broken HTTP/1.1 400 Bad Request") { TestName = "A web server" },
        new("<!DOCTYPE html>", "Broken <!DOCTYPE html>") { TestName = "A web page" },
        new("<stream:stream/>", "Broken <stream:stream/>") { TestName = "A header that closes itself" },
        new("</stream:stream>", "Broken </stream:stream>") { TestName = "An end without a beginning" },
        new("<!-- x --><stream:stream>", "Broken <!-- x -->") { TestName = "A comment before the header" },
        new($"<stream:stream id='{new string('x', 100)}", "Broken <stream:stream id='xxx") { TestName = "A header without an end" },
    ];

    [TestCaseSource(nameof(Headers))]
    public void What_begins_a_stream(string stream, string frame)
    {
        using (Assert.EnterMultipleScope())
            foreach (var step in (int[])[int.MaxValue, 1, 3])
                Assert.That(Read(stream, step), Is.EqualTo([frame]).Using<string>(SameBeginning), $"in steps of {step}");
    }

    [Test]
    public void A_contiguous_stanza_is_not_copied()
    {
        var bytes = Encoding.UTF8.GetBytes("<s><message>x</message>");
        var buffer = new ReadOnlySequence<byte>(bytes);
        var framer = new StanzaFramer();
        framer.TryNext(ref buffer, out _);

        framer.TryNext(ref buffer, out var frame);

        Assert.That(frame.Bytes.IsSingleSegment);
        bytes[3 + "<message>".Length] = (byte)'y';
        Assert.That(Encoding.UTF8.GetString(frame.Bytes), Is.EqualTo("<message>y</message>"));
    }

    [Test]
    public void Nothing_of_a_refused_stanza_has_to_be_kept()
    {
        var framer = new StanzaFramer(maxBytes: 20);
        var buffer = Bytes("<s><a>01234567890123456789");
        framer.TryNext(ref buffer, out _);
        Assert.That(framer.TryNext(ref buffer, out _), Is.False);
        Assert.That(buffer.IsEmpty);
    }

    [Test]
    public void A_refused_stanza_that_never_ends_breaks_the_stream()
    {
        var framer = new StanzaFramer(maxBytes: 20);
        var buffer = Bytes("<s>");
        framer.TryNext(ref buffer, out _);
        Frame frame = default;
        var rounds = 0;
        do
        {
            buffer = Bytes("<a>01234567890123456789");
        }
        while (!framer.TryNext(ref buffer, out frame) && rounds++ < 1000);

        Assert.That(frame.Kind, Is.EqualTo(FrameKind.Broken));
    }

    private static ReadOnlySequence<byte> Bytes(string text) => new(Encoding.UTF8.GetBytes(text));

    /// <summary>Where a stream breaks is certain, how much of it is shown depends on what has arrived.</summary>
    private static bool SameBeginning(string actual, string expected) =>
        actual == expected || (actual.StartsWith("Broken ", StringComparison.Ordinal) && (actual + expected).Contains("Broken", StringComparison.Ordinal)
            && (actual.StartsWith(expected, StringComparison.Ordinal) || expected.StartsWith(actual, StringComparison.Ordinal)));

    /// <summary>Feeds the stream in steps, as segments of that size, to a small framer (60 bytes, four deep), and says what came out.</summary>
    private static List<string> Read(string stream, int step)
    {
        var bytes = Encoding.UTF8.GetBytes(stream);
        var framer = new StanzaFramer(maxBytes: 60, maxDepth: 4);
        var frames = new List<string>();
        for (int start = 0, end = 0; end < bytes.Length;)
        {
            end = (int)Math.Min((long)end + step, bytes.Length);
            var buffer = Segment.Sequence(bytes[start..end], step);
            while (framer.TryNext(ref buffer, out var frame))
            {
                var text = Encoding.UTF8.GetString(frame.Bytes);
                frames.Add(frame.Kind == FrameKind.Refused ? $"Refused {frame.Refusal} {text}" : $"{frame.Kind} {text}");
                if (frame.Kind == FrameKind.Broken) return frames;
            }
            start = end - (int)buffer.Length;
        }
        return frames;
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public static ReadOnlySequence<byte> Sequence(byte[] bytes, int size)
        {
            Segment? first = null, last = null;
            foreach (var chunk in bytes.Chunk(size))
            {
                var next = new Segment { Memory = chunk, RunningIndex = last is null ? 0 : last.RunningIndex + last.Memory.Length };
                first ??= next;
                last?.Next = next;
                last = next;
            }
            return first is null ? default : new(first, 0, last!, last!.Memory.Length);
        }
    }
}
