using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using MucComponent.Moving;
using MucComponent.Storage;
using MucComponent.Tests.Storage;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Moving;

[TestFixture]
public sealed class MovingCommandTests
{
    private TemporaryFolder _folder = null!;

    private MucOptions Options => new() { Domain = MovableStore.Domain, DataDir = _folder.File("data") };

    [SetUp]
    public void Open() => _folder = new TemporaryFolder();

    [TearDown]
    public void Close() => _folder.Delete();

    [Test]
    public async Task Rooms_go_from_one_storage_into_another([Values("rooms.jsonl", "rooms.jsonl.gz")] string name)
    {
        await FillAsync();
        var postgres = Options with { Storage = StorageKind.Postgres, Postgres = await (await PostgresCluster.SharedAsync()).NewDatabaseAsync() };
        var (first, second) = (_folder.File(name), _folder.File("again-" + name));

        var export = await RunAsync(Options, "export", first);
        var import = await RunAsync(postgres, "import", first);
        await RunAsync(postgres, "export", second);

        Assert.That((export.Code, import.Code), Is.EqualTo((0, 0)), export.Errors + import.Errors);
        Assert.That(await File.ReadAllBytesAsync(second), Is.EqualTo(await File.ReadAllBytesAsync(first)));
        Assert.That(export.Output["exported".Length..], Is.EqualTo(import.Output["imported".Length..]));
        if (!OperatingSystem.IsWindows()) Assert.That(File.GetUnixFileMode(first), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite), "it holds passwords");
        Assert.That(Directory.GetFiles(_folder.Path), Has.Length.EqualTo(2));
    }

    [Test]
    public async Task Where_a_service_runs_on_SQLite_nothing_is_moved()
    {
        await using var running = new SqliteRoomStore(Options.DataDir);
        await running.OpenAsync(default);

        foreach (var command in new[] { "export", "import" })
        {
            var (code, _, errors) = await RunAsync(Options, command, await ExportAsync());
            Assert.That(code, Is.EqualTo(1));
            Assert.That(errors, Does.Contain("is in use by another process").And.Contain($"it does not answer at {Options.ControlPath ?? "any socket, since MUC_CONTROL is off"}").And.Contain("or stop it first"));
            Assert.That(errors.Trim(), Does.Not.Contain("\n"));
        }
    }

    [Test]
    public async Task Where_a_service_runs_on_PostgreSQL_nothing_is_moved()
    {
        var options = Options with { Storage = StorageKind.Postgres, Postgres = await (await PostgresCluster.SharedAsync()).NewDatabaseAsync() };
        await using var running = Leases.Create(options, NullLoggerFactory.Instance);
        await running.AcquireAsync(default);

        foreach (var command in new[] { "export", "import" })
        {
            var (code, _, errors) = await RunAsync(options, command, await ExportAsync());
            Assert.That((code, errors), Is.EqualTo((1, "MucComponent: the service chat.shakespeare.lit is running on this database, but not here; run this where it runs, or stop it and all that stand by\n")));
        }
    }

    [Test]
    public async Task Half_an_export_changes_nothing_and_is_named()
    {
        await FillAsync();
        var file = _folder.File("rooms.jsonl");
        await RunAsync(Options, "export", file);
        var whole = await File.ReadAllBytesAsync(file);
        await File.WriteAllBytesAsync(file, whole[..(whole.Length / 2)]);
        var empty = Options with { DataDir = _folder.File("empty") };

        var (code, _, errors) = await RunAsync(empty, "import", file);

        Assert.That(code, Is.EqualTo(1));
        Assert.That(errors, Does.StartWith($"MucComponent: {file}: line ").And.Contain("breaks off"));
        Assert.That((await RunAsync(empty, "export", _folder.File("none"))).Output, Is.EqualTo("exported: nothing\n"));
    }

    [Test]
    public async Task The_rooms_of_another_domain_are_refused()
    {
        var file = await ExportAsync();

        var (code, _, errors) = await RunAsync(Options with { Domain = Jid.Parse("rooms.example") }, "import", file);

        Assert.That((code, errors), Is.EqualTo((1, $"MucComponent: {file} has the rooms of chat.shakespeare.lit, and MUC_DOMAIN is rooms.example\n")));
    }

    [TestCase("import", "/no/such/file")]
    [TestCase("import", "--from", "prosody", "/no/such/folder")]
    [TestCase("import", "--from", "ejabberd", "/no/such/file")]
    [TestCase("import", "--from", "ejabberd", "/dev/null")]
    [TestCase("import", "--from", "prosody", "postgresql://nobody:hush@127.0.0.1:1/none")]
    [TestCase("export", "/no/such/folder/file")]
    [TestCase("export", "/")]
    [TestCase("export", "/dev/full"), Platform("Linux")]
    public async Task What_is_not_there_is_one_line(params string[] args)
    {
        var (code, output, errors) = await RunAsync(Options, args);

        Assert.That((code, output), Is.EqualTo((1, "")));
        Assert.That(errors, Does.StartWith("MucComponent: ").And.Not.Contain("hush"));
        Assert.That(errors.TrimEnd('\n'), Does.Not.Contain("\n"));
    }

    [TestCase("", "export")]
    [TestCase("", "export", "")]
    [TestCase("\"another\" is one argument too many.", "export", "file", "another")]
    [TestCase("\"export\" has no --dry-run like this.", "export", "file", "--dry-run")]
    [TestCase("", "import")]
    [TestCase("\"import\" has no - like this.", "import", "-")]
    [TestCase("", "import", "file", "--host", "rooms.example")]
    [TestCase("--from \"prosdy\" is none of prosody, ejabberd; did you mean prosody?", "import", "file", "--from", "prosdy")]
    [TestCase("\"import\" has no --from like this.", "import", "file", "--from")]
    [TestCase("\"import\" has no --force like this.", "import", "file", "--force")]
    public async Task What_is_not_understood_is_explained(string fault, params string[] args) =>
        Assert.That(await RunAsync(Options, args), Is.EqualTo((2, "", (fault.Length == 0 ? "" : $"MucComponent: {fault}\n") + MovingCommand.Usage + "\n")));

    [Test]
    public async Task Where_nothing_is_kept_nothing_is_moved()
    {
        foreach (var command in new[] { "export", "import" })
            Assert.That((await RunAsync(Options with { Storage = StorageKind.Memory }, command, await ExportAsync())).Errors, Does.StartWith("MucComponent: MUC_STORAGE is memory, and no service runs here"));
    }

    [Test]
    public async Task What_was_done_is_told_as_JSON_if_wanted()
    {
        var (code, output, errors) = await RunAsync(Options, "import", await ExportAsync(), "--json");

        Assert.That((code, errors), Is.EqualTo((0, "")));
        Assert.That(JsonDocument.Parse(output).RootElement.GetProperty("rooms").GetInt32(), Is.Zero);
    }

    private async Task FillAsync()
    {
        await using var store = new SqliteRoomStore(Options.DataDir);
        await store.OpenAsync(default);
        await ExportTests.FillAsync(store, 6);
    }

    private async Task<string> ExportAsync()
    {
        var file = _folder.File("export");
        await using var store = await MovableStore.OpenAsync(StorageKind.Memory);
        await File.WriteAllBytesAsync(file, await store.ExportAsync());
        return file;
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(MucOptions options, params string[] args)
    {
        using StringWriter output = new(), errors = new();
        return (await MovingCommand.RunAsync(args, options, output, errors, default), output.ToString(), errors.ToString());
    }
}
