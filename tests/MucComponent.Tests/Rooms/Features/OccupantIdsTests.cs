using System.Xml.Linq;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.Features;

/// <summary>XEP-0421.</summary>
public sealed class OccupantIdsTests
{
    [Test, Row("N8")] // XEP-0421 §3
    public void The_id_stays_over_a_change_of_nick_a_second_client_a_return_and_a_restart()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch");
        var id = IdIn(coven.OnlyTold(Coven.Crone1));

        coven.Hears($"<presence from='{Coven.Hag66}' to='{Coven.Address}/oldhag'/>");
        Assert.That(coven.ToldTo(Coven.Crone1).Select(IdIn), Is.EqualTo(new[] { id, id }));

        coven.Leaves(Coven.Hag66).Restarts().Enters("hag66@shakespeare.lit/broom", "hag");
        Assert.That(IdIn(coven.OnlyTold(Coven.Crone1)), Is.EqualTo(id));
    }

    [Test, Row("1.15.11")] // XEP-0421 §4
    public void It_is_on_every_presence_and_message_live_and_later()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch");
        var id = IdIn(coven.OnlyTold(Coven.Crone1));

        Assert.That(IdIn(coven.Says(Coven.Hag66, "'Tis time.").OnlyTold(Coven.Crone1)), Is.EqualTo(id));
        Assert.That(IdIn(coven.Hears($"<message from='{Coven.Hag66}' to='{Coven.Address}/firstwitch' type='chat'><body>'Tis time.</body></message>").OnlyTold(Coven.Crone1)), Is.EqualTo(id));
        var heard = coven.Enters(Coven.Wiccarocks, "secondwitch").ToldTo(Coven.Wiccarocks);
        Assert.That(IdIn(heard.Single(s => Coven.Short(s) == "presence thirdwitch")), Is.EqualTo(id));
        Assert.That(IdIn(heard.Single(s => Coven.Short(s) == "groupchat thirdwitch")), Is.EqualTo(id));
        Assert.That(IdIn(coven.Leaves(Coven.Hag66).OnlyTold(Coven.Crone1)), Is.EqualTo(id));
    }

    [Test, Row("G9")] // XEP-0421 §4.2
    public void A_forged_one_is_replaced()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch");
        var id = IdIn(coven.OnlyTold(Coven.Crone1));

        coven.Hears($"<message from='{Coven.Hag66}' to='{Coven.Address}' type='groupchat'><body>toil</body><occupant-id xmlns='urn:xmpp:occupant-id:0' id='forged'/></message>");

        Assert.That(IdIn(coven.OnlyTold(Coven.Crone1)), Is.EqualTo(id));
    }

    private static string? IdIn(XElement stanza) => stanza.Elements(Ns.OccupantId + "occupant-id").Single().Attribute("id")?.Value;
}
