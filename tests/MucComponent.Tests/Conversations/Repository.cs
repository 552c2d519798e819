using NUnit.Framework;

namespace MucComponent.Tests.Conversations;

/// <summary>Where the files lie that tests share with operators and people.</summary>
public static class Repository
{
    public static string Root { get; } =
        Above(TestContext.CurrentContext.TestDirectory).First(folder => File.Exists(Path.Combine(folder, "MucComponent.sln")));

    /// <summary>Our own conversations.</summary>
    public static string Scripts => Path.Combine(Root, "scansion");

    /// <summary>Other people's, which are played unchanged: <c>MUC_SEEDS</c>, or beside the repository; null if there are none.</summary>
    public static string? Seeds =>
        Environment.GetEnvironmentVariable("MUC_SEEDS") is { Length: > 0 } told
            ? told
            : Above(Root).Select(folder => Path.Combine(folder, "shared", "seeds")).FirstOrDefault(Directory.Exists);

    private static IEnumerable<string> Above(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent) yield return at.FullName;
    }
}
