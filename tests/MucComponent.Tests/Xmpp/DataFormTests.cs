using System.Xml.Linq;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Xmpp;

public sealed class DataFormTests
{
    private const string RoomConfig = "http://jabber.org/protocol/muc#roomconfig";

    [Test]
    public void A_form_is_written_in_the_order_of_the_schema()
    {
        var form = DataForm.Form(
            RoomConfig,
            FormField.Fixed("Who may speak"),
            FormField.TextSingle("muc#roomconfig_roomname", "Natural-Language Room Name", "A Dark Cave") with { Required = true, Desc = "Shown in lists" },
            FormField.Boolean("muc#roomconfig_moderatedroom", "Make Room Moderated?", false),
            FormField.ListSingle("muc#roomconfig_whois", "Who may see real JIDs?", "moderators", [new("moderators", "Moderators Only"), new("anyone", null)]),
            FormField.TextPrivate("muc#roomconfig_roomsecret", "Password", null)) with
        {
            Title = "Configuration for \"coven\" Room",
            Instructions = "Complete this form.",
        };

        Assert.That(form.ToXml().ToString(), Is.EqualTo("""
            <x type="form" xmlns="jabber:x:data">
              <title>Configuration for "coven" Room</title>
              <instructions>Complete this form.</instructions>
              <field type="hidden" var="FORM_TYPE">
                <value>http://jabber.org/protocol/muc#roomconfig</value>
              </field>
              <field type="fixed">
                <value>Who may speak</value>
              </field>
              <field type="text-single" label="Natural-Language Room Name" var="muc#roomconfig_roomname">
                <desc>Shown in lists</desc>
                <required />
                <value>A Dark Cave</value>
              </field>
              <field type="boolean" label="Make Room Moderated?" var="muc#roomconfig_moderatedroom">
                <value>0</value>
              </field>
              <field type="list-single" label="Who may see real JIDs?" var="muc#roomconfig_whois">
                <value>moderators</value>
                <option label="Moderators Only">
                  <value>moderators</value>
                </option>
                <option>
                  <value>anyone</value>
                </option>
              </field>
              <field type="text-private" label="Password" var="muc#roomconfig_roomsecret" />
            </x>
            """.ReplaceLineEndings()));
    }

    [Test]
    public void A_result_need_not_tell_types() =>
        Assert.That(DataForm.Result("urn:x", FormField.Plain("muc#roominfo_occupants", "3")).ToXml().ToString(SaveOptions.DisableFormatting), Is.EqualTo(
            "<x type=\"result\" xmlns=\"jabber:x:data\"><field type=\"hidden\" var=\"FORM_TYPE\"><value>urn:x</value></field>"
            + "<field var=\"muc#roominfo_occupants\"><value>3</value></field></x>"));

    [Test]
    public void What_is_written_is_read_as_the_same()
    {
        var form = DataForm.Form(
            RoomConfig,
            FormField.Fixed("text"),
            FormField.TextMulti("lines", "Lines", ["1", "", "3"]),
            FormField.ListMulti("list", "List", ["a", "b"], [new("a", "A"), new("b", null)]) with { Required = true, Desc = "d" },
            FormField.JidSingle("jid", "JID", null),
            FormField.JidMulti("jids", "JIDs", ["a@b", "c@d"])) with
        { Title = "t", Instructions = "i" };

        var read = DataForm.From(form.ToXml())!;

        Assert.That((read.Type, read.FormType, read.Title, read.Instructions), Is.EqualTo(("form", RoomConfig, "t", "i")));
        Assert.That(read.ToXml().ToString(), Is.EqualTo(form.ToXml().ToString()));
    }

    [Test]
    public void A_field_that_is_empty_differs_from_one_that_is_not_there()
    {
        var form = Form("<field var='none'/><field var='empty'><value/></field><field var='two'><value>a</value><value>b</value></field>");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(form.Values("absent"), Is.Null);
            Assert.That(form.Values("none"), Is.Empty);
            Assert.That(form.Values("empty"), Is.EqualTo([""]));
            Assert.That(form.Values("two"), Is.EqualTo(["a", "b"]));
            Assert.That(form.Value("absent"), Is.Null);
            Assert.That(form.Value("none"), Is.Empty);
            Assert.That(form.Value("empty"), Is.Empty);
            Assert.That(form.Value("two"), Is.EqualTo("a"));
            Assert.That(form.Field("absent"), Is.Null);
        }
    }

    [Test]
    public void Of_two_fields_of_one_name_the_first_counts() =>
        Assert.That(Form("<field var='a'><value>1</value></field><field var='a'><value>2</value></field>").Value("a"), Is.EqualTo("1"));

    [TestCase("submit", "", "urn:x", TestName = "FORM_TYPE: submitted without a type (XEP-0068 §5)")]
    [TestCase("submit", "type='hidden'", "urn:x", TestName = "FORM_TYPE: submitted as hidden")]
    [TestCase("form", "type='hidden'", "urn:x", TestName = "FORM_TYPE: hidden in a form")]
    [TestCase("form", "type='text-single'", null, TestName = "FORM_TYPE: not hidden in a form is ignored (XEP-0068 §4.3)")]
    [TestCase("result", "", null, TestName = "FORM_TYPE: not hidden in a result is ignored (XEP-0068 §4.3)")]
    public void Form_type(string type, string attributes, string? expected)
    {
        var form = Form($"<field var='a'/><field var='FORM_TYPE' {attributes}><value>urn:x</value></field>", type);

        Assert.That(form.FormType, Is.EqualTo(expected));
        Assert.That(form.Fields, Has.Length.EqualTo(expected is null ? 2 : 1));
    }

    [Test]
    public void A_form_without_a_form_type_has_none() =>
        Assert.That(DataForm.From(new XElement(DataForm.Name, new XAttribute("type", "cancel"))), Has.Property("FormType").Null);

    [TestCase("<x xmlns='jabber:x:data'/>")]
    [TestCase("<x xmlns='jabber:x:data' type='other'/>")]
    [TestCase("<y xmlns='jabber:x:data' type='form'/>")]
    [TestCase("<x xmlns='urn:x' type='form'/>")]
    public void What_is_no_form_is_null(string xml) => Assert.That(DataForm.From(XElement.Parse(xml)), Is.Null);

    [Test]
    public void No_element_is_no_form() => Assert.That(DataForm.From(null), Is.Null);

    [Test] // §3.4
    public void A_table_is_written_and_read()
    {
        var table = new DataForm("result", "urn:t")
        {
            Reported = [new FormField("jid", "jid-single", "Room")],
            Items = [[FormField.Plain("jid", "coven@chat.shakespeare.lit")], [FormField.Plain("jid", "heath@chat.shakespeare.lit")]],
        };

        var read = DataForm.From(XElement.Parse(table.ToXml().ToString()))!;

        Assert.That(table.ToXml().Elements().Select(e => e.Name.LocalName), Is.EqualTo(new[] { "field", "reported", "item", "item" }));
        Assert.That(read.Reported.Select(f => (f.Var, f.Type, f.Label)), Is.EqualTo(new[] { ("jid", "jid-single", "Room") }));
        Assert.That(read.Items.Select(i => i.Single().Value), Is.EqualTo(new[] { "coven@chat.shakespeare.lit", "heath@chat.shakespeare.lit" }));
    }

    [TestCase("<field var='b'><value>1</value></field>", "The field a must be filled in.")]
    [TestCase("<field var='a'><value/></field>", "The field a must be filled in.")]
    [TestCase("<field var='a'><value>x</value></field>", null)]
    [TestCase("<field var='a'><value>x</value><value>y</value></field>", "The field a takes one value.")]
    [TestCase("<field var='a'><value>x</value></field><field var='b'><value>yes</value></field>", "The field b cannot be \"yes\".")]
    [TestCase("<field var='a'><value>x</value></field><field var='b'/>", null)]
    [TestCase("<field var='a'><value>x</value></field><field var='l'><value>one</value></field>", null)]
    [TestCase("<field var='a'><value>x</value></field><field var='l'><value>three</value></field>", "The field l cannot be \"three\".")]
    [TestCase("<field var='a'><value>x</value></field><field var='j'><value>a@b</value><value>@</value></field>", "The field j cannot be \"@\".")]
    [TestCase("<field var='FORM_TYPE'><value>urn:u</value></field><field var='a'><value>x</value></field>", "This is a form of another kind: urn:u.")]
    [TestCase("<field var='FORM_TYPE'><value>urn:t</value></field><field var='a'><value>x</value></field>", null)]
    public void What_is_filled_in_wrong_is_found(string fields, string? fault) // §3.2, §3.3
    {
        var form = DataForm.Form(
            "urn:t", FormField.TextSingle("a", "A", null) with { Required = true }, FormField.Boolean("b", "B", false),
            FormField.ListSingle("l", "L", "one", [new("one", null), new("two", null)]), FormField.JidMulti("j", "J", []));

        Assert.That(form.FaultIn(Form(fields)), Is.EqualTo(fault));
    }

    [TestCase("1", true)]
    [TestCase("true", true)]
    [TestCase("0", false)]
    [TestCase("false", false)]
    public void A_boolean_is_read(string text, bool expected)
    {
        Assert.That(DataForm.TryParseBoolean(text, out var value), Is.True);
        Assert.That(value, Is.EqualTo(expected));
    }

    [TestCase("")]
    [TestCase("yes")]
    [TestCase("TRUE")]
    [TestCase("2")]
    public void What_is_no_boolean_is_refused(string text) => Assert.That(DataForm.TryParseBoolean(text, out _), Is.False);

    private static DataForm Form(string fields, string type = "submit") =>
        DataForm.From(XElement.Parse($"<x xmlns='jabber:x:data' type='{type}'>{fields}</x>"))!;
}
