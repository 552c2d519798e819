using Microsoft.Extensions.Logging;
using MucComponent.Rooms;
using MucComponent.Tests.Conversations;
using MucComponent.Xmpp;
using Npgsql;
using NUnit.Framework;

namespace MucComponent.Tests;

[TestFixture]
public sealed class SettingsTests
{
    [Test]
    public void A_secret_is_all_that_is_needed()
    {
        var (options, mistakes, warnings) = Read("MUC_SECRET=s3cret");

        Assert.That(mistakes, Is.Empty);
        Assert.That(warnings, Is.Empty);
        Assert.That(options, Is.EqualTo(new MucOptions { Secret = "s3cret", Admins = options!.Admins }));
        Assert.That(options.Admins, Is.Empty);
    }

    [Test]
    public void The_defaults_in_the_table_are_those_in_the_options()
    {
        var defaults = Read([.. from setting in Settings.All where setting.Default is not null select $"{setting.Name}={setting.Default}", "MUC_SECRET=s"]);

        Assert.That(defaults.Options, Is.EqualTo(new MucOptions { Secret = "s", Admins = defaults.Options!.Admins }));
    }

    [Test]
    public void The_example_to_copy_names_each_with_its_default()
    {
        var example = File.ReadAllText(Path.Combine(Repository.Root, "config", "example.env"));
        foreach (var setting in Settings.All)
            Assert.That(example, Does.Contain(string.IsNullOrEmpty(setting.Default) ? $"{setting.Name}=" : $"\n#{setting.Name}={setting.Default}\n"));
    }

    [Test(Description = "With MUC_WRITE_SETTINGS=1 it is written instead.")]
    public void The_reference_in_the_operators_guide_is_up_to_date()
    {
        var file = Path.Combine(Repository.Root, "config", "README.md");
        var text = File.ReadAllText(file);
        var (from, to) = (text.IndexOf(TableBegin, StringComparison.Ordinal) + TableBegin.Length, text.IndexOf(TableEnd, StringComparison.Ordinal));
        var table = Table();
        if (System.Environment.GetEnvironmentVariable("MUC_WRITE_SETTINGS") == "1") File.WriteAllText(file, text[..from] + table + text[to..]);
        else Assert.That(text[from..to], Is.EqualTo(table), "write it again: MUC_WRITE_SETTINGS=1 dotnet test tests/MucComponent.Tests --filter FullyQualifiedName~SettingsTests");
    }

    [Test]
    public void The_README_says_no_other_defaults()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        foreach (var setting in Settings.All.Where(s => readme.Contains($"\n| `{s.Name}` |", StringComparison.Ordinal)))
            Assert.That(readme, Does.Contain($"\n| `{setting.Name}` | {(string.IsNullOrEmpty(setting.Default) ? "|" : $"`{setting.Default}`")}"));
    }

    [Test]
    public void Every_example_in_the_table_is_a_good_value()
    {
        var examples = from setting in Settings.All select $"{setting.Name}={setting.Example}";

        Assert.That(Read([.. examples]).Mistakes, Is.Empty);
    }

    [Test]
    public void Everything_can_be_set()
    {
        var (options, mistakes, _) = Read(
            "MUC_DOMAIN=chat.shakespeare.lit", "MUC_SERVER_HOST=::1", "MUC_SERVER_PORT=5275", "MUC_SECRET=s", "MUC_STORAGE=postgres",
            "MUC_DATA_DIR=/data", "MUC_POSTGRES=Host=db;Database=muc", "MUC_ADMINS= hecate@shakespeare.lit , crone1@shakespeare.lit", "MUC_LOG_LEVEL=info",
            "MUC_EMPTY_ROOM_GRACE=5m", "MUC_STOP=leave", "MUC_ARCHIVE_RETENTION=30d",
            "MUC_DESTROYED_ARCHIVES=keep", "MUC_ADMINS_OWN_ROOMS=yes", "MUC_CREATE_ROOMS=admins", "MUC_ROOM_DEFAULTS=persistentroom=1,muc#roomconfig_whois=anyone",
            "MUC_RESERVED_OPTIONS=maxusers", "MUC_MAX_OCCUPANTS=50", "MUC_RESERVED_PLACES=0", "MUC_MAX_NICK=20", "MUC_MAX_AFFILIATIONS=30",
            "MUC_MAX_REASON=40", "MUC_MAX_VCARD=60", "MUC_PENDING_REQUESTS=9",
            "MUC_LOCKED_FOR=10m", "MUC_TOMBSTONE_FOR=11d", "MUC_CONTROL=/run/muc/control", "MUC_MULTICAST=Example.ORG",
            "MUC_LOG_FORMAT=json", "MUC_OTLP=https://otlp.example.org:4317", "MUC_OTLP_PROTOCOL=grpc", "MUC_TRACES=0.5");

        Assert.That(mistakes, Is.Empty);
        Assert.That(options!.Domain, Is.EqualTo(Jid.Parse("chat.shakespeare.lit")));
        Assert.That((options.ServerHost, options.ServerPort, options.Secret), Is.EqualTo(("::1", 5275, "s")));
        Assert.That((options.Storage, options.DataDir, options.Postgres), Is.EqualTo((StorageKind.Postgres, "/data", "Host=db;Database=muc")));
        Assert.That(options.Admins, Is.EquivalentTo(new[] { Jid.Parse("hecate@shakespeare.lit"), Jid.Parse("crone1@shakespeare.lit") }));
        Assert.That(options.LogLevel, Is.EqualTo(LogLevel.Information));
        Assert.That(options.EmptyRoomGrace, Is.EqualTo(TimeSpan.FromMinutes(5)));
        Assert.That(options.ArchiveRetention, Is.EqualTo(TimeSpan.FromDays(30)));
        Assert.That(options.KeepDestroyedArchives);
        Assert.That(options.Stop, Is.EqualTo(StopKind.Leave));
        Assert.That((options.LogFormat, options.Otlp, options.OtlpProtocol, options.Traces), Is.EqualTo((LogFormat.Json, new Uri("https://otlp.example.org:4317"), OtlpProtocol.Grpc, 0.5)));
        Assert.That(options.ControlPath, Is.EqualTo("/run/muc/control"));
        Assert.That(options.MulticastHost, Is.EqualTo(Jid.Parse("example.org")));
        var policy = options.Policy;
        Assert.That((policy.AdminsOwnRooms, policy.Creators), Is.EqualTo((true, Who.Admins)));
        Assert.That(policy.RoomDefaults.Select(o => $"{o.Key.Name} {o.Value}"), Is.EqualTo(new[] { "muc#roomconfig_persistentroom True", "muc#roomconfig_whois anyone" }));
        Assert.That(policy.ReservedOptions, Is.EqualTo(new[] { "muc#roomconfig_maxusers" }));
        Assert.That((policy.MaxOccupants, policy.ReservedForAdmins, policy.MaxNickLength, policy.MaxAffiliations), Is.EqualTo((50, 0, 20, 30)));
        Assert.That((policy.MaxReasonLength, policy.MaxVCardLength, policy.PendingRequests), Is.EqualTo((40, 60, 9)));
        Assert.That((policy.LockedFor.TotalMinutes, policy.TombstoneFor.TotalDays), Is.EqualTo((10, 11)));
    }

    [Test]
    public void Any_of_them_may_be_in_a_file()
    {
        foreach (var setting in Settings.All)
        {
            var variables = Environment("MUC_SECRET=s", "MUC_POSTGRES=Host=db", $"{setting.FileName}=/run/secrets/x");
            variables.Remove(setting.Name);

            var result = Settings.Read(variables, file => file == "/run/secrets/x" ? setting.Example + "\n" : throw new FileNotFoundException(file));

            Assert.That(result.Mistakes, Is.Empty);
            Assert.That(result.Warnings, Has.None.Contain(setting.FileName));
            // What is not the default by its example has been read.
            if (setting.Example != setting.Default) Assert.That(result.Options, Is.Not.EqualTo(Read("MUC_SECRET=s", "MUC_POSTGRES=Host=db").Options), setting.Name);
        }
    }

    [Test]
    public void What_could_be_read_is_there_in_spite_of_mistakes() =>
        Assert.That(Settings.Read(Environment("MUC_SERVER_PORT=x", "MUC_DATA_DIR=/data"), _ => "").Readable.ControlPath, Is.EqualTo("/data/control"));

    [Test]
    public void Commands_can_be_switched_off() => Assert.That(Read("MUC_SECRET=s", "MUC_CONTROL=off").Options!.ControlPath, Is.Null);

    [Test]
    public void Rooms_that_have_to_be_there_are_read_from_json()
    {
        var (options, mistakes, _) = Read("MUC_SECRET=s", "MUC_DOMAIN=chat.shakespeare.lit", """
            MUC_ROOMS={
              // the witches
              "coven": {
                "owners": ["crone1@shakespeare.lit"], "admins": ["wiccarocks@shakespeare.lit"], "members": ["hag66@shakespeare.lit"], "outcasts": ["macbeth.lit"],
                "options": {"roomname": "A Dark Cave", "moderatedroom": true, "maxusers": 30, "presencebroadcast": ["moderator", "participant"]},
              },
              "heath@chat.shakespeare.lit": null
            }
            """);

        Assert.That(mistakes, Is.Empty);
        var coven = options!.Rooms[0];
        Assert.That(options.Rooms.Select(r => r.Room.ToString()), Is.EqualTo(new[] { "coven@chat.shakespeare.lit", "heath@chat.shakespeare.lit" }));
        Assert.That(coven.Affiliations.Select(a => $"{a.Jid} {a.Affiliation}"), Is.EqualTo(new[]
        {
            "crone1@shakespeare.lit Owner", "wiccarocks@shakespeare.lit Admin", "hag66@shakespeare.lit Member", "macbeth.lit Outcast",
        }));
        Assert.That(coven.Options.Select(o => $"{o.Var}={string.Join('|', o.Values)}"), Is.EqualTo(new[]
        {
            "muc#roomconfig_roomname=A Dark Cave", "muc#roomconfig_moderatedroom=1", "muc#roomconfig_maxusers=30", "muc#roomconfig_presencebroadcast=moderator|participant",
        }));
    }

    [TestCase("MUC_DOMAIN=room@chat.shakespeare.lit", "MUC_DOMAIN: \"room@chat.shakespeare.lit\" is not a domain; example: MUC_DOMAIN=conference.example.org")]
    [TestCase("MUC_SERVER_HOST=localhost:5347", "MUC_SERVER_HOST: \"localhost:5347\" is not a host name or IP address (the port goes into MUC_SERVER_PORT); example: MUC_SERVER_HOST=xmpp.example.org")]
    [TestCase("MUC_SERVER_PORT=abc", "MUC_SERVER_PORT: \"abc\" is not a port number; example: MUC_SERVER_PORT=5347")]
    [TestCase("MUC_SERVER_PORT=65536", "MUC_SERVER_PORT: \"65536\" is not a port number; example: MUC_SERVER_PORT=5347")]
    [TestCase("MUC_SERVER_PORT=-1", "MUC_SERVER_PORT: \"-1\" is not a port number; example: MUC_SERVER_PORT=5347")]
    [TestCase("MUC_STORAGE=oracle", "MUC_STORAGE: \"oracle\" is none of sqlite, postgres and memory; example: MUC_STORAGE=postgres")]
    [TestCase("MUC_STORAGE=postgres", "MUC_POSTGRES: not set, although MUC_STORAGE is postgres; example: MUC_POSTGRES=postgresql://muc:PASSWORD@127.0.0.1:5432/muc")]
    [TestCase("MUC_ADMINS=hecate@shakespeare.lit/broom", "MUC_ADMINS: \"hecate@shakespeare.lit/broom\" is not a bare JID; example: MUC_ADMINS=juliet@example.org,romeo@example.org")]
    [TestCase("MUC_ADMINS=hecate@shakespeare.lit,hecate", "MUC_ADMINS: \"hecate\" is not a bare JID; example: MUC_ADMINS=juliet@example.org,romeo@example.org")]
    [TestCase("MUC_LOG_LEVEL=loud", "MUC_LOG_LEVEL: \"loud\" is none of trace, debug, information, warning and error; example: MUC_LOG_LEVEL=debug")]
    [TestCase("MUC_EMPTY_ROOM_GRACE=5", "MUC_EMPTY_ROOM_GRACE: \"5\" is not a duration: a whole number with s, m, h or d after it, or 0; example: MUC_EMPTY_ROOM_GRACE=5m")]
    [TestCase("MUC_ARCHIVE_RETENTION=a week", "MUC_ARCHIVE_RETENTION: \"a week\" is not a duration: a whole number with s, m, h or d after it, or 0; example: MUC_ARCHIVE_RETENTION=90d")]
    [TestCase("MUC_ARCHIVE_RETENTION=0", "MUC_ARCHIVE_RETENTION: \"0\" would keep nothing; forever keeps all; example: MUC_ARCHIVE_RETENTION=90d")]
    [TestCase("MUC_DESTROYED_ARCHIVES=burn", "MUC_DESTROYED_ARCHIVES: \"burn\" is neither remove nor keep; example: MUC_DESTROYED_ARCHIVES=keep")]
    [TestCase("MUC_MULTICAST=a@b", "MUC_MULTICAST: \"a@b\" is neither auto nor off nor a domain; example: MUC_MULTICAST=example.org")]
    [TestCase("MUC_STOP=now", "MUC_STOP: \"now\" is neither quiet nor leave; example: MUC_STOP=leave")]
    [TestCase("MUC_ADMINS_OWN_ROOMS=maybe", "MUC_ADMINS_OWN_ROOMS: \"maybe\" is neither yes nor no; example: MUC_ADMINS_OWN_ROOMS=yes")]
    [TestCase("MUC_ROOM_DEFAULTS=persistent=1", "MUC_ROOM_DEFAULTS: there is no option \"persistent\"; did you mean persistentroom?; example: MUC_ROOM_DEFAULTS=persistentroom=1,whois=anyone")]
    [TestCase("MUC_ROOM_DEFAULTS=persistentroom", "MUC_ROOM_DEFAULTS: \"persistentroom\" is not NAME=VALUE; example: MUC_ROOM_DEFAULTS=persistentroom=1,whois=anyone")]
    [TestCase("MUC_ROOM_DEFAULTS=persistentroom=yes", "MUC_ROOM_DEFAULTS: persistentroom cannot be \"yes\"; it is 1 or 0; example: MUC_ROOM_DEFAULTS=persistentroom=1,whois=anyone")]
    [TestCase("MUC_ROOM_DEFAULTS=whois=me", "MUC_ROOM_DEFAULTS: whois cannot be \"me\"; it is one of moderators, anyone; example: MUC_ROOM_DEFAULTS=persistentroom=1,whois=anyone")]
    [TestCase("MUC_RESERVED_OPTIONS=maxuser", "MUC_RESERVED_OPTIONS: there is no option \"maxuser\"; did you mean maxusers?; example: MUC_RESERVED_OPTIONS=maxusers,enablelogging")]
    [TestCase("MUC_MAX_OCCUPANTS=0", "MUC_MAX_OCCUPANTS: \"0\" is not a whole number from 1 to 1000000; example: MUC_MAX_OCCUPANTS=2000")]
    [TestCase("MUC_MAX_NICK=1024", "MUC_MAX_NICK: \"1024\" is not a whole number from 1 to 1023; example: MUC_MAX_NICK=32")]
    [TestCase("MUC_LOCKED_FOR=ever", "MUC_LOCKED_FOR: \"ever\" is not a duration: a whole number with s, m, h or d after it, or 0; example: MUC_LOCKED_FOR=1h")]
    [TestCase("MUC_LOG_FORMAT=xml", "MUC_LOG_FORMAT: \"xml\" is neither text nor json; example: MUC_LOG_FORMAT=json")]
    [TestCase("MUC_OTLP=127.0.0.1:4318", "MUC_OTLP: not an address that begins with http:// or https://; example: MUC_OTLP=http://127.0.0.1:4318")]
    [TestCase("MUC_OTLP_PROTOCOL=pigeon", "MUC_OTLP_PROTOCOL: \"pigeon\" is neither http nor grpc; example: MUC_OTLP_PROTOCOL=grpc")]
    [TestCase("MUC_TRACES=2", "MUC_TRACES: \"2\" is not a number from 0 to 1; example: MUC_TRACES=0.01")]
    [TestCase("MUC_CONTACTS=abuse", "MUC_CONTACTS: \"abuse\" is not of the form kind=address; example: MUC_CONTACTS=abuse=mailto:abuse@example.org; support=xmpp:help@muc.example.org?join")]
    [TestCase("MUC_CONTACTS=spam=xmpp:a@b", "MUC_CONTACTS: \"spam\" is none of abuse, admin, feedback, sales, security, status, support; example: MUC_CONTACTS=abuse=mailto:abuse@example.org; support=xmpp:help@muc.example.org?join")]
    [TestCase("MUC_CONTACTS=abuse=me", "MUC_CONTACTS: \"me\" is not a URI, as xmpp:help@example.org, mailto:… or https://…; example: MUC_CONTACTS=abuse=mailto:abuse@example.org; support=xmpp:help@muc.example.org?join")]
    [TestCase("MUC_WEBCHAT=chat.example.org", "MUC_WEBCHAT: \"chat.example.org\" is not the URL of a web page; example: MUC_WEBCHAT=https://chat.example.org/#/join/{room}")]
    [TestCase("MUC_SECRET_FILE=/some/file", "MUC_SECRET: MUC_SECRET_FILE is set too; set only one of them")]
    public void A_mistake_is_one_line_with_the_name_the_fault_and_an_example(string variable, string expected)
    {
        var (options, mistakes, _) = Read("MUC_SECRET=s", variable);

        Assert.That(mistakes, Is.EqualTo(new[] { expected }));
        Assert.That(options, Is.Null);
    }

    [TestCase("MUC_ROOM_ADDRESSES=[a-z")]
    [TestCase("MUC_DENIED_NICKS=(a)\\1", Description = "a back reference may take for ever")]
    public void A_pattern_that_is_none_or_takes_long_is_a_mistake(string variable) =>
        Assert.That(Read("MUC_SECRET=s", variable).Mistakes, Has.One.StartsWith(variable.Replace("=", ": \"", StringComparison.Ordinal) + "\" is not a regular expression ("));

    [Test]
    public void Names_are_matched_wholly_and_nicks_in_part()
    {
        var policy = Read("MUC_SECRET=s", "MUC_ROOM_ADDRESSES=a|b", "MUC_DENIED_NICKS=admin").Options!.Policy;

        Assert.That(new[] { "a", "b", "ab", "xb" }.Where(name => policy.RoomAddresses!.IsMatch(name)), Is.EqualTo(["a", "b"]));
        Assert.That(new[] { "the ADMIN", "adm" }.Where(nick => policy.DeniedNicks!.IsMatch(nick)), Is.EqualTo(["the ADMIN"]));
    }

    [Test]
    public void All_mistakes_are_told_at_once()
    {
        var (_, mistakes, _) = Read("MUC_DOMAIN=a@b", "MUC_SERVER_PORT=0", "MUC_STORAGE=tape", "MUC_LOG_LEVEL=verbose");

        Assert.That(mistakes.Select(m => m.Split(':')[0]), Is.EqualTo(new[] { "MUC_DOMAIN", "MUC_SERVER_PORT", "MUC_STORAGE", "MUC_LOG_LEVEL", "MUC_SECRET" }));
    }

    [Test]
    public void An_empty_value_is_as_good_as_none()
    {
        var (options, mistakes, _) = Read("MUC_SECRET=s", "MUC_SECRET_FILE=", "MUC_SERVER_PORT=", "MUC_STORAGE= ", "MUC_ADMINS=");

        Assert.That(mistakes, Is.Empty);
        Assert.That((options!.ServerPort, options.Storage), Is.EqualTo((5347, StorageKind.Sqlite)));
    }

    [TestCase("s3cret\n")]
    [TestCase("s3cret\r\n")]
    [TestCase("s3cret")]
    public void The_secret_may_be_in_a_file_whose_last_newline_does_not_count(string content)
    {
        var result = Settings.Read(Environment("MUC_SECRET_FILE=/run/secrets/muc"), file => file == "/run/secrets/muc" ? content : throw new FileNotFoundException(file));

        Assert.That(result.Options!.Secret, Is.EqualTo("s3cret"));
    }

    [TestCase("", "MUC_SECRET_FILE: there is nothing in \"/f\"; example: MUC_SECRET_FILE=/run/secrets/muc_secret")]
    [TestCase("\n", "MUC_SECRET_FILE: there is nothing in \"/f\"; example: MUC_SECRET_FILE=/run/secrets/muc_secret")]
    [TestCase(null, "MUC_SECRET_FILE: cannot read \"/f\": it does not exist; example: MUC_SECRET_FILE=/run/secrets/muc_secret")]
    public void A_secret_file_that_is_empty_or_cannot_be_read_is_named(string? content, string expected)
    {
        var result = Settings.Read(Environment("MUC_SECRET_FILE=/f"), file => content ?? throw new FileNotFoundException(file));

        Assert.That(result.Mistakes, Is.EqualTo(new[] { expected }));
    }

    [TestCase("MUC_SERVERPORT", "MUC_SERVER_PORT")]
    [TestCase("MUC_POSTGRESS", "MUC_POSTGRES")]
    [TestCase("MUC_ADMIN", "MUC_ADMINS")]
    [TestCase("MUC_LOGLEVEL", "MUC_LOG_LEVEL")]
    public void A_name_that_is_none_of_ours_is_likely_a_typing_error(string name, string meant)
    {
        var (options, mistakes, warnings) = Read("MUC_SECRET=s", $"{name}=5347", "PATH=/bin");

        Assert.That(warnings, Is.EqualTo(new[] { $"{name}: there is no such setting; did you mean {meant}?" }));
        Assert.That(mistakes, Is.Empty);
        Assert.That(options, Is.Not.Null);
    }

    [Test]
    public void A_database_that_is_not_used_is_pointed_out()
    {
        Assert.That(Read("MUC_SECRET=s", "MUC_POSTGRES=Host=db").Warnings, Is.EqualTo(new[] { "MUC_POSTGRES: not used, since MUC_STORAGE is not postgres" }));
    }

    [TestCase("postgresql://muc:p%40ss%3Bword@db.example.org:6432/rooms?sslmode=verify-full", "db.example.org", 6432, "rooms", "muc", "p@ss;word")]
    [TestCase("postgres://muc@db/rooms", "db", 5432, "rooms", "muc", null)]
    [TestCase("Host=db;Port=6432;Database=rooms;Username=muc;Password=p;SSL Mode=VerifyFull", "db", 6432, "rooms", "muc", "p")]
    public void A_database_may_be_given_as_a_URI_or_as_a_connection_string(string value, string host, int port, string database, string user, string? password)
    {
        var (options, mistakes, _) = Read("MUC_SECRET=s", "MUC_STORAGE=postgres", $"MUC_POSTGRES={value}");

        Assert.That(mistakes, Is.Empty);
        var read = new NpgsqlConnectionStringBuilder(options!.Postgres);
        Assert.That((read.Host, read.Port, read.Database, read.Username, read.Password), Is.EqualTo((host, port, database, user, password)));
        if (port == 6432) Assert.That(read.SslMode, Is.EqualTo(SslMode.VerifyFull));
    }

    [TestCase("MUC_POSTGRES=Host=db;Password=hunter2;Databse=muc")]
    [TestCase("MUC_POSTGRES=Host=db;Port=hunter2")]
    [TestCase("MUC_POSTGRES=hunter2")]
    [TestCase("MUC_POSTGRES=Database=muc;Password=hunter2")]
    [TestCase("MUC_POSTGRES=postgresql://muc:hunter2@/muc")]
    [TestCase("MUC_POSTGRES=postgresql://muc:hunter2@db:port/muc")]
    [TestCase("MUC_POSTGRES=postgresql://muc:hunter2@db/muc?sslmode=always")]
    [TestCase("MUC_POSTGRES=postgresql://muc:hunter2@db/muc?hunter2")]
    [TestCase("MUC_POSTGRES=mysql://muc:hunter2@db/muc")]
    public void A_connection_string_that_is_none_is_a_mistake_and_never_shown(string variable)
    {
        var (_, mistakes, warnings) = Read("MUC_SECRET=hunter2", "MUC_SECRET_FILE=/f", "MUC_STORAGE=postgres", variable);

        Assert.That(mistakes, Has.One.StartsWith("MUC_POSTGRES: neither a postgresql:// URI nor a connection string"));
        Assert.That(string.Join('\n', mistakes.Concat(warnings)), Does.Not.Contain("hunter2"));
    }

    [Test]
    public void Options_as_text_show_no_secret()
    {
        Assert.That($"{new MucOptions { Secret = "hunter2", Postgres = "Password=hunter2" }}", Does.Not.Contain("hunter2"));
    }

    [TestCase("[]", "it is not an object, { … }; example")]
    [TestCase("{\n \"a\": {,}}", "it is not JSON, in line 2 at byte 8; example")]
    [TestCase("no", "it is not JSON, in line 1 at byte 2; example")]
    [TestCase("{\"a\": 5}", "room a: it is not an object, { … }; example")]
    [TestCase("{\"a\": {\"owners\": \"b@c\"}}", "room a: owners is not a list of JIDs, [\"…\"]; example")]
    [TestCase("{\"a\": {\"owners\": [5]}}", "room a: owners: 5 is no bare JID; example")]
    [TestCase("{\"a\": {\"options\": []}}", "room a: options is not an object, { … }; example")]
    [TestCase("{\"a\": {\"options\": {\"roomname\": {}}}}", "room a: roomname cannot be an object; example")]
    [TestCase("{\"a b\": {}}", "\"a b\" is no room of conference.localhost")]
    [TestCase("{\"a@elsewhere\": {}}", "\"a@elsewhere\" is no room of conference.localhost")]
    [TestCase("{\"a\": {\"ownrs\": []}}", "room a: there is no field \"ownrs\"; did you mean owners?; example")]
    [TestCase("{\"a\": {\"owners\": [\"b@c/d\"]}}", "room a: owners: \"b@c/d\" is no bare JID")]
    [TestCase("{\"a\": {\"owners\": [\"b@c\"], \"members\": [\"b@c\"]}}", "room a: b@c is listed twice")]
    [TestCase("{\"a\": {\"options\": {\"moderated\": true}}}", "room a: there is no option \"moderated\"; did you mean moderatedroom?")]
    [TestCase("{\"a\": {\"options\": {\"moderatedroom\": \"very\"}}}", "room a: moderatedroom cannot be \"very\"; it is 1 or 0")]
    [TestCase("{\"a\": {}, \"a\": {}}", "\"a\" is there twice; example")]
    public void Rooms_that_cannot_be_are_told_with_the_place(string json, string fault) =>
        Assert.That(Read("MUC_SECRET=s", $"MUC_ROOMS={json}").Mistakes, Has.One.StartsWith($"MUC_ROOMS: {fault}"));

    private const string TableBegin = "<!-- made by SettingsTests -->\n";
    private const string TableEnd = "<!-- until here -->";

    private static string Table() => "| variable | default | example | what it is |\n|---|---|---|---|\n" + string.Concat(Settings.All.Select(s =>
        $"| `{s.Name}` | {(string.IsNullOrEmpty(s.Default) ? "" : $"`{s.Default}`")} | `{s.Example}` | {s.Meaning.Replace("|", "\\|", StringComparison.Ordinal)} |\n"));

    private static SettingsResult Read(params string[] variables) => Settings.Read(Environment(variables), _ => "from a file");

    private static Dictionary<string, string?> Environment(params string[] variables) =>
        variables.Select(v => v.Split('=', 2)).ToDictionary(v => v[0], v => (string?)v[1]);
}
