using Dais.Rooms.Guests;
using Dais.Rooms.Seats;
using static Dais.Rooms.RoomEvent;
using static Dais.Rooms.Tests.Scenario;

namespace Dais.Rooms.Tests.Guests;

public sealed class ApplicationTests
{
    [Fact]
    public void An_application_is_open_until_its_deadline()
    {
        var room = Live("ann").When(Apply("ann", timeoutSeconds: 30, id: "r1"));

        var request = room.Happened(typeof(Applied)).Single<Applied>().Request;
        Assert.Equal(new RequestId("r1"), room.Last.Request);
        Assert.False(room.Last.Seated);
        Assert.Equal(room.Now + TimeSpan.FromSeconds(30), request.ExpiresAt);
        Assert.Null(request.Inviter);
    }

    [Fact]
    public void Acceptance_seats_first_then_shows_the_stage_then_ends_the_application()
    {
        var room = Live("ann").Given(Apply("ann")).When(Accept("ann"));

        room.Happened(typeof(SeatTaken), typeof(StageChanged), typeof(ApplicationEnded)).SeatIs("ann", 1);
        var end = room.Single<ApplicationEnded>();
        Assert.Equal(RequestOutcome.Accepted, end.Outcome);
        Assert.Equal(Host, end.By);
        Assert.Empty(room.Room.Applications);
    }

    [Fact]
    public void An_admin_may_answer() =>
        Live("ann").Given(Join("admin", asAdmin: true), Apply("ann")).When(Accept("ann", by: "admin")).SeatIs("ann", 1);

    [Fact]
    public void The_audience_may_not_answer() =>
        Live("ann", "bob").Given(Apply("ann")).When(Accept("ann", by: "bob")).Refused(RoomError.NoPermission);

    [Fact]
    public void Applying_again_returns_the_open_application()
    {
        var room = Live("ann").Given(Apply("ann", id: "first")).When(Apply("ann", seat: 5, id: "second"));

        room.NothingHappened();
        Assert.Equal(new RequestId("first"), room.Last.Request);
    }

    [Fact]
    public void Rejection_ends_the_application()
    {
        var room = Live("ann").Given(Apply("ann")).When(new RoomCommand.RejectApplication(Host.Id, Id("ann")));

        Assert.Equal(RequestOutcome.Rejected, room.Happened(typeof(ApplicationEnded)).Single<ApplicationEnded>().Outcome);
        room.SeatIs("ann", null);
    }

    [Fact]
    public void The_applicant_may_take_it_back()
    {
        var room = Live("ann").Given(Apply("ann")).When(new RoomCommand.CancelApplication(Id("ann")));

        var end = room.Happened(typeof(ApplicationEnded)).Single<ApplicationEnded>();
        Assert.Equal((RequestOutcome.Cancelled, Named("ann")), (end.Outcome, end.By));
    }

    [Fact]
    public void It_times_out_by_the_room_s_clock_alone()
    {
        var room = Live("ann").Given(Apply("ann", timeoutSeconds: 30)).After(29.999);
        Assert.DoesNotContain(room.Events, happened => happened is ApplicationEnded);

        var end = room.After(0.001).Happened(typeof(ApplicationEnded)).Single<ApplicationEnded>();
        Assert.Equal((RequestOutcome.TimedOut, null), (end.Outcome, end.By));
        room.When(Accept("ann")).Refused(RoomError.NoSuchRequest);
    }

    [Fact]
    public void A_timeout_of_zero_is_none()
    {
        var room = Live("ann").Given(Apply("ann", timeoutSeconds: 0)).After(86_400);

        Assert.Equal(WallClockTime.Never, room.Room.NextDeadline);
        room.When(Accept("ann")).SeatIs("ann", 1);
    }

    [Fact]
    public void Of_two_acceptances_for_the_last_seat_the_second_fails_on_both_sides()
    {
        var room = Live(new RoomSettings { MaxSeats = 2 }, "ann", "bob").Given(Apply("ann"), Apply("bob"), Accept("ann"));

        room.When(Accept("bob"));

        Assert.Equal(RoomError.AllSeatsOccupied, room.Last.Error);
        var end = room.Single<ApplicationEnded>();
        Assert.Equal((RequestOutcome.Failed, RoomError.AllSeatsOccupied), (end.Outcome, end.Error));
        Assert.Empty(room.Room.Applications);
    }

    [Fact]
    public void An_application_for_a_seat_that_was_taken_meanwhile_fails_with_that()
    {
        var room = Live("ann", "bob").Given(Apply("ann", seat: 3), Apply("bob", seat: 3), Accept("ann")).When(Accept("bob"));

        Assert.Equal(RoomError.SeatOccupied, room.Last.Error);
        Assert.Equal(RoomError.SeatOccupied, room.Single<ApplicationEnded>().Error);
    }

    [Fact]
    public void In_free_mode_the_applicant_is_seated_at_once()
    {
        var room = Live(new RoomSettings { SeatMode = SeatMode.Free }, "ann").When(Apply("ann"));

        room.Happened(typeof(SeatTaken), typeof(StageChanged));
        Assert.True(room.Last.Seated);
        Assert.Null(room.Last.Request);
    }

    [Fact]
    public void Admins_are_seated_at_once()
    {
        var room = Live().Given(Join("admin", asAdmin: true)).When(Apply("admin"));

        Assert.True(room.SeatIs("admin", 1).Last.Seated);
    }

    [Fact]
    public void The_owner_is_seated_at_once()
    {
        var room = Live(new RoomSettings { KeepOwnerOnSeat = false }).When(Apply("host", seat: 2));

        Assert.True(room.SeatIs("host", 2).Last.Seated);
    }

    [Fact]
    public void Someone_who_sits_cannot_apply() => Live("ann").GivenSeated("ann").When(Apply("ann")).Refused(RoomError.AlreadySeated);

    [Fact]
    public void A_stranger_cannot_apply() => Live().When(Apply("ann")).Refused(RoomError.UserNotInRoom);

    [Theory]
    [InlineData(0, RoomError.SeatOccupied)]
    [InlineData(10, RoomError.NoSuchSeat)]
    [InlineData(-2, RoomError.NoSuchSeat)]
    public void A_seat_that_cannot_be_had_is_refused(int seat, RoomError error) => Live("ann").When(Apply("ann", seat)).Refused(error);

    [Fact]
    public void With_every_seat_taken_applying_is_refused() =>
        Live(new RoomSettings { MaxSeats = 1 }, "ann").When(Apply("ann")).Refused(RoomError.AllSeatsOccupied);

    [Fact]
    public void Nothing_open_is_nothing_to_answer()
    {
        var room = Live("ann");
        room.When(new RoomCommand.CancelApplication(Id("ann"))).Refused(RoomError.NoSuchRequest);
        room.When(Accept("ann")).Refused(RoomError.NoSuchRequest);
        room.When(new RoomCommand.RejectApplication(Host.Id, Id("ann"))).Refused(RoomError.NoSuchRequest);
    }

    [Fact]
    public void An_applicant_who_leaves_takes_the_application_along()
    {
        var room = Live("ann").Given(Apply("ann")).After(5).When(Leave("ann"));

        room.Happened(typeof(ApplicationEnded), typeof(MemberLeft), typeof(AudienceCounted));
        Assert.Equal(RequestOutcome.Cancelled, room.Single<ApplicationEnded>().Outcome);
    }

    [Fact]
    public void The_room_s_end_ends_requests_without_an_event_each() =>
        Live("ann").Given(Apply("ann")).When(new RoomCommand.EndRoom(Host.Id)).Happened(typeof(Ended));

    [Fact]
    public void The_number_of_open_applications_is_limited()
    {
        var options = new RoomOptions { Limits = new RoomLimits { OpenRequestsMax = 1 } };
        Live(new RoomSettings(), options, "ann", "bob").Given(Apply("ann")).When(Apply("bob")).Refused(RoomError.LimitReached);
    }
}
