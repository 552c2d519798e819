using MucComponent.Rooms;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms;

/// <summary>XEP-0045 §9.2: a person's own entry counts, else that of the domain.</summary>
public sealed class AffiliationsTests
{
    private static readonly Jid[] Listed = [.. new[] { "crone1@shakespeare.lit", "hag66@shakespeare.lit", "wiccarocks@elsewhere.lit", "shakespeare.lit", "elsewhere.lit" }.Select(Jid.Parse)];

    [Test]
    public void Whatever_is_set_and_removed_the_nearest_entry_counts([Values(1, 2, 3)] int seed)
    {
        var dice = new Random(seed);
        var affiliations = Affiliations.Empty;
        var expected = new Dictionary<Jid, AffiliationRecord>();
        for (var step = 0; step < 300; step++)
        {
            var jid = Listed[dice.Next(Listed.Length)];
            if (dice.Next(2) == 0)
            {
                expected.Remove(jid);
                affiliations = affiliations.Without(jid);
            }
            else
            {
                expected[jid] = new AffiliationRecord(jid, (Affiliation)dice.Next(1, 4), dice.Next(2) == 0 ? jid.ToString() : null, null);
                affiliations = affiliations.With(expected[jid]);
            }
            foreach (var who in Listed)
            {
                Assert.That(affiliations.For(who), Is.EqualTo(expected.GetValueOrDefault(who) ?? expected.GetValueOrDefault(who.DomainJid)));
                Assert.That(affiliations.ReservedBy(who.ToString()), Is.EqualTo(expected.GetValueOrDefault(who)?.Nick is null ? null : who));
            }
        }
    }
}
