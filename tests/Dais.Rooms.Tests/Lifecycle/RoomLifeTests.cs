using System.Collections.Immutable;
using Dais.Rooms.Audience;
using Dais.Rooms.Layouts;
using static Dais.Rooms.RoomEvent;
using static Dais.Rooms.Tests.Scenario;

namespace Dais.Rooms.Tests.Lifecycle;

public sealed class RoomLifeTests
{
    private static RoomCommand.Start Start(RoomSettings settings) => new(Host, settings, Connection("host"), ClientPlatform.Web);

    [Fact]
    public void Going_live_seats_the_owner_on_seat_0()
    {
        var room = Unstarted().When(Start(new RoomSettings { MaxSeats = 4 }));

        room.Happened(typeof(Started), typeof(MemberJoined), typeof(SeatTaken), typeof(StageChanged)).SeatIs("host", 0);
        Assert.Equal(4, room.Room.Seats.Length);
        Assert.Equal(new Region(0, 0, 1, 1, 0), room.Room.Stage[0].Region);
    }

    [Fact]
    public void An_owner_who_is_not_kept_on_a_seat_starts_beside_the_stage() =>
        Unstarted().When(Start(new RoomSettings { KeepOwnerOnSeat = false })).Happened(typeof(Started), typeof(MemberJoined));

    [Fact]
    public void Only_a_start_starts_a_room() => Unstarted().When(Join("ann")).Refused(RoomError.RoomNotFound);

    [Fact]
    public void A_live_room_is_not_started_again() => Live().When(Start(new RoomSettings())).Refused(RoomError.RoomIdTaken);

    [Fact]
    public void A_room_that_has_ended_can_go_live_again_without_its_past()
    {
        var room = Live("ann").Given(Apply("ann"), new RoomCommand.EndRoom(Host.Id)).Given(Start(new RoomSettings()));

        Assert.Empty(room.Room.Applications);
        Assert.Single(room.Room.Members);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(11)]
    public void The_number_of_seats_is_limited(int seats) =>
        Unstarted().When(Start(new RoomSettings { MaxSeats = seats })).Refused(RoomError.TooManySeats);

    [Fact]
    public void The_host_ends_the_room()
    {
        var room = Live("ann").When(new RoomCommand.EndRoom(Host.Id));

        Assert.Equal(RoomEndReason.Host, room.Happened(typeof(Ended)).Single<Ended>().Reason);
        room.When(Join("bob")).Refused(RoomError.RoomNotFound);
        room.After(100).NothingHappened();
    }

    [Fact]
    public void The_backend_ends_the_room() =>
        Assert.Equal(RoomEndReason.Server, Live().When(new RoomCommand.EndRoom(null)).Single<Ended>().Reason);

    [Fact]
    public void Nobody_else_ends_the_room()
    {
        var room = Live("ann").Given(Join("admin", asAdmin: true));
        room.When(new RoomCommand.EndRoom(Id("ann"))).Refused(RoomError.NoPermission);
        room.When(new RoomCommand.EndRoom(Id("admin"))).Refused(RoomError.NoPermission);
    }

    [Fact]
    public void A_host_who_is_lost_is_waited_for_and_then_the_room_ends()
    {
        var room = Live("ann").After(5).When(Disconnect("host")).Happened(typeof(MemberDisconnected), typeof(PhaseChanged));
        Assert.Equal(RoomPhase.HostAway, room.Room.Phase);
        Assert.Equal(room.Now + TimeSpan.FromSeconds(60), room.Room.NextDeadline);

        room.After(59.999).NothingHappened();
        Assert.Equal(RoomEndReason.HostTimeout, room.After(0.001).Happened(typeof(Ended)).Single<Ended>().Reason);
    }

    [Fact]
    public void A_host_who_comes_back_in_time_is_live_again()
    {
        var room = Live().Given(Disconnect("host")).When(Join("host", connection: 2));

        room.Happened(typeof(MemberReturned), typeof(PhaseChanged)).SeatIs("host", 0);
        Assert.Equal(RoomPhase.Live, room.Room.Phase);
        Assert.Equal(WallClockTime.Never, room.After(100).Room.NextDeadline);
    }

    [Fact]
    public void A_host_who_leaves_is_waited_for_too()
    {
        var room = Live().After(5).When(Leave("host")).Happened(typeof(SeatLeft), typeof(StageChanged), typeof(MemberLeft), typeof(PhaseChanged));

        room.When(Join("host", connection: 2)).Happened(typeof(MemberJoined), typeof(SeatTaken), typeof(StageChanged), typeof(PhaseChanged));
    }

    [Fact]
    public void Without_grace_the_room_ends_with_its_host() =>
        Live(new RoomSettings(), new RoomOptions { HostGrace = TimeSpan.Zero }).When(Disconnect("host"))
            .Happened(typeof(SeatLeft), typeof(StageChanged), typeof(MemberLeft), typeof(Ended));

    [Fact]
    public void A_change_of_template_redraws_the_stage()
    {
        var room = Live("ann").GivenSeated("ann").When(new RoomCommand.Update(Host.Id, new RoomChanges { SeatLayoutTemplateId = 200 }));

        room.Happened(typeof(Updated), typeof(StageChanged));
        Assert.Equal(new Canvas(1280, 720), room.Room.Canvas);
    }

    [Fact]
    public void An_update_changes_what_it_names()
    {
        var room = Live(new RoomSettings { Name = "Old", Notice = "Kept" }).When(new RoomCommand.Update(Host.Id, new RoomChanges { Name = "New" }));

        room.Happened(typeof(Updated));
        Assert.Equal(("New", "Kept"), (room.Room.Settings.Name, room.Room.Settings.Notice));
        room.When(new RoomCommand.Update(Host.Id, new RoomChanges())).NothingHappened();
    }

    [Fact]
    public void The_audience_updates_nothing() =>
        Live("ann").When(new RoomCommand.Update(Id("ann"), new RoomChanges { Name = "Mine" })).Refused(RoomError.NoPermission);

    [Fact]
    public void Metadata_is_set_key_by_key_and_limited()
    {
        var room = Live(new RoomSettings { Metadata = Values(("a", "1"), ("b", "2")) });
        room.Given(Metadata(("a", ""), ("c", "3")));
        Assert.Equal(["b", "c"], room.Room.Settings.Metadata.Keys);

        room.When(Metadata([.. Enumerable.Range(0, 9).Select(key => ($"k{key}", "v"))])).Refused(RoomError.TooManyMetadataKeys);
        room.When(Metadata(("a", new string('x', 2049)))).Refused(RoomError.MetadataTooLarge);
        room.When(Metadata((new string('x', 51), "1"))).Refused(RoomError.MetadataTooLarge);
    }

    private static RoomCommand.Update Metadata(params (string Key, string Value)[] values) =>
        new(Host.Id, new RoomChanges { Metadata = Values(values) });

    private static ImmutableSortedDictionary<string, string> Values(params (string Key, string Value)[] values) =>
        values.ToImmutableSortedDictionary(value => value.Key, value => value.Value, StringComparer.Ordinal);
}
