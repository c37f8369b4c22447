using System.Globalization;
using Dais.Rooms.Guests;
using static Dais.Rooms.RoomEvent;

namespace Dais.Rooms.Tests.Properties;

/// <summary>Random commands keep the room's promises. DAIS_PROPERTY_STEPS sets how many, DAIS_PROPERTY_SEED repeats a run.</summary>
public sealed class RoomPropertyTests
{
    private const int DefaultSteps = 120_000;
    private const int Runs = 8;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Random_commands_keep_every_promise(int run)
    {
        int seed = Setting("DAIS_PROPERTY_SEED", run);
        int steps = Setting("DAIS_PROPERTY_STEPS", DefaultSteps) / Runs;
        int step = 0;
        RoomCommand? command = null;
        try
        {
            var random = new SeededRandom((ulong)seed);
            var commands = new RandomCommands(random);
            var ledger = new RoomLedger();
            var room = Room.Unstarted(new RoomId("room"), new RoomOptions { MembersAnnounced = 4 });
            var now = new WallClockTime(1_000_000);
            for (; step < steps; step++)
            {
                now += TimeSpan.FromMilliseconds(random.Pick(0, 1, 100, 900, 3000, random.Chance(2) ? 60_000 : 10));
                command = commands.Next(room);
                room = Step(room, command, now, ledger);
            }
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"Seed {seed}, step {step}: {command}", exception);
        }
    }

    private static Room Step(Room room, RoomCommand command, WallClockTime now, RoomLedger ledger)
    {
        bool nothingDue = room.NextDeadline > now;
        var decision = room.Decide(command, now);
        var again = room.Decide(command, now);
        Assert.Equal(Kinds(decision), Kinds(again));

        foreach (var happened in decision.Events)
        {
            ledger.Record(room, happened, now);
            room = room.Apply(happened);
        }

        ledger.Verify(room);
        VerifyOrder(decision);
        if (command is RoomCommand.Tick)
        {
            Assert.True(!nothingDue || decision.Events.IsEmpty);
            Assert.True(room.NextDeadline > now);
        }

        return room;
    }

    /// <summary>A refusal changes nothing but a request that cannot be fulfilled; the state comes before the event that names it.</summary>
    private static void VerifyOrder(Decision decision)
    {
        if (decision.Error is not null)
        {
            Assert.All(decision.Events, happened => Assert.True(happened is
                ApplicationEnded { Outcome: RequestOutcome.Failed } or InvitationEnded { Outcome: RequestOutcome.Failed }));
        }

        int ended = decision.Events.ToList().FindIndex(happened => happened is
            ApplicationEnded { Outcome: RequestOutcome.Accepted } or InvitationEnded { Outcome: RequestOutcome.Accepted });
        if (ended >= 0)
        {
            Assert.Contains(decision.Events.Take(ended), happened => happened is SeatTaken);
            Assert.DoesNotContain(decision.Events.Skip(ended), happened => happened is SeatTaken or StageChanged);
        }
    }

    private static IEnumerable<Type> Kinds(Decision decision) => decision.Events.Select(happened => happened.GetType());

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out int value) ? value : otherwise;
}
