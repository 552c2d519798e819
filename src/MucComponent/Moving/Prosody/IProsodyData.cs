using System.Xml.Linq;

namespace MucComponent.Moving.Prosody;

/// <summary>What a Prosody keeps for one of its hosts, wherever it keeps it.</summary>
internal interface IProsodyData : IAsyncDisposable
{
    /// <summary>The local parts of all that have something in this store.</summary>
    /// <exception cref="MovingException">There is no such host.</exception>
    Task<IReadOnlyList<string>> ListAsync(string store, CancellationToken stop);

    /// <summary>What is in the store under this name, or null.</summary>
    /// <exception cref="FormatException">It is damaged.</exception>
    Task<LuaTable?> ReadAsync(string store, string node, CancellationToken stop);

    /// <summary>The archive under this name, in its order.</summary>
    /// <exception cref="FormatException">It is damaged from there on.</exception>
    IAsyncEnumerable<ProsodyMessage> ReadArchiveAsync(string store, string node, CancellationToken stop);
}

/// <summary>One stanza of an archive.</summary>
/// <param name="Id">Its stanza-id.</param>
/// <param name="Micros">When: microseconds since 1970, UTC.</param>
internal sealed record ProsodyMessage(string Id, long Micros, XElement Xml);
