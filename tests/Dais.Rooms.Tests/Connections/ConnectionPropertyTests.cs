using System.Collections.Immutable;
using Dais.Rooms.Connections;
using Dais.Rooms.Guests;
using Dais.Rooms.Tests.Properties;
using static Dais.Rooms.RoomEvent;

namespace Dais.Rooms.Tests.Connections;

/// <summary>
/// Random commands to several rooms keep the promises of each and of all. DAIS_PROPERTY_STEPS sets how many, DAIS_PROPERTY_SEED
/// repeats a run.
/// </summary>
public sealed class ConnectionPropertyTests
{
    private const int DefaultSteps = 270_000;
    private const int Runs = 9;

    /// <summary>Folding everything from its beginning takes long; now and then, and at the end, is enough.</summary>
    private const int StepsPerFold = 1_000;

    /// <summary>How long rooms mostly come together, and then mostly part.</summary>
    private const int StepsPerMood = 500;

    /// <summary>Few, so that rooms get there.</summary>
    private const int HostRequestsMax = 3;

    private readonly HashSet<string> _seen = [];

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    public void Random_commands_to_several_rooms_keep_every_promise(int roomCount)
    {
        int seed = RoomPropertyTests.Setting("DAIS_PROPERTY_SEED", roomCount);
        int steps = RoomPropertyTests.Setting("DAIS_PROPERTY_STEPS", DefaultSteps) / Runs;
        int step = 0;
        (RoomId Room, RoomCommand Command) last = default;
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}, {roomCount} rooms, {steps} steps.");
        try
        {
            var random = new SeededRandom((ulong)seed);
            ImmutableArray<RoomId> ids = [.. Enumerable.Range(0, roomCount).Select(room => new RoomId($"{(char)('a' + room)}"))];
            var options = new RoomOptions { MembersAnnounced = 4, Limits = new RoomLimits { HostRequestsMax = HostRequestsMax } };
            var rooms = new TestRooms();
            foreach (var id in ids)
            {
                rooms.Add(Room.Unstarted(id, options));
            }

            var commands = new RandomCommands(random);
            var connections = new RandomConnections(random, ids);
            var now = new WallClockTime(1_000_000);
            for (; step < steps; step++)
            {
                bool isCalm = step / StepsPerMood % 2 == 0;
                now += TimeSpan.FromMilliseconds(
                    isCalm ? random.Pick(0, 1, 100) : random.Pick(0, 1, 100, 900, 3000, random.Chance(2) ? 60_000 : 10));
                var room = rooms.Rooms[ids[random.Below(roomCount)]];
                var command = !room.IsLive || random.Chance(isCalm ? 20 : 50) ? commands.Next(room)
                    : room.NextDeadline <= now && random.Chance(50) ? new RoomCommand.Tick()
                    : connections.Next(room, isCalm);
                last = (room.Id, command);
                Step(rooms, room, command, now);
                if (random.Chance(30))
                {
                    var other = rooms.Rooms[ids[random.Below(roomCount)]];
                    Step(rooms, rooms.Rooms[room.Id], new RoomCommand.RemoteHostChanged(other.Id, other.HostFacts), now);
                }

                if (step % StepsPerFold == 0)
                {
                    rooms.VerifyHistory();
                }
            }

            rooms.VerifyHistory();
            VerifyWentEverywhere(roomCount, steps);
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"Seed {seed}, step {step}: {last}", exception);
        }
    }

    private void Step(TestRooms rooms, Room before, RoomCommand command, WallClockTime now)
    {
        var decision = rooms.Execute(before.Id, command, now);
        if (command is RoomCommand.Tick)
        {
            Assert.True(before.NextDeadline <= now || decision.Events.IsEmpty);
            Assert.True(rooms.Rooms[before.Id].NextDeadline > now);
        }

        if (decision.Answer.Error is not null)
        {
            VerifyRefusal(decision);
        }

        Note(decision);
    }

    /// <summary>A refusal changes nothing but requests that cannot be fulfilled, or have run out.</summary>
    private static void VerifyRefusal(JointDecision decision)
    {
        Assert.Null(decision.Link);
        Assert.All(decision.Events.Values.SelectMany(events => events), happened => Assert.True(happened is
            ApplicationEnded { Outcome: RequestOutcome.Failed or RequestOutcome.TimedOut }
            or InvitationEnded { Outcome: RequestOutcome.Failed or RequestOutcome.TimedOut }
            or HostRequestEnded { Outcome: RequestOutcome.Failed or RequestOutcome.TimedOut }));
    }

    private void Note(JointDecision decision)
    {
        _seen.Add($"{decision.Answer.Error}");
        _seen.UnionWith(decision.Answer.Results.Values.Select(result => $"{result}"));
        foreach (var happened in decision.Events.Values.SelectMany(events => events))
        {
            _seen.Add(happened.GetType().Name);
            switch (happened)
            {
                case HostRequestEnded ended:
                    _seen.Add($"{ended.Outcome} {ended.Error}");
                    break;
                case ConnectionChanged changed:
                    _seen.UnionWith(changed.Left.Select(left => $"{left.Reason} it"));
                    _seen.Add($"{changed.Connection?.Members.Length} members");
                    break;
            }
        }
    }

    /// <summary>A run that never gets anywhere would keep every promise too.</summary>
    private void VerifyWentEverywhere(int roomCount, int steps)
    {
        if (steps < 20_000)
        {
            return;
        }

        string[] expected =
        [
            .. typeof(RoomEvent).GetNestedTypes().Select(kind => kind.Name),
            .. Enum.GetNames<HostLeaveReason>().Select(reason => $"{reason} it"),
            .. Enumerable.Range(2, Math.Min(roomCount, HostConnection.MembersMax) - 1).Select(count => $"{count} members"),
            $"{HostRequestResult.NotPossible}",
            $"{HostRequestResult.RoomNotFound}",
            $"{HostRequestResult.AlreadyConnecting}",
            $"{HostRequestResult.ConnectedElsewhere}",
            $"{RequestOutcome.Accepted} ",
            $"{RequestOutcome.Rejected} ",
            $"{RequestOutcome.Cancelled} ",
            $"{RequestOutcome.TimedOut} ",
            $"{RequestOutcome.RoomEnded} ",
            $"{RoomError.ConnectionNotFound}",
            $"{RequestOutcome.Failed} {RoomError.ConnectedElsewhere}",
        ];
        Assert.Empty(expected.Except(_seen));
        Assert.Equal(roomCount > 2, _seen.Contains($"{RequestOutcome.AlreadySeated} "));
        Assert.Equal(roomCount > HostRequestsMax + 1, _seen.Contains($"{HostRequestResult.TryAgain}"));
        Assert.Equal(roomCount > HostConnection.MembersMax, _seen.Contains($"{HostRequestResult.TooManyRooms}"));
    }
}
