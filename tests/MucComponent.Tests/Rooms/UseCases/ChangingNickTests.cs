using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.UseCases;

/// <summary>XEP-0045 §7.6.</summary>
public sealed class ChangingNickTests
{
    private const string Pda = "wiccarocks@shakespeare.lit/pda";

    [Test, Row("N1", "status-303")] // §7.6
    public void The_old_nick_goes_with_303_and_the_new_name_then_the_new_one_comes_to_all()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch");

        Renames(coven, Coven.Hag66, "oldhag");

        foreach (var (to, self) in new[] { (Coven.Crone1, false), (Coven.Hag66, true) })
        {
            var told = coven.ToldTo(to);
            Assert.That(told.Select(Coven.Short), Is.EqualTo(new[] { "unavailable thirdwitch", "presence oldhag" }));
            Assert.That(Coven.Statuses(told[0]), Is.EqualTo(self ? new[] { 303, 110 } : [303]));
            Assert.That(Coven.Statuses(told[1]), Is.EqualTo(self ? new[] { 110 } : []));
            var item = Coven.Item(told[0]);
            Assert.That((item.Attribute("nick")?.Value, item.Attribute("role")?.Value), Is.EqualTo(("oldhag", "participant")), "as in §7.6's examples");
        }
    }

    [Test, Row("N2")] // §7.6
    public void Who_wants_a_taken_nick_keeps_its_own()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch");

        Renames(coven, Coven.Hag66, "firstwitch").RefusesWith(Coven.Hag66, "cancel", "conflict");

        Assert.That(coven.Room.Occupants.ByNick("thirdwitch"), Is.Not.Null);
    }

    [Test, Row("N2")] // §7.6
    public void Who_wants_a_reserved_nick_keeps_its_own() =>
        Renames(Coven.Open().Affiliates("wiccarocks@shakespeare.lit", "member", attributes: "nick='secondwitch'").Enters(Coven.Hag66, "thirdwitch"), Coven.Hag66, "secondwitch")
            .RefusesWith(Coven.Hag66, "cancel", "conflict");

    [Test, Row("N2", "J41")] // §17.1
    public void Who_wants_an_invisible_nick_keeps_its_own() =>
        Renames(Coven.Open().Enters(Coven.Hag66, "thirdwitch"), Coven.Hag66, " ").RefusesWith(Coven.Hag66, "modify", "jid-malformed");

    [Test, Row("N3")] // §7.6
    public void Whoever_is_kept_to_a_nick_does_not_change_it() =>
        Renames(
            Coven.Open().With(("muc#roomconfig_lockednicks", "1")).Affiliates("hag66@shakespeare.lit", "member", attributes: "nick='thirdwitch'").Enters(Coven.Hag66, "thirdwitch"),
            Coven.Hag66, "oldhag").RefusesWith(Coven.Hag66, "modify", "not-acceptable");

    [TestCase("visitor")]
    [TestCase("participant")]
    [TestCase("moderator")]
    [Row("N5")]
    public void The_role_goes_along(string role)
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch").GivesRole("thirdwitch", role);

        Renames(coven, Coven.Hag66, "oldhag");

        Assert.That(Coven.Item(coven.ToldTo(Coven.Crone1)[1]).Attribute("role")?.Value, Is.EqualTo(role));
        Assert.That(coven.Reloaded().Occupants.ByNick("oldhag")!.Role.ToString(), Is.EqualTo(role).IgnoreCase);
    }

    [Test, Row("N6")]
    public void One_client_of_two_goes_to_the_new_nick_alone_and_each_sees_the_other_as_another()
    {
        var coven = Coven.Open().Enters(Coven.Wiccarocks, "secondwitch").Enters(Pda, "secondwitch");

        Renames(coven, Coven.Wiccarocks, "fourthwitch");

        Assert.That(coven.ToldTo(Coven.Crone1).Select(Coven.Short), Is.EqualTo(new[] { "presence fourthwitch" }), "nobody left");
        Assert.That(coven.ToldTo(Pda).Select(Coven.Short), Is.EqualTo(new[] { "presence fourthwitch" }));
        Assert.That(Coven.Statuses(coven.ToldTo(Pda)[0]), Is.Empty, "it is not that client's own any more");
        Assert.That(
            coven.ToldTo(Coven.Wiccarocks).Select(p => $"{Coven.Short(p)} {string.Join(' ', Coven.Statuses(p))}".TrimEnd()),
            Is.EqualTo(new[] { "unavailable secondwitch 303 110", "presence secondwitch", "presence fourthwitch 110" }));
    }

    [Test, Row("N6", "J23")] // the client whose presence was shown goes: that of the one who stays is shown instead
    public void Where_the_client_that_was_shown_goes_the_one_that_stays_is_shown()
    {
        var coven = Coven.Open().Enters(Coven.Wiccarocks, "secondwitch");
        coven.Hears($"<presence from='{Pda}' to='{Coven.Address}/secondwitch'><show>away</show><x xmlns='http://jabber.org/protocol/muc'/></presence>");

        Renames(coven, Pda, "fourthwitch");

        Assert.That(coven.ToldTo(Coven.Crone1).Select(Coven.Short), Is.EqualTo(new[] { "presence secondwitch", "presence fourthwitch" }));
        Assert.That(coven.ToldTo(Coven.Crone1)[0].Element(Ns.Client + "show"), Is.Null);
        Assert.That(coven.ToldTo(Pda).Select(Coven.Short), Is.EqualTo(new[] { "unavailable secondwitch", "presence secondwitch", "presence fourthwitch" }));
    }

    [Test, Row("N7")] // §7.6, §7.2.8
    public void A_client_that_goes_where_its_owner_already_is_joins_it_there()
    {
        var coven = Coven.Open().Enters(Coven.Wiccarocks, "secondwitch").Enters(Pda, "fourthwitch");

        Renames(coven, Pda, "secondwitch");

        Assert.That(coven.Room.Occupants.ByNick("secondwitch")!.Sessions, Has.Length.EqualTo(2));
        Assert.That(coven.ToldTo(Coven.Crone1).Select(Coven.Short), Is.EqualTo(new[] { "unavailable fourthwitch", "presence secondwitch" }));
        Assert.That(Coven.Statuses(coven.ToldTo(Coven.Crone1)[0]), Is.Empty, "not 303: the nick it goes to is there already");
        Assert.That(Coven.Statuses(coven.ToldTo(Pda)[0]), Is.EqualTo(new[] { 303, 110 }));
    }

    [Test, Row("N1")] // §7.6: the presence of a nick change is a presence
    public void What_the_presence_says_is_shown_with_the_new_nick()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch");

        coven.Hears($"<presence from='{Coven.Hag66}' to='{Coven.Address}/oldhag'><show>xa</show></presence>");

        Assert.That(coven.ToldTo(Coven.Crone1)[0].Element(Ns.Client + "show"), Is.Null);
        Assert.That(coven.ToldTo(Coven.Crone1)[1].Element(Ns.Client + "show")?.Value, Is.EqualTo("xa"));
    }

    private static Coven Renames(Coven coven, string who, string nick) => coven.Hears($"<presence from='{who}' to='{Coven.Address}/{nick}'/>");
}
