using Dais.Rooms.Seats;
using static Dais.Rooms.Tests.Scenario;

namespace Dais.Rooms.Tests.Interleavings;

/// <summary>
/// Answers to applications and invitations, against everything that can come in between. A line per order: the answers
/// in it | how requests ended | who sits where.
/// </summary>
public sealed class RequestRaceTests
{
    private static readonly RoomSettings TwoSeats = new() { MaxSeats = 2 };
    private static readonly RoomSettings ThreeSeats = new() { MaxSeats = 3 };

    private static RoomCommand.AcceptInvitation AnnAccepts => new(Id("ann"));

    private static RoomCommand.RejectInvitation AnnRejects => new(Id("ann"));

    private static RoomCommand.CancelApplication AnnCancels => new(Id("ann"));

    private static RoomCommand.RejectApplication Reject(string user, string by = "host") => new(Id(by), Id(user));

    private static RoomCommand.CancelInvitation CancelInvitation(string user, string by = "host") => new(Id(by), Id(user));

    private static Scenario WithAdmin(RoomSettings settings, params string[] users) =>
        Live(settings, users).Given(Join("adam", asAdmin: true));

    [Fact]
    public void Two_accepts_for_the_last_seat() => Interleaving.Check(
        () => WithAdmin(TwoSeats, "ann", "bob").Given(Apply("ann"), Apply("bob")),
        new Actor("host", Accept("ann")),
        new Actor("adam", Accept("bob", by: "adam")),
        "host ok, adam AllSeatsOccupied | ann Accepted by host, bob Failed (AllSeatsOccupied) by adam | host ann",
        "adam ok, host AllSeatsOccupied | bob Accepted by adam, ann Failed (AllSeatsOccupied) by host | host bob");

    [Fact]
    public void Two_accepts_of_the_same_application() => Interleaving.Check(
        () => WithAdmin(ThreeSeats, "ann").Given(Apply("ann")),
        new Actor("host", Accept("ann")),
        new Actor("adam", Accept("ann", by: "adam")),
        "host ok, adam NoSuchRequest | ann Accepted by host | host ann -",
        "adam ok, host NoSuchRequest | ann Accepted by adam | host ann -");

    [Fact]
    public void Accept_against_reject_of_another_admin() => Interleaving.Check(
        () => WithAdmin(TwoSeats, "ann").Given(Apply("ann")),
        new Actor("host", Accept("ann")),
        new Actor("adam", Reject("ann", by: "adam")),
        "host ok, adam NoSuchRequest | ann Accepted by host | host ann",
        "adam ok, host NoSuchRequest | ann Rejected by adam | host -");

    [Fact]
    public void Accept_against_cancel() => Interleaving.Check(
        () => Live(TwoSeats, "ann").Given(Apply("ann")),
        new Actor("host", Accept("ann")),
        new Actor("ann", AnnCancels),
        "host ok, ann NoSuchRequest | ann Accepted by host | host ann",
        "ann ok, host NoSuchRequest | ann Cancelled by ann | host -");

    [Fact]
    public void Accept_against_cancel_and_a_new_application() => Interleaving.Check(
        () => Live(TwoSeats, "ann").Given(Apply("ann", id: "first")),
        new Actor("host", Accept("ann")),
        new Actor("ann", AnnCancels, Apply("ann", id: "second")),
        "host ok, ann NoSuchRequest, ann AlreadySeated | ann Accepted by host | host ann",
        "ann ok, host NoSuchRequest, ann ok | ann Cancelled by ann | host - ann?",
        "ann ok, ann ok, host ok | ann Cancelled by ann, ann Accepted by host | host ann");

    [Fact]
    public void Accept_against_timeout() => Interleaving.Check(
        () => Live(TwoSeats, "ann").Given(Apply("ann", timeoutSeconds: 60)),
        new Actor("host", Accept("ann")),
        Actor.Clock(60),
        "host ok, clock 60s, clock tick | ann Accepted by host | host ann",
        "clock 60s, host NoSuchRequest, clock tick | ann TimedOut | host -",
        "clock 60s, clock tick, host NoSuchRequest | ann TimedOut | host -");

    [Fact]
    public void Cancel_against_timeout() => Interleaving.Check(
        () => Live(TwoSeats, "ann").Given(Apply("ann", timeoutSeconds: 60)),
        new Actor("ann", AnnCancels),
        Actor.Clock(60),
        "ann ok, clock 60s, clock tick | ann Cancelled by ann | host -",
        "clock 60s, ann NoSuchRequest, clock tick | ann TimedOut | host -",
        "clock 60s, clock tick, ann NoSuchRequest | ann TimedOut | host -");

    [Fact]
    public void Applying_again_against_timeout() => Interleaving.Check(
        () => Live(TwoSeats, "ann").Given(Apply("ann", timeoutSeconds: 60, id: "first")),
        new Actor("ann", Apply("ann", id: "second")),
        Actor.Clock(60),
        "ann ok, clock 60s, clock tick | ann TimedOut | host -",
        "clock 60s, ann ok, clock tick | ann TimedOut | host - ann?",
        "clock 60s, clock tick, ann ok | ann TimedOut | host - ann?");

    [Fact]
    public void Accept_against_the_applicant_s_leaving() => Interleaving.Check(
        () => Live(TwoSeats, "ann").Given(Apply("ann")),
        new Actor("host", Accept("ann")),
        new Actor("ann", Leave("ann")),
        "host ok, ann ok | ann Accepted by host, ann RoomLeft | host -",
        "ann ok, host NoSuchRequest | ann Cancelled by ann | host -");

    [Fact]
    public void Accept_against_the_applicant_s_lost_connection() => Interleaving.Check(
        () => Live(TwoSeats, "ann").Given(Apply("ann")),
        new Actor("host", Accept("ann")),
        new Actor("ann", Disconnect("ann")),
        "host ok, ann ok | ann Accepted by host | host ann",
        "ann ok, host ok | ann Accepted by host | host ann");

    [Fact]
    public void Accept_against_the_applicant_s_goodbye() => Interleaving.Check(
        () => Live(TwoSeats, "ann").Given(Apply("ann")),
        new Actor("host", Accept("ann")),
        new Actor("ann", Disconnect("ann") with { MayReturn = false }),
        "host ok, ann ok | ann Accepted by host | host ann",
        "ann ok, host NoSuchRequest | ann Cancelled by ann | host -");

    [Fact]
    public void Apply_against_invite() => Interleaving.Check(
        () => Live(ThreeSeats, "ann"),
        new Actor("ann", Apply("ann", seat: 2)),
        new Actor("host", Invite("ann")),
        "ann ok, host ok | ann Accepted by host | host - ann",
        "host ok, ann ok | ann Accepted by ann | host - ann");

    [Fact]
    public void Apply_against_invite_with_wishes_that_differ() => Interleaving.Check(
        () => Live(ThreeSeats, "ann"),
        new Actor("ann", Apply("ann", seat: 2)),
        new Actor("host", Invite("ann", seat: 1)),
        "ann ok, host ok | ann Accepted by host | host - ann",
        "host ok, ann ok | ann Accepted by ann | host ann -");

    [Fact]
    public void Apply_and_cancel_against_invite_and_cancel() => Interleaving.Check(
        () => Live(TwoSeats, "ann"),
        new Actor("ann", Apply("ann"), AnnCancels),
        new Actor("host", Invite("ann"), CancelInvitation("ann")),
        "ann ok, ann ok, host ok, host ok | ann Cancelled by ann, ann Cancelled by host | host -",
        "ann ok, host ok, ann NoSuchRequest, host NoSuchRequest | ann Accepted by host | host ann",
        "ann ok, host ok, host NoSuchRequest, ann NoSuchRequest | ann Accepted by host | host ann",
        "host ok, ann ok, ann NoSuchRequest, host NoSuchRequest | ann Accepted by ann | host ann",
        "host ok, ann ok, host NoSuchRequest, ann NoSuchRequest | ann Accepted by ann | host ann",
        "host ok, host ok, ann ok, ann ok | ann Cancelled by host, ann Cancelled by ann | host -");

    [Fact]
    public void Two_invitations_of_the_same_member() => Interleaving.Check(
        () => WithAdmin(ThreeSeats, "ann"),
        new Actor("host", Invite("ann", id: "of host")),
        new Actor("adam", Invite("ann", by: "adam", id: "of adam"), CancelInvitation("ann", by: "adam")),
        "host ok, adam ok, adam ok | ann Cancelled by adam | host - -",
        "adam ok, host ok, adam ok | ann Cancelled by adam | host - -",
        "adam ok, adam ok, host ok | ann Cancelled by adam | host - - ann?");

    [Fact]
    public void Accepting_an_invitation_against_taking_it_back() => Interleaving.Check(
        () => Live(TwoSeats, "ann").Given(Invite("ann")),
        new Actor("ann", AnnAccepts),
        new Actor("host", CancelInvitation("ann")),
        "ann ok, host NoSuchRequest | ann Accepted by ann | host ann",
        "host ok, ann NoSuchRequest | ann Cancelled by host | host -");

    [Fact]
    public void Declining_an_invitation_against_taking_it_back() => Interleaving.Check(
        () => Live(TwoSeats, "ann").Given(Invite("ann")),
        new Actor("ann", AnnRejects),
        new Actor("host", CancelInvitation("ann")),
        "ann ok, host NoSuchRequest | ann Rejected by ann | host -",
        "host ok, ann NoSuchRequest | ann Cancelled by host | host -");

    [Fact]
    public void Accepting_an_invitation_against_timeout() => Interleaving.Check(
        () => Live(TwoSeats, "ann").Given(Invite("ann")),
        new Actor("ann", AnnAccepts),
        Actor.Clock(60),
        "ann ok, clock 60s, clock tick | ann Accepted by ann | host ann",
        "clock 60s, ann NoSuchRequest, clock tick | ann TimedOut | host -",
        "clock 60s, clock tick, ann NoSuchRequest | ann TimedOut | host -");

    [Fact]
    public void Two_invitees_accept_the_last_seat() => Interleaving.Check(
        () => Live(TwoSeats, "ann", "bob").Given(Invite("ann"), Invite("bob")),
        new Actor("ann", AnnAccepts),
        new Actor("bob", new RoomCommand.AcceptInvitation(Id("bob"))),
        "ann ok, bob AllSeatsOccupied | ann Accepted by ann, bob Failed (AllSeatsOccupied) by bob | host ann",
        "bob ok, ann AllSeatsOccupied | bob Accepted by bob, ann Failed (AllSeatsOccupied) by ann | host bob");

    [Fact]
    public void An_invitee_and_an_applicant_are_to_have_the_last_seat() => Interleaving.Check(
        () => Live(TwoSeats, "ann", "bob").Given(Invite("ann"), Apply("bob")),
        new Actor("ann", AnnAccepts),
        new Actor("host", Accept("bob")),
        "ann ok, host AllSeatsOccupied | ann Accepted by ann, bob Failed (AllSeatsOccupied) by host | host ann",
        "host ok, ann AllSeatsOccupied | bob Accepted by host, ann Failed (AllSeatsOccupied) by ann | host bob");

    [Fact]
    public void An_inviter_is_demoted_while_the_invitee_accepts() => Interleaving.Check(
        () => Live(TwoSeats, "ann", "adam").Given(new RoomCommand.SetAdmin(Host.Id, Id("adam"), true), Invite("ann", by: "adam")),
        new Actor("host", new RoomCommand.SetAdmin(Host.Id, Id("adam"), false)),
        new Actor("ann", AnnAccepts),
        "host ok, ann ok | ann Accepted by ann | host ann",
        "ann ok, host ok | ann Accepted by ann | host ann");

    [Fact]
    public void An_admin_accepts_while_being_demoted() => Interleaving.Check(
        () => Live(TwoSeats, "ann", "adam").Given(new RoomCommand.SetAdmin(Host.Id, Id("adam"), true), Apply("ann")),
        new Actor("host", new RoomCommand.SetAdmin(Host.Id, Id("adam"), false)),
        new Actor("adam", Accept("ann", by: "adam")),
        "host ok, adam NoPermission |  | host - ann?",
        "adam ok, host ok | ann Accepted by adam | host ann");

    [Fact]
    public void Accept_in_a_mode_that_became_free_against_applying_again() => Interleaving.Check(
        () => Live(TwoSeats, "ann").Given(Apply("ann")),
        new Actor("host", new RoomCommand.Update(Host.Id, new RoomChanges { SeatMode = SeatMode.Free }), Accept("ann")),
        new Actor("ann", Apply("ann", id: "again")),
        "host ok, host ok, ann AlreadySeated | ann Accepted by host | host ann",
        "host ok, ann ok, host NoSuchRequest | ann AlreadySeated by ann | host ann",
        "ann ok, host ok, host ok | ann Accepted by host | host ann");

    [Fact]
    public void Accept_against_the_end_of_the_room() => Interleaving.Check(
        () => WithAdmin(TwoSeats, "ann").Given(Apply("ann")),
        new Actor("adam", Accept("ann", by: "adam")),
        new Actor("host", new RoomCommand.EndRoom(Host.Id)),
        "adam ok, host ok | ann Accepted by adam, room ended Host | over",
        "host ok, adam RoomNotFound | room ended Host | over");

    [Fact]
    public void Accept_against_the_host_s_lost_connection() => Interleaving.Check(
        () => WithAdmin(TwoSeats, "ann").Given(Apply("ann")),
        new Actor("adam", Accept("ann", by: "adam")),
        new Actor("host", Disconnect("host"), Join("host", 2)),
        "adam ok, host ok, host ok | ann Accepted by adam | host ann",
        "host ok, adam ok, host ok | ann Accepted by adam | host ann",
        "host ok, host ok, adam ok | ann Accepted by adam | host ann");

    [Fact]
    public void Accept_against_the_host_s_lost_connection_when_nobody_waits_for_the_host() => Interleaving.Check(
        () => Live(TwoSeats, new RoomOptions { HostGrace = TimeSpan.Zero }, "ann").Given(Join("adam", asAdmin: true), Apply("ann")),
        new Actor("adam", Accept("ann", by: "adam")),
        new Actor("host", Disconnect("host")),
        "adam ok, host ok | ann Accepted by adam, host TimedOut, room ended HostTimeout | over",
        "host ok, adam RoomNotFound | host TimedOut, room ended HostTimeout | over");

    [Fact]
    public void Accept_against_the_end_of_the_host_s_grace() => Interleaving.Check(
        () => WithAdmin(TwoSeats, "ann").Given(Apply("ann", timeoutSeconds: 0), Disconnect("host")),
        new Actor("adam", Accept("ann", by: "adam")),
        Actor.Clock(60),
        "adam ok, clock 60s, clock tick | ann Accepted by adam, room ended HostTimeout | over",
        "clock 60s, adam ok, clock tick | ann Accepted by adam, room ended HostTimeout | over",
        "clock 60s, clock tick, adam RoomNotFound | room ended HostTimeout | over");
}
