using Dais.Rooms.Audience;
using Dais.Rooms.Guests;
using Dais.Rooms.Seats;
using static Dais.Rooms.RoomEvent;
using static Dais.Rooms.Tests.Scenario;

namespace Dais.Rooms.Tests.Lifecycle;

public sealed class RestartTests
{
    [Fact]
    public void A_viewer_has_left()
    {
        var room = Live("ann").When(Restart("ann"));

        Assert.Equal(MemberLeaveReason.ConnectionLost, room.Single<MemberLeft>().Reason);
    }

    [Fact]
    public void A_guest_keeps_the_seat_for_the_grace()
    {
        var room = Live("ann").GivenSeated("ann").Given(Restart("ann")).SeatIs("ann", 1);

        room.After(9).SeatIs("ann", 1);
        room.When(Join("ann", connection: 2)).After(60).SeatIs("ann", 1);
    }

    [Fact]
    public void A_guest_who_does_not_come_back_loses_the_seat()
    {
        var room = Live("ann").GivenSeated("ann").Given(Restart("ann")).After(10).SeatIs("ann", null);

        Assert.Null(room.Room.MemberOf(Id("ann")));
    }

    [Fact]
    public void A_guest_who_was_away_already_has_the_whole_grace_from_now() =>
        Live("ann").GivenSeated("ann").Given(Disconnect("ann")).After(9).Given(Restart("ann")).After(9).SeatIs("ann", 1)
            .After(1).SeatIs("ann", null);

    [Fact]
    public void An_applicant_keeps_the_application_and_its_deadline()
    {
        var room = Live("ann").Given(Apply("ann", timeoutSeconds: 15)).Given(Restart("ann"));
        room.When(Join("ann", connection: 2)).Happened(typeof(MemberReturned));

        room.After(15);
        Assert.Equal(RequestOutcome.TimedOut, room.Single<ApplicationEnded>().Outcome);
    }

    [Fact]
    public void An_applicant_who_does_not_come_back_leaves_and_the_application_ends()
    {
        var room = Live("ann").Given(Apply("ann")).Given(Restart("ann")).After(10);

        Assert.Equal(RequestOutcome.Cancelled, room.Single<ApplicationEnded>().Outcome);
        Assert.Equal(MemberLeaveReason.ConnectionLost, room.Single<MemberLeft>().Reason);
    }

    [Fact]
    public void An_applicant_who_is_accepted_before_coming_back_has_the_rest_of_the_grace()
    {
        var room = Live("ann").Given(Apply("ann")).Given(Restart("ann")).After(5).Given(Accept("ann")).SeatIs("ann", 1);

        room.After(5).SeatIs("ann", null);
    }

    [Fact]
    public void Someone_whose_invitation_ends_meanwhile_leaves_after_the_grace()
    {
        var room = Live("ann").Given(Invite("ann")).Given(Restart("ann")).Given(new RoomCommand.CancelInvitation(Id("host"), Id("ann")));
        Assert.NotNull(room.Room.MemberOf(Id("ann")));

        room.After(10);
        Assert.Null(room.Room.MemberOf(Id("ann")));
    }

    [Fact]
    public void The_room_waits_for_its_host_and_then_ends()
    {
        var room = Live().Given(Restart("host"));
        Assert.Equal(RoomPhase.HostAway, room.Room.Phase);

        Assert.Equal(RoomEndReason.HostTimeout, room.After(60).Single<Ended>().Reason);
    }

    [Fact]
    public void A_host_who_comes_back_in_time_finds_the_room_as_it_was()
    {
        var room = Live().Given(Restart("host")).After(59).Given(Join("host", connection: 2));

        Assert.Equal(RoomPhase.Live, room.Room.Phase);
        room.SeatIs("host", 0);
    }

    [Fact]
    public void A_host_who_had_left_has_the_whole_grace_from_now()
    {
        var room = Live().Given(Leave("host")).After(59).Given(Restart("host")).After(59);
        Assert.Equal(RoomPhase.HostAway, room.Room.Phase);

        room.After(1);
        Assert.Equal(RoomPhase.Ended, room.Room.Phase);
    }

    [Fact]
    public void Nobody_publishes_any_more_and_a_locked_device_stays_locked()
    {
        var room = Live("ann").GivenSeated("ann")
            .Given(new RoomCommand.SetDevices(Id("ann"), true, true))
            .Given(new RoomCommand.OrderDevices(Id("host"), Id("ann"), null, DeviceOrder.Lock))
            .Given(Restart("ann"));

        var member = room.Room.MemberOf(Id("ann"))!;
        Assert.Equal((DeviceState.Off, DeviceState.Locked), (member.Microphone, member.Camera));
    }

    private static RoomCommand.Restart Restart(string user) => new(Id(user));
}
