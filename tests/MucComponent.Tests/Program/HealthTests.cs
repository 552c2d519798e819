using MucComponent.Tests.Storage;
using NUnit.Framework;

namespace MucComponent.Tests.Program;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class HealthTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Delete();

    [Test]
    public void A_fresh_file_is_a_sign_of_life_and_an_old_one_or_none_is_not()
    {
        var options = new MucOptions { DataDir = _folder.Path };
        Assert.That(Health.IsReady(options), Is.False, "none");

        File.WriteAllText(_folder.File("health"), "");
        Assert.That(Health.IsReady(options), Is.True);

        // A process that was killed leaves it behind.
        File.SetLastWriteTimeUtc(_folder.File("health"), DateTime.UtcNow.AddSeconds(-16));
        Assert.That(Health.IsReady(options), Is.False, "old");
    }

    [Test]
    public void To_be_alive_is_not_to_be_ready()
    {
        var options = new MucOptions { DataDir = _folder.Path };
        Assert.That(Health.IsAlive(options), Is.False);
        File.WriteAllText(_folder.File("alive"), "");
        Assert.That((Health.IsAlive(options), Health.IsReady(options)), Is.EqualTo((true, false)));
    }
}
