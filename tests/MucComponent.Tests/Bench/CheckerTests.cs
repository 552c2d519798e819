using System.Text;
using MucComponent.Bench.Load;
using NUnit.Framework;

namespace MucComponent.Tests.Bench;

/// <summary>Is the benchmark straight? A sound component passes its checker, and one with a single fault does not.</summary>
public sealed class CheckerTests
{
    private const string Domain = "chat.example";
    private const int Occupants = 4;
    private const int Messages = 6;

    [Test]
    public void A_sound_stream_is_exact_whole_and_byte_by_byte([Values] bool byteByByte)
    {
        var checker = Check(Sound(), byteByByte);

        Assert.That(checker.Faults.Any, Is.False, checker.Faults.First);
        Assert.That(checker.IsComplete, Is.True);
        Assert.That(checker.Copies, Is.EqualTo(Occupants * Messages));
        Assert.That(checker.Stanzas, Is.EqualTo(Sound().Count));
    }

    [Test]
    public void Every_fault_is_found_in_any_copy_of_any_message([Values(0, 1, 3)] int message, [Values(0, 1, 3)] int copy, [Values] bool byteByByte)
    {
        Assert.Multiple(() =>
        {
            Finds(Fault.Lost, s => s.RemoveAt(At(message, copy)), byteByByte);
            Finds(Fault.Doubled, s => s.Insert(At(message, copy), s[At(message, copy)]), byteByByte);
            Finds(Fault.Disordered, s => Swap(s, At(message, copy), At(message + 1, copy)), byteByByte);
            Finds(Fault.Altered, s => Replace(s, At(message, copy), "quick brown", "quick brawn"), byteByByte);
            Finds(Fault.Altered, s => Replace(s, At(message, copy), "000000", "000009"), byteByByte);
            Finds(Fault.WrongNick, s => Replace(s, At(message, copy), $"/n{message % Occupants}'", $"/n{(message + 1) % Occupants}'"), byteByByte);
            Finds(Fault.WrongNick, s => Replace(s, At(message, copy), "from='w0r0@", "from='w0r1@"), byteByByte);
            Finds(Fault.Misdelivered, s => Replace(s, At(message, copy), $"to='u{copy}@", $"to='u{copy + Occupants}@"), byteByByte);
            Finds(Fault.Unexpected, s => Replace(s, At(message, copy), "type='groupchat'", "type='error'"), byteByByte);
        });
    }

    [Test]
    public void A_copy_at_another_occupant_is_one_lost_and_one_doubled()
    {
        var checker = Check(With(s => Replace(s, At(2, 1), "to='u1@", "to='u2@")));

        Assert.That((checker.Faults[Fault.Lost], checker.Faults[Fault.Doubled]), Is.EqualTo((1, 1)));
    }

    [Test]
    public void A_presence_lost_or_told_twice_is_found()
    {
        Assert.Multiple(() =>
        {
            for (var presence = 0; presence < Occupants * Occupants; presence++)
            {
                var at = presence;
                Finds(Fault.Lost, s => s.RemoveAt(at), byteByByte: false);
                Finds(Fault.Doubled, s => s.Insert(at, s[at]), byteByByte: false);
            }
        });
    }

    [Test]
    public void That_it_is_oneself_is_told_to_oneself_alone()
    {
        Assert.Multiple(() =>
        {
            Finds(Fault.Unexpected, s => Replace(s, 0, "<status code='110'/>", ""), byteByByte: false);
            Finds(Fault.Unexpected, s => Replace(s, 1, "</x>", "<status code='110'/></x>"), byteByByte: false);
        });
    }

    [Test]
    public void Somebody_who_leaves_must_be_gone_for_everybody()
    {
        var leaves = Enumerable.Range(0, Occupants).Select(to => Presence(1, to, " type='unavailable'")).ToList();

        Assert.That(Left(leaves).Faults.Any, Is.False);
        Assert.That(Left(leaves).IsComplete, Is.True);
        foreach (var lost in leaves) Assert.That(Left([.. leaves.Except([lost])]).Faults[Fault.Lost], Is.Positive);
        Assert.That(Left([.. leaves, leaves[0]]).Faults[Fault.Doubled], Is.EqualTo(1));

        static Checker Left(List<string> told)
        {
            var checker = Started();
            Feed(checker, Sound(), byteByByte: false);
            checker.Leaving(1);
            Feed(checker, told, byteByByte: false);
            checker.Finish();
            return checker;
        }
    }

    [TestCase("<message to='u0@localhost/r'><body>x</body><!-- y --></message>")]
    [TestCase("no stanza")]
    [TestCase("</stream:stream>")]
    public void What_is_no_stanza_ends_the_run(string text) =>
        Assert.That(() => new Checker(new Addresses(Domain, 0), 1, 1, 1).Read(Encoding.UTF8.GetBytes(text)), Throws.TypeOf<IOException>());

    private static void Finds(Fault fault, Action<List<string>> spoil, bool byteByByte)
    {
        var checker = Check(With(spoil), byteByByte);
        Assert.That(checker.Faults[fault], Is.Positive, $"{fault}: {checker.Faults}");
    }

    private static Checker Check(List<string> stream, bool byteByByte = false)
    {
        var checker = Started();
        Feed(checker, stream, byteByByte);
        checker.Finish();
        return checker;
    }

    /// <summary>One room; everybody joins, then they speak in turn.</summary>
    private static Checker Started()
    {
        var checker = new Checker(new Addresses(Domain, 0), rooms: 1, stride: Occupants, speakers: Occupants, messages: Messages);
        for (var user = 0; user < Occupants; user++) checker.Joining(user);
        for (var message = 0; message < Messages; message++) checker.Said();
        return checker;
    }

    private static void Feed(Checker checker, List<string> stream, bool byteByByte)
    {
        var bytes = Encoding.UTF8.GetBytes(string.Concat(stream));
        var used = 0;
        for (var have = byteByByte ? 1 : bytes.Length; have <= bytes.Length; have++) used += checker.Read(bytes.AsSpan(used..have));
        Assert.That(used, Is.EqualTo(bytes.Length));
    }

    /// <summary>What a component has to send: the presences, then the messages, each to everybody.</summary>
    private static List<string> Sound() =>
    [
        .. from newcomer in Enumerable.Range(0, Occupants)
           from told in Enumerable.Range(0, newcomer).Select(there => Presence(there, newcomer))
               .Concat(Enumerable.Range(0, newcomer).Select(there => Presence(newcomer, there))).Append(Presence(newcomer, newcomer))
           select told,
        .. from message in Enumerable.Range(0, Messages) from to in Enumerable.Range(0, Occupants) select Message(message, to),
    ];

    private static string Presence(int about, int to, string type = "") =>
        $"<presence to='u{to}@localhost/r'{type} from='w0r0@{Domain}/n{about}'><x xmlns='http://jabber.org/protocol/muc#user'>"
        + $"<item role='participant'/>{(about == to ? "<status code='110'/>" : "")}</x></presence>";

    private static string Message(int message, int to)
    {
        var body = new StanzaBuffer(256);
        new Checker(new Addresses(Domain, 0), 1, Occupants, Occupants).WriteBody(body, message);
        return $"<message to='u{to}@localhost/r' from='w0r0@{Domain}/n{message % Occupants}' type='groupchat' id='m{message}'>"
            + $"<body>{Encoding.UTF8.GetString(body.Waiting)}</body><stanza-id xmlns='urn:xmpp:sid:0' id='{message}' by='w0r0@{Domain}'/></message>\n";
    }

    /// <summary>Where in the stream a copy of a message is.</summary>
    private static int At(int message, int copy) => (Occupants * Occupants) + (message * Occupants) + copy;

    private static List<string> With(Action<List<string>> spoil)
    {
        var stream = Sound();
        spoil(stream);
        return stream;
    }

    private static void Swap(List<string> stream, int one, int other) => (stream[one], stream[other]) = (stream[other], stream[one]);

    private static void Replace(List<string> stream, int at, string text, string by)
    {
        Assert.That(stream[at], Does.Contain(text), "the fault would be none");
        stream[at] = stream[at].Replace(text, by, StringComparison.Ordinal);
    }
}
