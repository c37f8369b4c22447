using Dais.Rooms.Guests;
using Dais.Rooms.Seats;
using static Dais.Rooms.RoomEvent;
using static Dais.Rooms.Tests.Scenario;

namespace Dais.Rooms.Tests.Guests;

public sealed class InvitationTests
{
    private static readonly RoomCommand.AcceptInvitation AnnAccepts = new(new UserId("ann"));

    [Fact]
    public void An_invitation_names_who_invites()
    {
        var room = Live("ann").When(Invite("ann", seat: 4));

        var request = room.Happened(typeof(Invited)).Single<Invited>().Request;
        Assert.Equal((Host, 4), (request.Inviter, request.SeatIndex));
        Assert.Equal(request.Id, room.Last.Request);
    }

    [Fact]
    public void Acceptance_seats_first_then_shows_the_stage_then_ends_the_invitation()
    {
        var room = Live("ann").Given(Invite("ann", seat: 4)).When(AnnAccepts);

        room.Happened(typeof(SeatTaken), typeof(StageChanged), typeof(InvitationEnded)).SeatIs("ann", 4);
        var end = room.Single<InvitationEnded>();
        Assert.Equal((RequestOutcome.Accepted, Named("ann")), (end.Outcome, end.By));
    }

    [Fact]
    public void The_invitee_may_decline()
    {
        var end = Live("ann").Given(Invite("ann")).When(new RoomCommand.RejectInvitation(Id("ann"))).Single<InvitationEnded>();
        Assert.Equal((RequestOutcome.Rejected, Named("ann")), (end.Outcome, end.By));
    }

    [Fact]
    public void Any_host_or_admin_may_take_it_back()
    {
        var room = Live("ann").Given(Join("admin", asAdmin: true), Invite("ann"));
        room.When(new RoomCommand.CancelInvitation(Id("ann"), Id("ann"))).Refused(RoomError.NoPermission);

        var end = room.When(new RoomCommand.CancelInvitation(Id("admin"), Id("ann"))).Single<InvitationEnded>();
        Assert.Equal((RequestOutcome.Cancelled, Named("admin")), (end.Outcome, end.By));
    }

    [Fact]
    public void It_times_out()
    {
        var room = Live("ann").Given(Invite("ann")).After(60);

        Assert.Equal(RequestOutcome.TimedOut, room.Single<InvitationEnded>().Outcome);
        room.When(AnnAccepts).Refused(RoomError.NoSuchRequest);
    }

    [Fact]
    public void Inviting_again_returns_the_open_invitation()
    {
        var room = Live("ann").Given(Invite("ann", id: "first")).When(Invite("ann", id: "second"));

        room.NothingHappened();
        Assert.Equal(new RequestId("first"), room.Last.Request);
    }

    [Fact]
    public void An_invitation_that_crosses_an_application_accepts_it()
    {
        var room = Live("ann").Given(Apply("ann", seat: 3, id: "applied")).When(Invite("ann", seat: 5));

        room.Happened(typeof(SeatTaken), typeof(StageChanged), typeof(ApplicationEnded)).SeatIs("ann", 3);
        Assert.Equal((new RequestId("applied"), true), (room.Last.Request, room.Last.Seated));
        Assert.Equal(Host, room.Single<ApplicationEnded>().By);
    }

    [Fact]
    public void An_application_that_crosses_an_invitation_accepts_it()
    {
        var room = Live("ann").Given(Invite("ann", id: "invited")).When(Apply("ann", seat: 6));

        room.Happened(typeof(SeatTaken), typeof(StageChanged), typeof(InvitationEnded)).SeatIs("ann", 6);
        Assert.Equal((new RequestId("invited"), true), (room.Last.Request, room.Last.Seated));
    }

    [Theory]
    [InlineData(0, RoomError.SeatOccupied)]
    [InlineData(10, RoomError.NoSuchSeat)]
    public void A_wish_that_cannot_be_had_does_not_end_what_it_crosses(int seat, RoomError error)
    {
        Live("ann").Given(Invite("ann")).When(Apply("ann", seat)).Refused(error);
        Live("ann").Given(Apply("ann")).When(Invite("ann", seat)).Refused(error);
    }

    [Fact]
    public void Without_a_seat_left_acceptance_fails_on_both_sides()
    {
        var room = Live(new RoomSettings { MaxSeats = 2 }, "ann", "bob").Given(Invite("ann")).GivenSeated("bob").When(AnnAccepts);

        Assert.Equal(RoomError.AllSeatsOccupied, room.Last.Error);
        var end = room.Single<InvitationEnded>();
        Assert.Equal((RequestOutcome.Failed, RoomError.AllSeatsOccupied), (end.Outcome, end.Error));
    }

    [Fact]
    public void An_invitee_who_sits_down_another_way_has_answered()
    {
        var room = Live(new RoomSettings { SeatMode = SeatMode.Free }, "ann").Given(Invite("ann"))
            .When(new RoomCommand.TakeSeat(Id("ann"), 2));

        room.Happened(typeof(SeatTaken), typeof(StageChanged), typeof(InvitationEnded));
        Assert.Equal(RequestOutcome.AlreadySeated, room.Single<InvitationEnded>().Outcome);
    }

    [Fact]
    public void An_invitee_who_leaves_takes_the_invitation_along() =>
        Live("ann").Given(Invite("ann")).After(5).When(Leave("ann"))
            .Happened(typeof(InvitationEnded), typeof(MemberLeft), typeof(AudienceCounted));

    [Fact]
    public void Who_cannot_be_invited_is_refused()
    {
        var room = Live("ann", "bob").GivenSeated("ann");
        room.When(Invite("nobody")).Refused(RoomError.UserNotInRoom);
        room.When(Invite("ann")).Refused(RoomError.AlreadySeated);
        room.When(Invite("bob", by: "ann")).Refused(RoomError.NoPermission);
        room.When(Invite("bob", seat: 1)).Refused(RoomError.SeatOccupied);
        room.When(Invite("bob", seat: 10)).Refused(RoomError.NoSuchSeat);
        room.When(new RoomCommand.RejectInvitation(Id("bob"))).Refused(RoomError.NoSuchRequest);
    }
}
