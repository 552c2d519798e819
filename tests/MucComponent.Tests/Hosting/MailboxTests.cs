using MucComponent.Hosting;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Hosting;

public sealed class MailboxTests
{
    private readonly Mailbox _mailbox = new();

    [SetUp]
    public void Empty()
    {
        while (_mailbox.TryTake(out _)) { }
    }

    [Test]
    public void Who_floods_fills_its_own_places_and_the_others_still_get_in()
    {
        Assert.That(Flood("hag66@shakespeare.lit/pda"), Is.EqualTo(Mailbox.Share));
        Assert.That(_mailbox.TryAdd(From("hag66@shakespeare.lit/other"), 2, 0), Is.False, "one person, whatever the client");
        Assert.That(_mailbox.TryAdd(From(Coven.Crone1), 2, 0));
    }

    [Test]
    public void Who_had_its_share_has_places_again_as_its_stanzas_are_done()
    {
        Flood(Coven.Hag66);
        _mailbox.TryAdd(From(Coven.Crone1), 2, 0);
        Assert.That(_mailbox.TryTake(out var first), Is.True);
        Assert.That(first.Stanza.From, Is.EqualTo(Jid.Parse(Coven.Hag66)));
        Assert.That(Flood(Coven.Hag66), Is.EqualTo(1));
        for (var i = 0; i < Mailbox.Share + 1; i++) Assert.That(_mailbox.TryTake(out _));
        Assert.That(_mailbox.TryTake(out _), Is.False);
        Assert.That(Flood(Coven.Hag66), Is.EqualTo(Mailbox.Share), "after it was empty");
    }

    [Test]
    public void A_thousand_who_flood_together_have_few_places_each_and_others_still_get_in()
    {
        for (var round = 0; round < 20; round++)
            for (var i = 0; i < 1_000; i++) _mailbox.TryAdd(From($"user{i}@shakespeare.lit/pda"), 1_000, 0);
        Assert.That(_mailbox.Count, Is.EqualTo(1_000));
        Assert.That(_mailbox.TryAdd(From(Coven.Crone1), 1_000, 0));
        Assert.That(_mailbox.TryAdd(From(Coven.Crone1), 1_000, 0), Is.False);
    }

    [TestCase(10, Mailbox.Share)]
    [TestCase(100, Mailbox.Share)]
    [TestCase(500, 181)]
    [TestCase(1_000, 91)]
    [TestCase(20_000, 91)]
    public void In_a_large_room_one_has_fewer_places_since_each_message_is_more_work(int occupants, int places)
    {
        Assert.That(Flood(Coven.Hag66, occupants), Is.EqualTo(places));
        Assert.That(_mailbox.TryAdd(From(Coven.Crone1), occupants, 0));
    }

    [TestCase(0, Mailbox.Share)]
    [TestCase(50_000, 500)]
    [TestCase(95_000, 50)]
    [TestCase(200_000, 1)]
    public void Where_much_waits_for_all_rooms_one_has_fewer_places_in_each(int inAll, int places)
    {
        Assert.That(Flood(Coven.Hag66, inAll: inAll), Is.EqualTo(places));
        Assert.That(_mailbox.TryAdd(From(Coven.Crone1), 2, inAll));
    }

    [Test]
    public void When_it_is_full_only_goodbyes_still_get_in()
    {
        for (var i = 0; i < Mailbox.Bound; i++) Assert.That(_mailbox.TryAdd(From($"user{i}@shakespeare.lit/pda"), 2, 0));
        Assert.That(_mailbox.TryAdd(From(Coven.Crone1), 2, 0), Is.False);
        Assert.That(_mailbox.TryAdd(Leaving("user0@shakespeare.lit/pda"), 2, 0));
    }

    [Test]
    public void They_are_taken_in_the_order_they_came()
    {
        for (var i = 0; i < 3; i++) _mailbox.TryAdd(From(Coven.Hag66, $"{i}"), 2, 0);
        for (var i = 0; i < 3; i++)
        {
            Assert.That(_mailbox.TryTake(out var heard));
            Assert.That(heard.Stanza.Id, Is.EqualTo($"{i}"));
        }
    }

    private int Flood(string who, int occupants = 2, int inAll = 0)
    {
        var taken = 0;
        for (; taken < 20_000 && _mailbox.TryAdd(From(who), occupants, inAll); taken++) { }
        return taken;
    }

    private static Heard From(string who, string? id = null) => new(Stanza.Message("groupchat") with { From = Jid.Parse(who), To = Jid.Parse(Coven.Address), Id = id });

    private static Heard Leaving(string who) => new(Stanza.Presence("unavailable") with { From = Jid.Parse(who), To = Jid.Parse(Coven.Address) });
}
