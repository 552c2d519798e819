using System.Buffers.Binary;
using System.Collections.Immutable;
using MucComponent.Xmpp;

namespace MucComponent.Rooms;

/// <summary>What a room hears: a stanza, with the time and a fresh id, since no rule may make either itself.</summary>
/// <param name="Stanza">From somebody, to the room or one of its occupants.</param>
/// <param name="Now">UTC.</param>
/// <param name="Id">A new UUIDv7: the key of the message this input may put into the archive.</param>
public sealed record Input(Stanza Stanza, DateTimeOffset Now, Guid Id)
{
    /// <summary>What is so in the other rooms; given with what may be a join.</summary>
    public Elsewhere Elsewhere { get; init; }

    /// <summary>What was found of the messages that the stanza is about, where the room had to look (<see cref="Reading.Lookup"/>); null before.</summary>
    public ImmutableArray<MessageRecord>? Found { get; init; }

    /// <summary>What comes from elsewhere with the service's word to take it over; null with all else.</summary>
    public Portion? Portion { get; init; }

    /// <summary>The time in an <see cref="Id"/> (RFC 9562 §5.7), to the millisecond.</summary>
    public static DateTimeOffset TimeOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return DateTimeOffset.FromUnixTimeMilliseconds(((long)BinaryPrimitives.ReadUInt32BigEndian(bytes) << 16) | BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]));
    }
}

/// <summary>What a room cannot know by itself.</summary>
/// <param name="RoomsOfSender">Rooms that the sender is in, by its bare JID.</param>
/// <param name="Occupants">Of all rooms.</param>
/// <param name="HasCreatedTooMany">The sender may create no more rooms for a while.</param>
public readonly record struct Elsewhere(int RoomsOfSender, int Occupants, bool HasCreatedTooMany)
{
    /// <summary>Rooms that there are, in memory or not.</summary>
    public int Rooms { get; init; }
}
