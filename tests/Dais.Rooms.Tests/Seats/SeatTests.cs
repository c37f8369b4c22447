using Dais.Rooms.Audience;
using Dais.Rooms.Seats;
using static Dais.Rooms.RoomEvent;
using static Dais.Rooms.Tests.Scenario;

namespace Dais.Rooms.Tests.Seats;

public sealed class SeatTests
{
    [Fact]
    public void A_guest_leaves_the_seat()
    {
        var room = Live("ann").GivenSeated("ann").When(new RoomCommand.LeaveSeat(Id("ann")));

        var left = room.Happened(typeof(SeatLeft), typeof(StageChanged)).Single<SeatLeft>();
        Assert.Equal((1, SeatLeaveReason.Left, null), (left.SeatIndex, left.Reason, left.By));
    }

    [Fact]
    public void The_host_takes_a_guest_off_stage()
    {
        var room = Live("ann").GivenSeated("ann").When(KickOffSeat("ann"));

        var left = room.Happened(typeof(SeatLeft), typeof(StageChanged)).Single<SeatLeft>();
        Assert.Equal((SeatLeaveReason.Kicked, Host), (left.Reason, left.By));
        Assert.NotNull(room.Room.MemberOf(Id("ann")));
    }

    [Fact]
    public void The_audience_may_not_take_anybody_off() =>
        Live("ann", "bob").GivenSeated("ann").When(KickOffSeat("ann", by: "bob")).Refused(RoomError.NoPermission);

    [Fact]
    public void Nobody_takes_the_host_off() =>
        Live().Given(Join("admin", asAdmin: true)).When(KickOffSeat("host", by: "admin")).Refused(RoomError.NoPermission);

    [Fact]
    public void Admins_do_not_take_each_other_off() => Live()
        .Given(Join("one", asAdmin: true), Join("two", asAdmin: true), Apply("two"))
        .When(KickOffSeat("two", by: "one")).Refused(RoomError.NoPermission);

    [Fact]
    public void Someone_who_does_not_sit_cannot_leave_or_be_taken_off()
    {
        var room = Live("ann");
        room.When(new RoomCommand.LeaveSeat(Id("ann"))).Refused(RoomError.NotSeated);
        room.When(KickOffSeat("ann")).Refused(RoomError.NotSeated);
        room.When(KickOffSeat("nobody")).Refused(RoomError.UserNotInRoom);
    }

    [Fact]
    public void The_lowest_free_seat_is_given() =>
        Live("ann", "bob", "eve").GivenSeated("ann", "bob").Given(KickOffSeat("ann")).GivenSeated("eve").SeatIs("eve", 1).SeatIs("bob", 2);

    [Fact]
    public void A_slot_is_the_lowest_free_and_is_kept()
    {
        var room = Live("ann", "bob", "eve").GivenSeated("ann", "bob").Given(KickOffSeat("ann"));
        room.Given(Apply("eve", seat: 7), Accept("eve"));

        Assert.Equal([(0, "host"), (2, "bob"), (1, "eve")], room.Room.Stage.Select(entry => (entry.Slot, entry.User.Id.Value)));
    }

    [Fact]
    public void A_guest_whose_connection_is_lost_keeps_the_seat_for_the_grace()
    {
        var room = Live("ann").GivenSeated("ann").After(5).When(Disconnect("ann"));
        room.Happened(typeof(MemberDisconnected)).SeatIs("ann", 1);

        room.After(9.999).NothingHappened();
        room.After(0.001).Happened(typeof(SeatLeft), typeof(StageChanged), typeof(MemberLeft), typeof(AudienceCounted));
        Assert.Equal(SeatLeaveReason.TimedOut, room.Single<SeatLeft>().Reason);
        Assert.Equal(MemberLeaveReason.ConnectionLost, room.Single<MemberLeft>().Reason);
    }

    [Fact]
    public void Coming_back_in_time_takes_the_place_back()
    {
        var room = Live("ann").GivenSeated("ann").Given(Disconnect("ann")).After(5).When(Join("ann", connection: 2));

        room.Happened(typeof(MemberReturned)).SeatIs("ann", 1).After(60).SeatIs("ann", 1);
    }

    [Fact]
    public void A_guest_who_is_away_and_taken_off_has_left()
    {
        var room = Live("ann").GivenSeated("ann").After(5).Given(Disconnect("ann")).When(KickOffSeat("ann"));

        room.Happened(typeof(SeatLeft), typeof(StageChanged), typeof(MemberLeft), typeof(AudienceCounted));
        Assert.Null(room.Room.MemberOf(Id("ann")));
    }

    [Fact]
    public void A_guest_who_leaves_the_room_leaves_the_seat_first()
    {
        var room = Live("ann").GivenSeated("ann").After(5).When(Leave("ann"));

        room.Happened(typeof(SeatLeft), typeof(StageChanged), typeof(MemberLeft), typeof(AudienceCounted));
        Assert.Equal(SeatLeaveReason.RoomLeft, room.Single<SeatLeft>().Reason);
    }

    [Fact]
    public void Seat_0_waits_for_the_owner()
    {
        var room = Live("ann").Given(Leave("host"));

        room.When(Apply("ann", seat: 0)).Refused(RoomError.SeatOccupied);
        room.Given(Apply("ann")).Given(new RoomCommand.AcceptApplication(null, Id("ann"))).SeatIs("ann", 1);
        room.Given(Join("host", connection: 2)).SeatIs("host", 0);
    }
}
