using System.Collections.Immutable;
using System.Globalization;
using MucComponent.Xmpp;

namespace MucComponent.Operations;

/// <summary>An operation is asked for, with these arguments.</summary>
/// <param name="Service">What it works on.</param>
/// <param name="Values">By the names of arguments; what was not given is not there.</param>
/// <param name="By">Who asks: an admin's full JID, or null for whoever may use the control socket.</param>
public sealed record OperationRequest(OperatedService Service, IReadOnlyDictionary<string, ImmutableArray<string>> Values, Jid? By = null)
{
    /// <summary>Told how far work that takes long has come, in a few words; must not wait.</summary>
    public Action<string> Progress { get; init; } = _ => { };

    /// <summary>What the program that asks gives to be read, and takes to keep; null for whoever asks in another way.</summary>
    public Stream? Data { get; init; }

    /// <summary>The values given, none if there is nothing but emptiness.</summary>
    public ImmutableArray<string> Texts(string name) => Values.TryGetValue(name, out var values) ? values.RemoveAll(v => v.Length == 0) : [];

    /// <summary>The value, or null if it was not given.</summary>
    public string? Text(string name) => Texts(name) is [var first, ..] ? first : null;

    public bool Flag(string name) => Text(name) is { } text && DataForm.TryParseBoolean(text, out var value) && value;

    public int Number(string name, int otherwise, int most) =>
        Text(name) is not { } text ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most ? number
        : throw new RefusedException($"{name}: \"{text}\" is not a whole number up to {most}.");

    /// <summary>Bare JIDs or domains.</summary>
    public ImmutableArray<Jid> Jids(string name) =>
        [.. Texts(name).Select(text => Xmpp.Jid.TryParse(text, out var jid) ? jid.Bare : throw new RefusedException($"{name}: \"{text}\" is not an address."))];

    public Jid? Jid(string name) => Jids(name) is [var first, ..] ? first : null;

    /// <summary>The addresses of rooms, which need not be there.</summary>
    public ImmutableArray<Jid> Rooms(string name) => [.. Texts(name).Select(text => Service.RoomOf(text) ?? throw new RefusedException($"{name}: \"{text}\" is no room of {Service.Options.Domain}."))];

    /// <summary>The address of a room, which need not be there.</summary>
    public Jid Room(string name) => Rooms(name) is [var room, ..] ? room : throw new RefusedException($"{name} is missing.");
}
