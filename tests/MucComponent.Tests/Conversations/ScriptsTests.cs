using MucComponent.Conversations;
using NUnit.Framework;

namespace MucComponent.Tests.Conversations;

/// <summary>
/// Every conversation on every stage. Ours share one component on each stage, in rooms of their own. Those of other people
/// are played twice: each as it is with a component that knows nothing yet, and one after another on one component; and
/// on Prosody's own rooms, for which they were written.
/// </summary>
[TestFixture]
public sealed class ScriptsTests
{
    private static readonly string[] WithOurs = [Stage.InProcess, Stage.Prosody, Stage.ProsodyMulticast, Stage.Ejabberd, Stage.EjabberdMulticast];

    private static int _rooms;

    [TestCaseSource(nameof(Cases))]
    public async Task Played(ScansionScript script, string name, bool fresh)
    {
        var stage = await Stages.OpenedAsync(name);
        try
        {
            await stage.PlayAsync(fresh ? script : script.InRoomsOfItsOwn($"{++_rooms}"), fresh);
        }
        catch (ConversationException)
        {
            await TestContext.Out.WriteLineAsync(stage.Log);
            throw;
        }
    }

    private static IEnumerable<TestCaseData> Cases()
    {
        foreach (var stage in (string[])[.. WithOurs, Stage.ProsodyBuiltIn])
        {
            // Those with settings of their own last: each is played with a component of its own.
            foreach (var script in In(Repository.Scripts).Where(s => s.IsFor(stage)).OrderBy(s => s.Settings.Count))
                yield return new TestCaseData(script, stage, false).SetName($"{script.Name} on {stage}");
            foreach (var seed in In(Repository.Seeds))
            {
                // A new component for each takes long, and knows nothing of the server that another did not.
                if (WithOurs.Contains(stage) && stage == Stage.WithoutMulticast(stage)) yield return new TestCaseData(seed, stage, true).SetName($"seed {seed.Name} on {stage}, component fresh");
                yield return new TestCaseData(seed, stage, false).SetName($"seed {seed.Name} on {stage}");
            }
        }
    }

    private static IEnumerable<ScansionScript> In(string? folder) =>
        folder is null ? [] : Directory.GetFiles(folder, "*.scs").Order(StringComparer.Ordinal).Select(ScansionScript.Load);
}
