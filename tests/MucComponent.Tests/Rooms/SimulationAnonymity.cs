using System.Text;
using System.Xml.Linq;
using MucComponent.Rooms;
using MucComponent.Rooms.Features;
using MucComponent.Xmpp;

namespace MucComponent.Tests.Rooms;

/// <summary>
/// Real JIDs go to nobody who may not see them (XEP-0045 §7.2.3, §7.2.4): no bare or full JID of the cast stands in any
/// attribute, text or id (decoded, if it is base64) of a stanza, except as <see cref="MayHear"/> and <see cref="Revealed"/> list.
/// </summary>
public static class SimulationAnonymity
{
    public static void Check(SimulationMoment moment, Outgoing outgoing, Jid to, int mentioned, SimulationClientView? view)
    {
        if (mentioned == 0) return;
        for (var i = 0; i < SimulationCast.People.Length; i++)
            if ((mentioned & (1 << i)) != 0 && !MayHear(moment, outgoing.Stanza, SimulationCast.People[i], to, view))
                throw new SimulationException($"No real JID goes to those who may not see it: {SimulationCast.People[i]} to {to} in {outgoing.Stanza.ToXml()}");
    }

    private static bool MayHear(SimulationMoment moment, Stanza stanza, Jid who, Jid to, SimulationClientView? view)
    {
        if (who == to.Bare) return true; // one's own
        if (view is { IsModerator: true } || moment.ToldModerator.Contains(to)) return true; // §7.2.4
        var isIn = view is { In: true } || moment.ToldIn.Contains(to);
        if (isIn && IsOpen(moment)) return true; // §7.2.3
        var standing = moment.Before.Affiliations.Get(to.Bare);
        var asked = to == moment.Sender && stanza is { Kind: StanzaKind.Iq, Type: "result" };
        // Who administers reads the lists and hears of requests, in the room or not (§9.2, §9.9, §10.5, §10.8).
        if (standing >= Affiliation.Admin && (asked || !isIn)) return true;
        // Members read the lists of an open room from outside (§9.5).
        return asked && standing == Affiliation.Member && IsOpen(moment) && stanza.Child(Ns.MucAdmin + "query") is not null;
    }

    /// <summary>Which of the cast a stanza names, one bit for each.</summary>
    public static int Mentioned(SimulationMoment moment, Stanza stanza)
    {
        var found = InId(stanza.Id) | In(stanza.From!.ToString());
        foreach (var child in stanza.Children)
            foreach (var element in child.DescendantsAndSelf())
            {
                foreach (var attribute in element.Attributes())
                    if (!Revealed(moment, stanza, attribute)) found |= In(attribute.Value);
                foreach (var text in element.Nodes().OfType<XText>())
                    if (!Revealed(moment, stanza, text)) found |= In(text.Value);
            }
        return found;
    }

    /// <summary>By what one does one reveals oneself: by declining always (§7.8.2), by inviting from an open room.</summary>
    private static bool Revealed(SimulationMoment moment, Stanza stanza, XObject where)
    {
        if (stanza.Kind != StanzaKind.Message || where.Parent is not { } parent) return false;
        var value = where is XAttribute attribute ? attribute.Value : ((XText)where).Value;
        if (parent.Name == Ns.MucUser + "decline") return value == moment.Sender.Bare.ToString();
        if (!IsOpen(moment)) return false;
        if (parent.Name == Ns.MucUser + "invite") return value == moment.Sender.Bare.ToString();
        return parent.Name == Ns.Client + "body" && stanza.Child(Ns.MucUser + "x")?.Element(Ns.MucUser + "invite") is not null
            && value.StartsWith($"{moment.Sender.Bare} invited you", StringComparison.Ordinal);
    }

    // What a form opens is open in the same step; and a room may end by its form, so that what it was is not seen any more.
    private static bool IsOpen(SimulationMoment moment) => moment.After.Exists
        ? Anonymity.IsNonAnonymous(moment.After.Config)
        : Anonymity.IsNonAnonymous(moment.Before.Config) || moment.Stanza.Child(Ns.MucOwner + "query") is not null;

    private static int In(string text)
    {
        if (!text.Contains('@')) return 0;
        var found = 0;
        for (var i = 0; i < SimulationCast.People.Length; i++)
            if (text.Contains(SimulationCast.People[i].ToString(), StringComparison.OrdinalIgnoreCase)) found |= 1 << i;
        return found;
    }

    private static int InId(string? id)
    {
        if (id is null) return 0;
        var found = In(id);
        foreach (var part in id.Split('.'))
        {
            var bytes = new byte[part.Length];
            if (Convert.TryFromBase64String(part, bytes, out var length)) found |= In(Encoding.Latin1.GetString(bytes, 0, length));
        }
        return found;
    }
}
