using MucComponent.Control;
using MucComponent.Operations;
using NUnit.Framework;

namespace MucComponent.Tests.Control;

public sealed class ResultTextTests
{
    private static readonly Column Room = new("room", "Room", ColumnType.Jid), Count = new("count", "How many", ColumnType.Number),
        Open = new("open", "Open", ColumnType.Flag), Owners = new("owners", "Owners", ColumnType.Jids), When = new("when", "When", ColumnType.Time);

    [Test]
    public void A_table_has_columns_under_their_names()
    {
        var table = OperationResult.Table([Room, Count, Open], [["coven@chat.shakespeare.lit", 3, true], ["heath@chat.shakespeare.lit", null, false]]);

        Assert.That(ResultText.ToText(table), Is.EqualTo("""
            Room                        How many  Open
            coven@chat.shakespeare.lit  3         yes
            heath@chat.shakespeare.lit            no
            """));
        Assert.That(ResultText.ToJson(table).Replace("\n", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal), Is.EqualTo(
            """[{"room":"coven@chat.shakespeare.lit","count":3,"open":true},{"room":"heath@chat.shakespeare.lit","count":null,"open":false}]"""));
    }

    [Test]
    public void A_record_has_a_line_for_each_thing()
    {
        var record = OperationResult.Record((Room, "coven"), (Owners, new[] { "a@b", "c@d" }), (When, DateTimeOffset.UnixEpoch), (Count, null));

        Assert.That(ResultText.ToText(record), Is.EqualTo("""
            Room:     coven
            Owners:   a@b, c@d
            When:     1970-01-01T00:00:00.000Z
            How many:
            """));
        Assert.That(ResultText.ToJson(record).Replace("\n", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal), Is.EqualTo(
            """{"room":"coven","owners":["a@b","c@d"],"when":"1970-01-01T00:00:00.000Z","count":null}"""));
    }

    [Test]
    public void A_sentence_is_a_sentence()
    {
        Assert.That(ResultText.ToText(OperationResult.Done("Over:\nall")), Is.EqualTo("Over:\nall"));
        Assert.That(ResultText.ToJson(OperationResult.Done("Über \"alles\"")), Does.Contain("\"note\": \"Über \\\"alles\\\"\""));
    }

    [Test]
    public void What_people_call_a_room_does_not_drive_the_terminal() =>
        Assert.That(ResultText.ToText(OperationResult.Table([Room], [["a\e[2Jb\u009bc\nd"]])), Is.EqualTo("Room\na?[2Jb?c d"));
}
