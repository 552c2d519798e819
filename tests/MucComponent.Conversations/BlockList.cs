using System.Xml.Linq;

namespace MucComponent.Conversations;

/// <summary>The publish-subscribe service (XEP-0060) beside the rooms of every stage, with a node for a block list that <see cref="Keeper"/> keeps.</summary>
public static class BlockList
{
    public const string Service = "lists.localhost";
    public const string Node = "muc_bans_sha256";
    public const string Keeper = "keeper@localhost";

    /// <summary>Makes the node on a server that has just been started; it is empty.</summary>
    /// <returns>The keeper's client. It has to stay: where accounts are anonymous, what somebody owns goes with the last session.</returns>
    /// <exception cref="IOException">The server does not do it.</exception>
    public static async Task<IClient> CreateAsync(IServer server)
    {
        var keeper = await server.ConnectAsync(Keeper, "password", CancellationToken.None);
        await keeper.SendAsync(
            $"<iq type='set' id='create' to='{Service}'><pubsub xmlns='http://jabber.org/protocol/pubsub'><create node='{Node}'/></pubsub></iq>", CancellationToken.None);
        XElement answer;
        do answer = await keeper.ReceiveAsync(CancellationToken.None);
        while ((string?)answer.Attribute("id") != "create");
        if ((string?)answer.Attribute("type") != "result") throw new IOException($"no block list at {Service}: {answer}");
        return keeper;
    }
}
