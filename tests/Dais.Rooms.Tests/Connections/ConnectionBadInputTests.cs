using Dais.Rooms.Connections;
using Dais.Rooms.Guests;
using static Dais.Rooms.RoomEvent;
using static Dais.Rooms.Tests.Connections.RoomsScenario;

namespace Dais.Rooms.Tests.Connections;

public sealed class ConnectionBadInputTests
{
    private static readonly UserId Ann = new("ann");

    public static TheoryData<RoomCommand> ForHostsOnly { get; } =
    [
        Ask("b") with { Actor = Ann },
        new RoomCommand.CancelConnectionRequest(Ann, Id("c")),
        Accept("d") with { Actor = Ann },
        new RoomCommand.RejectConnection(Ann, Id("d")),
        new RoomCommand.ExitConnection(Ann),
        new RoomCommand.MuteRemoteAudio(Ann, Id("b"), true),
    ];

    [Fact]
    public void A_room_cannot_connect_with_itself()
    {
        var rooms = Live("a").When("a", Ask("a"));

        Assert.Equal(HostRequestResult.NotPossible, rooms.ResultOf("a"));
        Assert.Empty(rooms.Last.Events);
    }

    [Fact]
    public void A_room_that_does_not_exist_cannot_be_asked()
    {
        var rooms = Live("a").When("a", Ask("nowhere"));

        Assert.Equal(HostRequestResult.RoomNotFound, rooms.ResultOf("nowhere"));
        Assert.Empty(rooms.Last.Events);
    }

    [Fact]
    public void A_room_that_has_ended_cannot_be_asked()
    {
        var rooms = Live("a", "b").Given("b", new RoomCommand.EndRoom(null)).When("a", Ask("b"));

        Assert.Equal(HostRequestResult.RoomNotFound, rooms.ResultOf("b"));
    }

    [Fact]
    public void One_target_that_cannot_be_asked_does_not_keep_the_others_from_it()
    {
        var rooms = Live("a", "b").When("a", Ask("nowhere", "b", "a"));

        Assert.Equal(
            [HostRequestResult.NotPossible, HostRequestResult.Sent, HostRequestResult.RoomNotFound], rooms.Last.Answer.Results.Values);
        Assert.Single(rooms["b"].ReceivedHostRequests);
    }

    [Fact]
    public void Asking_again_while_the_request_is_open_changes_nothing()
    {
        var rooms = Live("a", "b").Given("a", Ask("b")).When("a", Ask("b"));

        Assert.Equal(HostRequestResult.AlreadyConnecting, rooms.ResultOf("b"));
        Assert.Empty(rooms.Last.Events);
    }

    [Fact]
    public void A_room_one_is_connected_with_cannot_be_asked()
    {
        var rooms = Live("a", "b").Connect("a", "b").When("b", Ask("a"));

        Assert.Equal(HostRequestResult.AlreadyConnecting, rooms.ResultOf("a"));
    }

    [Fact]
    public void Rooms_of_two_connections_cannot_connect()
    {
        var rooms = Live("a", "b", "c", "d").Connect("a", "b").Connect("c", "d").When("a", Ask("c"));

        Assert.Equal(HostRequestResult.ConnectedElsewhere, rooms.ResultOf("c"));
        Assert.Empty(rooms.Last.Events);
    }

    [Fact]
    public void A_request_cannot_be_accepted_when_both_have_connected_elsewhere_meanwhile()
    {
        var rooms = Live("a", "b", "c", "d").Given("a", Ask("c")).Connect("a", "b").Connect("c", "d").When("c", Accept("a"));

        Assert.Equal(RoomError.ConnectedElsewhere, rooms.Last.Answer.Error);
        rooms.Ended(RequestOutcome.Failed, "a", "c");
        Assert.Equal(RoomError.ConnectedElsewhere, rooms.Single<HostRequestEnded>("a").Error);
    }

    [Fact]
    public void A_crossing_request_that_cannot_be_had_does_no_harm_to_the_one_that_is_open()
    {
        var rooms = Live("a", "b", "c", "d").Given("a", Ask("c")).Connect("a", "b").Connect("c", "d").When("c", Ask("a"));

        Assert.Equal(HostRequestResult.ConnectedElsewhere, rooms.ResultOf("a"));
        Assert.Single(rooms["c"].ReceivedHostRequests);
        rooms.Given("c", new RoomCommand.ExitConnection(null)).Given("c", Accept("a"));
        Assert.Equal(["a", "b", "c"], rooms.MembersOf("c"));
    }

    [Fact]
    public void A_tenth_room_cannot_ask()
    {
        var rooms = Nine("j").When("j", Ask("c"));

        Assert.Equal(HostRequestResult.TooManyRooms, rooms.ResultOf("c"));
    }

    [Fact]
    public void A_tenth_room_cannot_be_asked()
    {
        var rooms = Nine("j").When("a", Ask("j"));

        Assert.Equal(HostRequestResult.TooManyRooms, rooms.ResultOf("j"));
    }

    [Fact]
    public void A_tenth_room_cannot_be_accepted()
    {
        var rooms = Live("a", "b", "c", "d", "e", "f", "g", "h", "i", "j")
            .Given("j", Ask("a"))
            .Connect("a", "b", "c", "d", "e", "f", "g", "h", "i")
            .When("a", Accept("j"));

        Assert.Equal(RoomError.TooManyConnections, rooms.Last.Answer.Error);
        rooms.Ended(RequestOutcome.Failed, "a", "j");
        Assert.Equal(RoomError.TooManyConnections, rooms.Single<HostRequestEnded>("j").Error);
    }

    [Fact]
    public void More_requests_than_a_room_can_hold_are_to_be_tried_again()
    {
        var few = new RoomOptions { Limits = new RoomLimits { HostRequestsMax = 2 } };
        var rooms = Live("x").And(new RoomSettings(), few, "a", "b", "c", "d");
        rooms.Given("a", Ask("x")).Given("b", Ask("a")).Given("c", Ask("a")).When("d", Ask("a"));
        Assert.Equal(HostRequestResult.TryAgain, rooms.ResultOf("a"));

        rooms.Given("a", new RoomCommand.RejectConnection(null, Id("b"))).When("d", Ask("a"));
        Assert.Equal(HostRequestResult.Sent, rooms.ResultOf("a"));

        rooms.Given("d", Ask("x")).When("d", Ask("b"));
        Assert.Equal(HostRequestResult.TryAgain, rooms.ResultOf("b"));
    }

    [Fact]
    public void More_than_a_request_may_carry_is_refused() =>
        Live("a", "b").When("a", Ask("b") with { ExtraInfo = new string('x', 1025) }).Refused(RoomError.LimitReached);

    [Theory]
    [MemberData(nameof(ForHostsOnly))]
    public void A_viewer_may_not(RoomCommand command) =>
        Busy().Given("a", Scenario.Join("ann")).When("a", command).Refused(RoomError.NoPermission);

    [Theory]
    [MemberData(nameof(ForHostsOnly))]
    public void A_guest_may_not(RoomCommand command) =>
        Busy().Given("a", Scenario.Join("ann")).Given("a", Scenario.Invite("ann", by: "a"))
            .Given("a", new RoomCommand.AcceptInvitation(Ann)).When("a", command).Refused(RoomError.NoPermission);

    [Theory]
    [MemberData(nameof(ForHostsOnly))]
    public void Someone_who_is_not_in_the_room_may_not(RoomCommand command) =>
        Busy().When("a", command).Refused(RoomError.UserNotInRoom);

    [Fact]
    public void The_host_of_another_room_may_not_act_for_this_one() =>
        Busy().When("a", new RoomCommand.ExitConnection(new UserId("b"))).Refused(RoomError.UserNotInRoom);

    [Fact]
    public void What_was_cancelled_cannot_be_accepted() =>
        Live("a", "b").Given("a", Ask("b")).Given("a", new RoomCommand.CancelConnectionRequest(null, Id("b")))
            .When("b", Accept("a")).Refused(RoomError.NoSuchRequest);

    [Fact]
    public void What_was_never_asked_cannot_be_accepted_rejected_or_cancelled()
    {
        var rooms = Live("a", "b");

        rooms.When("b", Accept("a")).Refused(RoomError.NoSuchRequest);
        rooms.When("b", new RoomCommand.RejectConnection(null, Id("a"))).Refused(RoomError.NoSuchRequest);
        rooms.When("b", new RoomCommand.CancelConnectionRequest(null, Id("a"))).Refused(RoomError.NoSuchRequest);
    }

    [Fact]
    public void Only_the_room_that_was_asked_can_accept() =>
        Live("a", "b").Given("a", Ask("b")).When("a", Accept("b")).Refused(RoomError.NoSuchRequest);

    [Fact]
    public void What_was_accepted_cannot_be_cancelled_any_more() =>
        Live("a", "b").Connect("a", "b").When("a", new RoomCommand.CancelConnectionRequest(null, Id("b"))).Refused(RoomError.NoSuchRequest);

    [Fact]
    public void A_room_that_is_not_connected_cannot_exit() =>
        Live("a").When("a", new RoomCommand.ExitConnection(null)).Refused(RoomError.ConnectionNotFound);

    [Fact]
    public void A_room_that_is_not_connected_has_no_connection_to_end() =>
        Live("a").When("a", new RoomCommand.EndConnection()).Refused(RoomError.ConnectionNotFound);

    [Fact]
    public void Only_a_connected_room_can_be_silenced()
    {
        var rooms = Live("a", "b", "c").Connect("a", "b");

        rooms.When("a", new RoomCommand.MuteRemoteAudio(null, Id("c"), true)).Refused(RoomError.ConnectionNotFound);
        rooms.When("a", new RoomCommand.MuteRemoteAudio(null, Id("a"), true)).Refused(RoomError.ConnectionNotFound);
        rooms.When("c", new RoomCommand.MuteRemoteAudio(null, Id("a"), true)).Refused(RoomError.ConnectionNotFound);
    }

    [Fact]
    public void A_room_that_has_ended_refuses_everything() =>
        Live("a", "b").Given("a", new RoomCommand.EndRoom(null)).When("a", Ask("b")).Refused(RoomError.RoomNotFound);

    /// <summary>A room a, connected with b, which has asked c and was asked by d.</summary>
    private static RoomsScenario Busy() => Live("a", "b", "c", "d").Connect("a", "b").Given("a", Ask("c")).Given("d", Ask("a"));

    private static RoomsScenario Nine(string tenth) =>
        Live("a", "b", "c", "d", "e", "f", "g", "h", "i", tenth).Connect("a", "b", "c", "d", "e", "f", "g", "h", "i");
}
