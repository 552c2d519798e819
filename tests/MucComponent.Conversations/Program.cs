using MucComponent.Conversations;

var server = ProsodyServer.WithItsOwnRooms();
await using (server)
{
    await server.StartAsync();
    var n = 0; AppDomain.CurrentDomain.ProcessExit += (_, _) => {};
    foreach (var file in args)
    {
        try
        {
            await Conversation.PlayAsync(ScansionScript.Load(file).InRoomsOfItsOwn($"{n++}"), server);
            Console.WriteLine("ok " + file);
        }
        catch (ConversationException e) { Console.WriteLine(e.Message); Console.WriteLine(server.Log); }
    }
}
