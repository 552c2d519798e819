using MucComponent.Moving;
using MucComponent.Storage;
using MucComponent.Tests.Storage;
using MucComponent.Xmpp;

namespace MucComponent.Tests.Moving;

/// <summary>A store of one of the three kinds, open and thrown away afterwards, and all that is in it as an export.</summary>
public sealed class MovableStore : IAsyncDisposable
{
    public static readonly Jid Domain = Jid.Parse("chat.shakespeare.lit");

    private readonly TemporaryFolder _folder;

    private MovableStore(IWholeStore store, TemporaryFolder folder) => (Store, _folder) = (store, folder);

    public IWholeStore Store { get; }

    public static async Task<MovableStore> OpenAsync(StorageKind kind)
    {
        var folder = new TemporaryFolder();
        IWholeStore store = kind switch
        {
            StorageKind.Sqlite => new SqliteRoomStore(folder.Path),
            StorageKind.Postgres => new PostgresRoomStore(await (await PostgresCluster.SharedAsync()).NewDatabaseAsync()),
            _ => new MemoryRoomStore(),
        };
        await store.OpenAsync(default);
        return new MovableStore(store, folder);
    }

    public async Task<byte[]> ExportAsync()
    {
        using var stream = new MemoryStream();
        using var writer = new ExportWriter(stream);
        await writer.WriteAsync(Domain, StoreReader.ReadAsync(Store, default), new MovingReport(_ => { }), default);
        return stream.ToArray();
    }

    public Task<MovingReport> ImportAsync(byte[] export, bool update = false, bool dryRun = false) => ImportAsync(Read(export), update, dryRun);

    public async Task<MovingReport> ImportAsync(IAsyncEnumerable<Moved> pieces, bool update = false, bool dryRun = false)
    {
        var report = new MovingReport(_ => { });
        await new Importer(new IntoStore(Store), report, update, dryRun).TakeAsync(pieces, default);
        return report;
    }

    public static IAsyncEnumerable<Moved> Read(byte[] export) => Reader(export).ReadAsync(default);

    public static ExportReader Reader(byte[] export) => new(() => new MemoryStream(export));

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _folder.Delete();
    }
}
