using System.Buffers;
using System.Globalization;
using System.Xml.Linq;
using Microsoft.Extensions.Logging;
using MucComponent.Rooms;
using MucComponent.Xmpp;

namespace MucComponent.Component;

/// <summary>
/// On each new stream: looks among the services of our users' server for one that does multicast (XEP-0033 §2.2), and
/// tries it with a message to ourselves. It is used only if that comes back to each address as it was, since versions differ and
/// some tell everybody who else was addressed. For the reader of the stream alone, which never waits.
/// </summary>
public sealed class MulticastSearch(MucOptions options, Outbox outbox, ILogger log)
{
    /// <summary>More of the server's services are not looked at.</summary>
    private const int MaxServices = 50;

    /// <summary>What ejabberd takes where it says nothing; the XEP leaves it open.</summary>
    private const int UsualAddresses = 20;

    /// <summary>More save hardly anything, and are sent again together if something is wrong.</summary>
    private const int MostAddresses = 100;

    private const string ServiceType = "multicast";

    private readonly HashSet<Jid> _asked = [];
    private readonly HashSet<Jid> _missing = [];
    private string? _id;
    private MulticastService? _tried;

    /// <summary>Begins anew.</summary>
    public void Start()
    {
        (_id, _tried) = (null, null);
        if (options.MulticastHost is not { } host) return;
        _id = $"multicast-{Guid.NewGuid():N}";
        Ask(host, Ns.DiscoItems);
    }

    /// <summary>Whether this belongs to the search; then it is done with.</summary>
    public bool Takes(Stanza stanza)
    {
        if (_id is not { } id || stanza.Id?.StartsWith(id, StringComparison.Ordinal) != true) return false;
        if (stanza.Kind == StanzaKind.Message) TakeCopy(stanza);
        else if (stanza.Child(Ns.DiscoItems + "query") is { } items && stanza.From == options.MulticastHost) LookAt(items);
        else if (_tried is null && _asked.Remove(stanza.From!) && stanza.Child(Ns.DiscoInfo + "query") is { } info && IsMulticast(info)) Try(stanza.From!, LimitIn(info));
        return true;
    }

    private void LookAt(XElement items)
    {
        var services = (from item in items.Elements(Ns.DiscoItems + "item")
                        where item.Attribute("node") is null
                        select Jid.TryParse(item.Attribute("jid")?.Value, out var jid) && jid.IsDomain ? jid : null).Take(MaxServices).ToHashSet();
        // Whoever lists us is the server that we are attached to. From another one's service copies could not be kept in order.
        if (options.Multicast == MucOptions.MulticastAuto && !services.Contains(options.Domain)) return;
        foreach (var service in services)
            if (service is not null && service != options.Domain && _asked.Add(service)) Ask(service, Ns.DiscoInfo);
    }

    private static bool IsMulticast(XElement info) =>
        info.Elements(Ns.DiscoInfo + "identity").Any(i => (string?)i.Attribute("category") == "service" && (string?)i.Attribute("type") == ServiceType)
        && info.Elements(Ns.DiscoInfo + "feature").Any(f => (string?)f.Attribute("var") == Ns.Addresses.NamespaceName);

    /// <summary>For messages or for presence, whichever is less; as ejabberd tells it (XEP-0128).</summary>
    private static int LimitIn(XElement info)
    {
        var form = info.Elements(DataForm.Name).Select(DataForm.From).FirstOrDefault(form => form?.FormType == Ns.Addresses.NamespaceName);
        return Math.Min(Limit(form?.Value("message")), Limit(form?.Value("presence")));
    }

    private static int Limit(string? value) => value switch
    {
        null => UsualAddresses,
        "infinite" => MostAddresses,
        _ => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? Math.Min(limit, MostAddresses) : 0,
    };

    private void Try(Jid service, int addresses)
    {
        // One of them is ours.
        if (addresses <= Multicast.Fewest)
        {
            Drop(service, $"it takes only {addresses} addresses");
            return;
        }
        _tried = new MulticastService(service, options.MulticastHost!, addresses);
        Jid[] to = [.. Enumerable.Range(1, addresses).Select(i => Jid.Parse($"{_id}-{i}@{options.Domain}"))];
        _missing.Clear();
        _missing.UnionWith(to);
        var bytes = new ArrayBufferWriter<byte>();
        StanzaWriter.WriteMulticast(Message().Encoded, service, to, bytes);
        outbox.TrySend(bytes.WrittenSpan.ToArray());
    }

    private Stanza Message() =>
        Stanza.Message("groupchat", new XElement(Ns.Client + "body", "Is it <this>?"), new XElement(Ns.Hints + "no-store")) with { From = options.Domain, Id = $"{_id}-test" };

    private void TakeCopy(Stanza copy)
    {
        if (_tried is not { } service) return;
        if (copy.From == service.Address) Drop(service.Address, $"it answers {copy.ErrorCondition}");
        else if (!IsAsSent(copy)) Drop(service.Address, "what it brings is not what was sent");
        else if (!_missing.Remove(copy.To!)) Drop(service.Address, "it brings it where it should not");
        else if (_missing.Count == 0)
        {
            _id = null;
            outbox.Use(service);
        }
    }

    private bool IsAsSent(Stanza copy)
    {
        var sent = Message();
        return (copy.From, copy.Id, copy.Type) == (sent.From, sent.Id, sent.Type)
            && copy.Children.Select(c => (c.Name, c.Value)).ToHashSet().SetEquals(sent.Children.Select(c => (c.Name, c.Value)));
    }

    private void Drop(Jid service, string why)
    {
        _id = null;
        log.MulticastUnfit(service, why);
    }

    private void Ask(Jid whom, XNamespace what) =>
        outbox.TrySend(new Outgoing(new Stanza(StanzaKind.Iq) { Type = "get", Id = $"{_id}-{what.NamespaceName.Split('#')[1]}", From = options.Domain, Children = [new XElement(what + "query")] }, [whom]));
}
