using System.Collections.Immutable;

namespace MucComponent.Rooms.Reading;

/// <summary>What an archive gives for an <see cref="ArchiveQuery"/>.</summary>
/// <param name="Messages">Oldest first.</param>
/// <param name="IsComplete">Whether nothing that matches was left out for the page's size.</param>
public sealed record ArchivePage(ImmutableArray<MessageRecord> Messages, bool IsComplete)
{
    /// <summary>How many match in all, where that was the question.</summary>
    public int? Count { get; init; }

    /// <summary>The page without messages that tells how many there are.</summary>
    public static ArchivePage Counted(int count) => new([], count == 0) { Count = count };

    /// <summary>Takes messages in the order of the query's direction until the page is full.</summary>
    public sealed class Builder(ArchiveQuery query)
    {
        private readonly ImmutableArray<MessageRecord>.Builder _messages = ImmutableArray.CreateBuilder<MessageRecord>();
        private int _length;
        private bool _isFull;

        /// <summary>False when there is no room for this one, and for none after it.</summary>
        public bool TryAdd(MessageRecord message)
        {
            _length += message.Xml.Length;
            _isFull = _messages.Count == query.Max || (_messages.Count > 0 && _length > ArchiveQuery.MaxPageLength);
            if (!_isFull) _messages.Add(message);
            return !_isFull;
        }

        public ArchivePage ToPage()
        {
            if (query.Backwards) _messages.Reverse();
            return new ArchivePage(_messages.ToImmutable(), !_isFull);
        }
    }
}
