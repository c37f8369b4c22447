using Dais.Rooms.Audience;
using Dais.Rooms.Seats;
using static Dais.Rooms.RoomEvent;
using static Dais.Rooms.Tests.Scenario;

namespace Dais.Rooms.Tests.Seats;

/// <summary>Taking, locking and moving, and what hosts do to devices.</summary>
public sealed class SeatOrderTests
{
    private static RoomCommand.LockSeat Lock(int seat, string by = "host") => new(Id(by), seat, true);

    private static RoomCommand.MoveSeat Move(string user, int seat, MovePolicy policy = MovePolicy.Abort, string by = "host") =>
        new(Id(by), Id(user), seat, policy);

    private static RoomCommand.OrderDevices Order(string user, DeviceOrder? microphone, DeviceOrder? camera = null, string by = "host") =>
        new(Id(by), Id(user), microphone, camera);

    [Fact]
    public void In_free_mode_anybody_takes_a_seat()
    {
        Live("ann").When(new RoomCommand.TakeSeat(Id("ann"), 3)).Refused(RoomError.NoPermission);
        Live(new RoomSettings { SeatMode = SeatMode.Free }, "ann").Given(new RoomCommand.TakeSeat(Id("ann"), 3)).SeatIs("ann", 3);
    }

    [Fact]
    public void Only_the_host_changes_the_mode()
    {
        var toFree = new RoomChanges { SeatMode = SeatMode.Free };
        var room = Live("ann").Given(Join("admin", asAdmin: true));
        room.When(new RoomCommand.Update(Id("admin"), toFree)).Refused(RoomError.NoPermission);

        room.Given(new RoomCommand.Update(Host.Id, toFree)).When(Apply("ann"));
        Assert.True(room.Last.Seated);
    }

    [Fact]
    public void Applying_again_after_the_mode_became_free_seats_and_settles_the_application()
    {
        var room = Live("ann").Given(Apply("ann"), new RoomCommand.Update(Host.Id, new RoomChanges { SeatMode = SeatMode.Free }));

        room.When(Apply("ann")).Happened(typeof(SeatTaken), typeof(StageChanged), typeof(ApplicationEnded));
    }

    [Fact]
    public void A_locked_seat_is_given_to_nobody()
    {
        var room = Live("ann").Given(Lock(1));
        room.When(Apply("ann", seat: 1)).Refused(RoomError.SeatLocked);
        room.GivenSeated("ann").SeatIs("ann", 2);
        room.Given(new RoomCommand.LockSeat(Host.Id, 1, false), Move("ann", 1)).SeatIs("ann", 1);
    }

    [Fact]
    public void Locking_a_taken_seat_does_not_evict()
    {
        var room = Live("ann").GivenSeated("ann").When(Lock(1));

        room.Happened(typeof(SeatLockChanged)).SeatIs("ann", 1);
        room.When(Lock(1)).NothingHappened();
    }

    [Fact]
    public void Only_hosts_and_admins_lock()
    {
        Live("ann").When(Lock(1, by: "ann")).Refused(RoomError.NoPermission);
        Live().When(Lock(10)).Refused(RoomError.NoSuchSeat);
    }

    [Fact]
    public void A_guest_moves_to_a_free_seat_and_keeps_the_slot()
    {
        var room = Live("ann").GivenSeated("ann").When(Move("ann", 5, by: "ann"));

        room.Happened(typeof(SeatsMoved), typeof(StageChanged)).SeatIs("ann", 5);
        Assert.Equal(1, room.Room.Stage[^1].Slot);
    }

    [Fact]
    public void A_guest_displaces_nobody()
    {
        var room = Live("ann", "bob").GivenSeated("ann", "bob");
        room.When(Move("ann", 2, by: "ann")).Refused(RoomError.SeatOccupied);
        room.When(Move("ann", 2, MovePolicy.Swap, by: "ann")).Refused(RoomError.NoPermission);
        room.When(Move("bob", 5, by: "ann")).Refused(RoomError.NoPermission);
        room.When(Move("ann", 1, by: "ann")).NothingHappened();
    }

    [Fact]
    public void The_host_swaps_two_guests()
    {
        var room = Live("ann", "bob").GivenSeated("ann", "bob").When(Move("ann", 2, MovePolicy.Swap));

        room.Happened(typeof(SeatsMoved), typeof(StageChanged)).SeatIs("ann", 2).SeatIs("bob", 1);
        Assert.Equal([0, 2, 1], room.Room.Stage.Select(entry => entry.Slot));
    }

    [Fact]
    public void The_host_gives_a_guest_s_seat_to_another()
    {
        var room = Live("ann", "bob").GivenSeated("ann", "bob").When(Move("ann", 2, MovePolicy.Replace));

        room.Happened(typeof(SeatLeft), typeof(SeatsMoved), typeof(StageChanged)).SeatIs("ann", 2).SeatIs("bob", null);
        Assert.Equal((SeatLeaveReason.Replaced, Host), (room.Single<SeatLeft>().Reason, room.Single<SeatLeft>().By));
    }

    [Fact]
    public void An_admin_does_not_displace_the_host()
    {
        var room = Live("ann").Given(Join("admin", asAdmin: true)).GivenSeated("ann");
        room.When(Move("ann", 0, MovePolicy.Replace, by: "admin")).Refused(RoomError.NoPermission);
    }

    [Fact]
    public void Nobody_is_swapped_onto_a_locked_seat()
    {
        var room = Live("ann", "bob").GivenSeated("ann", "bob").Given(Lock(1));
        room.When(Move("ann", 2, MovePolicy.Swap)).Refused(RoomError.SeatLocked);
        room.When(Move("bob", 1, MovePolicy.Swap)).Refused(RoomError.SeatLocked);
        room.When(Move("bob", 1, MovePolicy.Replace)).Refused(RoomError.SeatLocked);
    }

    [Fact]
    public void A_locked_microphone_stays_off_until_it_is_unlocked()
    {
        var room = Live("ann").GivenSeated("ann").Given(new RoomCommand.SetDevices(Id("ann"), true, true));

        room.When(Order("ann", DeviceOrder.Lock)).Happened(typeof(DevicesChanged), typeof(StageChanged));
        Assert.Equal((DeviceState.Locked, DeviceState.On), (room.Room.Stage[1].Microphone, room.Room.Stage[1].Camera));
        room.When(new RoomCommand.SetDevices(Id("ann"), true, null)).Refused(RoomError.MicrophoneLocked);

        room.Given(Order("ann", DeviceOrder.Unlock));
        Assert.Equal(DeviceState.Off, room.Room.Stage[1].Microphone);
        room.Given(new RoomCommand.SetDevices(Id("ann"), true, null));
        Assert.Equal(DeviceState.On, room.Room.Stage[1].Microphone);
    }

    [Fact]
    public void A_camera_that_is_switched_off_may_be_switched_on_again()
    {
        var room = Live("ann").GivenSeated("ann").Given(new RoomCommand.SetDevices(Id("ann"), true, true));
        room.Given(Order("ann", null, DeviceOrder.Off));
        Assert.Equal(DeviceState.Off, room.Room.Stage[1].Camera);
        room.When(new RoomCommand.SetDevices(Id("ann"), null, true)).Happened(typeof(DevicesChanged), typeof(StageChanged));
    }

    [Fact]
    public void Only_hosts_and_admins_order_and_only_those_on_stage()
    {
        var room = Live("ann", "bob").GivenSeated("ann");
        room.When(Order("ann", DeviceOrder.Lock, by: "bob")).Refused(RoomError.NoPermission);
        room.When(Order("bob", DeviceOrder.Lock)).Refused(RoomError.NotSeated);
        room.When(Order("nobody", DeviceOrder.Lock)).Refused(RoomError.UserNotInRoom);
    }
}
