using System.Collections.Immutable;
using MucComponent.Rooms;
using MucComponent.Rooms.Features;
using MucComponent.Rooms.UseCases;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.UseCases;

/// <summary>What a room was elsewhere, handed to it by the service.</summary>
public sealed class TakingOverTests
{
    private const string Service = "chat.shakespeare.lit";
    private const string Hecate = "hecate@shakespeare.lit";
    private static readonly DateTimeOffset Then = new(2001, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Test]
    public void A_room_that_is_not_there_becomes_what_it_was()
    {
        var coven = Coven.Uncreated().TakesOver(false, Record(("roomname", "The Coven")), Owner(), Message(1, "Double, double"), Message(2, "toil and trouble"));

        Assert.That(coven.OnlyTold(Service).Attribute("type")?.Value, Is.EqualTo("result"));
        Assert.That((About.NameOf(coven.Room), coven.Room.Salt, coven.Room.Created), Is.EqualTo(("The Coven", "elsewhere", Then)));
        Assert.That(coven.Room.Affiliations.Get(Jid.Parse(Hecate)), Is.EqualTo(Affiliation.Owner));
        Assert.That(Bodies(coven.Enters(Coven.Hag66, "thirdwitch")), Is.EqualTo(new[] { "Double, double", "toil and trouble" }));
    }

    [Test]
    public void Until_it_is_whole_only_its_owners_get_in_however_long_that_takes()
    {
        var coven = Coven.Uncreated().TakesOver(false, Unfinished(("persistentroom", "0")), Owner(), Message(1, "Double, double"));
        coven.Now += TimeSpan.FromDays(1);

        coven.Enters(Coven.Hag66, "thirdwitch").RefusesWith(Coven.Hag66, "cancel", "item-not-found");
        Assert.That(coven.Room.Exists, "and it does not end although nobody is in it");
        coven.Enters(Hecate + "/cave", "Hecate");
        coven.TakesOver(false, Message(2, "toil and trouble"), Record());

        Assert.That((coven.Room.Locked, Portion.IsUnfinished(coven.Room)), Is.EqualTo((false, false)));
        Assert.That(coven.Room.Occupants.ByNick("Hecate"), Is.Not.Null);
        Assert.That(Bodies(coven.Enters(Coven.Hag66, "thirdwitch")), Is.EqualTo(new[] { "Double, double", "toil and trouble" }));
    }

    [Test]
    public void A_temporary_room_that_nobody_is_in_has_ended()
    {
        var coven = Coven.Uncreated().TakesOver(false, Record(("persistentroom", "0")), Owner());

        Assert.That((coven.Room.Exists, coven.OnlyTold(Service).Attribute("type")?.Value), Is.EqualTo((false, "result")));
    }

    [Test]
    public void A_room_that_is_there_stays_as_it_is() =>
        Coven.Open().TakesOver(false, Record(("roomname", "Another")), Owner()).RefusesWith(Service, "cancel", "conflict");

    [Test]
    public void A_room_that_is_gone_between_two_portions_does_not_come_back_in_pieces() =>
        Coven.Uncreated().TakesOver(true, Owner(), Message(1, "Double, double"), Record()).RefusesWith(Service, "cancel", "item-not-found");

    [Test]
    public void Nobody_but_the_service_can_hand_it_anything() =>
        Coven.Open().Asks(Coven.Crone1, "set", TakingOver.Payload.ToString()).RefusesWith(Coven.Crone1, "cancel", "service-unavailable");

    [Test]
    public void Those_in_the_room_are_told_what_changes_as_if_an_owner_had_done_it()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch").Enters(Coven.Wiccarocks, "secondwitch");

        coven.TakesOver(true, Unfinished(("moderatedroom", "1")), Affiliated("hag66@shakespeare.lit", Affiliation.Outcast), Affiliated("wiccarocks@shakespeare.lit", Affiliation.Admin));
        Assert.That(Coven.Statuses(coven.ToldTo(Coven.Hag66)[^1]), Does.Contain(301));
        Assert.That(coven.ToldTo(Coven.Crone1).Select(Coven.Short), Is.EqualTo(new[] { "unavailable thirdwitch", "presence secondwitch" }));
        Assert.That((coven.Room.Locked, coven.Room.Salt), Is.EqualTo((false, "the salt of the coven")), "people are in it, so it is never half");

        coven.TakesOver(true, Record(("moderatedroom", "1")));
        Assert.That(coven.ToldTo(Coven.Crone1).SelectMany(Coven.Statuses), Is.EqualTo(new[] { 104 }));
        Assert.That(coven.Room.Config.Get(Moderated.Only), Is.True);
        coven.TakesOver(true, Record(("moderatedroom", "1")), Affiliated("wiccarocks@shakespeare.lit", Affiliation.Admin));
        Assert.That(coven.ToldTo(Coven.Crone1), Is.Empty, "what is so already is no news");
    }

    [Test]
    public void What_was_said_elsewhere_joins_the_past_in_silence()
    {
        var coven = Coven.Open().With(("muc#roomconfig_persistentroom", "1")).Enters(Coven.Hag66, "thirdwitch").Says(Coven.Hag66, "When shall we three meet again?");

        coven.TakesOver(true, Record(), Message(1, "Double, double"));

        Assert.That(coven.ToldTo(Coven.Hag66), Is.Empty);
        Assert.That(Bodies(coven.Enters(Coven.Wiccarocks, "secondwitch")), Is.EqualTo(new[] { "Double, double", "When shall we three meet again?" }));
    }

    [Test]
    public void Of_two_subjects_the_newer_one_holds()
    {
        var coven = Coven.Open().Hears($"<message from='{Coven.Crone1}' to='{Coven.Address}' type='groupchat'><subject>Fire Burn</subject></message>");

        coven.TakesOver(true, new RoomChanged(Record().Room with { Subject = "<subject xmlns='jabber:client'>older</subject>", SubjectAt = Then }));
        Assert.That(coven.Room.Subject!.Elements[0].Value, Is.EqualTo("Fire Burn"));
        coven.TakesOver(true, new RoomChanged(Record().Room with { Subject = "<subject xmlns='jabber:client'>newer</subject>", SubjectAt = coven.Now.AddHours(1) }));
        Assert.That(coven.OnlyTold(Coven.Crone1).Value, Is.EqualTo("newer"));
    }

    [Test]
    public void A_room_that_is_there_and_empty_is_brought_up_to_date_at_once()
    {
        var coven = Coven.Open().With(("muc#roomconfig_persistentroom", "1")).Leaves(Coven.Crone1);

        coven.TakesOver(true, Record(("roomname", "Another")), Owner());

        Assert.That((About.NameOf(coven.Room), coven.Room.Affiliations.Count), Is.EqualTo(("Another", 2)));
    }

    [Test]
    public void A_ban_for_a_time_goes_on_to_end_by_itself()
    {
        var there = Coven.Open().Executes(Coven.Crone1, "ban", "", ("who", "hag66@shakespeare.lit"), ("for", "1h"));

        var here = Coven.Uncreated().TakesOver(false, new RoomChanged(there.Room.ToRecord("", true) with { Due = null, Options = Record().Room.Options }), Affiliated("hag66@shakespeare.lit", Affiliation.Outcast));
        Assert.That((here.Room.Due, here.Room.Affiliations.Count), Is.EqualTo((there.Room.Due, 1)));
        here.Now += TimeSpan.FromHours(2);
        Assert.That(here.Enters(Coven.Hag66, "thirdwitch").Room.Occupants.ByNick("thirdwitch"), Is.Not.Null);
    }

    [Test]
    public void What_stays_of_a_destroyed_room_stays_where_nothing_else_is()
    {
        var stone = new RoomDestroyed(new Tombstone("moved", Jid.Parse("heath@chat.shakespeare.lit"), Then.AddYears(9)));

        Assert.That(Coven.Uncreated().TakesOver(false, stone).Room.Tombstone, Is.EqualTo(stone.Tombstone));
        Coven.Uncreated().TakesOver(false, stone).TakesOver(false, stone).RefusesWith(Service, "cancel", "conflict");
        Coven.Open().TakesOver(true, stone).RefusesWith(Service, "cancel", "conflict");
    }

    private static RoomChanged Record(params (string Option, string Value)[] options) => new RoomChanged(new RoomRecord(
        "elsewhere",
        new Dictionary<string, ImmutableArray<string>>(options.Select(o => KeyValuePair.Create("muc#roomconfig_" + o.Option, ImmutableArray.Create(o.Value)))).ToImmutableSortedDictionary(StringComparer.Ordinal)
            .SetItem("muc#roomconfig_persistentroom", [options.FirstOrDefault(o => o.Option == "persistentroom").Value ?? "1"]),
        "", true, false, Then, null, null, null, ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)));

    private static RoomChanged Unfinished(params (string Option, string Value)[] options)
    {
        var record = Record(options).Room;
        return new RoomChanged(record with { Locked = true, Listed = false, Extra = record.Extra.SetItem(Portion.Unfinished, "1") });
    }

    private static AffiliationChanged Owner() => Affiliated(Hecate, Affiliation.Owner);

    private static AffiliationChanged Affiliated(string jid, Affiliation affiliation) => new(new AffiliationRecord(Jid.Parse(jid), affiliation, null, null));

    private static MessageKept Message(int minute, string body)
    {
        var from = Jid.Parse($"{Coven.Address}/Hecate");
        return new(new MessageRecord(
            Guid.CreateVersion7(Then.AddMinutes(minute)), Then.AddMinutes(minute), from, new Author(Jid.Parse(Hecate + "/cave"), Affiliation.Owner, Role.Moderator, false),
            $"<message xmlns='jabber:client' from='{from}' type='groupchat'><body>{body}</body></message>", InHistory: true, Archived: false));
    }

    private static IEnumerable<string> Bodies(Coven coven) => coven.Told.Select(s => s.Element(Ns.Client + "body")?.Value).OfType<string>();
}
