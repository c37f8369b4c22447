using System.Collections.Immutable;
using Dais.Protocol;

namespace Dais.Client.Tests;

public sealed class RoomStateTests
{
    private static readonly User Hana = new("hana", "Hana", "");
    private static readonly User Gus = new("gus", "Gus", "");
    private static readonly User Vera = new("vera", "Vera", "");

    private static readonly RoomHost Here = new("lobby", Hana);
    private static readonly RoomHost There = new("cellar", Gus);

    private readonly RoomState _state = new(
        new RoomSnapshot(
            "lobby",
            "The lobby",
            "",
            "",
            Hana,
            0,
            RoomPhase.Live,
            600,
            new Canvas(1080, 1920),
            SeatMode.Apply,
            2,
            [new Seat(0, false, Hana, DeviceState.On, DeviceState.On, false), new Seat(1, false, null, DeviceState.Off, DeviceState.Off, false)],
            [],
            1,
            [Gus],
            ImmutableSortedDictionary<string, string>.Empty,
            Role.Audience,
            [],
            [],
            null,
            [],
            []),
        "gus",
        Seq: 10);

    [Fact]
    public void An_application_is_open_until_it_ends()
    {
        var request = Request(Gus);

        var applied = _state.Apply(new RoomNotification.SeatApplied(request) { Seq = 11 });
        Assert.Equal(request, applied.OwnApplication);

        var ended = applied.Apply(new RoomNotification.SeatApplicationEnded(request, RequestOutcome.Accepted, Hana, 0, "") { Seq = 12 });
        Assert.Empty(ended.Room.Applications);
        Assert.Null(ended.OwnApplication);
    }

    [Fact]
    public void An_invitation_is_open_until_it_ends()
    {
        var request = Request(Gus) with { Inviter = Hana };

        var invited = _state.Apply(new RoomNotification.SeatInvited(request) { Seq = 11 });
        Assert.Equal(request, invited.OwnInvitation);

        var ended = invited.Apply(new RoomNotification.SeatInvitationEnded(request, RequestOutcome.TimedOut, null, 0, "") { Seq = 12 });
        Assert.Empty(ended.Room.Invitations);
    }

    [Fact]
    public void Seats_are_replaced_by_those_that_are_told()
    {
        var seats = _state.Room.Seats.SetItem(1, new Seat(1, false, Gus, DeviceState.Off, DeviceState.Off, false));

        var seated = _state.Apply(new RoomNotification.SeatChanged(seats, [Gus], []) { Seq = 11 });

        Assert.Equal(1, seated.OwnSeat!.Index);
        Assert.Null(_state.OwnSeat);
    }

    [Fact]
    public void A_request_of_this_room_to_another_is_sent_until_it_ends()
    {
        var request = HostRequest("h-1", from: Here, to: There);

        var requested = _state.Apply(new RoomNotification.CoHostRequested(request) { Seq = 11 });
        Assert.Equal([request], requested.Room.SentHostRequests);
        Assert.Empty(requested.Room.ReceivedHostRequests);

        var ended = requested.Apply(new RoomNotification.CoHostRequestEnded(request, RequestOutcome.TimedOut, 0) { Seq = 12 });
        Assert.Empty(ended.Room.SentHostRequests);
    }

    [Fact]
    public void Requests_of_other_rooms_queue_in_the_order_they_came()
    {
        var first = HostRequest("h-1", from: There, to: Here);
        var second = HostRequest("h-2", from: new RoomHost("attic", Vera), to: Here);

        var requested = _state
            .Apply(new RoomNotification.CoHostRequested(first) { Seq = 11 })
            .Apply(new RoomNotification.CoHostRequested(second) { Seq = 12 });
        Assert.Equal([first, second], requested.Room.ReceivedHostRequests);
        Assert.Empty(requested.Room.SentHostRequests);

        var ended = requested.Apply(new RoomNotification.CoHostRequestEnded(first, RequestOutcome.Rejected, 0) { Seq = 13 });
        Assert.Equal([second], ended.Room.ReceivedHostRequests);
    }

    [Fact]
    public void The_connection_is_replaced_by_the_one_that_is_told()
    {
        var connection = new HostConnection("c-1", 601, [Here, There], []);

        var connected = _state.Apply(new RoomNotification.CoHostChanged(connection, [There], []) { Seq = 11 });
        Assert.Same(connection, connected.Room.Connection);

        var departed = new DepartedHost(There.RoomId, There.Host, HostLeaveReason.Left);
        Assert.Null(connected.Apply(new RoomNotification.CoHostChanged(null, [], [departed]) { Seq = 12 }).Room.Connection);
    }

    [Fact]
    public void A_remote_host_is_a_place_on_stage_like_any_other()
    {
        var own = new StageEntry(0, "lobby", 0, Hana, DeviceState.On, DeviceState.On, new Region(0, 0, 0.5, 1, 0));

        // The same user may be host of the one room and sit in the other.
        var remote = own with { Slot = 1, RoomId = "cellar" };
        var changed = _state.Apply(new RoomNotification.StageChanged([own, remote], new Canvas(1, 2)) { Seq = 11 });

        Assert.Equal(own, changed.StageEntryOf(Here));
        Assert.Equal(remote, changed.StageEntryOf(new RoomHost("cellar", Hana)));
        Assert.Null(changed.StageEntryOf(There));
    }

    [Fact]
    public void Who_is_no_longer_admin_keeps_only_the_own_requests()
    {
        var demoted = _state
            .Apply(new RoomNotification.SeatApplied(Request(Gus)) { Seq = 11 })
            .Apply(new RoomNotification.SeatApplied(Request(Vera)) { Seq = 12 })
            .Apply(new RoomNotification.CoHostRequested(HostRequest("h-1", There, Here)) { Seq = 13 })
            .Apply(new RoomNotification.MemberRoleChanged(Gus, Role.Audience) { Seq = 14 });

        Assert.Equal("gus", Assert.Single(demoted.Room.Applications).User.UserId);
        Assert.Empty(demoted.Room.ReceivedHostRequests);
    }

    [Fact]
    public void The_stage_is_replaced_by_the_one_that_is_told()
    {
        StageEntry[] stage = [new StageEntry(0, "lobby", 1, Gus, DeviceState.On, DeviceState.Off, new Region(0, 0, 1, 1, 0))];

        var changed = _state.Apply(new RoomNotification.StageChanged([.. stage], new Canvas(1, 2)) { Seq = 11 });

        Assert.Equal(stage, changed.Room.Stage);
        Assert.Equal(stage[0], changed.OwnStageEntry);
        Assert.Equal(new Canvas(1, 2), changed.Room.Canvas);
    }

    [Fact]
    public void Members_who_join_are_first_and_counted_and_the_host_is_not()
    {
        var joined = _state
            .Apply(new RoomNotification.AudienceJoined(Vera, Role.Audience) { Seq = 11 })
            .Apply(new RoomNotification.AudienceJoined(Hana, Role.Host) { Seq = 12 });

        Assert.Equal([Vera, Gus], joined.Room.Audience);
        Assert.Equal(2, joined.Room.AudienceCount);
    }

    [Fact]
    public void Members_who_leave_are_gone_and_only_oneself_kicked_closes_the_room()
    {
        var left = _state.Apply(new RoomNotification.AudienceLeft(Vera, Role.Audience, MemberLeaveReason.Kicked, default) { Seq = 11 });
        Assert.Equal((0, null), (left.Room.AudienceCount, left.Closed));

        var kicked = left.Apply(new RoomNotification.AudienceLeft(Gus, Role.Audience, MemberLeaveReason.Kicked, default) { Seq = 12 });
        Assert.Empty(kicked.Room.Audience);
        Assert.Equal((0, RoomCloseReason.Kicked), (kicked.Room.AudienceCount, kicked.Closed));
    }

    [Fact]
    public void The_audience_is_replaced_by_the_sample_that_is_told()
    {
        var changed = _state.Apply(new RoomNotification.AudienceChanged(700, [Vera]) { Seq = 11 });

        Assert.Equal(700, changed.Room.AudienceCount);
        Assert.Equal([Vera], changed.Room.Audience);
    }

    [Fact]
    public void Only_the_own_role_changes_the_role()
    {
        var changed = _state.Apply(new RoomNotification.MemberRoleChanged(Vera, Role.Admin) { Seq = 11 });
        Assert.Equal(Role.Audience, changed.Room.Role);

        Assert.Equal(Role.Admin, changed.Apply(new RoomNotification.MemberRoleChanged(Gus, Role.Admin) { Seq = 12 }).Room.Role);
    }

    [Fact]
    public void The_phase_changes() =>
        Assert.Equal(RoomPhase.HostAway, _state.Apply(new RoomNotification.PhaseChanged(RoomPhase.HostAway) { Seq = 11 }).Room.Phase);

    [Fact]
    public void An_update_changes_what_it_names_and_nothing_else()
    {
        var changes = new RoomUpdatedData(Notice: "Welcome", SeatMode: SeatMode.Free);

        var updated = _state.Apply(new RoomNotification.Updated(changes) { Seq = 11 });

        Assert.Equal(("The lobby", "Welcome", SeatMode.Free), (updated.Room.Name, updated.Room.Notice, updated.Room.SeatMode));
    }

    [Theory]
    [InlineData(RoomEndReason.Host, RoomCloseReason.Host)]
    [InlineData(RoomEndReason.Server, RoomCloseReason.Server)]
    [InlineData(RoomEndReason.HostTimeout, RoomCloseReason.HostTimeout)]
    public void The_end_of_the_room_ends_every_request(RoomEndReason reason, RoomCloseReason closed)
    {
        var ended = _state
            .Apply(new RoomNotification.SeatApplied(Request(Gus)) { Seq = 11 })
            .Apply(new RoomNotification.SeatInvited(Request(Vera)) { Seq = 12 })
            .Apply(new RoomNotification.CoHostRequested(HostRequest("h-1", Here, There)) { Seq = 13 })
            .Apply(new RoomNotification.CoHostRequested(HostRequest("h-2", There, Here)) { Seq = 14 })
            .Apply(new RoomNotification.Ended(reason) { Seq = 15 });

        Assert.Empty(ended.Room.SentHostRequests);
        Assert.Empty(ended.Room.ReceivedHostRequests);
        Assert.Empty(ended.Room.Applications);
        Assert.Empty(ended.Room.Invitations);
        Assert.Equal(closed, ended.Closed);
    }

    [Fact]
    public void What_the_state_already_contains_changes_nothing() =>
        Assert.Same(_state, _state.Apply(new RoomNotification.SeatApplied(Request(Gus)) { Seq = 10 }));

    [Fact]
    public void A_snapshot_replaces_the_state_even_by_an_older_one()
    {
        var synced = _state.Apply(new RoomNotification.Synced(_state.Room with { Name = "Another" }) { Seq = 5 });

        Assert.Equal(("Another", 5), (synced.Room.Name, synced.Seq));
    }

    [Fact]
    public void Being_closed_on_this_side_keeps_the_first_reason()
    {
        var closed = _state
            .Apply(new RoomNotification.Closed(RoomCloseReason.Left))
            .Apply(new RoomNotification.Closed(RoomCloseReason.Gone));

        Assert.Equal(RoomCloseReason.Left, closed.Closed);
    }

    [Fact]
    public void Every_type_of_the_contract_can_be_read()
    {
        var unknown = new RoomEventEnvelope("lobby", 1, 0, "no.such", default);
        Assert.False(RoomNotification.TryRead(unknown, out _));
        Assert.All(Notifications.All, type => Assert.True(RoomNotification.Knows(type.Type)));
    }

    private static HostRequest HostRequest(string requestId, RoomHost from, RoomHost to) => new(requestId, from, to, 600, "", null);

    private static SeatRequest Request(User user) => new($"r-{user.UserId}", user, null, -1, 0, null, "");
}
