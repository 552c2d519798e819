using MucComponent.Control;
using MucComponent.Operations;
using NUnit.Framework;

namespace MucComponent.Tests.Control;

public sealed class CommandLineTests
{
    [TestCase("rooms show lobby", "room=lobby")]
    [TestCase("rooms show --room lobby", "room=lobby")]
    [TestCase("rooms show --room=lobby --json", "room=lobby")]
    [TestCase("rooms list --occupied --max 3", "max=3 occupied=1")]
    [TestCase("rooms list --occupied=0 lobby", "after=lobby occupied=0")]
    [TestCase("rooms destroy a b c --reason over", "reason=over rooms=a|b|c")]
    [TestCase("rooms create lobby a@b c@d", "owners=a@b|c@d room=lobby")]
    [TestCase("rooms create lobby --owners a@b --owners c@d x=1 y=2", "options=x=1|y=2 owners=a@b|c@d room=lobby")]
    [TestCase("rooms create x=1 --room lobby --owners a@b y=2", "options=x=1|y=2 owners=a@b room=lobby")]
    [TestCase("rooms affiliation lobby a@b member why nick", "affiliation=member jid=a@b nick=nick reason=why room=lobby")]
    [TestCase("announce -- --json is a word", "announcement=--json|is|a|word")]
    public void Arguments_stand_in_their_order_or_by_their_names(string line, string expected)
    {
        Assert.That(Read(line, out var values), Is.Null);
        Assert.That(string.Join(' ', values.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => $"{v.Key}={string.Join('|', v.Value)}")), Is.EqualTo(expected));
    }

    [TestCase("rooms show", "room is missing: The room.")]
    [TestCase("rooms show a b", "\"b\" is one argument too many.")]
    [TestCase("rooms show a --colour red", "\"rooms show\" has no --colour.")]
    [TestCase("rooms show --room", "--room needs a value: The room.")]
    [TestCase("stats now", "\"now\" is one argument too many.")]
    public void What_is_wrong_is_said(string line, string fault) => Assert.That(Read(line, out _), Is.EqualTo(fault));

    [TestCase("help", "MucComponent: rooms for an XMPP server")]
    [TestCase("--help", "Commands for the service that runs here")]
    [TestCase("rooms --help", "MucComponent rooms COMMAND")]
    [TestCase("help rooms", "rooms destroy")]
    [TestCase("rooms create --help", "MucComponent rooms create ROOM OWNERS... [OPTIONS...] [--json]")]
    [TestCase("help rooms create", "Its options, NAME=VALUE")]
    [TestCase("announce -h", "http://jabber.org/protocol/admin#announce")]
    [TestCase("check --help", "The exit code is 0 if all is well")]
    [TestCase("help settings", "MUC_SERVER_PORT")]
    public async Task Help_tells_of_everything(string line, string said)
    {
        var (code, output, errors) = await RunAsync(line);

        Assert.That((code, errors), Is.EqualTo((0, "")));
        Assert.That(output, Does.Contain(said).And.EndsWith("\n"));
        Assert.That(output.Split('\n'), Has.All.Length.LessThanOrEqualTo(140));
    }

    [Test]
    public async Task Help_lists_every_operation_and_every_argument()
    {
        var (_, all, _) = await RunAsync("help");
        foreach (var operation in OperationList.All)
        {
            Assert.That(all, Does.Contain($"  {operation.Name} ").And.Contain(operation.Meaning));
            var (_, one, _) = await RunAsync($"help {operation.Name}");
            foreach (var argument in operation.Arguments) Assert.That(one, Does.Contain(argument.Meaning));
        }
    }

    [TestCase("room list", "\"room list\" is not known; did you mean \"rooms list\"?")]
    [TestCase("chekc", "\"chekc\" is not known; did you mean \"check\"?")]
    [TestCase("rooms shwo lobby", "did you mean \"rooms show\"?")]
    [TestCase("help fly", "did you mean")]
    [TestCase("rooms", "MucComponent rooms COMMAND")]
    [TestCase("rooms show", "room is missing: The room.\nUsage: MucComponent rooms show ROOM [--json]")]
    [TestCase("check --fast", "check takes no arguments")]
    public async Task What_is_not_understood_gets_a_hint_and_the_code_2(string line, string hint)
    {
        var (code, output, errors) = await RunAsync(line);

        Assert.That((code, output), Is.EqualTo((2, "")));
        Assert.That(errors, Does.Contain(hint));
    }

    private static string? Read(string line, out Dictionary<string, System.Collections.Immutable.ImmutableArray<string>> values)
    {
        var words = line.Split(' ');
        var operation = OperationList.Named(string.Join(' ', words.Take(2))) ?? OperationList.Named(words[0])!;
        return CommandLine.Read(operation, words[operation.Name.Split(' ').Length..], out values);
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(string line)
    {
        var (output, errors) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var code = await CommandLine.RunAsync(line.Split(' '), output, errors, default);
        return (code, output.ToString(), errors.ToString());
    }
}
