using MucComponent.Xmpp;

namespace MucComponent.Component;

/// <summary>A service that brings one stanza to many addresses (XEP-0033), such as ejabberd's <c>mod_multicast</c>.</summary>
/// <param name="Address">Its own.</param>
/// <param name="Host">The domain whose users it reaches without another server's help.</param>
/// <param name="MaxAddresses">In one stanza.</param>
public sealed record MulticastService(Jid Address, Jid Host, int MaxAddresses);
