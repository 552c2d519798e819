using System.Xml.Linq;

namespace MucComponent.Xmpp;

/// <summary>Why a server ended the stream (RFC 6120 §4.9.3), and what it means to whoever operates this component.</summary>
/// <param name="Condition">The defined condition's element name.</param>
/// <param name="Text">What the server adds, or null.</param>
public sealed record StreamError(string Condition, string? Text)
{
    /// <summary>What happened and what to do about it. Servers choose their conditions freely; what real ones mean is said first.</summary>
    public string Advice => Condition switch
    {
        "bad-format" =>
            "The server could not process the XML it got. This is a fault here: please report it.",
        "bad-namespace-prefix" =>
            "The server does not understand a namespace prefix it got. This is a fault here: please report it.",
        "conflict" =>
            "Something else holds this name. On ejabberd it is usually its own mod_muc: give that another 'host' or remove it. "
            + "On Prosody it is another connection, perhaps one of ours that the server still takes for alive: end it, or set "
            + "component_conflict_resolve = \"kick_old\".",
        "connection-timeout" =>
            "The server heard nothing for too long and gave the connection up. Look at the network between the two.",
        "host-gone" =>
            "The server no longer serves this domain. If its component entry was removed, put it back or set MUC_DOMAIN.",
        "host-unknown" =>
            "The server has no component of this name. Add it to the server's configuration, or set MUC_DOMAIN to the name that is there.",
        "improper-addressing" =>
            "The server got a stanza without 'from' or 'to'. This is a fault here: please report it.",
        "internal-server-error" =>
            "The server failed within itself; its own log says more.",
        "invalid-from" =>
            "The server got a stanza from an address outside this component's domain. This is a fault here: please report it.",
        "invalid-namespace" =>
            "The server does not speak the component protocol on this port. Set MUC_SERVER_PORT to its component port, often 5347.",
        "invalid-xml" =>
            "The server validates XML and refused some. This is a fault here: please report it.",
        "not-authorized" =>
            "The secret differs: compare MUC_SECRET with the server's (Prosody: component_secret, ejabberd: the listener's password). "
            + "ejabberd says the same when MUC_DOMAIN is not among the listener's hosts.",
        "not-well-formed" or "xml-not-well-formed" =>
            "The server could not read a stanza. Prosody says so also of one above its component_stanza_size_limit: is that set lower than 512 kB?",
        "policy-violation" =>
            "The server's policy forbids something we sent. ejabberd says so of a stanza above the listener's max_stanza_size: is that set lower than 512 kB?",
        "remote-connection-failed" =>
            "The server cannot reach something it needs, such as its authentication service; its own log says more.",
        "reset" =>
            "The server wants the stream to be opened anew.",
        "resource-constraint" =>
            "The server is short of resources.",
        "restricted-xml" =>
            "The server got XML that has no place in a stream. This is a fault here: please report it.",
        "see-other-host" =>
            "The server sends us elsewhere. Set MUC_SERVER_HOST and MUC_SERVER_PORT to where it says.",
        "system-shutdown" =>
            "The server is being shut down.",
        "undefined-condition" =>
            "The server gives a reason of its own; its log says more.",
        "unsupported-encoding" =>
            "The server does not take UTF-8, so it is no XMPP server.",
        "unsupported-feature" =>
            "The server demands a feature that component streams do not have. Is MUC_SERVER_PORT its component port?",
        "unsupported-stanza-type" =>
            "The server does not know an element it got. This is a fault here: please report it.",
        "unsupported-version" =>
            "The server does not speak this version of XMPP. Is MUC_SERVER_PORT its component port?",
        _ => "The server's own log says more.",
    };

    /// <summary>Nothing helps but a change of configuration, so it is no use to hurry.</summary>
    public bool NeedsOperator => Condition is "not-authorized" or "host-unknown" or "host-gone" or "invalid-namespace" or "see-other-host";

    /// <summary>One line: the server's words, then ours.</summary>
    public override string ToString() => Text is null ? $"{Condition}. {Advice}" : $"{Condition} ({Text}). {Advice}";

    /// <summary>Reads the content of <c>&lt;stream:error/&gt;</c>.</summary>
    public static StreamError From(XElement error)
    {
        var condition = error.Elements().FirstOrDefault(e => e.Name.Namespace == Ns.StreamErrors && e.Name.LocalName != "text");
        var text = error.Element(Ns.StreamErrors + "text")?.Value ?? condition?.Value;
        return new StreamError(condition?.Name.LocalName ?? "undefined-condition", string.IsNullOrWhiteSpace(text) ? null : text.Trim());
    }
}
