using NUnit.Framework;

namespace MucComponent.Tests.Given;

/// <summary>
/// Which rows of the feature tables a test stands for, so that a table of rows and tests can be made from the tests themselves
/// (NUnit property <c>Row</c>).
/// </summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class, AllowMultiple = true)]
public sealed class RowAttribute : PropertyAttribute
{
    public RowAttribute(params string[] ids)
    {
        Ids = ids;
        foreach (var id in ids) Properties.Add("Row", id);
    }

    public IReadOnlyList<string> Ids { get; }

    /// <summary>Why the row is deliberately done otherwise; the test shows what is done instead.</summary>
    public string? Otherwise { get; init; }
}
