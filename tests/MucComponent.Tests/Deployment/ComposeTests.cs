using System.Text.RegularExpressions;
using MucComponent.Tests.Conversations;
using NUnit.Framework;
using YamlDotNet.Serialization;

namespace MucComponent.Tests.Deployment;

/// <summary>The examples for Docker Compose: whole, and with nothing in them that is not there.</summary>
[TestFixture("compose.yml")]
[TestFixture("compose.ejabberd.yml")]
public sealed partial class ComposeTests(string file)
{
    private static readonly string Folder = Path.Combine(Repository.Root, "config");

    private readonly string _text = File.ReadAllText(Path.Combine(Folder, file));

    private Node Whole => new(new DeserializerBuilder().Build().Deserialize(_text.Replace("$$", "$", StringComparison.Ordinal)));

    private IEnumerable<KeyValuePair<string, Node>> Components => Whole["services"].Entries.Where(s => s.Key.StartsWith("muc", StringComparison.Ordinal));

    [Test]
    public void Its_settings_are_all_there_are_and_good_ones()
    {
        Assert.That(Components, Is.Not.Empty);
        foreach (var (name, component) in Components)
        {
            var environment = component["environment"].Entries.ToDictionary(e => e.Key, e => (string?)Filled(e.Value.Text));
            var read = Settings.Read(environment, _ => throw new FileNotFoundException());
            Assert.That(read.Mistakes.Concat(read.Warnings), Is.Empty, name);
            Assert.That(Whole["services"].Keys, Does.Contain(read.Options!.ServerHost));
            Assert.That(read.Options.Storage, Is.EqualTo(StorageKind.Postgres));
            Assert.That(Whole["services"].Keys, Does.Contain(new Npgsql.NpgsqlConnectionStringBuilder(read.Options.Postgres).Host));
        }
    }

    [Test]
    public void It_takes_one_variable_from_outside_and_says_where_to_put_it()
    {
        Assert.That(Variable().Matches(_text).Select(m => m.Groups[1].Value).Distinct(), Is.EqualTo(["MUC_SECRET"]));
        Assert.That(Variable().Matches(_text).Count(m => m.Groups[2].Value.StartsWith(":?", StringComparison.Ordinal)), Is.EqualTo(1));
        Assert.That(_text, Does.Contain("""echo "MUC_SECRET=$(openssl rand -hex 16)" > config/.env"""));
    }

    [Test]
    public void What_it_names_is_there()
    {
        foreach (var (name, service) in Whole["services"].Entries)
        {
            Assert.That(service["networks"].Items.Select(n => n.Text), Is.SubsetOf(Whole["networks"].Keys.Append("default")), name);
            Assert.That(service["configs"].Items.Select(c => c["source"].Text), Is.SubsetOf(Whole["configs"].Keys), name);
            Assert.That(service["depends_on"].Keys, Is.SubsetOf(Whole["services"].Keys), name);
            foreach (var mounted in service["volumes"].Items.Select(v => v.Text.Split(':')[0]))
                if (mounted.StartsWith('.')) Assert.That(File.Exists(Path.Combine(Folder, mounted)), mounted);
                else Assert.That(Whole["volumes"].Keys, Does.Contain(mounted), name);
        }
    }

    [Test]
    public void The_component_can_write_its_state_alone_and_is_not_root()
    {
        foreach (var (_, component) in Components)
        {
            Assert.That(component["read_only"].Text, Is.EqualTo("true"));
            Assert.That(component["cap_drop"].Items.Select(c => c.Text), Is.EqualTo(["ALL"]));
            Assert.That(component["volumes"].Items.Select(v => v.Text.Split(':')[1]), Is.All.EqualTo("/data"));
            Assert.That(component["user"].Text, Is.Empty, "the image's own, which is not root");
        }
        Assert.That(File.ReadAllText(Path.Combine(Repository.Root, "Dockerfile")), Does.Contain("\nUSER 1654:1654\n").And.Contain("\nVOLUME /data\n"));
    }

    [Test]
    public void The_component_stream_is_on_a_network_that_reaches_nothing_else()
    {
        Assert.That(Whole["networks"]["link"]["internal"].Text, Is.EqualTo("true"));
        foreach (var (name, component) in Components) Assert.That(component["networks"].Items.Select(n => n.Text), Is.EqualTo(["link"]), name);
        foreach (var (name, service) in Whole["services"].Entries)
            Assert.That(service["ports"].Items.Select(p => p.Text), Is.All.StartsWith("127.0.0.1:"), name);
    }

    private static string Filled(string text) => Variable().Replace(text, "5ecret");

    [GeneratedRegex(@"\$\{(\w+)([^}]*)\}")]
    private static partial Regex Variable();

    /// <summary>Something in a YAML file; nothing is in what is not there.</summary>
    private sealed record Node(object? Value)
    {
        public Node this[string key] => new(Value is Dictionary<object, object> map ? map.GetValueOrDefault(key) : null);

        public IEnumerable<KeyValuePair<string, Node>> Entries =>
            Value is Dictionary<object, object> map ? map.Select(e => KeyValuePair.Create((string)e.Key, new Node(e.Value))) : [];

        public IEnumerable<string> Keys => Entries.Select(e => e.Key);

        public IEnumerable<Node> Items => Value is List<object> list ? list.Select(i => new Node(i)) : [];

        public string Text => Value as string ?? "";
    }
}
