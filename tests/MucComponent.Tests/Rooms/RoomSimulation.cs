using System.Globalization;
using MucComponent.Rooms;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms;

/// <summary>
/// Seeded random conversations with the engine. After each step all of <see cref="SimulationInvariants"/>,
/// <see cref="SimulationAnonymity"/> and <see cref="SimulationStore"/> holds. To play a failed conversation again, set
/// <c>MUC_SIMULATION_SEED</c> to the seed it printed; <c>MUC_SIMULATION_STEPS</c> plays longer.
/// </summary>
public sealed class RoomSimulation
{
    private const int StepsOfConversation = 2_000;

    [Test]
    public void Whatever_a_room_hears_what_always_holds_holds()
    {
        var seed = Setting("MUC_SIMULATION_SEED") ?? Random.Shared.Next();
        var steps = Setting("MUC_SIMULATION_STEPS") ?? 100_000;
        TestContext.Out.WriteLine($"MUC_SIMULATION_SEED={seed}");

        for (var played = 0; played < steps; played += StepsOfConversation, seed++) Converse(seed);
    }

    private static void Converse(int seed)
    {
        var dice = new SimulationDice(seed);
        var generator = new SimulationGenerator(dice);
        var stage = new SimulationStage();
        var script = new SimulationScript();
        var now = new DateTimeOffset(2002, 10, 13, 23, 58, 37, TimeSpan.Zero);
        try
        {
            for (var i = 0; i < StepsOfConversation; i++)
            {
                now += Passing(dice, stage.Room);
                if (dice.Chance(1))
                {
                    script.Add(null);
                    stage.Restarts();
                }
                var input = new Input(generator.Next(stage.Room), now, Id(now, dice));
                script.Add(input);
                generator.Saw(stage.Hears(input));
            }
        }
#pragma warning disable CA1031 // whatever it is, it is shown with what led to it
        catch (Exception wrong)
#pragma warning restore CA1031
        {
            var shortest = script.Shortest();
            Assert.Fail($"{shortest.Play() ?? wrong}\n\nMUC_SIMULATION_SEED={seed}\n\nThe shortest way there:\n{shortest}\nThe last that was heard:\n{script}");
        }
    }

    // Mostly seconds; now and then longer than a room stays locked, once in a while longer than a tombstone stands.
    private static TimeSpan Passing(SimulationDice dice, Room room) => dice.Below(room.Tombstone is null ? 1000 : 20) switch
    {
        0 => TimeSpan.FromDays(32),
        < 10 => TimeSpan.FromMinutes(6),
        // No two in one millisecond: their ids grow, as the messages' do.
        _ => TimeSpan.FromMilliseconds(1 + dice.Below(3000)),
    };

    private static Guid Id(DateTimeOffset now, SimulationDice dice)
    {
        var bytes = dice.Bytes(16);
        Guid.CreateVersion7(now).ToByteArray(bigEndian: true).AsSpan(0, 6).CopyTo(bytes);
        (bytes[6], bytes[8]) = ((byte)(0x70 | (bytes[6] & 0x0F)), (byte)(0x80 | (bytes[8] & 0x3F)));
        return new Guid(bytes, bigEndian: true);
    }

    private static int? Setting(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value : null;
}
