using MucComponent.Rooms.UseCases;
using MucComponent.Xmpp;

namespace MucComponent.Hosting;

/// <summary>The service goes round its rooms in the background, one after another and gently, since everything else goes on meanwhile.</summary>
internal static class Rounds
{
    /// <summary>Between two rooms. Fifty a second: a small service is done at once, and a large one does not flood its server.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private const int PageSize = 100;

    /// <summary>Has each of these rooms look after itself (<see cref="Verifying"/>).</summary>
    /// <param name="list">At most so many of them, after this one.</param>
    public static Task ProbeAsync(this IRooms rooms, Func<Jid?, int, Task<IReadOnlyList<Jid>>> list, TimeProvider clock, CancellationToken stop) =>
        rooms.TellAsync(Verifying.Request, list, clock, stop);

    /// <summary>Has each of these rooms hear this from the service.</summary>
    /// <param name="list">At most so many of them, after this one.</param>
    public static async Task TellAsync(
        this IRooms rooms, Func<Jid, Stanza> request, Func<Jid?, int, Task<IReadOnlyList<Jid>>> list, TimeProvider clock, CancellationToken stop)
    {
        Jid? last = null;
        while (await list(last, PageSize).ConfigureAwait(false) is { Count: > 0 } page)
        {
            foreach (var room in page)
            {
                rooms.Post(request(room));
                await Task.Delay(Interval, clock, stop).ConfigureAwait(false);
            }
            last = page[^1];
        }
    }
}
