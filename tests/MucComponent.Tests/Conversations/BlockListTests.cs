using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using MucComponent.Conversations;
using MucComponent.Tests.Storage;
using MucComponent.Tests.Survival;
using NUnit.Framework;

namespace MucComponent.Tests.Conversations;

/// <summary>A block list that somebody keeps at a real server's own publish-subscribe service (XEP-0060).</summary>
[TestFixture(Stage.Prosody)]
[TestFixture(Stage.Ejabberd)]
public sealed class BlockListTests(string name)
{
    private const string Keeper = BlockList.Service;
    private const string Node = BlockList.Node;
    private const string Room = "coven@conference.localhost";

    [Test]
    public async Task Who_is_listed_is_not_let_in_and_who_comes_to_be_is_removed()
    {
        var folder = new TemporaryFolder();
        try
        {
            await using var stage = await Stage.OpenAsync(name, Path.Combine(Repository.Root, "config"), (_, _, _) => throw new NotSupportedException("the test starts its own"));
            var server = stage.Server;
            await using var keeper = await Person.ConnectAsync(server, "keeper");
            await PublishesAsync(keeper, "hag66@localhost");
            await using var component = await ComponentProcess.StartAsync(
                Path.Combine(TestContext.CurrentContext.TestDirectory, "MucComponent.dll"), server, folder.File("data"),
                new Dictionary<string, string> { ["MUC_BLOCK_LISTS"] = $"{Keeper}/{Node}" });
            await component.SaysAsync($"The block list {Keeper}/{Node} has 1 entries");

            await using var crone = await Person.ConnectAsync(server, "crone1");
            await using var hag = await Person.ConnectAsync(server, "hag66");
            await crone.EnterAsync(Room);
            await hag.SendAsync($"<presence to='{Room}/hag66' id='join'><x xmlns='http://jabber.org/protocol/muc'/></presence>");
            Assert.That(await hag.HearsErrorAsync("join"), Is.EqualTo("forbidden"));

            await AsksAsync(keeper, $"<retract node='{Node}' notify='true'><item id='{Hash("hag66@localhost")}'/></retract>");
            await PublishesAsync(keeper, "fool@localhost");
            await using var fool = await Person.ConnectAsync(server, "fool");
            await fool.SendAsync($"<presence to='{Room}/fool' id='join'><x xmlns='http://jabber.org/protocol/muc'/></presence>");
            Assert.That(await fool.HearsErrorAsync("join"), Is.EqualTo("forbidden"), "the news has come, and so has what was before it");
            await hag.EnterAsync(Room);
            await PublishesAsync(keeper, "hag66@localhost");
            var removed = await hag.HearsAsync(s => (string?)s.Attribute("type") == "unavailable");
            Assert.That(Person.Codes(removed), Is.EquivalentTo(new[] { "307", "110" }));
            Assert.That(removed.Descendants().Single(e => e.Name.LocalName == "reason").Value, Is.EqualTo("You may not use this service."));
            await crone.HearsAsync(s => (string?)s.Attribute("from") == $"{Room}/hag66" && (string?)s.Attribute("type") == "unavailable");
        }
        finally
        {
            folder.Delete();
        }
    }

    private static async Task PublishesAsync(Person keeper, string who) =>
        await AsksAsync(keeper, $"<publish node='{Node}'><item id='{Hash(who)}'><report xmlns='urn:xmpp:reporting:1' reason='urn:xmpp:reporting:spam'/></item></publish>");

    private static async Task AsksAsync(Person keeper, string what)
    {
        var id = $"{Guid.NewGuid():N}";
        await keeper.SendAsync($"<iq to='{Keeper}' type='set' id='{id}'><pubsub xmlns='http://jabber.org/protocol/pubsub'>{what}</pubsub></iq>");
        XElement answer = await keeper.HearsAsync(s => (string?)s.Attribute("id") == id);
        Assert.That((string?)answer.Attribute("type"), Is.EqualTo("result"), $"{answer}");
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
