using Dais.Rooms.Audience;
using Dais.Rooms.Guests;
using Dais.Rooms.Seats;
using static Dais.Rooms.RoomEvent;
using static Dais.Rooms.Tests.Scenario;

namespace Dais.Rooms.Tests.Lifecycle;

/// <summary>What only the application's backend asks of a room.</summary>
public sealed class BackendTests
{
    private static readonly RoomCommand.Start HostComes = new(Host, new RoomSettings(), Connection("host"), ClientPlatform.Web);

    private static RoomCommand.Open Open(int hostWaitSeconds = 3_600) =>
        new(Host, new RoomSettings { MaxSeats = 4 }, TimeSpan.FromSeconds(hostWaitSeconds));

    [Fact]
    public void A_room_opened_for_its_owner_is_live_with_the_host_away()
    {
        var room = Unstarted().When(Open()).Happened(typeof(Started), typeof(PhaseChanged));

        Assert.Equal((RoomPhase.HostAway, 4, 0), (room.Room.Phase, room.Room.Seats.Length, room.Room.AudienceCount));
        room.When(Join("ann")).SeatIs("host", null);
        Assert.Equal(1, room.Room.AudienceCount);
    }

    [Fact]
    public void It_waits_for_its_host_far_longer_than_for_one_who_was_lost()
    {
        var room = Unstarted().Given(Open(3_600)).After(3_599);

        Assert.True(room.Room.IsLive);
        Assert.Equal(RoomEndReason.HostTimeout, room.After(1).Single<Ended>().Reason);
    }

    [Fact]
    public void With_no_wait_set_it_waits_until_the_backend_ends_it()
    {
        var room = Unstarted().Given(Open(0)).After(1_000_000);

        Assert.Equal(WallClockTime.Never, room.Room.NextDeadline);
        Assert.Equal(RoomEndReason.Server, room.When(new RoomCommand.EndRoom(null)).Single<Ended>().Reason);
    }

    [Fact]
    public void When_the_host_comes_the_room_goes_on_and_the_usual_grace_counts()
    {
        var room = Unstarted().Given(Open(), Join("host")).SeatIs("host", 0);
        Assert.Equal(RoomPhase.Live, room.Room.Phase);

        room.Given(Disconnect("host")).After(60);

        Assert.Equal(RoomEndReason.HostTimeout, room.Single<Ended>().Reason);
    }

    [Fact]
    public void A_restart_does_not_shorten_the_wait()
    {
        foreach (int wait in new[] { 0, 3_600 })
        {
            Unstarted().Given(Open(wait)).When(new RoomCommand.Restart(Host.Id)).NothingHappened();
        }

        var room = Unstarted().Given(Open(30), new RoomCommand.Restart(Host.Id)).After(59);
        Assert.True(room.Room.IsLive);
    }

    [Fact]
    public void A_live_room_is_neither_opened_nor_started_again()
    {
        Live().When(Open()).Refused(RoomError.RoomIdTaken);
        Unstarted().Given(Open()).When(Open()).Refused(RoomError.RoomIdTaken);
        Unstarted().Given(Open()).When(HostComes).Refused(RoomError.RoomIdTaken);
    }

    [Fact]
    public void A_member_is_seated_without_being_asked_and_what_they_asked_for_is_settled()
    {
        var room = Live("ann").Given(Apply("ann", 3)).When(new RoomCommand.PickForSeat(Id("ann"), 2)).SeatIs("ann", 2);

        var ended = room.Single<ApplicationEnded>();
        Assert.Equal((RequestOutcome.AlreadySeated, null), (ended.Outcome, ended.By));
    }

    [Fact]
    public void Seating_someone_where_they_sit_does_nothing_and_elsewhere_is_refused()
    {
        var room = Live("ann").GivenSeated("ann");

        room.When(new RoomCommand.PickForSeat(Id("ann"), 1)).NothingHappened();
        room.When(new RoomCommand.PickForSeat(Id("ann"), SeatRequest.AnySeat)).NothingHappened();
        room.When(new RoomCommand.PickForSeat(Id("ann"), 2)).Refused(RoomError.AlreadySeated);
    }

    [Fact]
    public void Nobody_is_seated_who_is_not_there_or_where_there_is_no_place()
    {
        var room = Live("ann", "bob").GivenSeated("bob").Given(new RoomCommand.LockSeat(null, 3, true));

        room.When(new RoomCommand.PickForSeat(Id("cat"), 2)).Refused(RoomError.UserNotInRoom);
        room.When(new RoomCommand.PickForSeat(Id("ann"), 1)).Refused(RoomError.SeatOccupied);
        room.When(new RoomCommand.PickForSeat(Id("ann"), 3)).Refused(RoomError.SeatLocked);
        room.When(new RoomCommand.PickForSeat(Id("ann"), 99)).Refused(RoomError.NoSuchSeat);
    }

    [Fact]
    public void Whoever_sits_on_a_seat_is_taken_off()
    {
        var room = Live("ann").GivenSeated("ann");

        var left = room.When(new RoomCommand.ClearSeat(1)).Single<SeatLeft>();

        Assert.Equal((Id("ann"), SeatLeaveReason.Kicked, null), (left.User.Id, left.Reason, left.By));
        room.When(new RoomCommand.ClearSeat(1)).Refused(RoomError.NotSeated);
        room.When(new RoomCommand.ClearSeat(10)).Refused(RoomError.NoSuchSeat);
    }
}
