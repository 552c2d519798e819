using System.Xml.Linq;
using NUnit.Framework;
using static MucComponent.Tests.Hosting.HostedRooms;

namespace MucComponent.Tests.Hosting;

/// <summary>RFC 6120 §8.3.1: who is answered with an error when a room cannot take a stanza, here because the service stops.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RefusalTests : IDisposable
{
    private readonly HostedRooms _hosted = new();

    public void Dispose() => _hosted.Dispose();

    [TestCase($"<message from='{Hag66}' to='{Coven}' type='groupchat' id='1'><body>Thrice</body></message>")]
    [TestCase($"<iq from='{Hag66}' to='{Coven}/thirdwitch' type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>")]
    [TestCase($"<presence from='{Hag66}' to='{Coven}/thirdwitch' id='1'><x xmlns='http://jabber.org/protocol/muc'/></presence>")]
    public async Task What_expects_something_to_happen_is_answered_from_where_it_went(string xml)
    {
        await RefuseAsync(xml);
        var error = _hosted.Told(Hag66).Single();
        Assert.That((ErrorOf(error), (string?)error.Attribute("id")), Is.EqualTo(("remote-server-timeout", "1")));
        Assert.That((string?)error.Attribute("from"), Is.EqualTo((string?)XElement.Parse(xml).Attribute("to")));
    }

    [TestCase($"<message from='{Hag66}' to='{Coven}' type='error' id='1'/>")]
    [TestCase($"<iq from='{Hag66}' to='{Coven}/thirdwitch' type='result' id='1'/>")]
    [TestCase($"<presence from='{Hag66}' to='{Coven}/thirdwitch' type='unavailable' id='1'/>")]
    [TestCase($"<presence from='{Hag66}' to='{Coven}/thirdwitch' id='1'><show>away</show></presence>", Description = "it would mean that they are out")]
    public async Task What_must_not_be_answered_is_not(string xml)
    {
        await RefuseAsync(xml);
        Assert.That(_hosted.Told(Hag66), Is.Empty);
    }

    private async Task RefuseAsync(string xml)
    {
        await _hosted.Rooms.StopAsync(default);
        _hosted.Hears(xml);
    }
}
