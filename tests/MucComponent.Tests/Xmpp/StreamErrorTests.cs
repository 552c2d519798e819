using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Xmpp;

public sealed class StreamErrorTests
{
    private static readonly string[] Conditions =
    [
        "bad-format", "bad-namespace-prefix", "conflict", "connection-timeout", "host-gone", "host-unknown",
        "improper-addressing", "internal-server-error", "invalid-from", "invalid-namespace", "invalid-xml",
        "not-authorized", "not-well-formed", "policy-violation", "remote-connection-failed", "reset",
        "resource-constraint", "restricted-xml", "see-other-host", "system-shutdown", "undefined-condition",
        "unsupported-encoding", "unsupported-feature", "unsupported-stanza-type", "unsupported-version",
    ];

    [Test]
    public void Every_condition_of_the_RFC_has_an_advice_of_its_own() =>                                       // RFC 6120 §4.9.3
        Assert.That(Conditions.Append("made-up").Select(c => new StreamError(c, null).Advice).Distinct().Count(), Is.EqualTo(26));

    [Test]
    public void What_the_server_says_comes_first() =>
        Assert.That(new StreamError("system-shutdown", "bye").ToString(), Is.EqualTo("system-shutdown (bye). The server is being shut down."));
}
