using MucComponent.Rooms.Features;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.Features;

/// <summary>XEP-0045 §7.2.5, §10.1.3.</summary>
public sealed class PasswordTests
{
    private const string Secret = "muc#roomconfig_roomsecret";
    private const string Protected = "muc#roomconfig_passwordprotectedroom";

    [TestCase(""), TestCase("<password/>"), TestCase("<password>toadandnewt</password>")]
    public void Without_the_password_nobody_enters(string inside) => // §7.2.5
        Coven.Open().With((Secret, "cauldronburn")).Enters(Coven.Hag66, "thirdwitch", inside).RefusesWith(Coven.Hag66, "auth", "not-authorized");

    [Test] // §7.2.5, its example: clients tell a refused join from other errors by it
    public void A_refused_join_says_that_it_was_a_join() => Assert.That(
        Coven.Open().With((Secret, "cauldronburn")).Enters(Coven.Hag66, "thirdwitch").OnlyTold(Coven.Hag66).Element(Ns.Muc + "x"), Is.Not.Null);

    [Test] // §7.2.5
    public void With_the_password_one_enters() => Assert.That(
        Coven.Open().With((Secret, "cauldronburn")).Enters(Coven.Hag66, "thirdwitch", "<password>cauldronburn</password>").Room.Occupants.Count, Is.EqualTo(2));

    [Test, Row("C8")] // §10.1.3: "because the password for a password-protected room is blank"
    public void A_protected_room_needs_a_password() =>
        Coven.Locked().With((Protected, "1"), (Secret, "")).RefusesWith(Coven.Crone1, "modify", "not-acceptable");

    [TestCase("", "1", "cauldronburn")]
    [TestCase("", "0", "cauldronburn")] // a client that returns the whole form, in which only the password was filled in
    [TestCase("toadandnewt", "1", "cauldronburn")]
    [TestCase("toadandnewt", "0", "")] // somebody took the mark away
    [Row("field-muc#roomconfig_passwordprotectedroom")] // §10.2
    public void The_yes_or_no_field_goes_with_the_password(string before, string @protected, string after) => Assert.That(
        Coven.Open().With((Secret, before)).With((Secret, "cauldronburn"), (Protected, @protected)).Room.Config.Get(Password.Secret), Is.EqualTo(after));

    [Test, Row("field-muc#roomconfig_passwordprotectedroom")] // §10.2: clients submit one of the two
    public void Either_field_alone_is_enough()
    {
        var coven = Coven.Open().With((Secret, "cauldronburn"));
        Assert.That(coven.With((Protected, "1")).Room.Config.Get(Password.Secret), Is.EqualTo("cauldronburn"));
        Assert.That(coven.With((Protected, "0")).Room.Config.Get(Password.Secret), Is.Empty);
        Assert.That(coven.With((Secret, "toadandnewt")).With((Secret, "")).Room.Config.Get(Password.Secret), Is.Empty);
    }

    [TestCase("cauldronburn", "muc_passwordprotected"), TestCase("", "muc_unsecured")]
    [Row("disco-muc_passwordprotected", "disco-muc_unsecured")] // §6.4
    public void Discovery_says_which_it_is(string secret, string feature) =>
        Assert.That(Coven.Open().With((Secret, secret)).Features("muc_passwordprotected", "muc_unsecured"), Is.EqualTo(new[] { feature }));
}
