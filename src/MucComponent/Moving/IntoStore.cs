using MucComponent.Rooms;
using MucComponent.Storage;
using MucComponent.Xmpp;

namespace MucComponent.Moving;

/// <summary>Puts rooms into a store on which no service runs.</summary>
public sealed class IntoStore(IWholeStore store) : IDestination
{
    private Claim? _claim;

    public bool TakesSessions => true;

    public async Task<StoredRoom> SeeAsync(Jid room, CancellationToken stop)
    {
        var (stored, claim) = await store.LoadAsync(room, stop);
        _claim = claim;
        return stored;
    }

    public async Task<bool> PutAsync(Jid room, Portion portion, CancellationToken stop)
    {
        await store.SaveAsync(room, _claim!, portion.Changes, stop);
        return true;
    }

    public Task FinishAsync(Jid room, Guid upTo, CancellationToken stop) => store.DeliveredAsync([new Delivery(room, upTo)], stop);

    public Task<IReadOnlySet<Guid>> ListMessagesAsync(Jid room, Guid first, Guid last, CancellationToken stop) => store.ListMessagesAsync(room, first, last, stop);

    public Task<bool> KeepDestroyedAsync(Jid room, DestroyedArchive archive, IReadOnlyList<MessageRecord> messages, CancellationToken stop) =>
        store.KeepDestroyedAsync(room, archive, messages, stop);
}
