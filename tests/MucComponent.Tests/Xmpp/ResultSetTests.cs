using System.Xml.Linq;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Xmpp;

public sealed class ResultSetTests
{
    [Test]
    public void A_query_without_a_set_asks_for_no_page()
    {
        Assert.That(ResultSetRequest.TryFrom(new XElement(Ns.DiscoItems + "query"), out var request), Is.True);
        Assert.That(request, Is.Null);
    }

    [Test]
    public void An_empty_set_asks_for_the_first_page_of_any_length() =>
        Assert.That(Request(""), Is.EqualTo(new ResultSetRequest()));

    [Test]
    public void The_number_of_items_is_limited_by_max() =>
        Assert.That(Request("<max>10</max>"), Is.EqualTo(new ResultSetRequest { Max = 10 }));

    [Test]
    public void The_next_page_is_after_an_item() =>
        Assert.That(Request("<max>10</max><after>peterpan@neverland.lit</after>"),
            Is.EqualTo(new ResultSetRequest { Max = 10, After = "peterpan@neverland.lit" }));

    [Test]
    public void The_previous_page_is_before_an_item() =>
        Assert.That(Request("<max>10</max><before>peter@pixyland.org</before>"),
            Is.EqualTo(new ResultSetRequest { Max = 10, Before = "peter@pixyland.org" }));

    [Test]
    public void The_last_page_is_before_nothing() =>
        Assert.That(Request("<max>10</max><before/>"), Is.EqualTo(new ResultSetRequest { Max = 10, Before = "" }));

    [Test]
    public void After_nothing_is_the_first_page() =>
        Assert.That(Request("<max>10</max><after/>"), Is.EqualTo(new ResultSetRequest { Max = 10 }));

    [Test]
    public void A_page_may_start_at_an_index() =>
        Assert.That(Request("<max>10</max><index>371</index>"), Is.EqualTo(new ResultSetRequest { Max = 10, Index = 371 }));

    [Test]
    public void A_max_of_0_asks_for_the_count() => Assert.That(Request("<max>0</max>"), Is.EqualTo(new ResultSetRequest { Max = 0 }));

    [Test]
    public void A_number_beyond_all_lists_is_the_largest() =>
        Assert.That(Request("<max> 99999999999999999999 </max>").Max, Is.EqualTo(int.MaxValue));

    [TestCase("<max/>")]
    [TestCase("<max>-1</max>")]
    [TestCase("<max>+1</max>")]
    [TestCase("<max>ten</max>")]
    [TestCase("<max>1.5</max>")]
    [TestCase("<max>1 0</max>")]
    [TestCase("<max>١</max>")]
    [TestCase("<index/>")]
    [TestCase("<index>-1</index>")]
    [TestCase("<max>1</max><index>x</index>")]
    public void A_number_that_is_none_is_refused(string inside) => Assert.That(ResultSetRequest.TryFrom(Query(inside), out _), Is.False);

    [Test]
    public void A_page_names_its_first_and_last_item_and_its_place() =>
        Assert.That(
            Text(new ResultSetPage("stpeter@jabber.org", "peterpan@neverland.lit") { Index = 0, Count = 800 }),
            Is.EqualTo("<set xmlns=\"http://jabber.org/protocol/rsm\"><first index=\"0\">stpeter@jabber.org</first>"
                + "<last>peterpan@neverland.lit</last><count>800</count></set>"));

    [Test]
    public void What_is_not_known_of_a_page_is_not_said() =>
        Assert.That(Text(new ResultSetPage("a", "a")),
            Is.EqualTo("<set xmlns=\"http://jabber.org/protocol/rsm\"><first>a</first><last>a</last></set>"));

    [Test]
    public void An_empty_page_has_a_count_and_neither_first_nor_last() =>
        Assert.That(Text(ResultSetPage.Empty with { Count = 790 }),
            Is.EqualTo("<set xmlns=\"http://jabber.org/protocol/rsm\"><count>790</count></set>"));

    private static ResultSetRequest Request(string inside)
    {
        Assert.That(ResultSetRequest.TryFrom(Query(inside), out var request), Is.True);
        return request!;
    }

    private static XElement Query(string inside) =>
        XElement.Parse($"<query xmlns='urn:xmpp:mam:2'><set xmlns='http://jabber.org/protocol/rsm'>{inside}</set></query>");

    private static string Text(ResultSetPage page) => page.ToXml().ToString(SaveOptions.DisableFormatting);
}
