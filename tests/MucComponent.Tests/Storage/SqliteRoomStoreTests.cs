using MucComponent.Storage;
using NUnit.Framework;

namespace MucComponent.Tests.Storage;

[TestFixture]
public sealed class SqliteRoomStoreTests : RoomStoreContract
{
    private TemporaryFolder _folder = null!;

    protected override Task<IRoomStore> EmptyAsync()
    {
        _folder = new TemporaryFolder();
        return Task.FromResult<IRoomStore>(new SqliteRoomStore(_folder.File("not/there/yet")));
    }

    protected override async ValueTask<IRoomStore> RestartedAsync(IRoomStore store)
    {
        await store.DisposeAsync();
        return new SqliteRoomStore(_folder.File("not/there/yet"));
    }

    protected override void Delete() => _folder.Delete();
}
