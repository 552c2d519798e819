using Microsoft.Extensions.Logging;
using MucComponent.Rooms.UseCases;
using MucComponent.Storage;
using MucComponent.Xmpp;

namespace MucComponent.Hosting;

/// <summary>
/// Before a stop, where the operator wants that: has every room that somebody is in, in memory or not, send them out
/// (<see cref="ShuttingDown"/>). Whoever cannot be told in time stays in.
/// </summary>
public sealed class Farewell(IRoomStore store, LocalRooms rooms, ILogger log)
{
    /// <summary>Rooms at once: enough to share a commit, and few enough that what is begun is done when the time is over.</summary>
    public const int PageSize = 200;

    /// <summary>Lets nobody in any more, and sends everybody out. Does not throw.</summary>
    /// <param name="deadline">From then on no more rooms are begun with.</param>
    public async Task SayAsync(CancellationToken deadline)
    {
        rooms.LetGo();
        try
        {
            // What was taken before is kept first, so that who just came in is on the list.
            await rooms.IdleAsync(deadline).ConfigureAwait(false);
            Jid? last = null;
            while (await store.ListOccupiedAsync(last, PageSize, deadline).WaitAsync(deadline).ConfigureAwait(false) is { Count: > 0 } page)
            {
                foreach (var room in page) rooms.Post(ShuttingDown.Request(room));
                await rooms.IdleAsync(deadline).ConfigureAwait(false);
                last = page[^1];
            }
        }
        catch (OperationCanceledException)
        {
            log.FarewellEarly();
        }
        catch (StoreUnavailableException e)
        {
            log.NoFarewell(e.Message);
        }
    }
}
