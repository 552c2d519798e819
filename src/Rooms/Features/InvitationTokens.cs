using System.Collections.Immutable;
using System.Globalization;
using System.Xml.Linq;
using MucComponent.Rooms.UseCases;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Features;

/// <summary>
/// Invitations for people whose address nobody knows yet, as a link (XEP-0488): a token, for a time and if wanted for so many
/// people, that makes a member of whoever gives it as the password. Kept with the room until they are used up.
/// </summary>
public sealed class InvitationTokens : Feature
{
    public static readonly XNamespace Namespace = "urn:xmpp:muc-token-invite:0";

    private const string Name = "invitation tokens";

    /// <summary>Of a token, in characters: 192 bits.</summary>
    private const int Length = 32;

    public override IEnumerable<string> Disco(Room room) => [Namespace.NamespaceName];

    public override ImmutableArray<XNamespace> Answers => [Namespace];

    public override StanzaError? Answer(Turn turn, XElement payload) => (turn.Stanza.Type, payload.Name.LocalName) switch
    {
        ("set", "request") => Issue(turn, payload),
        ("get", "tokens") => List(turn, payload),
        ("set", "revoke") => Revoke(turn, payload.Value),
        _ => StanzaError.BadRequest,
    };

    /// <summary>
    /// Somebody without affiliation gives a token: a member from now on ("Using a token"). Those who have one need none, and use
    /// none up ("Implementation Notes").
    /// </summary>
    public static StanzaError? Redeem(Turn turn, XElement muc)
    {
        if ((string?)muc.Element(Ns.Muc + "password") is not { Length: > 0 } given) return null;
        if (turn.SenderAffiliation != Affiliation.None || Password.Protects(turn.Config)) return null;
        if (Live(turn).FirstOrDefault(t => t.Word == given) is not { } token)
            // Otherwise it may be the password that there was before, and the room says what is wrong besides.
            return turn.Config.Get(MembersOnly.Only) && LooksLikeToken(given)
                ? StanzaError.NotAuthorized with { Detail = new XElement(Namespace + "expired-token") }
                : null;
        if (turn.Room.Affiliations.Count >= turn.Policy.MaxAffiliations) return StanzaError.ResourceConstraint;

        Write(turn, Live(turn).SelectMany<Token, Token>(t => t != token ? [t] : t.Uses switch
        {
            null => [t],
            1 => [],
            var n => [t with { Uses = n - 1 }],
        }));
        ChangingAffiliations.Apply(turn, turn.Sender.Bare, Affiliation.Member, null, null, null, invite: false);
        return null;
    }

    private static StanzaError? Issue(Turn turn, XElement request)
    {
        if (!MayIssue(turn)) return StanzaError.Forbidden;
        if (Password.Protects(turn.Config)) return StanzaError.NotAllowed.Because("Who enters this room gives its password, so there is no place for a token.");
        if (!TryRead(request, "counter", out var uses) || !TryRead(request, "delay", out var delay)) return StanzaError.BadRequest;
        var tokens = Live(turn);
        if (tokens.Length >= turn.Policy.InvitationTokens) return StanzaError.ResourceConstraint;

        var most = (long)turn.Policy.InvitationTokenFor.TotalSeconds;
        // Nobody can guess it without the room's secret, and it stands well in a link.
        var word = turn.Room.Sign($"invitation token {turn.Id}").Replace('+', '-').Replace('/', '_')[..Length];
        var token = new Token(word, turn.Sender.Bare, turn.Now.AddSeconds(Math.Min(delay ?? most, most)), uses);
        Write(turn, tokens.Add(token));
        turn.Reply(ToXml(turn, token, false));
        return null;
    }

    private static StanzaError? List(Turn turn, XElement payload)
    {
        if (!MayIssue(turn) && !Moderates(turn)) return StanzaError.Forbidden;
        turn.Reply(new XElement(payload.Name, Mine(turn).Select(t => ToXml(turn, t, turn.SenderAffiliation >= Affiliation.Admin))));
        return null;
    }

    private static StanzaError? Revoke(Turn turn, string word)
    {
        if (!MayIssue(turn) && !Moderates(turn)) return StanzaError.Forbidden;
        if (Mine(turn).FirstOrDefault(t => t.Word == word) is not { } token) return StanzaError.ItemNotFound;
        Write(turn, Live(turn).Remove(token));
        turn.Reply();
        return null;
    }

    // A token makes members: so whoever may make one by an invitation.
    private static bool MayIssue(Turn turn) =>
        turn.SenderAffiliation >= Affiliation.Admin || (turn.SenderAffiliation == Affiliation.Member && turn.Config.Get(Invitations.ByMembers));

    private static bool Moderates(Turn turn) => turn.SenderAffiliation >= Affiliation.Admin || turn.Me is { Role: Role.Moderator };

    private static IEnumerable<Token> Mine(Turn turn) => Live(turn).Where(t => t.By == turn.Sender.Bare || Moderates(turn));

    private static bool LooksLikeToken(string word) => word.Length == Length && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static ImmutableArray<Token> Live(Turn turn) =>
    [
        .. Rows.Read(turn.Room, Name)
            .Select(row => new Token(
                row[0], Jid.Parse(row[1]), DateTimeOffset.FromUnixTimeSeconds(long.Parse(row[2], CultureInfo.InvariantCulture)),
                row[3].Length == 0 ? null : long.Parse(row[3], CultureInfo.InvariantCulture)))
            .Where(t => t.Until > turn.Now),
    ];

    private static void Write(Turn turn, IEnumerable<Token> tokens) => Rows.Write(
        turn, Name, tokens.Select(t => new[] { t.Word, t.By.ToString(), Text(t.Until.ToUnixTimeSeconds()), t.Uses is { } n ? Text(n) : "" }),
        turn.Policy.InvitationTokens);

    // What is left of it, now.
    private static XElement ToXml(Turn turn, Token token, bool withCreator) => new(
        Namespace + "token",
        new XAttribute("delay", Text((long)Math.Ceiling((token.Until - turn.Now).TotalSeconds))),
        token.Uses is { } n ? new XAttribute("counter", Text(n)) : null,
        withCreator ? new XAttribute("creator", token.By.ToString()) : null,
        token.Word);

    private static bool TryRead(XElement request, string name, out long? value)
    {
        value = null;
        if (request.Attribute(name)?.Value is not { } text) return true;
        if (!uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0) return false;
        value = number;
        return true;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <param name="By">Bare.</param>
    /// <param name="Until">UTC.</param>
    /// <param name="Uses">How many people more; null for any number.</param>
    private sealed record Token(string Word, Jid By, DateTimeOffset Until, long? Uses);
}
