using System.Collections.Immutable;
using MucComponent.Rooms;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms;

[TestFixture]
public sealed class OccupantIdSchemeTests
{
    private static readonly Jid Crone = Jid.Parse("crone1@shakespeare.lit");

    // Made with Python's hmac, hashlib and base64 from the descriptions of the three.
    [TestCase("", "7NHIklyfHgLGnQKw+/vxTYWslPP7YVmQfTECBWoVMnY=")]
    [TestCase(OccupantIdScheme.Prosody, "jVf+LXPEG+MNB1bQNA1vWElPYhRHUiHX8CCVyNa1J7g=")]
    [TestCase("ejabberd coven@chat.shakespeare.lit", "g20AAAAg2VbueM75Cw4ygtL3wHm/5DQ+7Qxg9sKfWNPEGLSNTPA=")]
    public void Each_server_s_ids_are_what_they_were(string scheme, string id) =>
        Assert.That(OccupantIdScheme.IdOf(Crone, "salt", Extra(scheme)), Is.EqualTo(id));

    [Test]
    public void A_room_that_was_moved_makes_the_ids_of_the_room_it_was()
    {
        var room = new Room(Jid.Parse("coven@rooms.example"), "salt") { Extra = Extra(OccupantIdScheme.Ejabberd(Jid.Parse("coven@chat.shakespeare.lit"))) };

        Assert.That(room.OccupantId(Crone), Is.EqualTo("g20AAAAg2VbueM75Cw4ygtL3wHm/5DQ+7Qxg9sKfWNPEGLSNTPA="));
        Assert.That(room.Sign(Crone.ToString()), Is.EqualTo("7NHIklyfHgLGnQKw+/vxTYWslPP7YVmQfTECBWoVMnY="), "what only the room itself reads stays its own");
    }

    private static ImmutableSortedDictionary<string, string> Extra(string scheme) =>
        scheme.Length == 0 ? ImmutableSortedDictionary<string, string>.Empty : ImmutableSortedDictionary<string, string>.Empty.Add(OccupantIdScheme.Name, scheme);
}
