using MucComponent.Rooms;
using MucComponent.Rooms.Features;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.Features;

/// <summary>What a room holds about a person, told and forgotten at the service's word.</summary>
public sealed class ErasureTests
{
    private const string Service = "chat.shakespeare.lit";
    private static readonly Jid Hag = Jid.Parse("hag66@shakespeare.lit");

    [Test]
    public void All_that_is_held_is_told()
    {
        var about = Known().Asks(Service, "get", Erasure.Question(Hag).ToString()).OnlyTold(Service).Element(Ns.Person + "about")!;

        Assert.That(about.Element(Ns.Person + "affiliation")!.Attributes().Where(a => !a.IsNamespaceDeclaration).Select(a => $"{a.Name}={a.Value}"), Is.EqualTo(new[] { "affiliation=member", "nick=thirdwitch", "reason=a friend" }));
        Assert.That(about.Element(Ns.Person + "session")!.Attribute("jid")?.Value, Is.EqualTo(Coven.Hag66));
        Assert.That(about.Elements(Ns.Person + "row").Select(r => r.Attribute("list")!.Value).Distinct(), Is.EquivalentTo(new[] { "audit log", "invitations", "kept roles", "mutes" }));
    }

    [Test]
    public void All_that_is_held_is_forgotten_and_counted()
    {
        var coven = Known();
        coven.Asks(Service, "set", Erasure.Order(Hag).ToString());

        var answer = ErasureAnswer.From(coven.OnlyTold(Service).Element(Ns.Person + "erased")!);
        Assert.That(answer, Is.EqualTo(new ErasureAnswer(Messages: 3, Sessions: 1, Affiliations: 1, Rows: 5, More: false)));
        Assert.That(Coven.Statuses(coven.OnlyTold(Coven.Hag66)), Does.Contain(307), "who is there is out");
        coven.Restarts();
        Assert.That(coven.Asks(Service, "get", Erasure.Question(Hag).ToString()).OnlyTold(Service).Element(Ns.Person + "about")!.HasElements, Is.False);
        Assert.That(coven.Room.Extra.Values, Has.None.Contains("hag66"));
        Assert.That(coven.Room.Extra["audit log"].Split('\n'), Has.Length.EqualTo(3), "that something was done stays, but not to whom");
        Assert.That(coven.Room.Due, Is.Null);
        Assert.That(coven.Room.Subject!.From, Is.Null);
        Assert.That(coven.Room.History.Select(h => (h.Record.Retracted, h.Record.Author.Jid.ToString(), h.Record.From.ToString())).Distinct(), Is.EqualTo(new[]
        {
            (false, Coven.Crone1, $"{Coven.Address}/firstwitch"), (true, Service, Coven.Address),
        }));
        Assert.That(coven.Asks(Coven.Crone1, "set", "<query xmlns='urn:xmpp:mam:2'/>").Told.Select(s => s.ToString()), Has.None.Contains("hag66").And.None.Contains("thirdwitch").And.None.Contains("Harpier"));
    }

    [Test]
    public void A_room_whose_only_owner_is_forgotten_goes_on_and_says_so()
    {
        var coven = Known().Affiliates("wiccarocks@shakespeare.lit", "admin").Enters(Coven.Wiccarocks, "secondwitch").Enters(Coven.Hag66, "thirdwitch");

        Assert.That(Answer(coven.Asks(Service, "set", Erasure.Order(Hag).ToString())).IsForsaken, Is.False);
        Assert.That(Answer(coven.Asks(Service, "set", Erasure.Order(Jid.Parse(Coven.Crone1).Bare).ToString())).IsForsaken, Is.True);
        coven.Enters(Coven.Hag66, "thirdwitch").GivesRole("thirdwitch", "none", by: Coven.Wiccarocks);
        Assert.That(coven.Room.Occupants.ByNick("thirdwitch"), Is.Null, "its admins go on");
        coven.Affiliates("wiccarocks@shakespeare.lit", "owner", by: Service);
        Assert.That(coven.Room.Affiliations.Get(Jid.Parse(Coven.Wiccarocks).Bare), Is.EqualTo(Affiliation.Owner));
        coven.Affiliates("wiccarocks@shakespeare.lit", "none", by: Service).RefusesWith(Service, "cancel", "conflict");

        static ErasureAnswer Answer(Coven coven) => ErasureAnswer.From(coven.OnlyTold(Service).Element(Ns.Person + "erased")!);
    }

    [Test]
    public void Nobody_but_the_service_can_ask_for_it()
    {
        Known().Asks(Coven.Crone1, "get", Erasure.Question(Hag).ToString()).RefusesWith(Coven.Crone1, "cancel", "service-unavailable");
        Known().Asks(Coven.Crone1, "set", Erasure.Order(Hag).ToString()).RefusesWith(Coven.Crone1, "cancel", "service-unavailable");
    }

    [Test]
    public void Who_is_like_them_stays()
    {
        var coven = Coven.Open().Affiliates("hag66@shakespeare.literature", "member").Affiliates("ahag66@shakespeare.lit", "member").GivesRole("nobody", "none");
        coven.Executes(Coven.Crone1, "mute", "", ("who", "hag66@shakespeare.literature"), ("for", "1h"));

        var answer = ErasureAnswer.From(coven.Asks(Service, "set", Erasure.Order(Hag).ToString()).OnlyTold(Service).Element(Ns.Person + "erased")!);

        Assert.That(answer, Is.EqualTo(new ErasureAnswer(0, 0, 0, 0, false)));
        Assert.That(coven.Changes, Is.Empty);
    }

    // A member who is muted, was invited, and has set the subject.
    private static Coven Known()
    {
        var coven = Coven.Open().With(("muc#roomconfig_enablelogging", "1"), ("muc#roomconfig_changesubject", "1")).Says(Coven.Crone1, "When shall we three meet again?")
            .Hears($"<message from='{Coven.Crone1}' to='{Coven.Address}'><x xmlns='http://jabber.org/protocol/muc#user'><invite to='{Hag}'/></x></message>")
            .Affiliates(Hag.ToString(), "member", inside: "<reason>a friend</reason>", attributes: "nick='thirdwitch'").Enters(Coven.Hag66, "thirdwitch")
            .Says(Coven.Hag66, "Harpier cries").Says(Coven.Hag66, "'tis time")
            .Hears($"<message from='{Coven.Hag66}' to='{Coven.Address}' type='groupchat' id='s'><subject>Harpier</subject></message>");
        return coven.Executes(Coven.Crone1, "mute", "", ("who", "thirdwitch"), ("for", "1h"));
    }
}
