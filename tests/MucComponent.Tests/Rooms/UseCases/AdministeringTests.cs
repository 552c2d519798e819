using MucComponent.Rooms;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.UseCases;

/// <summary>XEP-0045 §8.5, §9.2, §9.5, §9.8, §10.5, §10.8: several items are one request.</summary>
public sealed class AdministeringTests
{
    private Coven _coven = null!;

    [SetUp]
    public void Given_three_witches() =>
        _coven = Coven.Open().Enters(Coven.Wiccarocks, "secondwitch").Enters(Coven.Hag66, "thirdwitch");

    [Test, Row("K9", "1.16.P")] // §8.5
    public void Several_items_are_all_done()
    {
        Sets("<item nick='secondwitch' role='visitor'/><item nick='thirdwitch' role='visitor'/>");

        Assert.That(_coven.Room.Occupants.ByNick("secondwitch")?.Role, Is.EqualTo(Role.Visitor));
        Assert.That(_coven.Room.Occupants.ByNick("thirdwitch")?.Role, Is.EqualTo(Role.Visitor));
        Assert.That(
            _coven.ToldTo(Coven.Crone1).Select(Coven.Short), Is.EqualTo(new[] { "presence secondwitch", "presence thirdwitch", "result" }));
    }

    [TestCase("<item nick='secondwitch' role='visitor'/><item nick='fourthwitch' role='visitor'/>", "cancel", "item-not-found")]
    [TestCase("<item nick='secondwitch' role='none'/><item nick='firstwitch' role='visitor'/>", "cancel", "not-allowed")]
    [TestCase("<item jid='wiccarocks@shakespeare.lit' affiliation='outcast'/><item jid='crone1@shakespeare.lit' affiliation='outcast'/>", "cancel", "conflict")]
    [TestCase("<item jid='wiccarocks@shakespeare.lit' affiliation='member'/><item jid='@@' affiliation='member'/>", "modify", "jid-malformed")]
    [TestCase("<item jid='wiccarocks@shakespeare.lit' affiliation='member'/><item jid='hag66@shakespeare.lit' affiliation='witch'/>", "modify", "bad-request")]
    [TestCase("<item jid='wiccarocks@shakespeare.lit' affiliation='admin'/><item jid='crone1@shakespeare.lit' affiliation='none'/>", "cancel", "conflict")]
    [Row("K9")] // §9.2: "SHOULD NOT apply any of the requested changes"
    public void Several_items_of_which_one_is_bad_change_nothing_and_nobody_hears(string items, string type, string condition)
    {
        Sets(items);
        _coven.RefusesWith(Coven.Crone1, type, condition);
    }

    [Test, Row("K9", "F17")] // §10.5: the list afterwards counts, not the order in the request
    public void Ownership_may_be_handed_over_in_one_request()
    {
        Sets("<item jid='crone1@shakespeare.lit' affiliation='none'/><item jid='wiccarocks@shakespeare.lit' affiliation='owner'/>");

        Assert.That(_coven.Room.Affiliations.Of(Affiliation.Owner).Select(o => o.Jid.ToString()), Is.EqualTo(new[] { "wiccarocks@shakespeare.lit" }));
        Assert.That(_coven.ToldTo(Coven.Crone1).Select(Coven.Short).Last(), Is.EqualTo("result"));
    }

    [TestCase("<item nick='thirdwitch' role='none' affiliation='outcast'/>", TestName = "both a role and an affiliation")]
    [TestCase("<item nick='thirdwitch'/>", TestName = "neither a role nor an affiliation")]
    [TestCase("<item role='visitor'/>", TestName = "a role of nobody")]
    [TestCase("<item affiliation='member'/>", TestName = "an affiliation of nobody")]
    [TestCase("<item nick='thirdwitch' role='witch'/>", TestName = "a role there is not")]
    [TestCase("", TestName = "no item")]
    [Row("K10")] // §8.5, §9.5: "MUST NOT include the 'affiliation' attribute", "MUST NOT include the 'role' attribute"
    public void An_item_that_says_too_much_or_too_little_is_a_bad_request(string items)
    {
        Sets(items);
        _coven.RefusesWith(Coven.Crone1, "modify", "bad-request");
    }

    [TestCase("<item role='moderator' affiliation='owner'/>")]
    [TestCase("<item/>")]
    [TestCase("<item affiliation='none'/>")] // §5.2: there is no such list
    [TestCase("<item affiliation='member'/><item affiliation='owner'/>")]
    public void A_request_for_no_one_list_is_a_bad_request(string items)
    {
        _coven.Asks(Coven.Crone1, "get", $"<query xmlns='http://jabber.org/protocol/muc#admin'>{items}</query>");
        _coven.RefusesWith(Coven.Crone1, "modify", "bad-request");
    }

    [Test] // §14.6
    public void A_reason_has_a_bound()
    {
        Sets($"<item nick='thirdwitch' role='none'><reason>{new string('x', new ServicePolicy().MaxReasonLength + 1)}</reason></item>");
        _coven.RefusesWith(Coven.Crone1, "modify", "not-acceptable");
    }

    private void Sets(string items) => _coven.Asks(Coven.Crone1, "set", $"<query xmlns='http://jabber.org/protocol/muc#admin'>{items}</query>");
}
