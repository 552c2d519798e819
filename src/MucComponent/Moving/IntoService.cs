using MucComponent.Hosting;
using MucComponent.Rooms;
using MucComponent.Storage;
using MucComponent.Xmpp;

namespace MucComponent.Moving;

/// <summary>Puts rooms into the running service: each room takes its portions over in its own turns, between which it goes on (<see cref="Rooms.UseCases.TakingOver"/>).</summary>
public sealed class IntoService(IWholeStore store, RoomRequests rooms) : IDestination
{
    public bool TakesSessions => false;

    public async Task<StoredRoom> SeeAsync(Jid room, CancellationToken stop) => (await store.SeeAsync(room, stop).ConfigureAwait(false)).Stored;

    public async Task<bool> PutAsync(Jid room, Portion portion, CancellationToken stop)
    {
        Stanza answer;
        try
        {
            answer = await rooms.HandAsync(room, portion, stop).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new MovingException($"{room} does not answer; the same command goes on where this one was");
        }
        if (answer.Type == "result") return true;
        return answer.ErrorCondition switch
        {
            "conflict" or "item-not-found" => false,
            var condition => throw new MovingException($"{room} could not be kept ({condition}; the service's log says more); the same command goes on where this one was"),
        };
    }

    // The room notes for itself what its occupants have heard.
    public Task FinishAsync(Jid room, Guid upTo, CancellationToken stop) => Task.CompletedTask;

    public Task<IReadOnlySet<Guid>> ListMessagesAsync(Jid room, Guid first, Guid last, CancellationToken stop) => store.ListMessagesAsync(room, first, last, stop);

    public Task<bool> KeepDestroyedAsync(Jid room, DestroyedArchive archive, IReadOnlyList<MessageRecord> messages, CancellationToken stop) =>
        store.KeepDestroyedAsync(room, archive, messages, stop);
}
