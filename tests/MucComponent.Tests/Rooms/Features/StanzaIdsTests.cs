using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.Features;

/// <summary>XEP-0359.</summary>
public sealed class StanzaIdsTests
{
    [Test, Row("G3")] // XEP-0359 §4
    public void Each_message_gets_an_id_of_the_room_and_forged_ones_are_removed()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch");

        coven.Hears($"""
            <message from='{Coven.Hag66}' to='{Coven.Address}' type='groupchat' id='1'><body>'Tis time.</body>
              <stanza-id xmlns='urn:xmpp:sid:0' by='{Coven.Address}' id='forged'/>
              <stanza-id xmlns='urn:xmpp:sid:0' by='hag66@shakespeare.lit' id='of another'/></message>
            """);

        var ids = coven.OnlyTold(Coven.Crone1).Elements(Ns.StanzaId + "stanza-id").ToDictionary(i => i.Attribute("by")!.Value, i => i.Attribute("id")!.Value);
        Assert.That(ids.Keys, Is.EquivalentTo(new[] { Coven.Address, "hag66@shakespeare.lit" }));
        Assert.That(ids[Coven.Address], Is.Not.EqualTo("forged"));
        Assert.That(ids["hag66@shakespeare.lit"], Is.EqualTo("of another"));
    }

    [Test, Row("G3")]
    public void Two_messages_have_two_ids()
    {
        var coven = Coven.Open();
        string IdOf(string body) => coven.Says(Coven.Crone1, body, "same").OnlyTold(Coven.Crone1).Element(Ns.StanzaId + "stanza-id")!.Attribute("id")!.Value;

        Assert.That(IdOf("one"), Is.Not.EqualTo(IdOf("two")));
    }
}
