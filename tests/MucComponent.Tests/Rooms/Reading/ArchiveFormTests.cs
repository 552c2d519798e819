using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.Reading;

/// <summary>XEP-0313, "Filtering results" and "Retrieving form fields": the form, and what is wrong with one.</summary>
public sealed class ArchiveFormTests
{
    private static Coven Archiving => Coven.Open().With(("muc#roomconfig_enablelogging", "1"));

    [Test, Row("0313")] // "Retrieving form fields"
    public void The_form_has_the_fields_there_are_and_requires_none()
    {
        var form = Archiving.Asks(Coven.Hag66, "get", "<query xmlns='urn:xmpp:mam:2'/>").OnlyTold(Coven.Hag66).Element(Ns.Mam + "query")!.Element(Ns.DataForms + "x")!;

        Assert.That(
            form.Elements(Ns.DataForms + "field").Select(f => $"{f.Attribute("type")!.Value} {f.Attribute("var")!.Value}"),
            Is.EqualTo(new[] { "hidden FORM_TYPE", "jid-single with", "text-single start", "text-single end", "text-single before-id", "text-single after-id", "list-multi ids" }));
        Assert.That(form.Attribute("type")?.Value, Is.EqualTo("form"));
        Assert.That(form.Descendants(Ns.DataForms + "required"), Is.Empty);
        Assert.That(form.Descendants(Ns.FormValidation + "open").Single().Parent?.Attribute("datatype")?.Value, Is.EqualTo("xs:string"));
    }

    [TestCase("start", "yesterday")]
    [TestCase("end", "2002-10-13")]
    [TestCase("with", "@shakespeare.lit")]
    [TestCase("start", "2002-10-13T23:58:37Z\n2002-10-13T23:58:37Z")]
    public void A_field_that_cannot_be_read_is_named(string field, string value)
    {
        var coven = Archiving.Asks(Coven.Crone1, "set", $"<query xmlns='urn:xmpp:mam:2'>{Coven.Form("urn:xmpp:mam:2", (field, value))}</query>");

        coven.RefusesWith(Coven.Crone1, "modify", "bad-request");
        Assert.That(coven.OnlyTold(Coven.Crone1).Descendants(Ns.StanzaErrors + "text").Single().Value, Does.Contain(field));
    }

    [TestCase("include-groupchat")]
    [TestCase("{urn:xmpp:fulltext:0}fulltext")]
    public void A_field_that_is_not_known_is_not_implemented(string field) => // "Retrieving form fields"
        Archiving.Asks(Coven.Crone1, "set", $"<query xmlns='urn:xmpp:mam:2'>{Coven.Form("urn:xmpp:mam:2", (field, "false"))}</query>")
            .RefusesWith(Coven.Crone1, "cancel", "feature-not-implemented");

    [TestCase("<x xmlns='jabber:x:data' type='submit'><field var='start'><value>2002-10-13T23:58:37Z</value></field></x>")]
    [TestCase("<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>urn:xmpp:mam:1</value></field></x>")]
    [TestCase("<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' type='hidden'><value>urn:xmpp:mam:2</value></field></x>")]
    [TestCase("<x xmlns='jabber:x:data'/>")]
    [TestCase("<set xmlns='http://jabber.org/protocol/rsm'><max>many</max></set>")]
    public void What_is_no_query_is_a_bad_request(string inside) => // "Filtering results": FORM_TYPE MUST be set
        Archiving.Asks(Coven.Crone1, "set", $"<query xmlns='urn:xmpp:mam:2'>{inside}</query>").RefusesWith(Coven.Crone1, "modify", "bad-request");

    [Test] // XEP-0059 §2.6
    public void Pages_have_no_numbers() =>
        Archiving.Asks(Coven.Crone1, "set", "<query xmlns='urn:xmpp:mam:2'><set xmlns='http://jabber.org/protocol/rsm'><max>1</max><index>1</index></set></query>")
            .RefusesWith(Coven.Crone1, "cancel", "feature-not-implemented");

    [Test]
    public void Nobody_asks_for_more_ids_than_fit_on_a_page()
    {
        var ids = string.Join('\n', Enumerable.Range(0, 251).Select(i => $"{i}"));

        Archiving.Asks(Coven.Crone1, "set", $"<query xmlns='urn:xmpp:mam:2'>{Coven.Form("urn:xmpp:mam:2", ("ids", ids))}</query>")
            .RefusesWith(Coven.Crone1, "modify", "policy-violation");
    }
}
