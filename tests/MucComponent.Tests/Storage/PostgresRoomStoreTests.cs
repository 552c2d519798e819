using MucComponent.Storage;
using NUnit.Framework;

namespace MucComponent.Tests.Storage;

[TestFixture]
public sealed class PostgresRoomStoreTests : RoomStoreContract
{
    private string _database = "";

    protected override async Task<IRoomStore> EmptyAsync()
    {
        _database = await (await PostgresCluster.SharedAsync()).NewDatabaseAsync();
        return new PostgresRoomStore(_database);
    }

    protected override async ValueTask<IRoomStore> RestartedAsync(IRoomStore store)
    {
        await store.DisposeAsync();
        return new PostgresRoomStore(_database);
    }
}
