using System.Collections.Immutable;

namespace MucComponent.Rooms;

/// <summary>The values set in a room; what is not set is the option's default.</summary>
public sealed class RoomConfig
{
    public static readonly RoomConfig Default = new([]);

    // Few, since only what differs from the default is here; nothing is asked more often.
    private readonly ImmutableArray<(Option Option, object Value)> _values;

    private RoomConfig(ImmutableArray<(Option, object)> values) => _values = values;

    public T Get<T>(Option<T> option) where T : notnull
    {
        foreach (var (set, value) in _values)
            if (set == option) return (T)value;
        return option.Default;
    }

    public object Get(Option option)
    {
        foreach (var (set, value) in _values)
            if (set == option) return value;
        return option.DefaultValue;
    }

    /// <summary>With this value; a value that equals the default is not kept.</summary>
    public RoomConfig With(Option option, object value)
    {
        var others = _values.RemoveAll(v => v.Option == option);
        return new(Same(option, value, option.DefaultValue) ? others : others.Add((option, value)));
    }

    /// <summary>Whether the option has this value now.</summary>
    public bool Is(Option option, object value) => Same(option, Get(option), value);

    /// <summary>As it is stored: by name, only what differs from the default.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<string>> ToStored() =>
        _values.ToImmutableSortedDictionary(v => v.Option.Name, v => v.Option.Write(v.Value), StringComparer.Ordinal);

    /// <summary>From what is stored. A name or value that no option knows any more is left out.</summary>
    public static RoomConfig FromStored(IEnumerable<Option> options, ImmutableSortedDictionary<string, ImmutableArray<string>> stored)
    {
        var config = Default;
        foreach (var option in options)
            if (stored.TryGetValue(option.Name, out var values) && option.TryRead(values, out var value))
                config = config.With(option, value);
        return config;
    }

    private static bool Same(Option option, object one, object other) =>
        Equals(one, other) || option.Write(one).SequenceEqual(option.Write(other));
}
