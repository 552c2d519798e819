using System.Security;
using System.Text.RegularExpressions;

namespace MucComponent.Conversations;

/// <summary>
/// What a script's placeholders stand for while it is played: <c>${Romeo's JID}</c>, <c>${Romeo's full JID}</c> (known once he
/// is connected), and <c>${x}</c> for what <c>{scansion:capture:x}</c> caught.
/// </summary>
public sealed partial class Cast(IEnumerable<Character> characters)
{
    private readonly Dictionary<string, string> _meanings =
        characters.ToDictionary(c => $"{c.Name}'s JID", c => c.Jid.Split('/')[0]);

    /// <summary>What the script captured so far, by name.</summary>
    public IDictionary<string, string> Captures => _meanings;

    public void Connected(string who, string fullJid) => _meanings[$"{who}'s full JID"] = fullJid;

    /// <exception cref="KeyNotFoundException">A placeholder means nothing (yet).</exception>
    public string Expand(string xml) => Placeholder().Replace(xml, found =>
        SecurityElement.Escape(_meanings.TryGetValue(found.Groups[1].Value, out var meaning)
            ? meaning
            : throw new KeyNotFoundException($"{found.Value} means nothing here")));

    [GeneratedRegex(@"\$\{([^}]+)\}")]
    private static partial Regex Placeholder();
}
