using Dais.Rooms.Audience;
using Dais.Rooms.Connections;
using Dais.Rooms.Guests;
using static Dais.Rooms.RoomEvent;
using static Dais.Rooms.Tests.Connections.RoomsScenario;

namespace Dais.Rooms.Tests.Connections;

public sealed class LeavingTests
{
    [Fact]
    public void Who_exits_is_not_connected_any_more_and_the_others_stay()
    {
        var rooms = Live("a", "b", "c").Connect("a", "b", "c").Given("b", new RoomCommand.ExitConnection(null));

        Assert.Empty(rooms.MembersOf("b"));
        Assert.Equal(["a", "c"], rooms.MembersOf("a"));
        Assert.Equal(["b"], rooms.StageOf("b"));
        Assert.Equal([("b", HostLeaveReason.Left)], LeftIn(rooms, "a"));
        Assert.Equal([("b", HostLeaveReason.Left)], LeftIn(rooms, "b"));
    }

    [Fact]
    public void Nobody_is_left_alone_in_a_connection()
    {
        var rooms = Live("a", "b").Connect("a", "b").Given("a", new RoomCommand.ExitConnection(null));

        Assert.Null(rooms["b"].Connection);
        Assert.Equal([("a", HostLeaveReason.Left), ("b", HostLeaveReason.Alone)], LeftIn(rooms, "b"));
        Assert.Equal([("a", HostLeaveReason.Left)], LeftIn(rooms, "a"));
        Assert.True(Assert.Single(rooms.Links.Values).IsOver);
    }

    [Fact]
    public void A_room_that_ends_leaves_its_connection_first()
    {
        var rooms = Live("a", "b", "c").Connect("a", "b", "c").Given("a", new RoomCommand.EndRoom(new UserId("a")));

        rooms.Happened("a", typeof(ConnectionChanged), typeof(StageChanged), typeof(Ended))
            .Happened("b", typeof(ConnectionChanged), typeof(StageChanged));
        Assert.Equal([("a", HostLeaveReason.RoomEnded)], LeftIn(rooms, "b"));
        Assert.Equal(["b", "c"], rooms.MembersOf("c"));
    }

    [Fact]
    public void A_room_whose_host_does_not_come_back_leaves_its_connection_and_ends()
    {
        var rooms = Live("a", "b").Connect("a", "b").Given("a", Scenario.Disconnect("a"));
        rooms.After(59.9, "a");
        Assert.Equal(["a", "b"], rooms.MembersOf("b"));

        rooms.After(0.1, "a").Happened("a", typeof(ConnectionChanged), typeof(StageChanged), typeof(Ended));
        Assert.Equal([("a", HostLeaveReason.HostTimeout), ("b", HostLeaveReason.Alone)], LeftIn(rooms, "b"));
    }

    [Fact]
    public void A_room_that_waits_for_no_host_leaves_and_ends_at_once()
    {
        var rooms = Live("b").And(new RoomSettings(), new RoomOptions { HostGrace = TimeSpan.Zero }, "a").Connect("a", "b");

        rooms.Given("a", Scenario.Disconnect("a"));

        Assert.Equal(RoomPhase.Ended, rooms["a"].Phase);
        Assert.Equal([("a", HostLeaveReason.HostTimeout), ("b", HostLeaveReason.Alone)], LeftIn(rooms, "b"));
    }

    [Fact]
    public void The_backend_ends_a_connection_for_all_of_its_rooms()
    {
        var rooms = Live("a", "b", "c").Connect("a", "b", "c").Given("b", new RoomCommand.EndConnection());

        Assert.All("abc", each =>
        {
            string room = $"{each}";
            Assert.Null(rooms[room].Connection);
            Assert.Equal(
                [("a", HostLeaveReason.Removed), ("b", HostLeaveReason.Removed), ("c", HostLeaveReason.Removed)], LeftIn(rooms, room));
        });
    }

    [Fact]
    public void The_room_that_was_asked_is_told_that_the_other_has_ended()
    {
        var rooms = Live("a", "b", "c").Given("a", Ask("b", "c")).Given("a", new RoomCommand.EndRoom(null));

        rooms.Ended(RequestOutcome.RoomEnded, "b", "c").Happened("a", typeof(Ended));
    }

    [Fact]
    public void The_room_that_asked_is_told_that_the_other_has_ended()
    {
        var rooms = Live("a", "b").Given("a", Ask("b")).Given("b", new RoomCommand.EndRoom(null));

        rooms.Ended(RequestOutcome.RoomEnded, "a").Happened("b", typeof(Ended));
    }

    [Fact]
    public void A_room_that_goes_live_again_knows_nothing_of_before()
    {
        var rooms = Live("a", "b", "c").Connect("a", "b").Given("a", Ask("c")).Given("a", new RoomCommand.EndRoom(null));

        rooms.Given("a", new RoomCommand.Start(
            Scenario.Named("a"), new RoomSettings(), Scenario.Connection("a", 2), ClientPlatform.Web));

        Assert.Null(rooms["a"].Connection);
        Assert.Equal(["a"], rooms.StageOf("a"));
    }

    [Fact]
    public void Who_has_left_can_connect_again()
    {
        var rooms = Live("a", "b").Connect("a", "b").Given("a", new RoomCommand.ExitConnection(null)).Connect("b", "a");

        Assert.Equal(["b", "a"], rooms.MembersOf("a"));
        Assert.Equal(2, rooms.Links.Count);
    }

    private static IEnumerable<(string Room, HostLeaveReason Reason)> LeftIn(RoomsScenario rooms, string room) =>
        rooms.Single<ConnectionChanged>(room).Left.Select(departed => (departed.Host.RoomId.Value, departed.Reason));
}
