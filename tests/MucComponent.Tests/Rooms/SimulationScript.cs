using System.Text;
using System.Xml.Linq;
using MucComponent.Rooms;

namespace MucComponent.Tests.Rooms;

/// <summary>All that a room has heard: can be played again, made as short as it still goes wrong, and read.</summary>
public sealed class SimulationScript
{
    /// <summary>Null stands for a restart.</summary>
    private readonly List<Input?> _inputs;

    public SimulationScript() => _inputs = [];

    private SimulationScript(IEnumerable<Input?> inputs) => _inputs = [.. inputs];

    public void Add(Input? input) => _inputs.Add(input);

    /// <summary>What goes wrong when a new room hears this, or null.</summary>
    public Exception? Play()
    {
        var stage = new SimulationStage();
        try
        {
            foreach (var input in _inputs)
                if (input is null) stage.Restarts();
                else stage.Hears(input);
            stage.CheckKept();
            return null;
        }
#pragma warning disable CA1031 // whatever the engine throws is what is looked for
        catch (Exception e)
#pragma warning restore CA1031
        {
            return e;
        }
    }

    /// <summary>Without what does not matter for what goes wrong: pieces are left out, large ones first, as long as it still does.</summary>
    public SimulationScript Shortest()
    {
        var wrong = Kind(Play());
        var inputs = _inputs;
        for (var piece = inputs.Count / 2; piece > 0; piece = piece == 1 || inputs.Count == 0 ? 0 : Math.Min(piece / 2, inputs.Count))
            for (var at = 0; at < inputs.Count;)
            {
                List<Input?> without = [.. inputs[..at], .. inputs[Math.Min(at + piece, inputs.Count)..]];
                if (Kind(new SimulationScript(without).Play()) == wrong) inputs = without;
                else at += piece;
            }
        return new SimulationScript(inputs);
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var input in _inputs.TakeLast(30))
            text.AppendLine(input is null ? "(restart)" : $"{input.Now:HH:mm:ss} {input.Stanza.ToXml().ToString(SaveOptions.DisableFormatting)}");
        return text.ToString();
    }

    /// <summary>The sentence that does not hold, without whom it concerns.</summary>
    internal static string? Kind(Exception? wrong) => wrong is SimulationException ? wrong.Message.Split(':')[0] : wrong?.GetType().Name;
}
