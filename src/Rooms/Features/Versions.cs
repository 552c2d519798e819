using System.Collections.Immutable;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Features;

/// <summary>
/// What one person said, as messages with their versions: what was said first and its corrections (XEP-0308). "It's the payloads getting
/// replaced, not the message identity", so they are one message to all who know it, and are taken back as one.
/// </summary>
internal sealed class Versions
{
    private readonly List<(string Message, Said Said)> _said = [];
    private readonly Dictionary<string, string> _named = new(StringComparer.Ordinal);

    /// <param name="author">Bare. What others said corrects nothing of theirs ("Business Rules").</param>
    /// <param name="said">By whomever, in any order.</param>
    public Versions(Jid author, IEnumerable<Said> said)
    {
        foreach (var one in said.Where(s => s.Record.Author.Jid.Bare == author).DistinctBy(s => s.Record.Id).OrderBy(s => s.Record.Id))
        {
            var message = one.Record.Id.ToString();
            if (!Retraction.IsIn(one.Late))
            {
                // What was said first may be out of reach: then its corrections are known to be of one message by its name.
                if (Corrections.Corrected(one.Late) is { } first) message = _named.GetValueOrDefault(first, first);
                if (one.Late.Id is { } id) _named[id] = message;
                if (one.Late.Child(Ns.StanzaId + "origin-id")?.Attribute("id")?.Value is { } origin) _named[origin] = message;
            }
            _said.Add((message, one));
        }
    }

    /// <summary>All versions of the message that the room gave this id to one of, in their order; empty if there is none.</summary>
    public ImmutableArray<MessageRecord> Of(Guid id) => _said.Find(s => s.Said.Record.Id == id).Message is { } message ? All(message) : [];

    /// <summary>All versions of the newest message of which the author gave this id to one.</summary>
    public ImmutableArray<MessageRecord> Of(string id) => All(_named.GetValueOrDefault(id, id));

    private ImmutableArray<MessageRecord> All(string message) => [.. _said.Where(s => s.Message == message).Select(s => s.Said.Record)];
}
