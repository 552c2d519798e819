using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using MucComponent.Rooms;
using MucComponent.Rooms.Reading;
using MucComponent.Storage;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Storage;

/// <summary>What every store must do: the same tests, run against each of them.</summary>
public abstract class RoomStoreContract
{
    protected static readonly Jid Coven = Jid.Parse("coven@chat.shakespeare.lit");
    protected static readonly Jid Hecate = Jid.Parse("hecate@shakespeare.lit");
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Converters = { new JidAsText() } };

    private IRoomStore _store = null!;

    protected IRoomStore Store => _store;

    /// <summary>A store with nothing in it, not yet open.</summary>
    protected abstract Task<IRoomStore> EmptyAsync();

    /// <summary>The same store as the next run of the program finds it, not yet open.</summary>
    protected abstract ValueTask<IRoomStore> RestartedAsync(IRoomStore store);

    /// <summary>Removes what the closed store leaves behind.</summary>
    protected virtual void Delete()
    {
    }

    [SetUp]
    public async Task OpenAsync()
    {
        _store = await EmptyAsync();
        await _store.OpenAsync(default);
    }

    [TearDown]
    public async Task CloseAsync()
    {
        await _store.DisposeAsync();
        Delete();
    }

    [Test]
    public async Task A_room_nobody_made_is_nothing()
    {
        var loaded = await LoadAsync(Coven);

        Assert.That(Text(loaded.Stored), Is.EqualTo(Text(StoredRoom.Nothing)));
    }

    [Test]
    public async Task Who_only_looks_takes_nothing_from_who_has_the_room()
    {
        var store = (IWholeStore)Store;
        var (random, loaded) = (new RandomChanges(7), await LoadAsync(Coven));
        var nothing = await store.SeeAsync(Coven, default);
        Assert.That((Text(nothing.Stored), nothing.Last), Is.EqualTo((Text(StoredRoom.Nothing), Guid.Empty)));
        List<MessageRecord> said = [.. Enumerable.Range(0, 20).Select(_ => random.Message(inHistory: true))];
        await SaveAsync(Coven, loaded.Claim, new RoomChanged(random.Room()), new AffiliationChanged(new AffiliationRecord(Hecate, Affiliation.Owner, null, null)));
        await SaveAsync(Coven, loaded.Claim, [.. said[..^1].Select(m => new MessageKept(m))]);

        var seen = await store.SeeAsync(Coven, default);
        await SaveAsync(Coven, loaded.Claim, new MessageKept(said[^1]));

        Assert.That((seen.Last, (await store.SeeAsync(Coven, default)).Last), Is.EqualTo((said[^2].Id, said[^1].Id)));
        Assert.That(seen.Stored.History.Select(m => m.Id), Is.EqualTo(said[..^1].Select(m => m.Id)));
        Assert.That(Text((await store.SeeAsync(Coven, default)).Stored), Is.EqualTo(Text((await LoadAsync(Coven)).Stored)));
    }

    [Test]
    public async Task What_is_older_and_comes_later_has_its_place()
    {
        var (random, loaded) = (new RandomChanges(8), await LoadAsync(Coven));
        List<MessageRecord> said = [.. Enumerable.Range(0, 9).Select(_ => random.Message(inHistory: true, archived: true))];
        await SaveAsync(Coven, loaded.Claim, [new RoomChanged(random.Room()), .. said[6..].Select(m => new MessageKept(m))]);
        await Store.DeliveredAsync([new Delivery(Coven, said[7].Id)], default);

        await SaveAsync(Coven, loaded.Claim, [.. said[..6].Select(m => new MessageKept(m))]);

        var stored = (await LoadAsync(Coven)).Stored;
        Assert.That(stored.History.Select(m => m.Id), Is.EqualTo(said.Select(m => m.Id)));
        Assert.That(stored.Undelivered.Select(m => m.Id), Is.EqualTo(new[] { said[8].Id }));
        Assert.That((await Store.ReadArchiveAsync(Coven, new ArchiveQuery { Max = 50 }, default))!.Messages.Select(m => m.Id), Is.EqualTo(said.Select(m => m.Id)));
        Assert.That((await ((IWholeStore)Store).ReadMessagesAsync(Coven, said[1].Id, 4, default)).Select(m => m.Id), Is.EqualTo(said[2..6].Select(m => m.Id)));
    }

    [Test]
    public async Task Whatever_is_saved_is_loaded([Values(1, 2, 3, 4)] int seed)
    {
        var random = new RandomChanges(seed);
        var (expected, claim) = await LoadAsync(Coven);
        for (var step = 1; step <= 120; step++)
        {
            var changes = random.Step(expected.Room is not null);
            await SaveAsync(Coven, claim, [.. changes]);
            expected = changes.Aggregate(expected, (room, change) => room.With(change));
            if (step % 10 != 0) continue;

            if (step % 40 == 0) await RestartAsync();
            (var stored, claim) = await LoadAsync(Coven);
            Assert.That(Text(stored), Is.EqualTo(Text(expected)), $"after step {step}");
        }
    }

    [Test]
    public async Task A_load_returns_the_newest_messages_for_newcomers_in_their_order()
    {
        var random = new RandomChanges(5);
        var claim = await CreateAsync(Coven);
        var messages = Enumerable.Range(0, StoredRoom.HistoryKept + 50).Select(i => random.Message(inHistory: i % 10 != 0)).ToList();
        await SaveAsync(Coven, claim, [.. messages.Select(m => new MessageKept(m))]);

        var (stored, _) = await LoadAsync(Coven);

        Assert.That(stored.History, Is.EqualTo(messages.Where(m => m.InHistory).TakeLast(StoredRoom.HistoryKept)));
    }

    [Test(Description = "RFC 7622 §3.1: the parts of an address may have 1023 bytes each.")]
    public async Task The_longest_addresses_are_kept()
    {
        var random = new Random(6);
        var room = At(Part());
        var jid = Jid.Parse($"{Part()}@shakespeare.lit/{Part()}");
        var claim = await CreateAsync(room);
        var session = new SessionRecord(jid, Part(), Role.Participant, Part(), Now);
        var said = new RandomChanges(6).Message(inHistory: true, archived: true) with { Author = new Author(jid, Affiliation.Owner, Role.Participant, false) };
        await SaveAsync(room, claim, Owner(jid.Bare), new SessionChanged(session), new SessionChanged(session), Owner(jid.Bare), new MessageKept(said));

        Assert.That((await Store.ReadArchiveAsync(room, new ArchiveQuery { With = jid.Bare }, default))!.Messages, Is.EqualTo(new[] { said }));
        var (stored, _) = await LoadAsync(room);
        Assert.That(stored.Affiliations.Keys, Is.EqualTo(new[] { jid.Bare }));
        Assert.That(stored.Sessions.Values, Is.EqualTo(new[] { session }));

        // Letters by chance, which no database can make shorter.
        string Part() => new(random.GetItems("abcdefghijklmnopqrstuvwxyz0123456789".AsSpan(), Jid.MaxPartBytes));
    }

    [Test]
    public async Task What_is_not_archived_is_forgotten_when_newcomers_do_not_get_it_any_more()
    {
        var random = new RandomChanges(9);
        var claim = await CreateAsync(Coven);
        var messages = Enumerable.Range(0, StoredRoom.HistoryKept + 20).Select(_ => random.Message(inHistory: true, archived: false)).ToList();
        foreach (var some in messages.Chunk(7)) await SaveAsync(Coven, claim, [.. some.Select(m => new MessageKept(m))]);

        Assert.That((await LoadAsync(Coven)).Stored.History, Is.EqualTo(messages.TakeLast(StoredRoom.HistoryKept)));
        Assert.That((await ReadAsync(new ArchiveQuery()))!.Messages, Is.Empty);
    }

    [Test]
    public async Task Every_query_of_the_archive_gives_what_it_means([Values(10, 11)] int seed)
    {
        var random = new RandomChanges(seed);
        var claim = await CreateAsync(Coven);
        await SaveAsync(At("heath"), await CreateAsync(At("heath")), new MessageKept(random.Message(inHistory: true, archived: true)));
        var messages = Enumerable.Range(0, 300).Select(i => random.Message(inHistory: i % 3 > 0)).ToList();
        await SaveAsync(Coven, claim, [.. messages.Select(m => new MessageKept(m))]);
        await RestartAsync();

        var answered = 0;
        for (var i = 0; i < 300; i++)
        {
            var query = random.Query(messages);
            var (page, expected) = (await ReadAsync(query), query.Over(messages));
            Assert.That(page?.Messages, Is.EqualTo(expected?.Messages), $"{query}");
            Assert.That((page?.IsComplete, page?.Count), Is.EqualTo((expected?.IsComplete, expected?.Count)), $"{query}");
            if (page is { Messages.IsEmpty: false }) answered++;
        }
        Assert.That(answered, Is.GreaterThan(50), "the queries ask for something");
    }

    [Test]
    public async Task What_somebody_said_is_found_wherever_it_lies_and_once()
    {
        var (random, hag) = (new RandomChanges(14), Jid.Parse("hag66@shakespeare.lit"));
        var claim = await CreateAsync(Coven);
        // Now and then over some days; of two people, who both also speak where the other does.
        List<MessageRecord> messages = [.. Enumerable.Range(0, 120).Select(i => random.Message(inHistory: false, archived: true, at: Now.AddMinutes(i * i / 2d)) with
        {
            Author = new Author((i % 7 == 0 ? Hecate : hag).WithResource($"{i % 2}"), Affiliation.None, Role.Participant, true),
        })];
        foreach (var some in messages.Take(60).Reverse().Chunk(9)) await SaveAsync(Coven, claim, [.. some.Select(m => new MessageKept(m))]);
        // Somebody else has the room and knows nothing of what was noted; and something fails on the way.
        await RestartAsync();
        claim = (await LoadAsync(Coven)).Claim;
        Assert.That(() => SaveAsync(Coven, claim, new MessageKept(messages[60]), new RoomDestroyed(null), new MessageKept(messages[61])), Throws.InvalidOperationException);
        foreach (var some in messages.Skip(60).Chunk(9)) await SaveAsync(Coven, claim, [.. some.Select(m => new MessageKept(m))]);

        await SaysAsync(messages);
        await SaveAsync(Coven, claim, new AuthorErased(Hecate, messages[^1].Id, "<message/>"));
        Assert.That((await ReadAsync(new ArchiveQuery { With = Hecate }))!.Messages, Is.Empty);
        var again = random.Message(inHistory: true, archived: true, at: messages[^1].At.AddSeconds(1)) with { Author = messages[0].Author };
        await SaveAsync(Coven, claim, new MessageKept(again));
        Assert.That((await ReadAsync(new ArchiveQuery { With = Hecate }))!.Messages, Is.EqualTo(new[] { again }));
        await SaysAsync([.. messages.Where(m => m.Author.Jid.Bare == hag), again]);

        async Task SaysAsync(List<MessageRecord> all)
        {
            for (var i = 0; i < 60; i++)
            {
                var query = random.Query(messages) with { With = i % 3 == 0 ? hag.WithResource($"{i % 2}") : i % 2 == 0 ? hag : Hecate, Ids = [], Named = [] };
                var (page, expected) = (await ReadAsync(query), query.Over(all));
                Assert.That(page?.Messages, Is.EqualTo(expected?.Messages), $"{query}");
                Assert.That((page?.IsComplete, page?.Count), Is.EqualTo((expected?.IsComplete, expected?.Count)), $"{query}");
            }
        }
    }

    [Test]
    public async Task A_page_of_long_messages_is_a_short_one()
    {
        var random = new RandomChanges(12);
        var claim = await CreateAsync(Coven);
        var messages = Enumerable.Range(0, 5).Select(_ => random.Message(inHistory: true, archived: true) with { Xml = new string('x', 400_000) }).ToList();
        await SaveAsync(Coven, claim, [.. messages.Select(m => new MessageKept(m))]);

        var (first, last) = (await ReadAsync(new ArchiveQuery()), await ReadAsync(new ArchiveQuery { Backwards = true }));

        Assert.That((first!.Messages, first.IsComplete), Is.EqualTo((messages.Take(2), false)));
        Assert.That((last!.Messages, last.IsComplete), Is.EqualTo((messages.TakeLast(2), false)));
    }

    [Test]
    public async Task What_rooms_keep_no_longer_is_removed_in_portions()
    {
        var random = new RandomChanges(15);
        // What each room sets, in days, and how many messages it has of each age, in days.
        var rooms = new Dictionary<string, int?> { ["a"] = null, ["b"] = 2, ["c"] = 20, ["d"] = null };
        var messages = new Dictionary<string, List<MessageRecord>>();
        foreach (var (name, days) in rooms)
        {
            var claim = await CreateAsync(At(name));
            await SaveAsync(At(name), claim, new RoomChanged(Room(name).Room with { Retention = days is { } d ? TimeSpan.FromDays(d) : null }));
            messages[name] = [.. Enumerable.Range(0, name == "d" ? 0 : 40).Select(i => random.Message(inHistory: i % 3 > 0, at: Now.AddDays(-40 + i).AddMilliseconds(1)))];
            await SaveAsync(At(name), claim, [.. messages[name].Select(m => new MessageKept(m))]);
        }
        await RestartAsync();

        // By themselves b keeps two days, and c twenty.
        Assert.That(await PortionsAsync(null), Is.EqualTo(new[] { 16, 16, 16, 10, 0 }));
        await KeepsAsync("a", 40);
        await KeepsAsync("b", 2);
        await KeepsAsync("c", 20);
        // The service allows nobody more than ten.
        Assert.That(await PortionsAsync(TimeSpan.FromDays(10)), Is.EqualTo(new[] { 16, 16, 8, 0 }));
        await KeepsAsync("a", 10);
        await KeepsAsync("b", 2);
        await KeepsAsync("c", 10);

        async Task<List<int>> PortionsAsync(TimeSpan? atMost)
        {
            var portions = new List<int>();
            do portions.Add(await Store.RemoveExpiredAsync(Now, atMost, 16, default));
            while (portions[^1] > 0 && portions.Count < 99);
            return portions;
        }

        async Task KeepsAsync(string name, int newest)
        {
            var kept = messages[name].TakeLast(newest).ToList();
            Assert.That((await Store.ReadArchiveAsync(At(name), new ArchiveQuery { Max = 99 }, default))!.Messages, Is.EqualTo(kept.Where(m => m.Archived)), name);
            var stored = (await LoadAsync(At(name))).Stored;
            Assert.That(stored.History, Is.EqualTo(kept.Where(m => m.InHistory)), name);
            Assert.That(stored.Undelivered, Is.EqualTo(kept), name);
        }
    }

    [TestCase(-1, ExpectedResult = 1)]
    [TestCase(0, ExpectedResult = 0)]
    [TestCase(1, ExpectedResult = 0)]
    public async Task<int> What_is_just_as_old_as_a_room_keeps_it_is_kept(int milliseconds)
    {
        var claim = await CreateAsync(Coven);
        await SaveAsync(Coven, claim, new MessageKept(new RandomChanges(16).Message(inHistory: true, at: Now.AddDays(-1).AddMilliseconds(milliseconds))));
        return await Store.RemoveExpiredAsync(Now, TimeSpan.FromDays(1), 9, default);
    }

    [Test]
    public async Task Removing_what_is_too_old_voids_no_claim()
    {
        var claim = await CreateAsync(Coven);
        await SaveAsync(Coven, claim, new MessageKept(new RandomChanges(17).Message(inHistory: true)));

        Assert.That(await Store.RemoveExpiredAsync(Now.AddDays(9), TimeSpan.FromDays(1), 9, default), Is.EqualTo(1));
        Assert.That(() => SaveAsync(Coven, claim, Owner(Hecate)), Throws.Nothing);
    }

    [Test]
    public async Task The_archive_goes_with_its_room()
    {
        var random = new RandomChanges(13);
        var claim = await CreateAsync(Coven);
        await SaveAsync(Coven, claim, new MessageKept(random.Message(inHistory: true, archived: true)));
        await SaveAsync(Coven, claim, new RoomDestroyed(null), Room("anew"));

        Assert.That((await ReadAsync(new ArchiveQuery()))!.Messages, Is.Empty);
    }

    [Test]
    public async Task The_archive_of_a_destroyed_room_is_not_read_by_who_makes_it_anew()
    {
        var random = new RandomChanges(18);
        var claim = await CreateAsync(Coven);
        var message = random.Message(inHistory: true, archived: true);
        await SaveAsync(Coven, claim, new MessageKept(message));
        await SaveAsync(Coven, claim, new RoomDestroyed(null) { Archive = new DestroyedArchive(Guid.NewGuid(), "The Coven", Now, null) }, Room("anew"));

        Assert.That((await ReadAsync(new ArchiveQuery()))!.Messages, Is.Empty);
        Assert.That(await ReadAsync(new ArchiveQuery().Past(message.Id)), Is.Null);
        Assert.That((await LoadAsync(Coven)).Stored.History, Is.Empty);
    }

    [Test]
    public async Task An_archive_can_be_read_without_a_claim_and_voids_none()
    {
        var random = new RandomChanges(14);
        var claim = await CreateAsync(Coven);
        for (var i = 0; i < 3; i++)
        {
            await SaveAsync(Coven, claim, new MessageKept(random.Message(inHistory: true, archived: true)));
            Assert.That((await ReadAsync(new ArchiveQuery()))!.Messages, Has.Length.EqualTo(i + 1));
        }
        Assert.That((await Store.ReadArchiveAsync(At("nowhere"), new ArchiveQuery(), default))!.IsComplete, Is.True);
    }

    [Test]
    public async Task What_the_server_has_got_is_told_apart_from_the_rest()
    {
        var random = new RandomChanges(15);
        var claim = await CreateAsync(Coven);
        var messages = Enumerable.Range(0, 10).Select(i => random.Message(inHistory: i % 3 > 0, archived: i % 3 < 2)).ToList();
        await SaveAsync(Coven, claim, [.. messages.Select(m => new MessageKept(m))]);

        await Store.DeliveredAsync([new Delivery(At("nowhere"), messages[^1].Id), new Delivery(Coven, messages[3].Id)], default);
        await Store.DeliveredAsync([new Delivery(Coven, messages[1].Id)], default);
        await RestartAsync();
        var (stored, second) = await LoadAsync(Coven);
        Assert.That((stored.Delivered, stored.Undelivered), Is.EqualTo((messages[3].Id, messages.Skip(4))));

        await Store.DeliveredAsync([new Delivery(Coven, messages[^1].Id)], default);
        await SaveAsync(Coven, second, Owner(Hecate));
        Assert.That((await LoadAsync(Coven)).Stored.Undelivered, Is.Empty);
    }

    [Test]
    public async Task Rooms_that_have_something_to_do_are_listed_in_pages()
    {
        foreach (var (name, hours) in new[] { ("a", 1), ("b", 3), ("c", 2), ("d", -1), ("e", (int?)null) })
            await SaveAsync(At(name), await CreateAsync(At(name)), new RoomChanged(Room(name).Room with { Due = hours is { } h ? Now.AddHours(h) : null }));
        await RestartAsync();

        Assert.That(await ListAsync(null, 9), Is.EqualTo("acd"));
        Assert.That(await ListAsync(null, 2), Is.EqualTo("ac"));
        Assert.That(await ListAsync("c", 2), Is.EqualTo("d"));

        async Task<string> ListAsync(string? after, int max) =>
            string.Concat((await Store.ListDueAsync(Now.AddHours(2), after is null ? null : At(after), max, default)).Select(r => r.Local));
    }

    [Test(Description = "XEP-0424, Tombstones")]
    public async Task Who_takes_back_what_another_said_takes_nothing_back()
    {
        var random = new RandomChanges(19);
        var claim = await CreateAsync(Coven);
        MessageRecord[] said = [.. Enumerable.Range(0, 3).Select(i => random.Message(inHistory: i < 2, archived: i > 0) with { Xml = "<message id='a&gt;b'><body>&gt;</body></message>" })];
        // In the same save as what is taken back, and in a later one.
        await SaveAsync(Coven, claim, [.. said.Select(m => new MessageKept(m)), Retraction(said[1], said[1].Author.Jid.Bare), Retraction(said[2], Hecate)]);
        await SaveAsync(Coven, claim, Retraction(said[0], null), Retraction(said[1], null) with { Children = "<again/>" });
        await RestartAsync();

        var stored = (await LoadAsync(Coven)).Stored;
        Assert.That(stored.History.Select(m => (m.Xml, m.Retracted)), Is.All.EqualTo(("<message id='a&gt;b'><retracted/></message>", true)));
        Assert.That(stored.Undelivered.Select(m => m.Retracted), Is.EqualTo(new[] { true, true, false }));
        var page = await ReadAsync(new ArchiveQuery { Passing = true });
        Assert.That(page!.Messages.Select(m => (m.Id, m.Retracted)), Is.EqualTo(new[] { (said[0].Id, true), (said[1].Id, true), (said[2].Id, false) }));
        Assert.That((await ReadAsync(new ArchiveQuery()))!.Messages.Select(m => m.Id), Is.EqualTo(new[] { said[1].Id, said[2].Id }));
    }

    [Test]
    public async Task What_is_given_back_is_as_it_was()
    {
        var message = new RandomChanges(20).Message(inHistory: true, archived: true) with { Xml = "<message><body>Harpier cries</body></message>" };
        var claim = await CreateAsync(Coven);
        await SaveAsync(Coven, claim, new MessageKept(message), Retraction(message, null) with { Aside = new Aside(Guid.NewGuid(), Now) });
        await SaveAsync(Coven, claim, new MessageRestored(message.Id, message.Xml));

        (var stored, claim) = await LoadAsync(Coven);
        Assert.That(stored.History, Is.EqualTo(new[] { message }));
        Assert.That((await ReadAsync(new ArchiveQuery()))!.Messages, Is.EqualTo(new[] { message }));
        // A second time it can be put aside again.
        Assert.That(() => SaveAsync(Coven, claim, Retraction(message, null) with { Aside = new Aside(Guid.NewGuid(), Now) }), Throws.Nothing);
    }

    [Test]
    public async Task What_is_put_aside_is_found_by_its_removal_until_it_is_given_back_or_too_old()
    {
        var random = new RandomChanges(21);
        var (first, second) = (Guid.CreateVersion7(Now), Guid.CreateVersion7(Now.AddHours(1)));
        var messages = new Dictionary<string, MessageRecord[]>();
        var claims = new Dictionary<string, Claim>();
        foreach (var name in new[] { "a", "b" })
        {
            claims[name] = await CreateAsync(At(name));
            messages[name] = [.. Enumerable.Range(0, 4).Select(i => random.Message(inHistory: true, archived: i % 2 == 0) with { Xml = $"<message><body>{name}{i}</body></message>" })];
            await SaveAsync(At(name), claims[name],
            [
                .. messages[name].Select(m => new MessageKept(m)),
                .. messages[name].Take(3).Select(m => Retraction(m, null) with { Aside = new Aside(first, Now.AddDays(1)) }),
                Retraction(messages[name][3], null) with { Aside = new Aside(second, Now.AddDays(2)) },
                // A second time it is a tombstone, and nothing to put aside.
                Retraction(messages[name][0], null) with { Aside = new Aside(second, Now.AddDays(2)) },
            ]);
        }
        Assert.That(await Store.ListRemovalsAsync(9, default), Is.EqualTo(new[] { new RemovalRecord(second, 2, Now.AddDays(2)), new RemovalRecord(first, 6, Now.AddDays(1)) }));
        Assert.That(await Store.ListRemovalsAsync(1, default), Has.Count.EqualTo(1));
        Assert.That(await BodiesAsync(), Is.EqualTo("a0 a1 a2 b0 b1 b2"));

        await SaveAsync(At("a"), claims["a"], new MessageRestored(messages["a"][1].Id, messages["a"][1].Xml));
        await SaveAsync(At("b"), claims["b"], new AuthorErased(messages["b"][0].Author.Jid.Bare, messages["b"][0].Id, "<message><erased/></message>"));
        Assert.That(await BodiesAsync(), Is.EqualTo("a0 a2 b1 b2"));

        await Store.RemoveAsideAsync(Now.AddDays(1), default);
        Assert.That(await BodiesAsync(), Is.EqualTo("a0 a2 b1 b2"));
        await Store.RemoveAsideAsync(Now.AddDays(1).AddSeconds(1), default);
        Assert.That((await Store.ListRemovalsAsync(9, default)).Select(r => r.Removal), Is.EqualTo(new[] { second }));

        async Task<string> BodiesAsync()
        {
            var found = new List<string>();
            RemovedMessage? last = null;
            while (await Store.ReadRemovalAsync(first, last, 2, default) is { Count: > 0 } page)
            {
                found.AddRange(page.Select(m => System.Xml.Linq.XElement.Parse(m.Xml).Value));
                last = page[^1];
            }
            return string.Join(' ', found);
        }
    }

    [Test]
    public async Task A_person_is_found_in_every_room_that_holds_anything_about_them()
    {
        var person = Jid.Parse("hägar@shakespeare.lit");
        var random = new RandomChanges(22);
        MessageRecord Said(Jid by, bool archived) => random.Message(inHistory: true, archived) with { Author = new Author(by, Affiliation.None, Role.Participant, false) };
        async Task<Claim> MakeAsync(string name, params Change[] changes)
        {
            var claim = await CreateAsync(At(name));
            await SaveAsync(At(name), claim, changes);
            return claim;
        }
        await MakeAsync("archived", new MessageKept(Said(person.WithResource("a"), true)));
        await MakeAsync("passing", new MessageKept(Said(person.WithResource("b"), false)));
        await MakeAsync("list", new AffiliationChanged(new AffiliationRecord(person, Affiliation.Outcast, null, null)));
        await MakeAsync("session", new SessionChanged(new SessionRecord(person.WithResource("c"), "hägar", Role.Visitor, "", Now)));
        await MakeAsync("mention", new RoomChanged(Room("m").Room with { Extra = ImmutableSortedDictionary<string, string>.Empty.Add("kept roles", $"{person}	visitor") }));
        await MakeAsync("others", new MessageKept(Said(Hecate.WithResource("d"), true)), new SessionChanged(new SessionRecord(Jid.Parse("hägar@shakespeare.literature/e"), "h", Role.Visitor, "", Now)));
        var erased = await MakeAsync("erased", new MessageKept(Said(person.WithResource("f"), true)));
        await SaveAsync(At("erased"), erased, new AuthorErased(person, Guid.AllBitsSet, "<message/>"));
        await RestartAsync();

        Assert.That(await ListAsync(null, 9), Is.EqualTo("archived list mention passing session"));
        Assert.That(await ListAsync("list", 2), Is.EqualTo("mention passing"));

        async Task<string> ListAsync(string? after, int max) =>
            string.Join(' ', (await Store.ListTracesAsync(person, after is null ? null : At(after), max, default)).Select(r => r.Local));
    }

    private static MessageRetracted Retraction(MessageRecord message, Jid? author) => new(message.Id, author, "<retracted/>");

    [Test]
    public async Task Rooms_do_not_mix()
    {
        var heath = Jid.Parse("heath@chat.shakespeare.lit");
        var coven = await CreateAsync(Coven);
        var other = await CreateAsync(heath);
        await SaveAsync(Coven, coven, Owner(Hecate));
        await SaveAsync(heath, other, new RoomDestroyed(null));

        Assert.That((await LoadAsync(Coven)).Stored.Affiliations.Keys, Is.EqualTo(new[] { Hecate }));
        Assert.That((await LoadAsync(heath)).Stored.Affiliations, Is.Empty);
    }

    [Test]
    public async Task Loading_a_room_voids_the_claim_of_whoever_loaded_it_before()
    {
        var first = await CreateAsync(Coven);
        var (_, second) = await LoadAsync(Coven);

        Assert.That(() => SaveAsync(Coven, first, Owner(Hecate)), Throws.TypeOf<ClaimLostException>());
        Assert.That((await LoadAsync(Coven)).Stored.Affiliations, Is.Empty);
        Assert.That(() => SaveAsync(Coven, second, Owner(Hecate)), Throws.TypeOf<ClaimLostException>());
    }

    [Test]
    public async Task A_claim_outlives_neither_another_load_nor_a_restart_with_a_load()
    {
        var claim = await CreateAsync(Coven);
        await RestartAsync();
        var (_, next) = await LoadAsync(Coven);

        Assert.That(() => SaveAsync(Coven, claim, Owner(Hecate)), Throws.TypeOf<ClaimLostException>());
        Assert.That(() => SaveAsync(Coven, next, Owner(Hecate)), Throws.Nothing);
    }

    [Test]
    public async Task Of_two_who_found_no_room_the_first_to_create_it_has_it()
    {
        var (_, first) = await LoadAsync(Coven);
        var (_, second) = await LoadAsync(Coven);
        await SaveAsync(Coven, second, Room("second"));

        Assert.That(() => SaveAsync(Coven, first, Room("first")), Throws.TypeOf<ClaimLostException>());
        Assert.That(() => SaveAsync(Coven, second, Owner(Hecate)), Throws.Nothing);
        Assert.That((await LoadAsync(Coven)).Stored.Room!.Name, Is.EqualTo("second"));
    }

    [Test]
    public async Task Many_who_create_the_same_room_at_once_make_one_room()
    {
        var claims = new List<Claim>();
        for (var i = 0; i < 20; i++) claims.Add((await LoadAsync(Coven)).Claim);

        var saves = claims.Select((claim, i) => Task.Run(() => SaveAsync(Coven, claim, Room($"{i}")))).ToList();
        await Task.WhenAll(saves.Select(save => save.ContinueWith(_ => { }, TaskScheduler.Default)));

        Assert.That(saves.Count(save => save.IsCompletedSuccessfully), Is.EqualTo(1));
        Assert.That(saves.Count(save => save.Exception?.InnerException is ClaimLostException), Is.EqualTo(19));
    }

    [Test]
    public async Task A_room_destroyed_by_its_holder_may_be_created_anew_with_the_same_claim()
    {
        var claim = await CreateAsync(Coven);
        await SaveAsync(Coven, claim, Owner(Hecate));
        await SaveAsync(Coven, claim, new RoomDestroyed(null));
        await SaveAsync(Coven, claim, Room("anew"));

        var (stored, _) = await LoadAsync(Coven);
        Assert.That((stored.Room!.Name, stored.Affiliations.Count), Is.EqualTo(("anew", 0)));
    }

    [Test]
    public async Task A_room_destroyed_by_another_holder_is_not_revived_by_one_who_has_not_heard_of_it()
    {
        var stale = await CreateAsync(Coven);
        var (_, holder) = await LoadAsync(Coven);
        await SaveAsync(Coven, holder, new RoomDestroyed(null));

        Assert.That(() => SaveAsync(Coven, stale, Room("revived")), Throws.TypeOf<ClaimLostException>());
        Assert.That((await LoadAsync(Coven)).Stored.Room, Is.Null);
    }

    [Test]
    public async Task A_tombstone_stays_until_the_room_is_created_anew()
    {
        var claim = await CreateAsync(Coven);
        var tombstone = new Tombstone("Macbeth doth come", Jid.Parse("heath@chat.shakespeare.lit"), Now.AddDays(1));
        await SaveAsync(Coven, claim, Owner(Hecate), new RoomDestroyed(tombstone));
        await RestartAsync();

        var (stored, next) = await LoadAsync(Coven);
        Assert.That(Text(stored), Is.EqualTo(Text(StoredRoom.Nothing with { Tombstone = tombstone })));

        await SaveAsync(Coven, next, Room("anew"));
        Assert.That((await LoadAsync(Coven)).Stored.Tombstone, Is.Null);
    }

    [Test]
    public async Task A_change_to_a_room_that_does_not_exist_is_a_fault_of_the_caller_and_keeps_nothing()
    {
        var (_, claim) = await LoadAsync(Coven);

        Assert.That(() => SaveAsync(Coven, claim, Owner(Hecate)), Throws.InvalidOperationException);
        Assert.That(() => SaveAsync(Coven, claim, Room("coven"), new RoomDestroyed(null), Owner(Hecate)), Throws.InvalidOperationException);
        Assert.That(Text((await LoadAsync(Coven)).Stored), Is.EqualTo(Text(StoredRoom.Nothing)));
        Assert.That(() => SaveAsync(Coven, claim, Room("coven")), Throws.Nothing);
    }

    [Test]
    public async Task A_lost_claim_does_not_hurt_those_who_save_at_the_same_time()
    {
        var stale = await CreateAsync(Coven);
        await LoadAsync(Coven);
        var others = new List<(Jid Room, Claim Claim)>();
        for (var i = 0; i < 20; i++)
        {
            var room = Jid.Parse($"room{i}@chat.shakespeare.lit");
            others.Add((room, await CreateAsync(room)));
        }

        var lost = SaveAsync(Coven, stale, Owner(Hecate));
        await Task.WhenAll(others.Select(o => SaveAsync(o.Room, o.Claim, Owner(Hecate))));

        Assert.That(() => lost, Throws.TypeOf<ClaimLostException>());
        foreach (var (room, _) in others) Assert.That((await LoadAsync(room)).Stored.Affiliations.Keys, Is.EqualTo(new[] { Hecate }));
    }

    [Test]
    public async Task Saves_of_one_room_that_wait_together_are_kept_in_their_order()
    {
        var claim = await CreateAsync(Coven);
        var names = Enumerable.Range(0, 30).Select(i => $"name {i}").ToList();

        await Task.WhenAll(names.Select(name => SaveAsync(Coven, claim, Room(name))));

        Assert.That((await LoadAsync(Coven)).Stored.Room!.Name, Is.EqualTo(names[^1]));
    }

    [Test]
    public async Task What_was_asked_for_no_more_before_it_began_is_not_done()
    {
        var claim = await CreateAsync(Coven);

        Assert.That(() => _store.SaveAsync(Coven, claim, [Owner(Hecate)], new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
        Assert.That((await LoadAsync(Coven)).Stored.Affiliations, Is.Empty);
    }

    [Test]
    public async Task The_rooms_somebody_is_in_can_be_gone_through()
    {
        foreach (var name in "abcde")
        {
            var claim = await CreateAsync(At($"{name}"));
            if (name != 'c') await SaveAsync(At($"{name}"), claim, new SessionChanged(new SessionRecord(Jid.Parse("hag66@shakespeare.lit/pda"), "thirdwitch", Role.Participant, "", DateTimeOffset.UnixEpoch)));
        }

        Assert.That(await NamesAsync(null), Is.EqualTo("abd"));
        Assert.That(await NamesAsync(At("b")), Is.EqualTo("de"));
        Assert.That(await NamesAsync(At("e")), Is.Empty);

        async Task<string> NamesAsync(Jid? after) => string.Concat((await _store.ListOccupiedAsync(after, 3, default)).Select(r => r.Local));
    }

    [Test]
    public async Task All_rooms_can_be_gone_through_with_how_many_are_in_them()
    {
        foreach (var name in "abc") await CreateAsync(At($"{name}"), listed: name != 'b');
        await SaveAsync(At("d"), await CreateAsync(At("d")), new RoomDestroyed(null));
        var claim = (await LoadAsync(At("b"))).Claim;
        foreach (var (who, nick) in new[] { ("hag66/pda", "thirdwitch"), ("hag66/phone", "thirdwitch"), ("crone1/desktop", "firstwitch") })
            await SaveAsync(At("b"), claim, new SessionChanged(new SessionRecord(Jid.Parse(who.Replace("/", "@shakespeare.lit/", StringComparison.Ordinal)), nick, Role.Participant, "", DateTimeOffset.UnixEpoch)));
        await RestartAsync();

        Assert.That(await SummaryAsync(null, 9), Is.EqualTo("a True 0, b False 2, c True 0"));
        Assert.That(await SummaryAsync(null, 2), Is.EqualTo("a True 0, b False 2"));
        Assert.That(await SummaryAsync(At("b"), 9), Is.EqualTo("c True 0"));
        var stored = (await LoadAsync(At("a"))).Stored.Room!;
        Assert.That((await _store.SurveyAsync(null, 1, hidden: true, default))[0] with { Options = stored.Options }, Is.EqualTo(new RoomSummary(At("a"), stored.Name, stored.Listed, stored.Locked, stored.Created, 0) { Options = stored.Options }));
        Assert.That(await _store.CountAsync(default), Is.EqualTo(new StoreFigures(Rooms: 3, Occupied: 1, Occupants: 2, Sessions: 3)));

        async Task<string> SummaryAsync(Jid? after, int max) =>
            string.Join(", ", (await _store.SurveyAsync(after, max, hidden: true, default)).Select(r => $"{r.Jid.Local} {r.Listed} {r.Occupants}"));
    }

    [Test]
    public async Task A_room_was_active_when_it_was_made_or_its_last_turn_arrived_or_something_was_said_last()
    {
        var random = new RandomChanges(11);
        var claims = new Dictionary<string, Claim>();
        foreach (var name in new[] { "a", "b", "c", "d" }) claims[name] = await CreateAsync(At(name));
        await Store.DeliveredAsync([new Delivery(At("b"), Turn(3)), new Delivery(At("d"), Turn(1))], default);
        foreach (var name in new[] { "c", "d" })
            foreach (var archived in new[] { true, false })
                await SaveAsync(At(name), claims[name], new MessageKept(random.Message(inHistory: true, archived) with { Id = Turn(archived ? 4 : 5) }));
        await RestartAsync();

        Assert.That((await Store.SurveyAsync(null, 9, hidden: true, default)).Select(r => (r.Active - Now).TotalMinutes), Is.EqualTo(new double[] { 0, 3, 5, 5 }));

        static Guid Turn(int minutes) => Guid.CreateVersion7(Now.AddMinutes(minutes));
    }

    [Test]
    public async Task The_rooms_that_wait_for_their_end_can_be_gone_through()
    {
        foreach (var (name, minutes) in new[] { ("a", 5), ("b", 10), ("c", 7), ("d", 1), ("e", 10), ("f", 10) })
            await SaveAsync(At(name), await CreateAsync(At(name)), new RoomChanged(Room(name).Room with { Emptied = Now.AddMinutes(-minutes) }));
        await CreateAsync(At("g"));
        await SaveAsync(At("e"), (await LoadAsync(At("e"))).Claim, Room("entered again"));
        await SaveAsync(At("f"), (await LoadAsync(At("f"))).Claim, new RoomDestroyed(null));
        await RestartAsync();

        Assert.That(await NamesAsync(5, null, 9), Is.EqualTo("abc"));
        Assert.That(await NamesAsync(5, null, 2), Is.EqualTo("ab"));
        Assert.That(await NamesAsync(5, At("b"), 2), Is.EqualTo("c"));
        Assert.That(await NamesAsync(11, null, 9), Is.Empty);

        async Task<string> NamesAsync(int minutes, Jid? after, int max) =>
            string.Concat((await Store.ListEmptiedAsync(Now.AddMinutes(-minutes), after, max, default)).Select(r => r.Local));
    }

    [Test]
    public async Task The_list_has_the_listed_rooms_in_the_order_of_their_addresses()
    {
        foreach (var name in new[] { "b", "a-z", "aa", "ab", "a_", "é", "z", "\U00010428", "\uFA0E" }) await CreateAsync(At(name));
        await CreateAsync(At("hidden"), listed: false);
        await SaveAsync(At("z"), (await LoadAsync(At("z"))).Claim, new RoomDestroyed(null));

        var list = await _store.ListAsync(null, null, backwards: false, 100, default);

        string[] expected = ["a-z", "a_", "aa", "ab", "b", "é", "\uFA0E", "\U00010428"];
        Assert.That(list.Rooms.Select(r => r.Jid), Is.EqualTo(expected.Select(At)).Using<Jid>((a, b) => a == b));
        Assert.That(list.Rooms[0].Name, Is.EqualTo("the room a-z"));
        Assert.That((list.Count, list.Index), Is.EqualTo((8, 0)));
    }

    [Test]
    public async Task Listed_rooms_are_described_with_how_many_nicks_are_in_them()
    {
        foreach (var name in new[] { "b", "a", "c", "d" }) await CreateAsync(At(name));
        await CreateAsync(At("hidden"), listed: false);
        var options = ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty.Add("muc#roomconfig_roomdesc", ["Double,", "double"]);
        var claim = (await LoadAsync(At("b"))).Claim;
        await SaveAsync(At("b"), claim, new RoomChanged(Room("The heath").Room with { Options = options }));
        foreach (var (who, nick) in new[] { ("crone1@shakespeare.lit/desktop", "first"), ("crone1@shakespeare.lit/phone", "first"), ("hag66@shakespeare.lit/pda", "third") })
            await SaveAsync(At("b"), claim, new SessionChanged(new SessionRecord(Jid.Parse(who), nick, Role.Participant, "", Now)));

        var all = await Store.SurveyAsync(null, 9, hidden: false, default);

        Assert.That(all.Select(r => $"{r.Jid.Local} {r.Name} {r.Occupants}"), Is.EqualTo(new[] { "a the room a 0", "b The heath 2", "c the room c 0", "d the room d 0" }));
        Assert.That(all[1].Options.Single().Value, Is.EqualTo(new[] { "Double,", "double" }));
        Assert.That((await Store.SurveyAsync(At("a"), 2, hidden: false, default)).Select(r => r.Jid.Local), Is.EqualTo(new[] { "b", "c" }));
    }

    [TestCase(null, null, false, 3, "abc", 0)]
    [TestCase("c", null, false, 3, "def", 3)]
    [TestCase("cc", null, false, 2, "de", 3)]
    [TestCase("i", null, false, 3, "j", 9)]
    [TestCase("j", null, false, 3, "", 0)]
    [TestCase(null, null, true, 3, "hij", 7)]
    [TestCase(null, "e", true, 3, "bcd", 1)]
    [TestCase(null, "b", true, 3, "a", 0)]
    [TestCase(null, "a", true, 3, "", 0)]
    [TestCase("b", "e", false, 9, "cd", 2)]
    [TestCase(null, null, false, 0, "", 0)]
    [TestCase(null, null, true, 0, "", 0)]
    public async Task The_list_comes_in_pages_both_ways(string? after, string? before, bool backwards, int max, string expected, int index)
    {
        foreach (var name in "abcdefghij") await CreateAsync(At($"{name}"));

        var list = await _store.ListAsync(after is null ? null : At(after), before is null ? null : At(before), backwards, max, default);

        Assert.That(string.Concat(list.Rooms.Select(r => r.Jid.Local)), Is.EqualTo(expected));
        Assert.That((list.Count, list.Index), Is.EqualTo((10, index)));
    }

    protected Task SaveAsync(Jid room, Claim claim, params Change[] changes) => _store.SaveAsync(room, claim, changes, default);

    private Task<ArchivePage?> ReadAsync(ArchiveQuery query) => Store.ReadArchiveAsync(Coven, query, default);

    protected Task<LoadedRoom> LoadAsync(Jid room) => _store.LoadAsync(room, default);

    protected static AffiliationChanged Owner(Jid who) => new(new AffiliationRecord(who, Affiliation.Owner, null, null));

    protected static RoomChanged Room(string name, bool listed = true) => new(new RoomRecord(
        "salt", ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty, name, listed, Locked: false, Now, null, null, null,
        ImmutableSortedDictionary<string, string>.Empty));

    protected async Task<Claim> CreateAsync(Jid room, bool listed = true)
    {
        var (_, claim) = await LoadAsync(room);
        await SaveAsync(room, claim, Room($"the room {room.Local}", listed));
        return claim;
    }

    protected static Jid At(string name) => Jid.Parse($"{name}@chat.shakespeare.lit");

    private async Task RestartAsync()
    {
        _store = await RestartedAsync(_store);
        await _store.OpenAsync(default);
    }

    // Records hold collections, which compare by reference: so they are compared as text, which also shows the difference.
    private static string Text(StoredRoom stored) => JsonSerializer.Serialize(
        new
        {
            stored.Room,
            stored.Tombstone,
            Affiliations = stored.Affiliations.Values.OrderBy(a => a.Jid.ToString(), StringComparer.Ordinal),
            Sessions = stored.Sessions.Values.OrderBy(s => s.Jid.ToString(), StringComparer.Ordinal),
            stored.History,
            stored.Undelivered,
        },
        Readable);

    private sealed class JidAsText : JsonConverter<Jid>
    {
        public override Jid Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, Jid value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
