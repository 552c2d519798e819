using MucComponent.Storage;
using NUnit.Framework;

namespace MucComponent.Tests.Storage;

[TestFixture]
public sealed class MemoryRoomStoreTests : RoomStoreContract
{
    protected override Task<IRoomStore> EmptyAsync() => Task.FromResult<IRoomStore>(new MemoryRoomStore());

    // It ends with the process, and no test can end that: it just goes on.
    protected override ValueTask<IRoomStore> RestartedAsync(IRoomStore store) => ValueTask.FromResult(store);
}
