using MucComponent.Conversations;
using NUnit.Framework;

namespace MucComponent.Tests.Conversations;

[TestFixture]
public sealed class NarratorTests
{
    [TestCase("<presence to='balcony@c/Romeo'/>", "Romeo enters balcony@c as Romeo")]
    [TestCase("<presence to='balcony@c' type='unavailable'/>", "Romeo leaves balcony@c")]
    [TestCase("<message to='balcony@c' type='groupchat'><body>Hi</body></message>", "Romeo says: Hi")]
    [TestCase("<message to='balcony@c' type='groupchat'><subject>War</subject></message>", "Romeo sets the subject: War")]
    [TestCase("<message to='balcony@c/Juliet' type='chat'><body>Hi</body></message>", "Romeo whispers to Juliet: Hi")]
    [TestCase("<iq to='balcony@c' type='set'><query xmlns='http://jabber.org/protocol/muc#owner'/></iq>", "Romeo configures balcony@c")]
    [TestCase("<iq to='balcony@c' type='set'><query xmlns='http://jabber.org/protocol/muc#owner'><destroy/></query></iq>", "Romeo destroys balcony@c")]
    [TestCase("<iq to='balcony@c' type='set'><query xmlns='http://jabber.org/protocol/muc#admin'><item nick='Juliet' role='none'/></query></iq>", "Romeo makes Juliet no role")]
    [TestCase("<iq type='get' id='1'>\n\t<ping xmlns='urn:xmpp:ping'/>\n</iq>", "Romeo sends <iq type=\"get\" id=\"1\"><ping xmlns=\"urn:xmpp:ping\" /></iq>")]
    public void What_somebody_does_is_told(string xml, string told) => Assert.That(Told(n => n.Sent("Romeo", ScriptXml.Parse(xml))), Is.EqualTo(told));

    [TestCase("<presence from='balcony@c/Juliet'><x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='none' role='participant'/></x></presence>", "    Romeo sees Juliet (no affiliation, participant)")]
    [TestCase("<presence from='balcony@c/Romeo'><x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='owner' role='moderator'/><status code='110'/></x></presence>", "    Romeo is in, as Romeo (owner, moderator)")]
    [TestCase("<presence from='balcony@c/Juliet' type='unavailable'/>", "    Romeo sees Juliet leave")]
    [TestCase("<message from='balcony@c/Juliet' type='groupchat'><body>Hi</body></message>", "    Romeo hears Juliet: Hi")]
    [TestCase("<message from='balcony@c' type='groupchat'><subject/></message>", "    Romeo sees that there is no subject")]
    [TestCase("<iq from='balcony@c' type='result' id='1'/>", "    Romeo is told that it is done")]
    [TestCase("<presence from='balcony@c/x' type='error'><error type='cancel'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>", "    Romeo is refused: conflict")]
    public void What_somebody_notices_is_told(string xml, string told) => Assert.That(Told(n => n.Received("Romeo", ScriptXml.Parse(xml))), Is.EqualTo(told));

    private static string Told(Action<Narrator> what)
    {
        using var text = new StringWriter();
        what(new Narrator(text));
        return text.ToString().TrimEnd();
    }
}
