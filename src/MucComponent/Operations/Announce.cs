using System.Collections.Immutable;
using MucComponent.Rooms.UseCases;
using MucComponent.Xmpp;

namespace MucComponent.Operations;

/// <summary>Has every room that somebody is in say something (XEP-0133 §4.23).</summary>
public sealed class Announce : Operation
{
    internal const string AdminFormType = "http://jabber.org/protocol/admin";

    private const int Page = 100;

    /// <summary>Longer ones are no announcements.</summary>
    private const int MaxLength = 10_000;

    public override string Name => "announce";

    public override string Meaning => "Say something in every room that somebody is in";

    public override ImmutableArray<string> Nodes => [AdminFormType + "#announce"];

    public override ImmutableArray<Argument> Arguments => [new("announcement", "What to say", ArgumentType.Texts, Required: true)];

    public override string FormType(string node) => AdminFormType;

    public override async Task<OperationResult> RunAsync(OperationRequest request, CancellationToken stop)
    {
        var text = string.Join('\n', request.Texts("announcement"));
        if (text.Length > MaxLength) throw new RefusedException($"An announcement may have at most {MaxLength} characters.");
        Jid? after = null;
        var (told, silent) = (0, 0);
        while (await request.Service.Store.ListOccupiedAsync(after, Page, stop).ConfigureAwait(false) is { Count: > 0 } page)
        {
            // So many at once; and the next ones when these have said it, so that the way to the server is not flooded.
            var said = await Task.WhenAll(page.Select(room => SayAsync(request.Service, room, text, stop))).ConfigureAwait(false);
            told += said.Count(s => s);
            silent += said.Count(s => !s);
            request.Progress($"{told} rooms");
            after = page[^1];
        }
        return OperationResult.Done(silent == 0 ? $"Said in {told} rooms." : $"Said in {told} rooms; {silent} do not answer.");
    }

    private static async Task<bool> SayAsync(OperatedService service, Jid room, string text, CancellationToken stop)
    {
        try
        {
            await service.Rooms.TellAsync(Announcing.Request(room, text), stop).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
