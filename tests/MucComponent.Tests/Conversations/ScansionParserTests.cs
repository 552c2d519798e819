using MucComponent.Conversations;
using NUnit.Framework;

namespace MucComponent.Tests.Conversations;

[TestFixture]
public sealed class ScansionParserTests
{
    private const string Head = "[Client] Romeo\n\tjid: user@localhost\n\tpassword: secret\n\n-----\n\n";

    [Test]
    public void The_first_comment_is_the_title() =>
        Assert.That(Parse("# Entering\n# A long story.\n" + Head).Title, Is.EqualTo("Entering"));

    [Test]
    public void A_script_without_a_title_is_called_by_its_name() => Assert.That(Parse(Head).Title, Is.EqualTo("test"));

    [Test]
    public void Lines_with_two_hashes_are_tags() => Assert.That(Parse("# T\n## slow\n## status: stable\n" + Head).Tags, Is.EqualTo(["slow", "status: stable"]));

    [Test]
    public void A_script_may_want_settings_of_the_service()
    {
        Assert.That(Parse(Head).Settings, Is.Empty);
        Assert.That(Parse("# T\n# settings: MUC_JOIN_RATE=2/m\n# settings: MUC_BLOCK_LISTS = lists.localhost/a=b\n" + Head).Settings, Is.EquivalentTo(new Dictionary<string, string>
        {
            ["MUC_JOIN_RATE"] = "2/m",
            ["MUC_BLOCK_LISTS"] = "lists.localhost/a=b",
        }));
    }

    [Test]
    public void A_setting_without_a_value_is_refused() => Refused("# T\n# settings: MUC_JOIN_RATE\n" + Head, "line 2: expected 'settings: NAME=VALUE'");

    [Test]
    public void A_client_has_a_name_an_address_and_a_password() =>
        Assert.That(Parse(Head).Clients, Is.EqualTo([new Character("Romeo", "user@localhost", "secret")]));

    [Test]
    public void A_client_may_want_a_certain_resource() =>
        Assert.That(Parse("[Client] R\n\tjid: u@localhost\n\tresource: pda\n---\n").Clients[0].Jid, Is.EqualTo("u@localhost/pda"));

    [Test]
    public void A_client_without_an_address_is_refused() => Refused("[Client] Romeo\n\tpassword: x\n---\n", "line 1: Romeo has no jid");

    [Test]
    public void Something_else_than_a_client_before_the_dashes_is_refused() => Refused("[Component] Muc\n\tjid: x\n---\n", "line 1: expected '[Client] NAME'");

    [Test]
    public void A_property_without_a_colon_is_refused() => Refused("[Client] Romeo\n\tjid user@localhost\n---\n", "line 2: expected 'key: value'");

    [Test]
    public void A_script_without_dashes_is_refused() => Refused("[Client] Romeo\n\tjid: user@localhost\n", "no line of dashes");

    [Test]
    public void Each_action_knows_its_line()
    {
        var script = Parse(Head + "Romeo connects\n\nRomeo sends:\n\t<presence/>\n\nRomeo receives: nothing\n\nRomeo disconnects\n");

        Assert.That(script.Steps, Is.EqualTo(new ScriptStep[]
        {
            new Connects(7, "Romeo"), new Sends(9, "Romeo", "<presence/>"), new ReceivesNothing(12, "Romeo"), new Disconnects(14, "Romeo"),
        }));
    }

    [Test]
    public void A_stanza_is_all_that_is_indented_below_the_action()
    {
        var script = Parse(Head + "Romeo receives:\n\t<message>\n\n\t\t<body>\n\tHi</body>\n\t</message>\n\n# Done\n");

        Assert.That(((Receives)script.Steps[0]).Xml, Is.EqualTo("<message>\n\n\t\t<body>\n\tHi</body>\n\t</message>"));
        Assert.That(script.Steps[1], Is.EqualTo(new Remark(14, "Done")));
    }

    [Test]
    public void A_stanza_that_is_not_well_formed_is_refused_with_its_line() =>
        Refused(Head + "Romeo sends:\n\t<message>\n\t\t<body>Hi</bodi>\n\t</message>\n", "line 9: this is not well-formed");

    [Test]
    public void Two_stanzas_in_one_action_are_refused() => Refused(Head + "Romeo sends:\n\t<presence/>\n\t<presence/>\n", "something follows the stanza");

    [Test]
    public void A_missing_stanza_is_refused() => Refused(Head + "Romeo sends:\nRomeo disconnects\n", "line 7: the stanza is missing");

    [Test]
    public void An_unknown_action_is_refused() => Refused(Head + "Romeo sings\n", "line 7: 'sings' is not an action");

    [Test]
    public void An_unknown_name_is_refused() => Refused(Head + "Juliet connects\n", "line 7: nobody of this name is declared");

    [Test]
    public void Indented_text_below_nothing_is_refused() => Refused(Head + "\t<presence/>\n", "belongs to nothing above it");

    [Test]
    public void The_longest_name_that_fits_is_meant()
    {
        var script = Parse("[Client] Juliet\n\tjid: j@localhost\n[Client] Juliet's phone\n\tjid: j@localhost\n---\nJuliet's phone connects\n");

        Assert.That(script.Steps[0], Is.EqualTo(new Connects(6, "Juliet's phone")));
    }

    [TestCase("in-process", true)]
    [TestCase("ejabberd", false)]
    public void A_comment_may_name_the_stages(string stage, bool expected) =>
        Assert.That(Parse("# T\n# stages: in-process, prosody\n" + Head).IsFor(stage), Is.EqualTo(expected));

    [TestCase("ejabberd", true)]
    [TestCase("prosody-builtin", false)]
    public void Without_that_it_is_for_wherever_our_component_is(string stage, bool expected) => Assert.That(Parse(Head).IsFor(stage), Is.EqualTo(expected));

    [Test]
    public void Rooms_of_its_own_are_renamed_in_attributes_and_text_and_nothing_else_is()
    {
        var script = Parse(Head + "Romeo sends:\n\t<message to='room@conference.localhost/n' id='user@localhost'><body>to garden@conference.localhost!</body></message>\n");

        Assert.That(((Sends)script.InRoomsOfItsOwn("7").Steps[0]).Xml, Is.EqualTo(
            "<message to='room-7@conference.localhost/n' id='user@localhost'><body>to garden-7@conference.localhost!</body></message>"));
    }

    private static ScansionScript Parse(string text) => ScansionParser.Parse("test", text);

    private static void Refused(string text, string why) =>
        Assert.That(() => Parse(text), Throws.TypeOf<ScriptException>().With.Message.StartsWith("test.scs, line ").And.Message.Contains(why));
}
