using MucComponent.Tests.Storage;
using NUnit.Framework;

namespace MucComponent.Tests;

/// <summary>Throws the shared PostgreSQL away when all tests have run.</summary>
[SetUpFixture]
public sealed class PostgresClusterTearDown
{
    [OneTimeTearDown]
    public Task StopAsync() => PostgresCluster.StopSharedAsync();
}
