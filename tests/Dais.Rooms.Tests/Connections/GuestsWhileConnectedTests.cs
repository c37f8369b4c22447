using Dais.Rooms.Connections;
using Dais.Rooms.Guests;
using static Dais.Rooms.RoomEvent;
using static Dais.Rooms.Tests.Connections.RoomsScenario;

namespace Dais.Rooms.Tests.Connections;

public sealed class GuestsWhileConnectedTests
{
    private static readonly RoomSettings HostsOnly = new() { AllowGuestsWhileConnected = false };
    private static readonly UserId Ann = new("ann");

    [Fact]
    public void Guests_stay_and_come_while_rooms_are_connected()
    {
        var rooms = WithGuest(new RoomSettings()).Connect("a", "b").Given("a", Scenario.Join("bob"))
            .Given("a", Scenario.Invite("bob", by: "a")).Given("a", new RoomCommand.AcceptInvitation(new UserId("bob")));

        Assert.Equal(["a", "a", "a", "b"], rooms.StageOf("a"));
    }

    [Fact]
    public void A_room_whose_guests_may_not_stay_cannot_ask_while_there_are_some() =>
        WithGuest(HostsOnly).When("a", Ask("b")).Refused(RoomError.ConnectedElsewhere);

    [Fact]
    public void A_room_whose_guests_may_not_stay_cannot_be_asked_while_there_are_some()
    {
        var rooms = WithGuest(HostsOnly).When("b", Ask("a"));

        Assert.Equal(HostRequestResult.ConnectedElsewhere, rooms.ResultOf("a"));
    }

    [Fact]
    public void Accepting_fails_while_guests_sit_who_may_not_stay()
    {
        var rooms = Live("b").And(HostsOnly, "a").Given("a", Scenario.Join("ann")).Given("b", Ask("a"))
            .Given("a", Scenario.Invite("ann", by: "a")).Given("a", new RoomCommand.AcceptInvitation(Ann))
            .When("a", Accept("b"));

        Assert.Equal(RoomError.ConnectedElsewhere, rooms.Last.Answer.Error);
        rooms.Ended(RequestOutcome.Failed, "a", "b");
    }

    [Fact]
    public void Nobody_may_apply_be_invited_or_sit_down_while_connected_without_guests()
    {
        var rooms = Live("b").And(HostsOnly, "a").Given("a", Scenario.Join("ann")).Given("a", Scenario.Join("adam", asAdmin: true))
            .Connect("a", "b");

        rooms.When("a", Scenario.Apply("ann")).Refused(RoomError.ConnectedElsewhere);
        rooms.When("a", Scenario.Invite("ann", by: "a")).Refused(RoomError.ConnectedElsewhere);
        rooms.When("a", new RoomCommand.TakeSeat(new UserId("adam"), 3)).Refused(RoomError.ConnectedElsewhere);
    }

    [Fact]
    public void An_application_of_before_cannot_be_accepted_while_connected_without_guests()
    {
        var rooms = Live("b").And(HostsOnly, "a").Given("a", Scenario.Join("ann")).Given("a", Scenario.Apply("ann"))
            .Connect("a", "b").When("a", Scenario.Accept("ann", by: "a"));

        Assert.Equal(RoomError.ConnectedElsewhere, rooms.Last.Answer.Error);
        Assert.Equal(RequestOutcome.Failed, rooms.Single<ApplicationEnded>("a").Outcome);
    }

    [Fact]
    public void The_host_may_sit_down_all_the_same()
    {
        var rooms = Live("b").And(HostsOnly, "a").Connect("a", "b").Given("a", new RoomCommand.LeaveSeat(new UserId("a")))
            .Given("a", new RoomCommand.TakeSeat(new UserId("a"), 0));

        Assert.Equal(["a", "b"], rooms.StageOf("a"));
    }

    [Fact]
    public void Guests_come_again_when_the_connection_is_over() =>
        Live("b").And(HostsOnly, "a").Given("a", Scenario.Join("ann")).Connect("a", "b")
            .Given("b", new RoomCommand.ExitConnection(null)).Given("a", Scenario.Apply("ann")).Happened("a", typeof(Applied));

    /// <summary>A room a with a guest, and a room b.</summary>
    private static RoomsScenario WithGuest(RoomSettings settings) => Live("b").And(settings, "a").Given("a", Scenario.Join("ann"))
        .Given("a", Scenario.Invite("ann", by: "a")).Given("a", new RoomCommand.AcceptInvitation(Ann));
}
