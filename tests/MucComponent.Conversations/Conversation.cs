using System.Xml;
using System.Xml.Linq;

namespace MucComponent.Conversations;

/// <summary>
/// Plays a script: its clients do what it says, and what they receive is compared with what it says. A client waits for one
/// stanza at a time; whatever comes before it is skipped, but shown if the wait is in vain.
/// </summary>
public sealed class Conversation
{
    /// <summary>How long to wait for a stanza.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>How long nothing must come for "receives: nothing".</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(500);

    private const int ShownBefore = 5;

    private readonly ScansionScript _script;
    private readonly Func<Character, CancellationToken, Task<IClient>> _connect;
    private readonly Narrator? _narrator;
    private readonly Cast _cast;
    private readonly Dictionary<string, Seat> _seats = [];

    /// <summary>A character who is connected, and what came that nobody waited for.</summary>
    private sealed record Seat(IClient Client)
    {
        public List<(int Line, XElement Stanza)> Skipped { get; } = [];
    }

    private Conversation(ScansionScript script, Func<Character, CancellationToken, Task<IClient>> connect, Narrator? narrator)
    {
        (_script, _connect, _narrator) = (script, connect, narrator);
        _cast = new Cast(script.Clients);
    }

    /// <summary>Plays the whole script on a server; all its clients are gone afterwards.</summary>
    /// <exception cref="ConversationException">Something else happened than the script says.</exception>
    public static Task PlayAsync(ScansionScript script, IServer server, Narrator? narrator = null, CancellationToken stop = default) =>
        PlayAsync(script, (who, s) => server.ConnectAsync(who.Jid, who.Password, s), narrator, stop);

    /// <summary>The same, with clients from wherever <paramref name="connect"/> gets them.</summary>
    public static async Task PlayAsync(
        ScansionScript script, Func<Character, CancellationToken, Task<IClient>> connect, Narrator? narrator = null, CancellationToken stop = default)
    {
        var conversation = new Conversation(script, connect, narrator);
        try
        {
            foreach (var step in script.Steps) await conversation.TakeAsync(step, stop);
        }
        finally
        {
            foreach (var seat in conversation._seats.Values) await seat.Client.DisposeAsync();
        }
    }

    private async Task TakeAsync(ScriptStep step, CancellationToken stop)
    {
        try
        {
            switch (step)
            {
                case Remark remark: _narrator?.Says(remark.Text); break;
                case Connects c: await ConnectAsync(c, stop); break;
                case Disconnects d: await DisconnectAsync(d); break;
                case Sends s: await SendAsync(s, stop); break;
                case Receives r: await ReceiveAsync(r, stop); break;
                case ReceivesNothing n: await ReceiveNothingAsync(n, stop); break;
            }
        }
        catch (Exception wrong) when (wrong is IOException or KeyNotFoundException or XmlException)
        {
            throw new ConversationException(_script, step, wrong.Message, wrong);
        }
    }

    private async Task ConnectAsync(Connects step, CancellationToken stop)
    {
        if (_seats.ContainsKey(step.Who)) throw new ConversationException(_script, step, $"{step.Who} is connected already");
        var client = await _connect(_script.Clients.First(c => c.Name == step.Who), stop);
        _seats[step.Who] = new Seat(client);
        _cast.Connected(step.Who, client.Jid);
        _narrator?.Connected(step.Who, client.Jid);
    }

    private async Task DisconnectAsync(Disconnects step)
    {
        var seat = SeatOf(step);
        _seats.Remove(step.Who);
        await using (seat.Client) await seat.Client.DisconnectAsync();
        _narrator?.Disconnected(step.Who);
    }

    private async Task SendAsync(Sends step, CancellationToken stop)
    {
        var seat = SeatOf(step);
        var xml = _cast.Expand(step.Xml);
        _narrator?.Sent(step.Who, ScriptXml.Parse(xml));
        await seat.Client.SendAsync(xml, stop);
    }

    private async Task ReceiveAsync(Receives step, CancellationToken stop)
    {
        var seat = SeatOf(step);
        var expected = ScriptXml.Parse(_cast.Expand(step.Xml));
        var misses = new List<(XElement Stanza, string Difference)>();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        try
        {
            while (true)
            {
                var received = await seat.Client.ReceiveAsync(patience.Token);
                var difference = StanzaMatcher.Difference(expected, received, _cast.Captures);
                if (difference is null)
                {
                    _narrator?.Received(step.Who, received);
                    return;
                }
                misses.Add((received, difference));
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new ConversationException(_script, step, InVain(step.Who, expected, misses, seat, $"{Patience.TotalSeconds:0} seconds"));
        }
        catch (EndOfStreamException)
        {
            throw new ConversationException(_script, step, InVain(step.Who, expected, misses, seat, "the server closed the stream"));
        }
        finally
        {
            seat.Skipped.AddRange(misses.Select(miss => (step.Line, miss.Stanza)));
        }
    }

    private async Task ReceiveNothingAsync(ReceivesNothing step, CancellationToken stop)
    {
        var seat = SeatOf(step);
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(stop);
        silence.CancelAfter(Silence);
        try
        {
            var received = await seat.Client.ReceiveAsync(silence.Token);
            throw new ConversationException(_script, step, $"{step.Who} was to receive nothing, but got\n  {ScriptXml.OnOneLine(received)}");
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // Silence is what was asked for.
        }
    }

    private Seat SeatOf(ScriptAction step) => _seats.GetValueOrDefault(step.Who)
        ?? throw new ConversationException(_script, step, $"{step.Who} is not connected");

    private static string InVain(string who, XElement expected, List<(XElement Stanza, string Difference)> misses, Seat seat, string until)
    {
        var lines = new List<string>
        {
            $"{who} waited in vain ({until}) for",
            $"  {ScriptXml.OnOneLine(expected)}",
            misses.Count == 0 ? "and nothing came." : "and got instead",
        };
        foreach (var (stanza, difference) in misses) lines.AddRange([$"  {ScriptXml.OnOneLine(stanza)}", $"    but {difference}"]);
        if (seat.Skipped.Count > 0) lines.Add("Skipped before that, since nobody waited for it");
        lines.AddRange(seat.Skipped.TakeLast(ShownBefore).Select(skipped => $"  (line {skipped.Line}) {ScriptXml.OnOneLine(skipped.Stanza)}"));
        return string.Join('\n', lines);
    }
}

/// <summary>A conversation that went otherwise than its script: which line of it, who waited for what, and what came instead.</summary>
public sealed class ConversationException(ScansionScript script, ScriptStep step, string what, Exception? inner = null)
    : Exception($"{script.Name}.scs, line {step.Line}: {what}", inner);
