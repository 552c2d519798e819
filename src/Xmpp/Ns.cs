using System.Xml.Linq;

namespace MucComponent.Xmpp;

/// <summary>The XML namespaces, by name.</summary>
public static class Ns
{
    /// <summary>What stanzas live in once parsed; the stream's own <c>jabber:component:accept</c> is read as this (XEP-0114 §3).</summary>
    public static readonly XNamespace Client = "jabber:client";
    public static readonly XNamespace Component = "jabber:component:accept";
    public static readonly XNamespace Streams = "http://etherx.jabber.org/streams";
    public static readonly XNamespace StreamErrors = "urn:ietf:params:xml:ns:xmpp-streams";
    public static readonly XNamespace StanzaErrors = "urn:ietf:params:xml:ns:xmpp-stanzas";
    public static readonly XNamespace Errors = "urn:xmpp:errors";

    public static readonly XNamespace Muc = "http://jabber.org/protocol/muc";
    public static readonly XNamespace MucUser = "http://jabber.org/protocol/muc#user";
    public static readonly XNamespace MucAdmin = "http://jabber.org/protocol/muc#admin";
    public static readonly XNamespace MucOwner = "http://jabber.org/protocol/muc#owner";
    public static readonly XNamespace MucUnique = "http://jabber.org/protocol/muc#unique";
    public static readonly XNamespace Conference = "jabber:x:conference";

    public static readonly XNamespace DiscoInfo = "http://jabber.org/protocol/disco#info";
    public static readonly XNamespace DiscoItems = "http://jabber.org/protocol/disco#items";
    public static readonly XNamespace DataForms = "jabber:x:data";
    public static readonly XNamespace FormValidation = "http://jabber.org/protocol/xdata-validate";
    public static readonly XNamespace ResultSet = "http://jabber.org/protocol/rsm";
    public static readonly XNamespace Register = "jabber:iq:register";
    public static readonly XNamespace Version = "jabber:iq:version";
    public static readonly XNamespace Ping = "urn:xmpp:ping";
    public static readonly XNamespace Time = "urn:xmpp:time";
    public static readonly XNamespace Delay = "urn:xmpp:delay";
    public static readonly XNamespace StanzaId = "urn:xmpp:sid:0";
    public static readonly XNamespace OccupantId = "urn:xmpp:occupant-id:0";
    public static readonly XNamespace Hints = "urn:xmpp:hints";
    public static readonly XNamespace Reactions = "urn:xmpp:reactions:0";
    public static readonly XNamespace Retraction = "urn:xmpp:message-retract:1";
    public static readonly XNamespace Correction = "urn:xmpp:message-correct:0";
    public static readonly XNamespace Retraction0 = "urn:xmpp:message-retract:0";
    public static readonly XNamespace Moderation = "urn:xmpp:message-moderate:1";
    public static readonly XNamespace Moderation0 = "urn:xmpp:message-moderate:0";
    public static readonly XNamespace Fasten = "urn:xmpp:fasten:0";
    public static readonly XNamespace Person = "urn:muc:person";
    public static readonly XNamespace Portion = "urn:muc:portion";
    public static readonly XNamespace Encryption = "urn:xmpp:eme:0";
    public static readonly XNamespace ChatMarkers = "urn:xmpp:chat-markers:0";
    public static readonly XNamespace ChatStates = "http://jabber.org/protocol/chatstates";
    public static readonly XNamespace Addresses = "http://jabber.org/protocol/address";
    public static readonly XNamespace VCard = "vcard-temp";
    public static readonly XNamespace VCardUpdate = "vcard-temp:x:update";
    public static readonly XNamespace VCard4 = "urn:ietf:params:xml:ns:vcard-4.0";
    public static readonly XNamespace PubSub = "http://jabber.org/protocol/pubsub";
    public static readonly XNamespace Hats = "urn:xmpp:hats:0";
    public static readonly XNamespace Caps = "http://jabber.org/protocol/caps";
    public static readonly XNamespace Forward = "urn:xmpp:forward:0";
    public static readonly XNamespace Mam = "urn:xmpp:mam:2";
    public static readonly XNamespace Commands = "http://jabber.org/protocol/commands";
}
