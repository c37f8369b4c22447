using Dais.Rooms.Connections;
using Dais.Rooms.Guests;
using static Dais.Rooms.RoomEvent;
using static Dais.Rooms.Tests.Connections.RoomsScenario;

namespace Dais.Rooms.Tests.Connections;

public sealed class ConnectingTests
{
    [Fact]
    public void A_request_shows_in_both_rooms()
    {
        var rooms = Live("a", "b").Given("a", Ask("b"));

        rooms.Happened("a", typeof(HostRequested)).Happened("b", typeof(HostRequested));
        Assert.Equal(rooms["a"].SentHostRequests[Id("b")], rooms["b"].ReceivedHostRequests[Id("a")]);
    }

    [Fact]
    public void One_call_asks_several_rooms()
    {
        var rooms = Live("a", "b", "c").Given("a", Ask("b", "c"));

        Assert.Equal(2, rooms["a"].SentHostRequests.Count);
        Assert.Single(rooms["b"].ReceivedHostRequests);
        Assert.Single(rooms["c"].ReceivedHostRequests);
    }

    [Fact]
    public void A_room_named_twice_in_a_call_is_asked_once()
    {
        var rooms = Live("a", "b").Given("a", Ask("b", "b"));

        rooms.Happened("b", typeof(HostRequested));
    }

    [Fact]
    public void Requests_of_several_rooms_wait_side_by_side()
    {
        var rooms = Live("a", "b", "c").Given("b", Ask("a")).Given("c", Ask("a"));

        Assert.Equal(2, rooms["a"].ReceivedHostRequests.Count);
    }

    [Fact]
    public void Accepting_connects_both_and_the_state_comes_before_the_end_of_the_request()
    {
        var rooms = Live("a", "b").Given("a", Ask("b")).Given("b", Accept("a"));

        rooms.Happened("a", typeof(ConnectionChanged), typeof(StageChanged), typeof(HostRequestEnded))
            .Happened("b", typeof(ConnectionChanged), typeof(StageChanged), typeof(HostRequestEnded))
            .Ended(RequestOutcome.Accepted, "a", "b");
        Assert.Equal(["a", "b"], rooms.MembersOf("a"));
        Assert.Equal(["a", "b"], rooms.MembersOf("b"));
        Assert.Equal("b", Assert.Single(rooms.Single<ConnectionChanged>("a").Joined).RoomId.Value);
        Assert.Equal("a", Assert.Single(rooms.Single<ConnectionChanged>("b").Joined).RoomId.Value);
    }

    [Fact]
    public void The_connection_has_a_stream_of_its_own()
    {
        var rooms = Live("a", "b").Connect("a", "b");

        var link = Assert.Single(rooms.Links.Values);
        Assert.Equal(rooms["a"].Connection!.Id, link.Id);
        Assert.Equal(["a", "b"], link.Members.Select(member => member.RoomId.Value));
    }

    [Fact]
    public void Rejecting_ends_the_request_in_both()
    {
        var rooms = Live("a", "b").Given("a", Ask("b")).Given("b", new RoomCommand.RejectConnection(null, Id("a")));

        rooms.Ended(RequestOutcome.Rejected, "a", "b");
        Assert.Null(rooms["a"].Connection);
    }

    [Fact]
    public void Taking_a_request_back_ends_it_in_both()
    {
        var rooms = Live("a", "b").Given("a", Ask("b")).Given("a", new RoomCommand.CancelConnectionRequest(null, Id("b")));

        rooms.Ended(RequestOutcome.Cancelled, "a", "b");
    }

    [Fact]
    public void A_request_runs_out_in_both_when_the_room_that_asked_looks_at_the_clock()
    {
        var rooms = Live("a", "b").Given("a", AskFor(30, "b"));
        Assert.True(rooms["a"].NextDeadline <= rooms.Now + TimeSpan.FromSeconds(30));

        rooms.After(29.9, "a").Happened("b");
        rooms.After(0.1, "a").Ended(RequestOutcome.TimedOut, "a", "b");
    }

    [Fact]
    public void A_request_without_a_timeout_stays_open()
    {
        var rooms = Live("a", "b").Given("a", AskFor(0, "b")).After(1_000_000, "a", "b");

        Assert.Single(rooms["b"].ReceivedHostRequests);
    }

    [Fact]
    public void A_request_that_has_run_out_is_not_accepted_even_before_the_clock_was_looked_at()
    {
        var rooms = Live("a", "b").Given("a", AskFor(30, "b")).Pass(30).When("b", Accept("a"));

        Assert.Equal(RoomError.NoSuchRequest, rooms.Last.Answer.Error);
        rooms.Ended(RequestOutcome.TimedOut, "a", "b");
        Assert.Null(rooms["a"].Connection);
    }

    [Fact]
    public void Asking_again_after_a_request_has_run_out_is_a_new_request()
    {
        var rooms = Live("a", "b").Given("a", AskFor(30, "b")).Pass(30).Given("a", Ask("b"));

        rooms.Happened("b", typeof(HostRequestEnded), typeof(HostRequested)).Ended(RequestOutcome.TimedOut, "a", "b");
    }

    [Fact]
    public void Requests_that_cross_become_one_connection_with_one_accepted_end_on_each_side()
    {
        var rooms = Live("a", "b").Given("a", Ask("b")).When("b", Ask("a"));

        Assert.Equal(HostRequestResult.Sent, rooms.ResultOf("a"));
        rooms.Happened("a", typeof(ConnectionChanged), typeof(StageChanged), typeof(HostRequestEnded))
            .Happened("b", typeof(ConnectionChanged), typeof(StageChanged), typeof(HostRequestEnded))
            .Ended(RequestOutcome.Accepted, "a", "b");
        Assert.Equal(["a", "b"], rooms.MembersOf("a"));
    }

    [Fact]
    public void Several_crossing_requests_of_one_call_all_become_one_connection()
    {
        var rooms = Live("a", "b", "c").Given("b", Ask("a")).Given("c", Ask("a")).Given("a", Ask("b", "c"));

        Assert.Equal(["b", "a", "c"], rooms.MembersOf("c"));
        Assert.Single(rooms.Links);
    }

    [Fact]
    public void Who_is_in_the_connection_that_comes_of_a_crossing_request_is_not_asked()
    {
        var rooms = Live("a", "b", "c").Connect("b", "c").Given("c", Ask("a")).When("a", Ask("b", "c"));

        Assert.Equal(HostRequestResult.Sent, rooms.ResultOf("c"));
        Assert.Equal(HostRequestResult.AlreadyConnecting, rooms.ResultOf("b"));
        rooms.Happened("b", typeof(ConnectionChanged), typeof(StageChanged));
    }

    [Fact]
    public void A_third_room_joins_by_asking_a_member()
    {
        var rooms = Live("a", "b", "c").Connect("a", "b").Given("c", Ask("b")).Given("b", Accept("c"));

        Assert.All("abc", room => Assert.Equal(["a", "b", "c"], rooms.MembersOf($"{room}")));
        Assert.Equal(["c"], rooms.Single<ConnectionChanged>("a").Joined.Select(room => room.RoomId.Value));
        Assert.Equal(["a", "b"], rooms.Single<ConnectionChanged>("c").Joined.Select(room => room.RoomId.Value));
        Assert.DoesNotContain(rooms.EventsOf("a"), happened => happened is HostRequestEnded);
    }

    [Fact]
    public void A_third_room_joins_by_accepting_a_member()
    {
        var rooms = Live("a", "b", "c").Connect("a", "b").Given("b", Ask("c")).Given("c", Accept("b"));

        Assert.Equal(["a", "b", "c"], rooms.MembersOf("a"));
    }

    [Fact]
    public void Nine_rooms_can_be_connected()
    {
        var rooms = Live("a", "b", "c", "d", "e", "f", "g", "h", "i").Connect("a", "b", "c", "d", "e", "f", "g", "h", "i");

        Assert.Equal(9, rooms.MembersOf("i").Length);
        Assert.Equal(9, rooms["e"].Stage.Length);
        Assert.Equal("e", rooms.StageOf("e")[0]);
    }

    [Fact]
    public void A_request_between_rooms_that_are_connected_by_another_one_has_come_about()
    {
        var rooms = Live("a", "b", "c").Given("a", Ask("b")).Connect("c", "a").Given("c", Ask("b")).Given("b", Accept("c"));

        var ends = rooms.EventsOf("b").OfType<HostRequestEnded>().Select(ended => (ended.Request.From.RoomId.Value, ended.Outcome));
        Assert.Equal([("c", RequestOutcome.Accepted), ("a", RequestOutcome.AlreadySeated)], ends);
        Assert.Equal(RequestOutcome.AlreadySeated, rooms.Single<HostRequestEnded>("a").Outcome);
    }

    [Fact]
    public void Requests_to_rooms_outside_stay_open_when_rooms_are_connected()
    {
        var rooms = Live("a", "b", "c").Given("a", Ask("c")).Connect("a", "b");

        Assert.Single(rooms["a"].SentHostRequests);
        rooms.Given("c", Accept("a"));
        Assert.Equal(["a", "b", "c"], rooms.MembersOf("c"));
    }

    [Fact]
    public void An_admin_acts_for_the_host()
    {
        var ann = new UserId("ann");
        var rooms = Live("a", "b")
            .Given("a", Scenario.Join("ann", asAdmin: true))
            .Given("a", Ask("b") with { Actor = ann });

        Assert.Single(rooms["b"].ReceivedHostRequests);
    }
}
