using System.Collections.Immutable;
using Dais.Rooms.Seats;
using static Dais.Rooms.Tests.Scenario;

namespace Dais.Rooms.Tests.Interleavings;

/// <summary>
/// Everything one member can do, two things at a time, against everything a host or the clock can do to them, in every
/// order and from every situation. The scenario checks the room's promises after each step.
/// </summary>
public sealed class EveryPairTests
{
    private static readonly ImmutableArray<RoomCommand> OfMember =
    [
        Apply("ann"), Apply("ann", seat: 1, id: "again"),
        new RoomCommand.CancelApplication(Id("ann")),
        new RoomCommand.AcceptInvitation(Id("ann")), new RoomCommand.RejectInvitation(Id("ann")),
        new RoomCommand.TakeSeat(Id("ann"), 1), new RoomCommand.LeaveSeat(Id("ann")),
        new RoomCommand.MoveSeat(Id("ann"), Id("ann"), 2, MovePolicy.Abort),
        new RoomCommand.SetDevices(Id("ann"), true, true),
        Leave("ann"), Disconnect("ann"), Join("ann", 2),
    ];

    private static readonly ImmutableArray<Step> OfOthers =
    [
        Accept("ann"), new RoomCommand.RejectApplication(Host.Id, Id("ann")),
        Invite("ann"), new RoomCommand.CancelInvitation(Host.Id, Id("ann")),
        KickOffSeat("ann"), new RoomCommand.KickMember(Host.Id, Id("ann")),
        new RoomCommand.LockSeat(Host.Id, 1, true), new RoomCommand.LockSeat(Host.Id, 1, false),
        new RoomCommand.MoveSeat(Host.Id, Id("bob"), 1, MovePolicy.Replace),
        new RoomCommand.MoveSeat(Host.Id, Id("bob"), 1, MovePolicy.Swap),
        new RoomCommand.OrderDevices(Host.Id, Id("ann"), DeviceOrder.Lock, DeviceOrder.Off),
        new RoomCommand.Update(Host.Id, new RoomChanges { SeatMode = SeatMode.Free }),
        new RoomCommand.SetAdmin(Host.Id, Id("ann"), true),
        Disconnect("host"), new RoomCommand.EndRoom(Host.Id),
        Step.Pass(60), new RoomCommand.Tick(),
    ];

    private static readonly ImmutableDictionary<string, Func<Scenario>> Situations = new Dictionary<string, Func<Scenario>>
    {
        ["watching"] = () => Room(),
        ["watching a full stage"] = () => Room(maxSeats: 2),
        ["applied"] = () => Room().Given(Apply("ann")),
        ["applied for a taken seat"] = () => Room().Given(Join("eve", asAdmin: true), Apply("ann", seat: 1), Apply("eve", seat: 1)),
        ["invited"] = () => Room().Given(Invite("ann", seat: 1)),
        ["on stage"] = () => Room().Given(Apply("ann", seat: 1), Accept("ann")),
        ["away from the stage"] = () => Room().Given(Apply("ann", seat: 1), Accept("ann"), Disconnect("ann")),
    }.ToImmutableDictionary();

    public static TheoryData<string> Names { get; } = [.. Situations.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Whatever_two_do_at_the_same_time_the_room_keeps_its_promises(string situation)
    {
        foreach (var (member, others) in Pairs())
        {
            foreach (var order in Interleaving.Orders(member, others))
            {
                Run(Situations[situation](), [.. order.Select(done => done.Step)]);
            }
        }
    }

    private static IEnumerable<(Actor Member, Actor Others)> Pairs()
    {
        var member = OfMember.Select(command => (Step)command).ToImmutableArray();
        return
        [
            .. from first in member from second in member from other in OfOthers
               select (new Actor("ann", first, second), new Actor("others", other)),
            .. from only in member from first in OfOthers from second in OfOthers
               select (new Actor("ann", only), new Actor("others", first, second)),
        ];
    }

    private static void Run(Scenario room, ImmutableArray<Step> steps)
    {
        try
        {
            for (int index = 0; index < steps.Length; index++)
            {
                var step = steps[index];
                _ = step.Command is null ? room.Pass(step.Seconds) : room.When(WithId(step.Command, new RequestId($"r{index}")));
            }

            // Once everything has run out nobody waits for an answer any more.
            room.After(3_600);
            Assert.Empty(room.Room.IsLive ? room.Room.Applications.Values.Concat(room.Room.Invitations.Values) : []);
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException(string.Join(", then ", steps), exception);
        }
    }

    /// <summary>Every request has an id of its own, however often it is in a script.</summary>
    private static RoomCommand WithId(RoomCommand command, RequestId id) => command switch
    {
        RoomCommand.ApplyForSeat apply => apply with { RequestId = id },
        RoomCommand.InviteToSeat invite => invite with { RequestId = id },
        _ => command,
    };

    /// <summary>The host on seat 0, "bob" on the last, "ann" in the audience.</summary>
    private static Scenario Room(int maxSeats = 4) =>
        Live(new RoomSettings { MaxSeats = maxSeats }, "ann", "bob").Given(Apply("bob", seat: maxSeats - 1), Accept("bob"));
}
