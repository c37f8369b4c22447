using Dais.Rooms.Audience;
using Dais.Rooms.Layouts;
using Dais.Rooms.Seats;
using static Dais.Rooms.RoomEvent;
using static Dais.Rooms.Tests.Connections.RoomsScenario;

namespace Dais.Rooms.Tests.Connections;

public sealed class RemoteHostTests
{
    private static readonly UserId A = new("a");

    [Fact]
    public void The_stage_is_ones_own_people_and_then_the_hosts_of_the_others()
    {
        var rooms = Live("a", "b", "c").Given("b", Scenario.Join("ann")).Given("b", Scenario.Invite("ann", by: "b"))
            .Given("b", new RoomCommand.AcceptInvitation(new UserId("ann"))).Connect("a", "b", "c");

        Assert.Equal(["a", "b", "c"], rooms.StageOf("a"));
        Assert.Equal(["b", "b", "a", "c"], rooms.StageOf("b"));
        Assert.Equal([0, 1, 2, 3], rooms["b"].Stage.Select(entry => entry.Slot));
        Assert.Equal(["b", "ann", "a", "c"], rooms["b"].Stage.Select(entry => entry.User.Id.Value));
    }

    [Fact]
    public void What_the_host_does_with_the_devices_shows_in_the_other_rooms()
    {
        var rooms = Live("a", "b").Connect("a", "b").Given("a", new RoomCommand.SetDevices(A, true, true));
        Assert.Equal((DeviceState.On, DeviceState.On), Devices(rooms, "b"));

        rooms.Given("a", new RoomCommand.SetDevices(A, false, null));
        Assert.Equal((DeviceState.Off, DeviceState.On), Devices(rooms, "b"));
    }

    [Fact]
    public void A_host_who_is_away_keeps_the_place_with_the_devices_off()
    {
        var rooms = Live("a", "b").Connect("a", "b").Given("a", new RoomCommand.SetDevices(A, true, true))
            .Given("a", Scenario.Disconnect("a"));
        Assert.Equal(["b", "a"], rooms.StageOf("b"));
        Assert.Equal((DeviceState.Off, DeviceState.Off), Devices(rooms, "b"));

        rooms.Given("a", Scenario.Join("a", connection: 2));
        Assert.Equal((DeviceState.On, DeviceState.On), Devices(rooms, "b"));
    }

    [Fact]
    public void A_host_who_leaves_the_stage_is_on_none_and_comes_back_on_the_lowest_free_slot()
    {
        var rooms = Live("a", "b", "c").Connect("b", "a", "c");
        Assert.Equal([0, 1, 2], rooms["b"].Stage.Select(entry => entry.Slot));

        rooms.Given("a", new RoomCommand.LeaveSeat(A));
        Assert.Equal(["b", "c"], rooms.StageOf("b"));
        Assert.Equal([0, 2], rooms["b"].Stage.Select(entry => entry.Slot));

        rooms.Given("b", Scenario.Join("ann")).Given("b", Scenario.Invite("ann", by: "b"))
            .Given("b", new RoomCommand.AcceptInvitation(new UserId("ann")));
        rooms.Given("a", new RoomCommand.TakeSeat(A, 0));
        Assert.Equal([("b", 0), ("ann", 1), ("a", 3), ("c", 2)], rooms["b"].Stage.Select(entry => (entry.User.Id.Value, entry.Slot)));
    }

    [Fact]
    public void Who_moves_to_another_seat_keeps_the_slot()
    {
        var rooms = Live("a", "b").Connect("a", "b")
            .Given("a", new RoomCommand.MoveSeat(A, A, 4, MovePolicy.Abort));

        Assert.Equal((4, 1), (rooms["b"].Stage[1].SeatIndex, rooms["b"].Stage[1].Slot));
    }

    [Fact]
    public void What_is_told_of_a_room_that_is_not_connected_changes_nothing()
    {
        var rooms = Live("a", "b", "c").Connect("a", "b");

        rooms.When("b", new RoomCommand.RemoteHostChanged(Id("c"), rooms["c"].HostFacts)).Happened("b");
        rooms.When("b", new RoomCommand.RemoteHostChanged(Id("b"), rooms["a"].HostFacts)).Happened("b");
        rooms.When("b", new RoomCommand.RemoteHostChanged(Id("a"), rooms["a"].HostFacts)).Happened("b");
        rooms.When("c", new RoomCommand.RemoteHostChanged(Id("a"), rooms["a"].HostFacts)).Happened("c");
    }

    [Fact]
    public void A_silenced_room_is_silent_in_this_one_alone()
    {
        var rooms = Live("a", "b", "c").Connect("a", "b", "c").Given("a", new RoomCommand.MuteRemoteAudio(A, Id("b"), true));

        rooms.Happened("a", typeof(ConnectionChanged)).Happened("b").Happened("c");
        Assert.Equal(["b"], rooms["a"].Connection!.MutedRooms.Select(room => room.Value));
        Assert.Empty(rooms["c"].Connection!.MutedRooms);

        rooms.When("a", new RoomCommand.MuteRemoteAudio(A, Id("b"), true)).Happened("a");
        rooms.Given("a", new RoomCommand.MuteRemoteAudio(A, Id("b"), false));
        Assert.Empty(rooms["a"].Connection!.MutedRooms);
    }

    [Fact]
    public void A_room_that_leaves_and_comes_again_is_heard()
    {
        var rooms = Live("a", "b", "c").Connect("a", "b", "c")
            .Given("a", new RoomCommand.MuteRemoteAudio(A, Id("b"), true))
            .Given("a", new RoomCommand.MuteRemoteAudio(A, Id("c"), true))
            .Given("b", new RoomCommand.ExitConnection(null));
        Assert.Equal(["c"], rooms["a"].Connection!.MutedRooms.Select(room => room.Value));

        rooms.Connect("c", "b");
        Assert.Equal(["c"], rooms["a"].Connection!.MutedRooms.Select(room => room.Value));
    }

    [Theory]
    [InlineData(600, 720)]
    [InlineData(601, 720)]
    [InlineData(400, 1280)]
    [InlineData(2, 720)]
    public void The_template_of_the_connection_draws_the_stage_while_there_is_one(int template, int width)
    {
        var rooms = Live("a", "b").And(new RoomSettings { SeatLayoutTemplateId = 801 }, "x")
            .Given("x", Ask("a") with { LayoutTemplateId = template }).Given("a", Accept("x"));

        Assert.All("ax", each =>
        {
            string room = $"{each}";
            Assert.Equal(width, rooms[room].Canvas.Width);
            Assert.Equal(StageLayout.Regions(template, [0, 1]), rooms[room].Stage.Select(entry => entry.Region));
        });
        rooms.Given("b", Ask("a") with { LayoutTemplateId = 999 }).Given("a", Accept("b"));
        Assert.Equal(template, rooms["b"].Connection!.LayoutTemplateId);

        rooms.Given("x", new RoomCommand.ExitConnection(null));
        Assert.Equal(StageLayout.Regions(801, [0]), rooms["x"].Stage.Select(entry => entry.Region));
    }

    [Fact]
    public void Changing_the_rooms_own_template_shows_when_the_connection_is_over()
    {
        var rooms = Live("a", "b").Connect("a", "b")
            .Given("a", new RoomCommand.Update(A, new RoomChanges { SeatLayoutTemplateId = 400 }));
        rooms.Happened("a", typeof(Updated));

        rooms.Given("a", new RoomCommand.ExitConnection(A));
        Assert.Equal(1280, rooms["a"].Canvas.Width);
    }

    private static (DeviceState Microphone, DeviceState Camera) Devices(RoomsScenario rooms, string room)
    {
        var remote = Assert.Single(rooms[room].Stage, entry => entry.RoomId != rooms[room].Id);
        return (remote.Microphone, remote.Camera);
    }
}
