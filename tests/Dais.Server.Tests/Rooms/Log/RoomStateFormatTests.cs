using System.Collections.Immutable;
using Dais.Rooms;
using Dais.Rooms.Messages;
using Dais.Rooms.Seats;
using Dais.Rooms.Tests;
using Dais.Rooms.Tests.Connections;
using Dais.Rooms.Tests.Properties;
using Dais.Server.Rooms.Log;
using Dais.Server.Storage;

namespace Dais.Server.Tests.Rooms.Log;

public sealed class RoomStateFormatTests
{
    private static readonly RoomOptions Options = new() { MembersAnnounced = 4 };

    [Fact]
    public void A_room_is_stored_as_the_golden_file_says() =>
        Golden.Check("state.txt", [$"v{RoomStateFormat.Version} {Convert.ToHexString(RoomStateFormat.ToStored(Sample()))}"]);

    [Fact]
    public void A_stored_room_is_read_as_it_was()
    {
        string[] parts = Golden.Lines("state.txt").Single().Split(' ');
        var stored = new Snapshot(1, ushort.Parse(parts[0][1..]), Convert.FromHexString(parts[1]));

        var room = RoomStateFormat.FromStored(new RoomId("room"), Options, stored);

        Assert.Equal(parts[1], Convert.ToHexString(RoomStateFormat.ToStored(room)));
    }

    [Fact]
    public void A_room_stored_before_rooms_could_be_connected_is_read_as_one_that_is_not()
    {
        string[] parts = Golden.Lines("state.v1.txt").Single().Split(' ');
        var stored = new Snapshot(1, 1, Convert.FromHexString(parts[1]));

        var room = RoomStateFormat.FromStored(new RoomId("room"), Options, stored);

        Assert.Null(room.Connection);
        Assert.Empty(room.SentHostRequests);
        Assert.Empty(room.ReceivedHostRequests);
        Assert.Equal(parts[1] + "0000000000000000", Convert.ToHexString(RoomStateFormat.ToStored(room)));
    }

    [Fact]
    public void A_room_stored_before_there_were_messages_is_read_as_one_without()
    {
        string[] parts = Golden.Lines("state.v2.txt").Single().Split(' ');
        var stored = new Snapshot(1, 2, Convert.FromHexString(parts[1]));

        var room = RoomStateFormat.FromStored(new RoomId("room"), Options, stored);

        Assert.Empty(room.Messages.All);
        Assert.False(room.Settings.MessagesDisabled);
        Assert.Equal(parts[1] + "0000000000", Convert.ToHexString(RoomStateFormat.ToStored(room)));
    }

    [Fact]
    public void A_connected_room_is_stored_as_the_golden_file_says() =>
        Golden.Check("state.connected.txt", [$"v{RoomStateFormat.Version} {Convert.ToHexString(RoomStateFormat.ToStored(Connected()))}"]);

    [Fact]
    public void A_stored_connected_room_is_read_as_it_was()
    {
        byte[] stored = RoomStateFormat.ToStored(Connected());

        var room = RoomStateFormat.FromStored(new RoomId("room"), Options, new Snapshot(1, RoomStateFormat.Version, stored));

        Assert.Equal(stored, RoomStateFormat.ToStored(room));
        Assert.Equal(3, room.Connection!.Members.Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_restored_room_decides_as_the_one_that_lived_on(int seed)
    {
        var random = new SeededRandom((ulong)seed);
        var commands = new RandomCommands(random);
        var room = Room.Unstarted(new RoomId("room"), Options);
        var restored = room;
        var now = SampleEvents.At;
        for (int step = 0; step < 4_000; step++)
        {
            now += TimeSpan.FromMilliseconds(random.Pick(0, 1, 100, 900, 3000));
            var command = commands.Next(room);
            var decision = room.Decide(command, now);
            var again = restored.Decide(command, now);

            Assert.Equal(Bytes(decision), Bytes(again));
            Assert.Equal(room.NextDeadline, restored.NextDeadline);
            room = decision.Events.Aggregate(room, (before, happened) => before.Apply(happened));
            Assert.Equal(decision.Events.IsEmpty, decision.After is null);
            Assert.Equal(RoomStateFormat.ToStored(room), RoomStateFormat.ToStored(decision.After ?? room));
            restored = again.Events.Aggregate(restored, (before, happened) => before.Apply(RoundTrip(happened)));
            if (random.Chance(20))
            {
                restored = RoomStateFormat.FromStored(room.Id, Options, new Snapshot(1, RoomStateFormat.Version, RoomStateFormat.ToStored(restored)));
            }

            Assert.Equal(RoomStateFormat.ToStored(room), RoomStateFormat.ToStored(restored));
        }
    }

    [Fact]
    public void A_version_of_a_later_server_is_refused_with_a_sentence()
    {
        var refusal = Assert.Throws<EventLogException>(
            () => RoomStateFormat.FromStored(new RoomId("room"), Options, new Snapshot(1, RoomStateFormat.Version + 1, new byte[] { 1 })));

        Assert.Equal(
            "The event log holds a room in version 4, which this version of Dais does not know. "
            + "Start the version that wrote it, or move the data path away to begin with nothing.",
            refusal.Message);
    }

    [Fact]
    public void A_room_that_is_cut_anywhere_is_refused()
    {
        byte[] stored = RoomStateFormat.ToStored(Sample());
        for (int length = 0; length < stored.Length; length++)
        {
            var cut = new Snapshot(1, RoomStateFormat.Version, stored.AsMemory(0, length));
            Assert.Throws<EventLogException>(() => RoomStateFormat.FromStored(new RoomId("room"), Options, cut));
        }
    }

    private static Room Sample() => Scenario.Live(
            new RoomSettings { Name = "Sample", Metadata = new RoomSettings().Metadata.Add("k", "v") }, Options, "ann", "bob", "cid", "dan")
        .GivenSeated("ann")
        .Given(
            new RoomCommand.SetDevices(new UserId("ann"), true, true),
            new RoomCommand.OrderDevices(new UserId("host"), new UserId("ann"), null, DeviceOrder.Lock),
            Scenario.Apply("bob", seat: 3),
            Scenario.Invite("cid"),
            new RoomCommand.SetAdmin(new UserId("host"), new UserId("dan"), true),
            new RoomCommand.LockSeat(new UserId("host"), 5, true),
            new RoomCommand.SetMessageDisabled(null, new UserId("cid"), true),
            new RoomCommand.SetPresence(
                new UserId("dan"), ImmutableSortedDictionary<string, string?>.Empty.Add("mood", "happy")),
            new RoomCommand.SendMessage(
                new UserId("dan"), new MessageId("m1"), new MessageContent(MessageKind.Text, "hello"), [], 20),
            new RoomCommand.SendMessage(
                new UserId("ann"), new MessageId("m2"), new MessageContent(MessageKind.Custom, null, "{}", "t"), [new UserId("bob")], 21),
            new RoomCommand.Update(null, new RoomChanges { MessagesDisabled = true }),
            Scenario.Disconnect("host"),
            Scenario.Disconnect("ann")).Room;

    /// <summary>Connected with two rooms, one of them silenced, having asked one more and been asked by another.</summary>
    private static Room Connected()
    {
        var rooms = RoomsScenario.Live("room", "b", "c", "d", "e").Connect("room", "b", "c");
        rooms.Given("room", new RoomCommand.MuteRemoteAudio(null, new RoomId("b"), true));
        rooms.Given("room", RoomsScenario.Ask("d")).Given("e", RoomsScenario.Ask("room"));
        return rooms["room"];
    }

    private static string Bytes(Decision decision) => $"{decision.Error} {decision.Request} {decision.Seated} " + string.Join(
        ' ', decision.Events.Select(happened => Convert.ToHexString(RoomEventFormat.ToStored(happened, SampleEvents.At).Body.Span)));

    private static RoomEvent RoundTrip(RoomEvent happened)
    {
        var stored = RoomEventFormat.ToStored(happened, SampleEvents.At);
        return RoomEventFormat.FromStored(new LogEvent(1, stored.Type, stored.Version, stored.At, stored.Body, null));
    }
}
