using System.Xml.Linq;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.UseCases;

/// <summary>XEP-0045 §8.1 and §7.2.15.</summary>
public sealed class ChangingSubjectTests
{
    private const string Fire = "<subject>Fire Burn and Cauldron Bubble!</subject>";

    [Test, Row("S1")] // §8.1
    public void A_subject_alone_is_the_rooms_new_subject_and_all_are_told()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch");

        Sends(coven, Coven.Crone1, Fire);

        var told = coven.OnlyTold(Coven.Hag66);
        Assert.That(told.Attribute("from")?.Value, Is.EqualTo($"{Coven.Address}/firstwitch"));
        Assert.That(told.Attribute("id")?.Value, Is.EqualTo("lh2bs617"));
        Assert.That(told.Element(Ns.Client + "subject")?.Value, Is.EqualTo("Fire Burn and Cauldron Bubble!"));
        Assert.That(told.Element(Ns.Client + "body"), Is.Null);
        Assert.That(coven.Room.Subject, Is.Not.Null);
    }

    [TestCase("<body>Double, double toil and trouble.</body>")]
    [TestCase("<thread>e0ffe42b28561960c6b12b944a092794b9683a38</thread>")]
    [Row("S1", "1.16.M")] // §8.1: "SHALL NOT be interpreted as a subject change"
    public void A_subject_beside_a_body_or_a_thread_is_part_of_a_message_that_anybody_may_send(string beside)
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch");

        Sends(coven, Coven.Hag66, Fire + beside);

        Assert.That(coven.OnlyTold(Coven.Crone1).Element(Ns.Client + "subject"), Is.Not.Null);
        Assert.That(coven.Room.Subject, Is.Null);
    }

    [TestCase("moderator", "0", ExpectedResult = true)]
    [TestCase("participant", "0", ExpectedResult = false)]
    [TestCase("participant", "1", ExpectedResult = true)]
    [TestCase("visitor", "1", ExpectedResult = false)]
    [Row("S2", "S3", "field-muc#roomconfig_changesubject")] // §8.1
    public bool Who_may_change_it_is_a_matter_of_role_and_configuration(string role, string changesubject)
    {
        var coven = Coven.Open().With(("muc#roomconfig_changesubject", changesubject)).Enters(Coven.Hag66, "thirdwitch").GivesRole("thirdwitch", role);

        Sends(coven, Coven.Hag66, Fire);
        if (coven.Room.Subject is not null) return true;
        coven.RefusesWith(Coven.Hag66, "auth", "forbidden");
        return false;
    }

    [Test, Row("S4")] // §8.1
    public void An_empty_subject_clears_it()
    {
        var coven = Sends(Sends(Coven.Open(), Coven.Crone1, Fire), Coven.Crone1, "<subject/>");

        var subject = coven.Enters(Coven.Hag66, "thirdwitch").ToldTo(Coven.Hag66)[^1];

        Assert.That(subject.Element(Ns.Client + "subject")?.Value, Is.Empty);
        Assert.That(subject.Attribute("from")?.Value, Is.EqualTo(Coven.Address));
        Assert.That(subject.Element(Ns.Delay + "delay")?.Attribute("from")?.Value, Is.EqualTo(Coven.Address), "it was cleared at some time");
    }

    [Test, Row("S5", "1.16.E")] // §7.2.13
    public void Earlier_subjects_are_not_part_of_the_history()
    {
        var coven = Sends(Sends(Coven.Open(), Coven.Crone1, "<subject>Thunder and lightning.</subject>"), Coven.Crone1, Fire);

        var told = coven.Enters(Coven.Hag66, "thirdwitch").ToldTo(Coven.Hag66);

        Assert.That(told.Elements(Ns.Client + "subject").Select(s => s.Value), Is.EqualTo(new[] { "Fire Burn and Cauldron Bubble!" }));
    }

    [Test, Row("S6", "J39", "J40")] // §7.2.15
    public void A_newcomer_hears_who_set_it_and_when_even_after_a_restart()
    {
        var coven = Sends(Coven.Open().With(("muc#roomconfig_persistentroom", "1")), Coven.Crone1, Fire);
        coven.Now += TimeSpan.FromDays(1);

        var subject = coven.Restarts().Leaves(Coven.Crone1).Enters(Coven.Hag66, "thirdwitch").ToldTo(Coven.Hag66)[^1];

        Assert.That(subject.Attribute("from")?.Value, Is.EqualTo($"{Coven.Address}/firstwitch"));
        Assert.That(subject.Attribute("type")?.Value, Is.EqualTo("groupchat"));
        Assert.That(subject.Element(Ns.Client + "subject")?.Value, Is.EqualTo("Fire Burn and Cauldron Bubble!"));
        Assert.That(subject.Element(Ns.Delay + "delay")?.Attribute("from")?.Value, Is.EqualTo(Coven.Address));
        Assert.That(subject.Element(Ns.Delay + "delay")?.Attribute("stamp")?.Value, Is.EqualTo("2002-10-13T23:58:37.000Z"));
    }

    [Test, Row("J38", "1.15.3", "1.16.M")] // §7.2.15: clients wait for it
    public void A_newcomer_hears_an_empty_subject_where_none_was_ever_set()
    {
        var subject = Coven.Open().Enters(Coven.Hag66, "thirdwitch").ToldTo(Coven.Hag66)[^1];

        Assert.That(subject.Attribute("from")?.Value, Is.EqualTo(Coven.Address));
        Assert.That(subject.Elements().Select(e => e.Name.LocalName), Is.EqualTo(new[] { "subject" }));
        Assert.That(subject.Value, Is.Empty);
    }

    private static Coven Sends(Coven coven, string who, string content) =>
        coven.Hears($"<message from='{who}' to='{Coven.Address}' type='groupchat' id='lh2bs617'>{content}</message>");
}
