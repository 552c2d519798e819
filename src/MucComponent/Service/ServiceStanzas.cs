using System.Reflection;
using System.Runtime.InteropServices;
using System.Xml.Linq;
using Microsoft.Extensions.Logging;
using MucComponent.Component;
using MucComponent.Hosting;
using MucComponent.Rooms;
using MucComponent.Rooms.Features;
using MucComponent.Storage;
using MucComponent.Xmpp;

namespace MucComponent.Service;

/// <summary>
/// What the service itself answers: what it is and can do (XEP-0045 §6.2), whom to turn to (XEP-0157), which rooms there are
/// (§6.3, with XEP-0059), whether it is there (XEP-0199), its version (XEP-0092), its time (XEP-0202), names for new rooms
/// (XEP-0307), and its admins' commands (XEP-0050). Stateless: what it needs to know it reads from the store.
/// </summary>
public sealed class ServiceStanzas(MucOptions options, IRoomStore store, IOutbox outbox, TimeProvider clock, ILogger<ServiceStanzas> log, ServiceCommands? commands = null)
{
    /// <summary>Rooms on one page of the list: about 20 kB, far below any server's limit for a stanza.</summary>
    public const int MaxPage = 100;

    /// <summary>Searches at once: each goes through all the rooms that may be found.</summary>
    private const int MaxSearches = 2;

    /// <summary>Lists being read at once; more would only wait in the store.</summary>
    private const int MaxReads = 16;

    private static readonly string[] Features =
    [
        Ns.Muc.NamespaceName, "http://jabber.org/protocol/muc#stable_id", Ns.MucUnique.NamespaceName,
        Ns.DiscoInfo.NamespaceName, Ns.DiscoItems.NamespaceName, Ns.ResultSet.NamespaceName,
        .. ChannelSearch.Namespaces.Select(ns => ns.NamespaceName),
        Ns.OccupantId.NamespaceName, Ns.VCard.NamespaceName, Ns.Ping.NamespaceName, Ns.Version.NamespaceName, Ns.Time.NamespaceName,
    ];

    /// <summary>Of this program.</summary>
    public static readonly string Version =
        typeof(ServiceStanzas).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    private readonly ChannelSearch _search = new(store);
    private int _reads;
    private int _searches;

    /// <summary>Answers now, or starts a read that answers later; never waits.</summary>
    public void Handle(Stanza stanza)
    {
        if (!stanza.MayBeRefused || stanza.Kind == StanzaKind.Presence) return;
        if (stanza.Kind == StanzaKind.Message || !stanza.To!.IsBare || stanza.Type is not ("get" or "set")) Refuse(stanza, StanzaError.ServiceUnavailable);
        else if (stanza.Children is not [var payload]) Refuse(stanza, StanzaError.BadRequest);
        else if (stanza.Type == "set" && payload.Name == CommandRequest.Name && commands is { Any: true }) commands.Execute(stanza, payload);
        // COMPAT: who searches may take it for a change, as forms otherwise are.
        else if (stanza.Type == "set" && !ChannelSearch.Is(payload)) Refuse(stanza, StanzaError.ServiceUnavailable);
        else Answer(stanza, payload);
    }

    private void Answer(Stanza stanza, XElement payload)
    {
        var node = payload.Attribute("node")?.Value ?? "";
        if (payload.Name == Ns.DiscoInfo + "query" && node.Length > 0) TellNode(stanza, node);
        else if (payload.Name == Ns.DiscoInfo + "query") AnswerOrRefuse(stanza, Info(), StanzaError.ItemNotFound);
        else if (payload.Name == Ns.DiscoItems + "query" && node == Ns.Commands.NamespaceName && commands is { Any: true }) AnswerOrRefuse(stanza, [commands.Items(stanza.From!)], StanzaError.ItemNotFound);
        else if (payload.Name == Ns.DiscoItems + "query" && node.Length > 0) Refuse(stanza, StanzaError.ItemNotFound);
        else if (payload.Name == Ns.DiscoItems + "query") StartList(stanza, payload);
        else if (ChannelSearch.Is(payload)) StartSearch(stanza, payload);
        else AnswerOrRefuse(stanza, Simple(payload.Name), StanzaError.ServiceUnavailable);
    }

    private void TellNode(Stanza stanza, string node)
    {
        XElement? info = null;
        var no = commands is { Any: true } ? commands.Info(stanza.From!, node, out info) : StanzaError.ItemNotFound;
        AnswerOrRefuse(stanza, info is null ? null : [info], no ?? StanzaError.ItemNotFound);
    }

    private XElement[]? Simple(XName name)
    {
        if (name == Ns.Ping + "ping") return [];
        if (name == Ns.Version + "query")
            return [new(name, new XElement(Ns.Version + "name", "MucComponent"), new XElement(Ns.Version + "version", Version), new XElement(Ns.Version + "os", RuntimeInformation.OSDescription))];
        if (name == Ns.Time + "time")
            return [new(name, new XElement(Ns.Time + "tzo", "+00:00"), new XElement(Ns.Time + "utc", Timestamp.Format(clock.GetUtcNow())))];
        return name == Ns.MucUnique + "unique" ? [new(name, Guid.NewGuid().ToString("N"))] : null;
    }

    private XElement[] Info() =>
    [
        new(Ns.DiscoInfo + "query",
            new XElement(Ns.DiscoInfo + "identity", new XAttribute("category", "conference"), new XAttribute("type", "text"), new XAttribute("name", "Chatrooms")),
            Features.Concat(commands is { Any: true } ? [Ns.Commands.NamespaceName] : []).Select(f => new XElement(Ns.DiscoInfo + "feature", new XAttribute("var", f))),
            Contacts.Form(options)?.ToXml(),
            DataPolicy.OfService(options.ArchiveRetention, options.DataPolicy).ToXml()),
    ];

    private void StartList(Stanza stanza, XElement query)
    {
        if (!ResultSetRequest.TryFrom(query, out var asked)) Refuse(stanza, StanzaError.BadRequest);
        // The list is kept in the order of its addresses, and has no numbers (XEP-0059 §2.6).
        else if (asked?.Index is not null) Refuse(stanza, StanzaError.FeatureNotImplemented);
        else if (Interlocked.Increment(ref _reads) <= MaxReads) _ = Task.Run(() => ListAsync(stanza, asked));
        else
        {
            Interlocked.Decrement(ref _reads);
            Refuse(stanza, StanzaError.ResourceConstraint);
        }
    }

    private void StartSearch(Stanza stanza, XElement payload)
    {
        if (ChannelSearch.Form(payload) is { } form) AnswerOrRefuse(stanza, [form], StanzaError.BadRequest);
        else if (ChannelSearch.Read(payload, out var query) is { } no) Refuse(stanza, no);
        else if (Interlocked.Increment(ref _searches) <= MaxSearches) _ = Task.Run(() => SearchAsync(stanza, query));
        else
        {
            Interlocked.Decrement(ref _searches);
            Refuse(stanza, ChannelSearch.TooMany(payload));
        }
    }

    private async Task SearchAsync(Stanza stanza, ChannelQuery query)
    {
        await ReadAsync(stanza, async () => [await _search.AnswerAsync(query, CancellationToken.None).ConfigureAwait(false)]).ConfigureAwait(false);
        Interlocked.Decrement(ref _searches);
    }

    private async Task ListAsync(Stanza stanza, ResultSetRequest? asked)
    {
        await ReadAsync(stanza, () => ListPageAsync(asked)).ConfigureAwait(false);
        Interlocked.Decrement(ref _reads);
    }

    // Never fails.
    private async Task ReadAsync(Stanza stanza, Func<Task<XElement[]?>> read)
    {
        try
        {
            AnswerOrRefuse(stanza, await read().ConfigureAwait(false), StanzaError.BadRequest);
        }
        catch (StoreUnavailableException e)
        {
            log.ListFailed(e.Message);
            Refuse(stanza, StanzaError.InternalServerError);
        }
#pragma warning disable CA1031 // Whatever goes wrong, who asked is told.
        catch (Exception e)
#pragma warning restore CA1031
        {
            log.ListFault(e);
            Refuse(stanza, StanzaError.InternalServerError);
        }
    }

    // Null for a request that makes no sense.
    private async Task<XElement[]?> ListPageAsync(ResultSetRequest? asked)
    {
        Jid? after = null, before = null;
        if (asked?.After is { Length: > 0 } a && !Jid.TryParse(a, out after)) return null;
        if (asked?.Before is { Length: > 0 } b && !Jid.TryParse(b, out before)) return null;

        var max = Math.Min(asked?.Max ?? MaxPage, MaxPage);
        var list = await store.ListAsync(after, before, asked?.Before is not null, max, CancellationToken.None).ConfigureAwait(false);
        var items = list.Rooms.Select(r => new XElement(Ns.DiscoItems + "item", new XAttribute("jid", r.Jid.ToString()), new XAttribute("name", r.Name)));
        // Who does not know of pages is told of them only when there is more than one (§6.3).
        var page = asked is null && list.Count <= list.Rooms.Count
            ? null
            : (list.Rooms is [var first, ..] ? new ResultSetPage(first.Jid.ToString(), list.Rooms[^1].Jid.ToString()) { Index = list.Index } : ResultSetPage.Empty) with { Count = list.Count };
        return [new(Ns.DiscoItems + "query", items, page?.ToXml())];
    }

    private void AnswerOrRefuse(Stanza stanza, XElement[]? answer, StanzaError otherwise)
    {
        if (answer is null) Refuse(stanza, otherwise);
        else outbox.TrySend(new Outgoing(stanza.Result(answer), [stanza.From!]));
    }

    private void Refuse(Stanza stanza, StanzaError error) =>
        outbox.TrySend(new Outgoing(stanza.Error(error, options.Domain), [stanza.From!]));
}
