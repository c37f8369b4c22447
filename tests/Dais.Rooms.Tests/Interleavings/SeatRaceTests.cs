using Dais.Rooms.Guests;
using Dais.Rooms.Seats;
using static Dais.Rooms.Tests.Scenario;

namespace Dais.Rooms.Tests.Interleavings;

/// <summary>
/// Two who want the same seat, or different things of who sits there. A line per order: the answers in it | who left,
/// and how requests ended | who sits where.
/// </summary>
public sealed class SeatRaceTests
{
    private static readonly RoomSettings ThreeSeats = new() { MaxSeats = 3 };
    private static readonly RoomSettings FreeSeats = new() { MaxSeats = 3, SeatMode = SeatMode.Free };

    private static RoomCommand.LockSeat Lock(int seat) => new(Host.Id, seat, true);

    private static RoomCommand.TakeSeat Take(string user, int seat) => new(Id(user), seat);

    private static RoomCommand.LeaveSeat LeaveSeat(string user) => new(Id(user));

    private static RoomCommand.MoveSeat Move(string user, int seat, string by, MovePolicy policy = MovePolicy.Abort) =>
        new(Id(by), Id(user), seat, policy);

    [Fact]
    public void Kick_against_leave() => Interleaving.Check(
        () => Live(ThreeSeats, "ann").GivenSeated("ann"),
        new Actor("host", KickOffSeat("ann")),
        new Actor("ann", LeaveSeat("ann")),
        "host ok, ann NotSeated | ann Kicked by host | host - -",
        "ann ok, host NotSeated | ann Left | host - -");

    [Fact]
    public void Kick_against_leaving_and_applying_again() => Interleaving.Check(
        () => Live(ThreeSeats, "ann").GivenSeated("ann"),
        new Actor("host", KickOffSeat("ann")),
        new Actor("ann", LeaveSeat("ann"), Apply("ann", id: "again")),
        "host ok, ann NotSeated, ann ok | ann Kicked by host | host - - ann?",
        "ann ok, host NotSeated, ann ok | ann Left | host - - ann?",
        "ann ok, ann ok, host NotSeated | ann Left | host - - ann?");

    [Fact]
    public void Kick_out_of_the_room_against_leaving_it() => Interleaving.Check(
        () => Live(ThreeSeats, "ann").GivenSeated("ann"),
        new Actor("host", new RoomCommand.KickMember(Host.Id, Id("ann"))),
        new Actor("ann", Leave("ann")),
        "host ok, ann UserNotInRoom | ann Kicked by host | host - -",
        "ann ok, host UserNotInRoom | ann RoomLeft | host - -");

    [Fact]
    public void Kick_out_of_the_room_against_accepting_an_invitation() => Interleaving.Check(
        () => Live(ThreeSeats, "ann").Given(Invite("ann")),
        new Actor("host", new RoomCommand.KickMember(Host.Id, Id("ann"))),
        new Actor("ann", new RoomCommand.AcceptInvitation(Id("ann"))),
        "host ok, ann UserNotInRoom | ann Cancelled by host | host - -",
        "ann ok, host ok | ann Accepted by ann, ann Kicked by host | host - -");

    [Fact]
    public void Kick_against_a_lost_connection() => Interleaving.Check(
        () => Live(ThreeSeats, "ann").GivenSeated("ann"),
        new Actor("host", KickOffSeat("ann")),
        new Actor("ann", Disconnect("ann"), Join("ann", 2)),
        "host ok, ann ok, ann ok | ann Kicked by host | host - -",
        "ann ok, host ok, ann ok | ann Kicked by host | host - -",
        "ann ok, ann ok, host ok | ann Kicked by host | host - -");

    [Fact]
    public void Coming_back_against_the_end_of_the_grace() => Interleaving.Check(
        () => Live(ThreeSeats, "ann").GivenSeated("ann").Given(Disconnect("ann")),
        new Actor("ann", Join("ann", 2)),
        Actor.Clock(10),
        "ann ok, clock 10s, clock tick |  | host ann -",
        "clock 10s, ann ok, clock tick |  | host ann -",
        "clock 10s, clock tick, ann ok | ann TimedOut | host - -");

    [Fact]
    public void Two_take_the_same_seat() => Interleaving.Check(
        () => Live(FreeSeats, "ann", "bob"),
        new Actor("ann", Take("ann", 2)),
        new Actor("bob", Take("bob", 2)),
        "ann ok, bob SeatOccupied |  | host - ann",
        "bob ok, ann SeatOccupied |  | host - bob");

    [Fact]
    public void Two_take_any_seat_when_one_is_left() => Interleaving.Check(
        () => Live(FreeSeats with { MaxSeats = 2 }, "ann", "bob"),
        new Actor("ann", Take("ann", SeatRequest.AnySeat)),
        new Actor("bob", Take("bob", SeatRequest.AnySeat)),
        "ann ok, bob AllSeatsOccupied |  | host ann",
        "bob ok, ann AllSeatsOccupied |  | host bob");

    [Fact]
    public void Take_against_accept_of_an_application_for_the_same_seat() => Interleaving.Check(
        () => Live(ThreeSeats, "ann").Given(Join("adam", asAdmin: true), Apply("ann", seat: 2)),
        new Actor("adam", Take("adam", 2)),
        new Actor("host", Accept("ann")),
        "adam ok, host SeatOccupied | ann Failed (SeatOccupied) by host | host - adam",
        "host ok, adam SeatOccupied | ann Accepted by host | host - ann");

    [Fact]
    public void Lock_against_accept() => Interleaving.Check(
        () => Live(ThreeSeats, "ann").Given(Join("adam", asAdmin: true), Apply("ann", seat: 2)),
        new Actor("host", Lock(2)),
        new Actor("adam", Accept("ann", by: "adam")),
        "host ok, adam SeatLocked | ann Failed (SeatLocked) by adam | host - -(locked)",
        "adam ok, host ok | ann Accepted by adam | host - ann(locked)");

    [Fact]
    public void Lock_of_the_last_seat_against_accept() => Interleaving.Check(
        () => Live(new RoomSettings { MaxSeats = 2 }, "ann").Given(Join("adam", asAdmin: true), Apply("ann")),
        new Actor("host", Lock(1)),
        new Actor("adam", Accept("ann", by: "adam")),
        "host ok, adam AllSeatsOccupied | ann Failed (AllSeatsOccupied) by adam | host -(locked)",
        "adam ok, host ok | ann Accepted by adam | host ann(locked)");

    [Fact]
    public void Lock_against_take() => Interleaving.Check(
        () => Live(FreeSeats, "ann"),
        new Actor("host", Lock(2)),
        new Actor("ann", Take("ann", 2)),
        "host ok, ann SeatLocked |  | host - -(locked)",
        "ann ok, host ok |  | host - ann(locked)");

    [Fact]
    public void Lock_against_move() => Interleaving.Check(
        () => Live(ThreeSeats, "ann").GivenSeated("ann"),
        new Actor("host", Lock(2)),
        new Actor("ann", Move("ann", 2, by: "ann")),
        "host ok, ann SeatLocked |  | host ann -(locked)",
        "ann ok, host ok |  | host - ann(locked)");

    [Fact]
    public void Move_against_take() => Interleaving.Check(
        () => Live(FreeSeats, "ann", "bob").Given(Take("ann", 1)),
        new Actor("ann", Move("ann", 2, by: "ann")),
        new Actor("bob", Take("bob", 2)),
        "ann ok, bob SeatOccupied |  | host - ann",
        "bob ok, ann SeatOccupied |  | host ann bob");

    [Fact]
    public void Two_move_to_the_same_seat() => Interleaving.Check(
        () => Live(FreeSeats with { MaxSeats = 4 }, "ann", "bob").Given(Take("ann", 1), Take("bob", 2)),
        new Actor("ann", Move("ann", 3, by: "ann")),
        new Actor("bob", Move("bob", 3, by: "bob")),
        "ann ok, bob SeatOccupied |  | host - bob ann",
        "bob ok, ann SeatOccupied |  | host ann - bob");

    [Fact]
    public void Swap_against_leave() => Interleaving.Check(
        () => Live(FreeSeats, "ann", "bob").Given(Take("ann", 1), Take("bob", 2)),
        new Actor("host", Move("ann", 2, by: "host", MovePolicy.Swap)),
        new Actor("bob", LeaveSeat("bob")),
        "host ok, bob ok | bob Left | host - ann",
        "bob ok, host ok | bob Left | host - ann");

    [Fact]
    public void Replace_against_leave_of_who_moves() => Interleaving.Check(
        () => Live(FreeSeats, "ann", "bob").Given(Take("ann", 1), Take("bob", 2)),
        new Actor("host", Move("ann", 2, by: "host", MovePolicy.Replace)),
        new Actor("ann", LeaveSeat("ann")),
        "host ok, ann ok | bob Replaced by host, ann Left | host - -",
        "ann ok, host NotSeated | ann Left | host - bob");

    [Fact]
    public void Two_swaps_of_the_same_pair() => Interleaving.Check(
        () => Live(FreeSeats, "ann", "bob").Given(Join("adam", asAdmin: true), Take("ann", 1), Take("bob", 2)),
        new Actor("host", Move("ann", 2, by: "host", MovePolicy.Swap)),
        new Actor("adam", Move("bob", 1, by: "adam", MovePolicy.Swap)),
        "host ok, adam ok |  | host bob ann",
        "adam ok, host ok |  | host bob ann");

    [Fact]
    public void The_owner_s_start_seat_is_kept_while_others_take_seats() => Interleaving.Check(
        () => Live(FreeSeats with { MaxSeats = 2 }, "ann").Given(LeaveSeat("host")),
        new Actor("ann", Take("ann", 0), Take("ann", SeatRequest.AnySeat)),
        new Actor("host", Take("host", 0)),
        "ann SeatOccupied, ann ok, host ok |  | host ann",
        "ann SeatOccupied, host ok, ann ok |  | host ann",
        "host ok, ann SeatOccupied, ann ok |  | host ann");
}
