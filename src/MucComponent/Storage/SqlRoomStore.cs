using System.Data.Common;
using System.Text.Json;
using MucComponent.Rooms;
using MucComponent.Rooms.Reading;
using MucComponent.Xmpp;

namespace MucComponent.Storage;

/// <summary>
/// Rooms in a database: one writer that merges what waits, claims checked in the transaction that saves. What differs
/// between databases is how to connect, the schema, and what their errors mean.
/// </summary>
public abstract partial class SqlRoomStore : IRoomStore
{
    private static readonly Statement Commit = new("COMMIT");

    /// <summary>Finding what newcomers do not get any more costs more than keeping a message.</summary>
    public const int TrimEvery = 50;

    private readonly SaveQueue _queue;
    private SqlSession? _writer;

    private protected SqlRoomStore() => _queue = new SaveQueue(WriteAsync);

    /// <summary>How many transactions were committed so far.</summary>
    public long Commits { get; private set; }

    /// <summary>A connection that is open and ready for use.</summary>
    private protected abstract Task<DbConnection> ConnectAsync(CancellationToken stop);

    /// <summary>Run before and after a transaction whose commit need not survive the loss of power.</summary>
    private protected abstract (Statement Before, Statement After) Hurry { get; }

    /// <summary>Begins a transaction, and reads <c>jid, claim</c> of the rooms in the JSON array <c>@rooms</c>, which nobody else changes before its end.</summary>
    private protected abstract string Begin { get; }

    /// <summary>Begins a transaction that sees all as it is now, and holds up nobody.</summary>
    private protected abstract string Snapshot { get; }

    /// <summary>What the operator should know, if it is the database that cannot do its work; null if it is a fault of ours.</summary>
    private protected abstract StoreUnavailableException? Explain(Exception e);

    public abstract Task OpenAsync(CancellationToken stop);

    public virtual Task TryAsync(CancellationToken stop) =>
        ReadAsync(
            async session =>
            {
                await using var rows = await session.ReadAsync(new Statement("SELECT 1"), stop);
                return await rows.ReadAsync(stop);
            },
            stop);

    public async Task<LoadedRoom> LoadAsync(Jid room, CancellationToken stop)
    {
        var load = new Load(room, stop);
        await _queue.DoAsync(load, stop);
        return new LoadedRoom(load.Found, load.Claim);
    }

    public Task SaveAsync(Jid room, Claim claim, IReadOnlyList<Change> changes, CancellationToken stop) =>
        _queue.DoAsync(new Save(room, claim, changes, stop), stop);

    public Task DeliveredAsync(IReadOnlyList<Delivery> deliveries, CancellationToken stop) => _queue.DoAsync(new Note(deliveries, stop), stop);

    public Task<RoomList> ListAsync(Jid? after, Jid? before, bool backwards, int max, CancellationToken stop) =>
        QueryAsync(RoomSql.List(after, before, backwards, max), RoomSql.ReadListAsync, stop);

    public Task<IReadOnlyList<RoomSummary>> SurveyAsync(Jid? after, int max, bool hidden, CancellationToken stop) =>
        QueryAsync(SurveySql.List(after, max, hidden), SurveySql.ReadListAsync, stop);

    public Task<StoreFigures> CountAsync(CancellationToken stop) =>
        QueryAsync(SurveySql.Count, SurveySql.ReadCountAsync, stop);

    public Task<IReadOnlyList<Jid>> ListOccupiedAsync(Jid? after, int max, CancellationToken stop) =>
        RoomsAsync(RoomSql.ListOccupied(after, max), stop);

    public Task<IReadOnlyList<Jid>> ListEmptiedAsync(DateTimeOffset by, Jid? after, int max, CancellationToken stop) =>
        RoomsAsync(RoomSql.ListEmptied(by, after, max), stop);

    public Task<IReadOnlyList<Jid>> ListDueAsync(DateTimeOffset by, Jid? after, int max, CancellationToken stop) =>
        RoomsAsync(RoomSql.ListDue(by, after, max), stop);

    public Task<ArchivePage?> ReadArchiveAsync(Jid room, ArchiveQuery query, CancellationToken stop) =>
        ReadAsync(session => ArchiveSql.ReadAsync(session, room, query, stop), stop);

    public async Task<int> RemoveExpiredAsync(DateTimeOffset now, TimeSpan? atMost, int max, CancellationToken stop)
    {
        // Looked for past the writer, so that saves wait for the removal alone.
        var found = await ReadAsync(session => RetentionSql.FindAsync(session, now, atMost, max, stop), stop);
        await Task.WhenAll(found.Select(expired => _queue.DoAsync(new Removal(expired, stop), stop)));
        return found.Sum(expired => expired.Count);
    }

    public Task<IReadOnlyList<Jid>> ListTracesAsync(Jid person, Jid? after, int max, CancellationToken stop) =>
        RoomsAsync(PersonSql.ListTraces(person, after, max), stop);

    public Task<IReadOnlyList<RemovalRecord>> ListRemovalsAsync(int max, CancellationToken stop) =>
        ReadAsync(session => PersonSql.ListRemovalsAsync(session, max, stop), stop);

    public Task<IReadOnlyList<RemovedMessage>> ReadRemovalAsync(Guid removal, RemovedMessage? after, int max, CancellationToken stop) =>
        ReadAsync(session => PersonSql.ReadRemovalAsync(session, removal, after, max, stop), stop);

    public Task RemoveAsideAsync(DateTimeOffset now, CancellationToken stop) => _queue.DoAsync(new Tidying(PersonSql.RemoveAside(now), stop), stop);

    public Task<IReadOnlyList<DestroyedMessage>> ReadDestroyedAsync(Jid person, DestroyedMessage? after, int max, CancellationToken stop) =>
        ReadAsync(session => PersonSql.ReadDestroyedAsync(session, person, after, max, stop), stop);

    public Task RemoveDestroyedAsync(Jid person, CancellationToken stop) => _queue.DoAsync(new Tidying(PersonSql.RemoveDestroyed(person), stop), stop);

    private Task<IReadOnlyList<Jid>> RoomsAsync(Statement list, CancellationToken stop) =>
        QueryAsync(list, RoomSql.ReadRoomsAsync, stop);

    private Task<T> QueryAsync<T>(Statement statement, Func<DbDataReader, CancellationToken, Task<T>> read, CancellationToken stop) =>
        ReadAsync(
            async session =>
            {
                await using var rows = await session.ReadAsync(statement, stop);
                return await read(rows, stop);
            },
            stop);

    /// <summary>Reads on a connection of its own, past the writer.</summary>
    private async Task<T> ReadAsync<T>(Func<SqlSession, Task<T>> read, CancellationToken stop)
    {
        // SQLite's driver does not wait asynchronously, and the caller is in a hurry.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await using var session = new SqlSession(await ConnectAsync(stop));
            return await read(session);
        }
        catch (Exception e) when (Explain(e) is { } unavailable)
        {
            throw unavailable;
        }
    }

    public virtual async ValueTask DisposeAsync()
    {
        await _queue.DisposeAsync();
        await DropWriterAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// Answers all the work, whatever happens. What fails is tried once more: on a new connection, since the old one may
    /// have died of age, and each piece of work for itself, so that one fault does not sink its neighbours.
    /// </summary>
    private async Task WriteAsync(IReadOnlyList<Work> merged)
    {
        var isFresh = _writer is null;
        try
        {
            await TransactAsync(merged);
        }
        catch (Exception e) when (Explain(e) is { } unavailable)
        {
            if (isFresh || merged.Any(work => work is RoomWork { Claim.InDoubt: true }))
                foreach (var work in merged) work.Failed(unavailable);
            else
                await WriteAsync(merged);
        }
        catch (Exception)
        {
            foreach (var work in merged) await WriteAloneAsync(work);
        }
    }

    // Twice if need be: where another process makes the same room at this moment, the first try waits for it and fails, and
    // the second sees whose the room is.
    private async Task WriteAloneAsync(Work work, bool again = true)
    {
        try
        {
            await TransactAsync([work]);
        }
        catch (Exception e) when (again && Explain(e) is null)
        {
            await WriteAloneAsync(work, again: false);
        }
        catch (Exception e)
        {
            work.Failed(Explain(e) ?? e);
        }
    }

    private async Task TransactAsync(IReadOnlyList<Work> merged)
    {
        var known = merged.OfType<RoomWork>().Select(work => (work.Claim, work.Claim.OnNothing)).ToList();
        var isHurried = known.Count == 0;
        var isCommitting = false;
        try
        {
            _writer ??= new SqlSession(await ConnectAsync(CancellationToken.None));
            if (isHurried) await _writer.ExecuteAsync([Hurry.Before]);
            var rest = await DoAsync(_writer, merged, await BeginAsync(_writer, merged));
            isCommitting = true;
            // In one trip with the last of the work. Where some of that fails, nothing behind it is done.
            await _writer.ExecuteAsync([.. rest, Commit]);
            Commits++;
            if (isHurried) await _writer.ExecuteAsync([Hurry.After]);
        }
        catch (Exception)
        {
            foreach (var (claim, onNothing) in known)
            {
                claim.OnNothing = onNothing;
                claim.ForgetNoted();
                claim.InDoubt |= isCommitting && _writer is { IsOpen: false };
            }
            await DropWriterAsync();
            throw;
        }
        foreach (var work in merged) work.Committed();
    }

    /// <returns>Who holds which of the rooms.</returns>
    private async Task<Dictionary<Jid, Guid>> BeginAsync(SqlSession session, IReadOnlyList<Work> merged)
    {
        var holders = new Dictionary<Jid, Guid>();
        var rooms = JsonSerializer.Serialize(merged.OfType<RoomWork>().Select(work => work.Room.ToString()).Distinct());
        await using var rows = await session.ReadAsync(new Statement(Begin, ("@rooms", rooms)));
        while (await rows.ReadAsync()) holders[Jid.Parse(rows.GetString(0))] = rows.GetGuid(1);
        return holders;
    }

    /// <returns>What is still to be executed.</returns>
    private static async Task<List<Statement>> DoAsync(SqlSession session, IReadOnlyList<Work> merged, Dictionary<Jid, Guid> holders)
    {
        var pending = new List<Statement>();
        foreach (var work in merged)
        {
            switch (work)
            {
                case Save save:
                    save.Refusal = Plan(save, holders, pending);
                    break;
                case Note note:
                    pending.AddRange(note.Deliveries.Select(RoomSql.Delivered));
                    break;
                case Removal removal:
                    pending.AddRange(RetentionSql.Remove(removal.Expired));
                    break;
                case Tidying tidying:
                    pending.Add(tidying.Statement);
                    break;
                case Load load:
                    await session.ExecuteAsync(pending);
                    pending.Clear();
                    await ReadAsync(session, load, holders);
                    break;
            }
        }
        return pending;
    }

    private static async Task ReadAsync(SqlSession session, Load load, Dictionary<Jid, Guid> holders)
    {
        await using var rows = await session.ReadAsync(RoomSql.Load(load.Room, load.Claim));
        load.Found = await RoomSql.ReadRoomAsync(rows);
        load.Claim.OnNothing = load.Found.Room is null;
        if (!load.Claim.OnNothing) holders[load.Room] = load.Claim.Token;
    }

    /// <summary>Adds what the save has to do to the pending statements; or adds nothing, and says why.</summary>
    private static Exception? Plan(Save save, Dictionary<Jid, Guid> holders, List<Statement> pending)
    {
        var exists = holders.TryGetValue(save.Room, out var holder);
        if (!save.Claim.Covers(exists ? holder : null)) return new ClaimLostException(save.Room);

        var planned = new List<Statement>();
        try
        {
            foreach (var change in save.Changes)
            {
                planned.AddRange(RoomSql.Keep(save.Room, save.Claim, change, exists));
                exists = change.After(exists);
            }
        }
        catch (InvalidOperationException e)
        {
            save.Claim.ForgetNoted();
            return e;
        }
        foreach (var change in save.Changes)
            if (change is MessageKept { Message.Archived: false }) save.Claim.Untrimmed++;
        if (exists && save.Claim.Untrimmed >= TrimEvery)
        {
            planned.Add(RoomSql.Trim(save.Room));
            save.Claim.Untrimmed = 0;
        }
        pending.AddRange(planned);
        save.Claim.OnNothing = !exists;
        if (exists) holders[save.Room] = save.Claim.Token;
        else holders.Remove(save.Room);
        return null;
    }

    // A connection on which anything failed is not used again.
    private async Task DropWriterAsync()
    {
        var writer = _writer;
        _writer = null;
        if (writer is not null) await writer.DisposeAsync();
    }
}
