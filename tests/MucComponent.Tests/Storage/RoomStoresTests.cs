using MucComponent.Storage;
using NUnit.Framework;

namespace MucComponent.Tests.Storage;

[TestFixture]
public sealed class RoomStoresTests
{
    [TestCase(StorageKind.Sqlite, typeof(SqliteRoomStore))]
    [TestCase(StorageKind.Postgres, typeof(PostgresRoomStore))]
    [TestCase(StorageKind.Memory, typeof(MemoryRoomStore))]
    public async Task The_store_is_the_one_the_operator_chose(StorageKind storage, Type expected)
    {
        await using var store = RoomStores.Create(new MucOptions { Storage = storage, Postgres = "Host=127.0.0.1" });

        Assert.That(store, Is.TypeOf(expected));
    }
}
