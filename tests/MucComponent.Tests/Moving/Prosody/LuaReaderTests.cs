using System.Text;
using MucComponent.Moving.Prosody;
using NUnit.Framework;

namespace MucComponent.Tests.Moving.Prosody;

[TestFixture]
public sealed class LuaReaderTests
{
    [Test]
    public void A_store_is_read_as_Prosody_writes_it()
    {
        var table = Store("""
            return {
            	["_jid"] = "coven@conference.localhost";
            	["alice@localhost"] = "owner";
            	["_data"] = {
            		["name"] = "A \"dark\" cave\010\195\188 \226\128\148";
            		["persistent"] = true;
            		["hidden"] = false;
            		["subject_time"] = 1795275687;
            		["when"] = -1.5e3;
            		["never"] = (1/0);
            		["gone"] = nil;
            		["\240\159\144\136"] = 'cat';
            	};
            	["list"] = {
            		"one";
            		2;
            		{ [3] = "c", name = "d" };
            	};
            };
            """)!;

        var data = table.Table("_data")!;
        Assert.That(table.Text("alice@localhost"), Is.EqualTo("owner"));
        Assert.That(data.Text("name"), Is.EqualTo("A \"dark\" cave\nü —"));
        Assert.That((data.Flag("persistent"), data.Flag("hidden"), data.Flag("gone")), Is.EqualTo(((bool?)true, (bool?)false, (bool?)null)));
        Assert.That((data.IsTrue("persistent"), data.IsTrue("hidden"), data.IsTrue("name")), Is.EqualTo((true, false, true)));
        Assert.That((data.Number("subject_time"), data.Number("when"), data.Number("never")), Is.EqualTo((1795275687d, -1500d, double.PositiveInfinity)));
        Assert.That(data.Text("🐈"), Is.EqualTo("cat"));
        Assert.That(table.Table("list")!.Items.Take(2), Is.EqualTo(new object[] { "one", 2d }));
        Assert.That(((LuaTable)table.Table("list")!.Items.Last()).Text("name"), Is.EqualTo("d"));
    }

    [Test]
    public void A_list_is_read_item_by_item_up_to_where_it_is_damaged()
    {
        var items = new LuaReader(Bytes("item({ \"one\"; });\nitem({ \"two\" });\nitem({ \"thr")).ReadList().GetEnumerator();

        Assert.That(items.MoveNext() && items.Current.Items.Single() is "one");
        Assert.That(items.MoveNext() && items.Current.Items.Single() is "two");
        Assert.That(() => items.MoveNext(), Throws.TypeOf<FormatException>().With.Message.EqualTo("the end inside a text at byte 46"));
    }

    [Test]
    public void What_is_longer_than_the_buffer_is_read_whole()
    {
        var text = string.Concat(Enumerable.Range(0, 50_000).Select(i => $"{i}, "));

        Assert.That(Store($"return {{ text = \"{text}\"; after = 1 }};") is { } table && table.Text("text") == text && table.Number("after") == 1);
    }

    [Test]
    public void There_may_be_nothing() => Assert.That(Store(" \n-- nothing\n"), Is.Null);

    [TestCase("os.exit()")]
    [TestCase("return os.exit()")]
    [TestCase("return { f() }")]
    [TestCase("return { [1 }")]
    [TestCase("return { a = \"\\999\" }")]
    [TestCase("return { a = \"\\q\" }")]
    [TestCase("return { a 1 }")]
    [TestCase("return { 1 2 }")]
    [TestCase("return {")]
    [TestCase("return 1")]
    public void What_is_no_data_is_refused(string text) => Assert.That(() => Store(text), Throws.TypeOf<FormatException>().With.Message.Contains("at byte"));

    [Test]
    public void What_is_nested_without_end_is_refused() =>
        Assert.That(() => Store("return " + new string('{', 100_000)), Throws.TypeOf<FormatException>().With.Message.StartsWith("nested too deeply"));

    private static LuaTable? Store(string text) => new LuaReader(Bytes(text)).ReadStore();

    private static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text));
}
