using MucComponent.Tests.Conversations;
using MucComponent.Tests.Given;
using NUnit.Framework;

namespace MucComponent.Tests;

/// <summary>
/// That every behaviour listed in <c>tests/rows.txt</c> has a test, and that <c>tests/ROWS.md</c> says which. With
/// <c>MUC_WRITE_ROWS=1</c> that file is written instead.
/// </summary>
public sealed class RowsTests
{
    private const string Command = "MUC_WRITE_ROWS=1 dotnet test tests/MucComponent.Tests --filter FullyQualifiedName~RowsTests";

    private static readonly string Written = Path.Combine(Repository.Root, "tests", "ROWS.md");

    private static readonly RowTable Table =
        new(File.ReadAllText(Path.Combine(Repository.Root, "tests", "rows.txt")).ReplaceLineEndings("\n"), typeof(RowsTests).Assembly.GetTypes());

    [Test]
    public void Every_row_is_listed_once() => Assert.That(Table.Ids, Is.Not.Empty.And.Unique);

    [Test]
    public void Every_row_has_a_test() => Assert.That(Table.Empty, Is.Empty);

    [Test]
    public void Every_row_that_a_test_names_is_listed() => Assert.That(Table.Stray, Is.Empty);

    [Test]
    public void The_table_is_up_to_date()
    {
        if (Environment.GetEnvironmentVariable("MUC_WRITE_ROWS") == "1") File.WriteAllText(Written, Table.ToMarkdown());

        Assert.That(File.Exists(Written) ? File.ReadAllText(Written).ReplaceLineEndings("\n") : null, Is.EqualTo(Table.ToMarkdown()), "write it again: " + Command);
    }
}
