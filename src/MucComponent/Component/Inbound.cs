using System.Buffers;
using System.Text;
using System.Xml.Linq;
using Microsoft.Extensions.Logging;
using MucComponent.Rooms;
using MucComponent.Telemetry;
using MucComponent.Xmpp;

namespace MucComponent.Component;

/// <summary>
/// What arrives → stanzas, or an answer to those that can be none: malformed addresses (RFC 6120 §8.3.3.8), too big
/// (§8.3.3.12 and XEP-0205), restricted XML (§11.1). Never waits.
/// </summary>
/// <param name="pingId">The id of our own ping, which the server brings back to us.</param>
public sealed class Inbound(MucOptions options, Outbox outbox, Action<Stanza> received, ILogger log, string pingId)
{
    public void Take(in ReadOnlySequence<byte> bytes)
    {
        if (!StanzaParser.TryParse(bytes.IsSingleSegment ? bytes.FirstSpan : bytes.ToArray(), out var xml)) log.DroppedUnreadable(bytes.Length);
        else if (Stanza.TryFrom(xml, out var stanza)) Deliver(stanza);
        else if (KindOf(xml) is { } kind) Answer(kind, xml, StanzaError.JidMalformed, "an address is malformed");
        else log.Ignored(xml.Name.ToString());
    }

    public void Refuse(Refusal reason, in ReadOnlySequence<byte> openingTag)
    {
        var (error, why) = reason switch
        {
            Refusal.TooBig => (StanzaError.PolicyViolation with { Detail = new XElement(Ns.Errors + "stanza-too-big") }, "too big"),
            Refusal.TooDeep => (StanzaError.PolicyViolation.Because("Elements are nested too deep"), "nested too deep"),
            _ => (StanzaError.BadRequest.Because("Comments, processing instructions and DTDs have no place in XMPP"), "restricted XML"),
        };
        if (StanzaParser.TryParseOpenTag(openingTag.ToArray(), out var xml) && KindOf(xml) is { } kind) Answer(kind, xml, error, why);
        else log.Refused(null, null, why);
    }

    private void Deliver(Stanza stanza)
    {
        if (stanza.From is null)
        {
            log.DroppedFromNobody(Stanza.Name(stanza.Kind));
            return;
        }
        if (stanza.From == options.Domain && stanza.Id is { } id && (id == pingId || outbox.TryConfirm(id))) return;
        if (outbox.TakesFromService(stanza)) return;
        Meters.Received.Count(stanza.Kind);
        if (stanza.To is null) stanza = stanza with { To = options.Domain };
        try
        {
            received(stanza);
        }
#pragma warning disable CA1031 // A fault in handling one stanza must not end the stream for all.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            log.HandlingFault(fault, Stanza.Name(stanza.Kind), stanza.Id, stanza.To?.Bare);
        }
    }

    /// <summary>Answers with the addresses as they were written, since one of them may make no <see cref="Jid"/>.</summary>
    private void Answer(StanzaKind kind, XElement xml, StanzaError error, string why)
    {
        var from = xml.Attribute("from")?.Value;
        var to = xml.Attribute("to")?.Value;
        log.Refused(from, to, why);
        var stanza = new Stanza(kind) { Type = xml.Attribute("type")?.Value, Id = xml.Attribute("id")?.Value, From = options.Domain };
        if (string.IsNullOrEmpty(from) || !stanza.MayBeRefused) return;

        var (head, tail, _) = StanzaWriter.Encode(stanza.Error(error, by: options.Domain));
        var addresses = $"{XmlText.Escape(from)}' from='{XmlText.Escape(IsOurs(to) ? to! : options.Domain.ToString())}";
        outbox.TrySend([.. head, .. Encoding.UTF8.GetBytes(addresses), .. tail]);
    }

    /// <summary>Whether we may speak as this address: the server would close the stream otherwise.</summary>
    private bool IsOurs(string? address)
    {
        if (address is null) return false;
        var bare = address.Split('/', 2)[0];
        return bare[(bare.IndexOf('@') + 1)..] == options.Domain.Domain;
    }

    private static StanzaKind? KindOf(XElement xml) =>
        xml.Name.Namespace == Ns.Client ? Stanza.KindOf(xml.Name.LocalName) : null;
}
