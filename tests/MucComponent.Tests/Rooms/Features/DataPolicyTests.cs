using MucComponent.Rooms;
using MucComponent.Rooms.Features;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.Features;

/// <summary>XEP-0504.</summary>
public sealed class DataPolicyTests
{
    private const string Archive = "muc#roomconfig_enablelogging";
    private const string Days = "muc#roomconfig_archiveretention";
    private const string Newcomers = "muc#roomconfig_historylength";

    [TestCase(null, "1", "0", "20", ExpectedResult = "infinite")]
    [TestCase(null, "1", "3", "20", ExpectedResult = "72")]
    [TestCase(36, "1", "0", "20", ExpectedResult = "36")]
    [TestCase(36, "1", "3", "20", ExpectedResult = "36", Description = "what the service keeps is the most")]
    [TestCase(96, "1", "3", "20", ExpectedResult = "72")]
    [TestCase(36, "0", "0", "20", ExpectedResult = "36", Description = "what newcomers see is kept too")]
    [TestCase(null, "0", "0", "20", ExpectedResult = "infinite", Description = "nothing displaces the last ones")]
    [TestCase(null, "0", "0", "0", ExpectedResult = "0")]
    [TestCase(36, "1", "0", "0", ExpectedResult = "36")]
    public string? A_room_says_how_long_what_is_said_is_kept(int? hours, string archive, string days, string newcomers) // "Data Retention"
    {
        var policy = new ServicePolicy { Retention = hours is { } h ? TimeSpan.FromHours(h) : null };

        return FormOf(Coven.Open(policy).With((Archive, archive), (Days, days), (Newcomers, newcomers))).Value("data_retention");
    }

    [Test] // "stored (at most)"
    public void A_begun_hour_counts() =>
        Assert.That(FormOf(Coven.Open(new ServicePolicy { Retention = TimeSpan.FromMinutes(61) })).Value("data_retention"), Is.EqualTo("2"));

    [Test] // "Summary"
    public void What_the_operator_states_is_told_with_the_types_of_its_fields()
    {
        var form = FormOf(Coven.Open(new ServicePolicy { DataPolicy = DataPolicy.Read("tos=https://example.org/terms?a=b; access_policy=admins moderators;data_export = true") }));

        Assert.That(form.Fields.Select(f => (f.Var, f.Type, string.Join('|', f.Values))), Is.EqualTo(new[]
        {
            ("data_retention", "text-single", "infinite"), ("access_policy", "list-multi", "admins|moderators"),
            ("data_export", "boolean", "true"), ("tos", "text-single", "https://example.org/terms?a=b"),
        }));
    }

    [TestCase("tos")]
    [TestCase("tos=")]
    [TestCase("tos=the terms")]
    [TestCase("data_retention=72", Description = "it is known, and not stated")]
    [TestCase("data_export=1")]
    [TestCase("access_policy=nobody")]
    [TestCase("access_policy=none admins", Description = "\"If used, this value MUST be the only one selected\"")]
    [TestCase("backup_frequency=daily")]
    [TestCase("backup_retention=-1")]
    public void What_cannot_be_stated_is_a_mistake(string text) => Assert.That(() => DataPolicy.Read(text), Throws.TypeOf<FormatException>());

    [TestCase("backup_retention=unknown")]
    [TestCase("backup_frequency=24; backup_retention=infinite; extra_info=Asked often: no.")]
    [TestCase("access_policy=none; encryption_at_rest=false")]
    [TestCase(" ; ")]
    public void What_can_be_stated_is_none(string text) => Assert.That(() => DataPolicy.Read(text), Throws.Nothing);

    private static DataForm FormOf(Coven coven) =>
        coven.Asks(Coven.Hag66, "get", "<query xmlns='http://jabber.org/protocol/disco#info'/>").OnlyTold(Coven.Hag66)
            .Descendants(Ns.DataForms + "x").Select(DataForm.From).Single(f => f!.FormType == "urn:xmpp:data-policy:0")!;
}
