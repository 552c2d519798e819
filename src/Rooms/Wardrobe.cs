using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using MucComponent.Xmpp;

namespace MucComponent.Rooms;

/// <summary>One hat (XEP-0317).</summary>
/// <param name="Uri">What it is; no two in a room are the same.</param>
/// <param name="Title">For people.</param>
/// <param name="Hue">Its colour as an angle, or empty.</param>
public sealed record Hat(string Uri, string Title, string Hue);

/// <summary>The hats of a room and who wears them (XEP-0317). A value: each change makes a new one.</summary>
/// <param name="All">In the order they were made.</param>
/// <param name="Worn">By bare JID, the URIs in the order they were given.</param>
public sealed record Wardrobe(ImmutableArray<Hat> All, ImmutableDictionary<Jid, ImmutableArray<string>> Worn)
{
    public static readonly Wardrobe None = new([], ImmutableDictionary<Jid, ImmutableArray<string>>.Empty);

    public Hat? Find(string uri) => All.FirstOrDefault(h => h.Uri == uri);

    /// <summary>Those that this person wears.</summary>
    public IEnumerable<Hat> Of(Jid bare) => Worn.TryGetValue(bare, out var uris) ? uris.Select(Find).OfType<Hat>() : [];

    public IEnumerable<Jid> WearersOf(string uri) => Worn.Where(w => w.Value.Contains(uri)).Select(w => w.Key);

    public Wardrobe With(Hat hat) =>
        Find(hat.Uri) is { } there ? this with { All = All.Replace(there, hat) } : this with { All = All.Add(hat) };

    /// <summary>Without this hat, on nobody's head either.</summary>
    public Wardrobe Without(Hat hat) => WearersOf(hat.Uri).Aggregate(this, (rest, who) => rest.TakenFrom(who, hat.Uri)) with { All = All.Remove(hat) };

    public Wardrobe GivenTo(Jid bare, string uri)
    {
        var uris = Worn.GetValueOrDefault(bare, []);
        return uris.Contains(uri) ? this : this with { Worn = Worn.SetItem(bare, uris.Add(uri)) };
    }

    public Wardrobe TakenFrom(Jid bare, string uri)
    {
        var uris = Worn.GetValueOrDefault(bare, []).Remove(uri);
        return this with { Worn = uris.IsEmpty ? Worn.Remove(bare) : Worn.SetItem(bare, uris) };
    }

    /// <summary>What changes when the list of hats does (§ "Discovery").</summary>
    public string Hash() =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', All.Select(h => $"{h.Uri}\t{h.Title}\t{h.Hue}")))))[..40];

    /// <summary>What stands in a presence of this person, or null if it wears none.</summary>
    public XElement? ToXml(Jid bare) => Of(bare).ToList() is not { Count: > 0 } worn ? null : new XElement(
        Ns.Hats + "hats",
        worn.Select(h => new XElement(
            Ns.Hats + "hat",
            new XAttribute("title", h.Title), new XAttribute("uri", h.Uri), h.Hue.Length == 0 ? null : new XAttribute("hue", h.Hue))));
}
