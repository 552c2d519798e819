using System.Xml.Linq;
using MucComponent.Rooms;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms;

/// <summary>Few are looked through, many are looked up: both find the same.</summary>
public sealed class OccupantsTests
{
    private static readonly Jid Coven = Jid.Parse("coven@chat.shakespeare.lit");

    [Test]
    public void Everybody_is_found_by_nick_and_by_session_however_many_come_and_go([Values(1, 2, 3)] int seed)
    {
        var dice = new Random(seed);
        var occupants = Occupants.Nobody;
        var expected = new List<Occupant>();
        for (var step = 0; step < 400; step++)
        {
            // Fuller and fuller in the first half, emptier and emptier in the second.
            if (dice.Next(400) > step) Enter();
            else if (expected.Count > 0) Leave();
            Assert.That(occupants.All, Is.EqualTo(expected), "in the order they came");
            foreach (var occupant in expected)
            {
                Assert.That(occupants.ByNick(occupant.Nick), Is.SameAs(occupant));
                foreach (var session in occupant.SessionJids) Assert.That(occupants.BySession(session), Is.SameAs(occupant));
                Assert.That(occupants.Of(occupant.RealJid), Does.Contain(occupant));
            }
            Assert.That(occupants.ByNick("nobody"), Is.Null);
            Assert.That(occupants.BySession(Jid.Parse("nobody@shakespeare.lit/pda")), Is.Null);
        }

        void Enter()
        {
            var person = dice.Next(60);
            var session = new Session(Jid.Parse($"w{person}@shakespeare.lit/r{dice.Next(3)}"), "", DateTimeOffset.UnixEpoch.AddSeconds(dice.Next(1000)));
            var at = expected.FindIndex(o => o.Nick == $"witch{person}");
            var now = at < 0 ? new Occupant(Coven, $"witch{person}", Affiliation.None, Role.Participant, [session]) : expected[at].With(session);
            if (at < 0) expected.Add(now);
            else expected[at] = now;
            occupants = occupants.With(now);
        }

        void Leave()
        {
            var at = dice.Next(expected.Count);
            var (gone, session) = (expected[at], expected[at].SessionJids[0]);
            var rest = gone with { Sessions = gone.Sessions.RemoveAll(s => s.Jid == session) };
            if (rest.Sessions.IsEmpty) expected.RemoveAt(at);
            else expected[at] = rest;
            occupants = rest.Sessions.IsEmpty ? occupants.Without(gone) : occupants.With(rest);
            Assert.That(occupants.BySession(session), Is.Null);
        }
    }

    [Test(Description = "It would end the stream for every room.")]
    public void A_presence_that_a_store_gives_back_damaged_is_not_sent()
    {
        var occupant = new Occupant(Coven, "hag", Affiliation.None, Role.Participant, [new(Jid.Parse("hag66@shakespeare.lit/pda"), "<show>away", DateTimeOffset.UnixEpoch)]);
        Assert.That(() => occupant.Shown.SoundText, Throws.TypeOf<FormatException>());
        Assert.That(() => occupant.Shown.SoundText, Throws.TypeOf<FormatException>());
    }

    [Test]
    public void At_rest_what_can_be_made_again_goes_and_comes_back_the_same()
    {
        var occupant = new Occupant(Coven, "hag", Affiliation.None, Role.Participant, [new(Jid.Parse("hag66@shakespeare.lit/pda"), "<show xmlns='jabber:client'>away</show>", DateTimeOffset.UnixEpoch)]);
        var room = new Room(Coven, "salt") { Occupants = Occupants.Nobody.With(occupant) };
        var (jid, id, audience, show) = (occupant.Jid, occupant.Id(room), room.Occupants.Audience, occupant.Shown.Presence[0]);
        room.Rest();
        Assert.Multiple(() =>
        {
            Assert.That(occupant.Jid, Is.EqualTo(jid).And.Not.SameAs(jid));
            Assert.That(occupant.Id(room), Is.EqualTo(id).And.Not.SameAs(id));
            Assert.That(room.Occupants.Audience, Is.Not.SameAs(audience));
            Assert.That(room.Occupants.Audience.Everyone, Is.EqualTo(audience.Everyone));
            Assert.That(occupant.Shown.Presence[0].Value, Is.EqualTo("away"));
            Assert.That(occupant.Shown.Presence[0], Is.Not.SameAs(show));
        });
    }

    [Test(Description = "What is kept in a quiet room would only be let go of before anybody else comes.")]
    public void What_newcomers_are_told_is_kept_where_people_come_and_go()
    {
        var hag = new Occupant(Coven, "hag", Affiliation.None, Role.Participant, [new(Jid.Parse("hag66@shakespeare.lit/pda"), "<show>away</show>", DateTimeOffset.UnixEpoch)]);
        var room = new Room(Coven, "salt") { Exists = true, Occupants = Occupants.Nobody.With(hag) };
        room.Doze();

        Stanza[] told = [Enters("a"), Enters("b"), Enters("c")];
        Assert.That(told[1], Is.Not.SameAs(told[0]));
        Assert.That(told[2], Is.SameAs(told[1]));
        room.Doze();
        told = [.. told, Enters("d"), Enters("e"), Enters("f")];
        Assert.That(told[3], Is.Not.SameAs(told[2]));
        Assert.That(told[4], Is.Not.SameAs(told[3]));
        Assert.That(told[5], Is.SameAs(told[4]));
        Assert.That(told.Select(StanzaWriter.ToText), Is.All.EqualTo(StanzaWriter.ToText(told[0])));

        Stanza Enters(string nick)
        {
            var join = Stanza.Presence(null, new XElement(Ns.Muc + "x")) with { From = Jid.Parse($"{nick}@shakespeare.lit/pda"), To = Coven.WithResource(nick) };
            var policy = new ServicePolicy();
            var step = new RoomEngine(FeatureList.Standard(policy), policy).Handle(room, new Input(join, DateTimeOffset.UnixEpoch, Guid.CreateVersion7()));
            room = step.Room;
            return step.Outgoing.Single(o => o.Stanza.From == hag.Jid).Stanza;
        }
    }
}
