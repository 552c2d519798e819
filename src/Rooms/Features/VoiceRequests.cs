using System.Collections.Immutable;
using System.Globalization;
using MucComponent.Rooms.UseCases;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Features;

/// <summary>
/// Whether and how often visitors may ask for voice: XEP-0045 §7.13. A request that no moderator was there to hear waits for
/// the next one who comes in.
/// </summary>
public sealed class VoiceRequests : Feature
{
    public static readonly Toggle Allowed = new("muc#roomconfig_allowvoicerequests", "Allow visitors to ask for voice?", true)
    {
        Aliases = ["allow_voice_requests"],
    };

    public static readonly Number Interval =
        new("muc#roomconfig_voicerequestmininterval", "Seconds between two such requests of one person", 1_800, 1_000_000)
        {
            Aliases = ["voice_request_min_interval"],
        };

    private const string Name = "voice requests";

    public override ImmutableArray<Option> Options => [Allowed, Interval];

    /// <summary>Whether this visitor may ask now; if so, it is noted that it did.</summary>
    public static StanzaError? Ask(Turn turn, Occupant visitor)
    {
        if (!turn.Config.Get(Allowed)) return StanzaError.Forbidden;
        var requests = Read(turn.Room);
        var interval = TimeSpan.FromSeconds(turn.Config.Get(Interval));
        if (requests.Any(r => r.By == visitor.RealJid && turn.Now < r.At + interval)) return StanzaError.ResourceConstraint;

        var heard = !turn.Room.Occupants.Audience.Moderators.IsEmpty;
        Write(turn, requests.RemoveAll(r => r.By == visitor.RealJid || (r.Heard && turn.Now >= r.At + interval)).Add(new(visitor.RealJid, turn.Now, heard)));
        return null;
    }

    public override void Entered(Turn turn, Occupant newcomer)
    {
        var requests = Read(turn.Room);
        if (newcomer.Role != Role.Moderator || requests.All(r => r.Heard)) return;
        foreach (var request in requests.Where(r => !r.Heard))
            if (turn.Room.Occupants.Of(request.By).FirstOrDefault(o => o.Role == Role.Visitor) is { } visitor)
                RequestingVoice.Offer(turn, visitor, [turn.Sender]);
        Write(turn, [.. requests.Select(r => r with { Heard = true })]);
    }

    private static ImmutableArray<VoiceRequest> Read(Room room) =>
    [
        .. Rows.Read(room, Name).Select(row =>
            new VoiceRequest(Jid.Parse(row[0]), DateTimeOffset.FromUnixTimeSeconds(long.Parse(row[1], CultureInfo.InvariantCulture)), row[2] == "heard")),
    ];

    private static void Write(Turn turn, ImmutableArray<VoiceRequest> requests) => Rows.Write(
        turn, Name,
        requests.Select(r => new[] { r.By.ToString(), r.At.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), r.Heard ? "heard" : "waiting" }),
        turn.Policy.PendingRequests);

    /// <param name="By">Bare.</param>
    /// <param name="Heard">Whether a moderator got to see it.</param>
    private sealed record VoiceRequest(Jid By, DateTimeOffset At, bool Heard);
}
