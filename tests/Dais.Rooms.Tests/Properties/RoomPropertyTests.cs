using System.Globalization;
using Dais.Rooms.Guests;
using static Dais.Rooms.RoomEvent;

namespace Dais.Rooms.Tests.Properties;

/// <summary>Random commands keep the room's promises. DAIS_PROPERTY_STEPS sets how many, DAIS_PROPERTY_SEED repeats a run.</summary>
public sealed class RoomPropertyTests
{
    private const int DefaultSteps = 1_000_000;
    private const int Runs = 8;

    /// <summary>Deciding twice shows that nothing but the room and the command counts; now and then is enough for that.</summary>
    private const int StepsPerRepetition = 8;

    /// <summary>The kinds of events that one room alone can have.</summary>
    private static readonly int EventKinds = typeof(RoomEvent).GetNestedTypes().Except(
        [typeof(HostRequested), typeof(HostRequestEnded), typeof(ConnectionChanged), typeof(RemoteHostUpdated)]).Count();

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
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}, {steps} steps.");
        try
        {
            var random = new SeededRandom((ulong)seed);
            var commands = new RandomCommands(random);
            var ledger = new RoomLedger();
            var room = Room.Unstarted(new RoomId("room"), new RoomOptions { MembersAnnounced = 4 });
            var now = new WallClockTime(1_000_000);
            var kinds = new HashSet<Type>();
            for (; step < steps; step++)
            {
                now += TimeSpan.FromMilliseconds(random.Pick(0, 1, 100, 900, 3000, random.Chance(2) ? 60_000 : 10));
                command = commands.Next(room);
                if (step % StepsPerRepetition == 0)
                {
                    Assert.Equal(Kinds(room.Decide(command, now)), Kinds(room.Decide(command, now)));
                }

                room = Step(room, command, now, ledger, kinds);
            }

            // A run that never gets anywhere would keep every promise too.
            Assert.True(steps < 5_000 || kinds.Count == EventKinds, $"Only {kinds.Count} kinds of events.");
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"Seed {seed}, step {step}: {command}", exception);
        }
    }

    internal static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out int value) ? value : otherwise;

    private static Room Step(Room room, RoomCommand command, WallClockTime now, RoomLedger ledger, HashSet<Type> kinds)
    {
        bool nothingDue = room.NextDeadline > now;
        var decision = room.Decide(command, now);
        foreach (var happened in decision.Events)
        {
            kinds.Add(happened.GetType());
            ledger.Record(room, happened, now);
            room = room.Apply(happened);
        }

        if (!decision.Events.IsEmpty)
        {
            ledger.Verify(room);
            ledger.Verify(decision.After!);
            VerifyOrder(decision);
        }

        if (command is RoomCommand.Tick)
        {
            Assert.True(!nothingDue || decision.Events.IsEmpty);
            Assert.True(room.NextDeadline > now);
        }

        return room;
    }

    /// <summary>A refusal changes nothing but a request that cannot be fulfilled or has run out; the state comes before the
    /// event that names it.</summary>
    private static void VerifyOrder(Decision decision)
    {
        if (decision.Error is not null)
        {
            Assert.All(decision.Events, happened => Assert.True(happened is
                ApplicationEnded { Outcome: RequestOutcome.Failed or RequestOutcome.TimedOut }
                or InvitationEnded { Outcome: RequestOutcome.Failed or RequestOutcome.TimedOut }));
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
}
