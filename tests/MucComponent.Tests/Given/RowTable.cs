using System.Reflection;
using NUnit.Framework.Interfaces;

namespace MucComponent.Tests.Given;

/// <summary>
/// Which tests show which behaviour: the rows of <c>tests/rows.txt</c> beside the tests that name them in <see cref="RowAttribute"/>.
/// </summary>
public sealed class RowTable
{
    private readonly ILookup<string, Mention> _mentions;

    /// <param name="list">Sections begin with <c>##</c>; each row is an id, a space and a few words.</param>
    /// <param name="types">Where the tests are.</param>
    public RowTable(string list, IEnumerable<Type> types)
    {
        var sections = list.Split("\n## ").Skip(1).Select(section => section.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Sections = [.. sections.Select(lines => new Section(lines[0], [.. lines.Skip(1).Select(Row.Parse)]))];
        _mentions = types.SelectMany(MentionsIn).ToLookup(mention => mention.Id);
    }

    public IReadOnlyList<Section> Sections { get; }

    public IEnumerable<string> Ids => Sections.SelectMany(section => section.Rows).Select(row => row.Id);

    /// <summary>Rows that no test names.</summary>
    public IEnumerable<string> Empty => Ids.Where(id => !_mentions.Contains(id));

    /// <summary>What tests name although it is no row, and what is named where there is no test.</summary>
    public IEnumerable<string> Stray => _mentions.SelectMany(mentions => mentions)
        .Where(mention => !mention.IsTest || !Ids.Contains(mention.Id)).Select(mention => $"{mention.Id} at {mention.Where}");

    /// <summary>The table, for people to read.</summary>
    public string ToMarkdown() =>
        "# Behaviours and the tests that show them\n\nMade from `rows.txt` and the `[Row]` attributes of the tests; `README.md` says how.\n"
        + string.Concat(Sections.Select(section =>
            $"\n## {section.Title}\n\n| id | what | tests | done otherwise |\n|---|---|---|---|\n{string.Concat(section.Rows.Select(ToMarkdown))}"));

    private string ToMarkdown(Row row)
    {
        var mentions = _mentions[row.Id].OrderBy(mention => mention.Where, StringComparer.Ordinal).ToList();
        var tests = mentions.Select(mention => $"`{mention.Where}`").Distinct();
        var otherwise = mentions.Select(mention => mention.Otherwise?.Replace("|", "\\|", StringComparison.Ordinal)).OfType<string>().Distinct();
        return $"| `{row.Id}` | {row.What} | {string.Join("<br>", tests)} | {string.Join("<br>", otherwise)} |\n";
    }

    private static IEnumerable<Mention> MentionsIn(Type type)
    {
        var methods = type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly);
        return
        [
            .. MentionsOn(type, type.Name, methods.Any(IsTest)),
            .. methods.SelectMany(method => MentionsOn(method, $"{type.Name}.{method.Name}", IsTest(method))),
        ];
    }

    private static IEnumerable<Mention> MentionsOn(MemberInfo member, string where, bool isTest) =>
        member.GetCustomAttributes<RowAttribute>(inherit: false).SelectMany(row => row.Ids.Select(id => new Mention(id, where, isTest, row.Otherwise)));

    private static bool IsTest(MethodInfo method) => method.GetCustomAttributes().Any(a => a is ITestBuilder or ISimpleTestBuilder);

    public sealed record Section(string Title, IReadOnlyList<Row> Rows);

    public sealed record Row(string Id, string What)
    {
        public static Row Parse(string line) => line.Split(' ', 2) is [var id, var what] ? new(id, what) : throw new FormatException("a row without words: " + line);
    }

    private sealed record Mention(string Id, string Where, bool IsTest, string? Otherwise);
}
