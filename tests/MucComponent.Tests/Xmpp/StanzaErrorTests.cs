using System.Globalization;
using System.Text;
using System.Xml.Linq;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Xmpp;

public sealed class StanzaErrorTests
{
    private const string Stanzas = "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'";

    [Test]
    public void It_is_a_type_and_a_condition() =>
        Assert.That(Text(StanzaError.Forbidden), Is.EqualTo($"<error type='auth'><forbidden {Stanzas}/></error>"));

    [Test]
    public void It_says_why_after_the_condition() =>
        Assert.That(Text(StanzaError.NotAllowed.Because("No <more> rooms")),
            Is.EqualTo($"<error type='cancel'><not-allowed {Stanzas}/><text {Stanzas}>No &lt;more&gt; rooms</text></error>"));

    [Test]
    public void It_says_who_says_so() =>
        Assert.That(Text(StanzaError.NotAcceptable, Jid.Parse("coven@chat.shakespeare.lit")),
            Is.EqualTo($"<error type='modify' by='coven@chat.shakespeare.lit'><not-acceptable {Stanzas}/></error>"));

    [Test]
    public void Gone_holds_the_new_address() =>
        Assert.That(Text(StanzaError.Gone with { Address = "xmpp:coven@chat.shakespeare.lit?join" }),
            Is.EqualTo($"<error type='cancel'><gone {Stanzas}>xmpp:coven@chat.shakespeare.lit?join</gone></error>"));

    [Test]
    public void A_condition_of_the_application_comes_last()
    {
        var error = StanzaError.PolicyViolation.Because("t") with { Detail = new XElement(Ns.Errors + "invalid-utf8") };

        Assert.That(Text(error), Is.EqualTo(
            $"<error type='modify'><policy-violation {Stanzas}/><text {Stanzas}>t</text><invalid-utf8 xmlns='urn:xmpp:errors'/></error>"));
    }

    [TestCase("<{0}/><text {1}>t</text><invalid-utf8 xmlns='urn:xmpp:errors'/>", ExpectedResult = "policy-violation")]
    [TestCase("<text {1}>t</text><{0}/>", ExpectedResult = "policy-violation", Description = "In any order.")]
    [TestCase("<text {1}>t</text>", ExpectedResult = null)]
    [TestCase("<invalid-utf8 xmlns='urn:xmpp:errors'/>", ExpectedResult = null)]
    public string? The_condition_of_one_that_came_is_read(string content) =>
        Stanza.Message("error", XElement.Parse($"<error xmlns='jabber:client' type='modify'>{string.Format(CultureInfo.InvariantCulture, content, $"policy-violation {Stanzas}", Stanzas)}</error>")).ErrorCondition;

    [Test]
    public void To_give_a_reason_leaves_the_shared_error_as_it_is()
    {
        _ = StanzaError.Conflict.Because("taken");

        Assert.That(StanzaError.Conflict.Text, Is.Null);
    }

    private static string Text(StanzaError error, Jid? by = null)
    {
        var tail = Encoding.UTF8.GetString(Stanza.Message(null, error.ToXml(by)).Encoded.Tail);
        return tail["'>".Length..^"</message>".Length];
    }
}
