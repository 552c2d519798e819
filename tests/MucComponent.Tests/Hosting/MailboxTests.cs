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
        Assert.That(_mailbox.TryAdd(From("hag66@shakespeare.lit/other")), Is.False, "one person, whatever the client");
        Assert.That(_mailbox.TryAdd(From(Coven.Crone1)));
    }

    [Test]
    public void Who_had_its_share_has_places_again_as_its_stanzas_are_done()
    {
        Flood(Coven.Hag66);
        _mailbox.TryAdd(From(Coven.Crone1));
        Assert.That(_mailbox.TryTake(out var first), Is.True);
        Assert.That(first!.From, Is.EqualTo(Jid.Parse(Coven.Hag66)));
        Assert.That(Flood(Coven.Hag66), Is.EqualTo(1));
        for (var i = 0; i < Mailbox.Share + 1; i++) Assert.That(_mailbox.TryTake(out _));
        Assert.That(_mailbox.TryTake(out _), Is.False);
        Assert.That(Flood(Coven.Hag66), Is.EqualTo(Mailbox.Share), "after it was empty");
    }

    [Test]
    public void Many_together_fill_it_and_only_goodbyes_still_get_in()
    {
        var all = Enumerable.Range(0, 20).Sum(i => Flood($"user{i}@shakespeare.lit/pda"));
        Assert.That(all, Is.EqualTo(Mailbox.Bound));
        Assert.That(_mailbox.TryAdd(From(Coven.Crone1)), Is.False);
        Assert.That(_mailbox.TryAdd(From("user0@shakespeare.lit/pda") with { Kind = StanzaKind.Presence, Type = "unavailable" }));
    }

    [Test]
    public void They_are_taken_in_the_order_they_came()
    {
        for (var i = 0; i < 3; i++) _mailbox.TryAdd(From(Coven.Hag66) with { Id = $"{i}" });
        for (var i = 0; i < 3; i++)
        {
            Assert.That(_mailbox.TryTake(out var stanza));
            Assert.That(stanza!.Id, Is.EqualTo($"{i}"));
        }
    }

    private int Flood(string who)
    {
        var taken = 0;
        for (; taken < 20_000 && _mailbox.TryAdd(From(who)); taken++) { }
        return taken;
    }

    private static Stanza From(string who) => Stanza.Message("groupchat") with { From = Jid.Parse(who), To = Jid.Parse(Coven.Address) };
}
