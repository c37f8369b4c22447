using Dais.Rooms.Audience;
using Dais.Rooms.Seats;
using static Dais.Rooms.RoomEvent;
using static Dais.Rooms.Tests.Scenario;

namespace Dais.Rooms.Tests.Audience;

public sealed class PresenceTests
{
    [Fact]
    public void Everybody_hears_of_a_join_and_the_count_in_a_small_room()
    {
        var room = Live().When(Join("ann"));

        Assert.Equal(Announcement.Everybody, room.Happened(typeof(MemberJoined), typeof(AudienceCounted)).Single<MemberJoined>().To);
        Assert.Equal(1, room.Single<AudienceCounted>().Count);
    }

    [Fact]
    public void Above_the_limit_only_hosts_and_admins_hear_of_joins_and_leaves()
    {
        var room = Live(new RoomSettings(), new RoomOptions { MembersAnnounced = 3 }, "ann", "bob").When(Join("eve"));
        Assert.Equal(Announcement.HostsAndAdmins, room.Single<MemberJoined>().To);

        Assert.Equal(Announcement.HostsAndAdmins, room.When(Leave("eve")).Single<MemberLeft>().To);
        Assert.Equal(Announcement.Everybody, room.When(Leave("bob")).Single<MemberLeft>().To);
    }

    [Fact]
    public void The_audience_is_counted_at_most_once_a_second_and_only_when_it_has_changed()
    {
        var room = Live("ann").When(Join("bob")).Happened(typeof(MemberJoined));
        Assert.Equal(room.Now + TimeSpan.FromSeconds(1), room.Room.NextDeadline);

        Assert.Equal(2, room.After(1).Happened(typeof(AudienceCounted)).Single<AudienceCounted>().Count);
        Assert.Equal(WallClockTime.Never, room.Room.NextDeadline);
        room.After(1).NothingHappened();
    }

    [Fact]
    public void The_host_is_not_part_of_the_audience()
    {
        var room = Live("ann");

        Assert.Equal(1, room.Room.AudienceCount);
        Assert.Equal(["ann"], room.Room.Audience(200).Select(member => member.User.Id.Value));
    }

    [Fact]
    public void The_audience_is_listed_latest_first_in_pages()
    {
        var room = Live("ann", "bob", "eve").Room;

        var page = room.Audience(2);
        Assert.Equal(["eve", "bob"], page.Select(member => member.User.Id.Value));
        Assert.Equal(["ann"], room.Audience(2, page[^1].JoinNumber).Select(member => member.User.Id.Value));
    }

    [Fact]
    public void A_viewer_whose_connection_is_lost_stays_for_the_grace()
    {
        var room = Live("ann").After(7).When(Disconnect("ann")).Happened(typeof(MemberDisconnected));

        room.After(9.999).NothingHappened();
        var left = room.After(0.001).Happened(typeof(MemberLeft), typeof(AudienceCounted)).Single<MemberLeft>();
        Assert.Equal((MemberLeaveReason.ConnectionLost, TimeSpan.FromSeconds(17)), (left.Reason, left.Duration));
        Assert.Equal(WallClockTime.Never, room.Room.NextDeadline);
    }

    [Fact]
    public void A_viewer_who_is_back_in_time_has_neither_left_nor_joined()
    {
        var room = Live("ann").After(7).Given(Disconnect("ann")).After(9).When(Join("ann")).Happened(typeof(MemberReturned));

        Assert.Equal(WallClockTime.Never, room.Room.NextDeadline);
        room.After(60).NothingHappened();
    }

    [Fact]
    public void A_viewer_who_said_goodbye_leaves_at_once()
    {
        var left = Live("ann").After(7).When(Disconnect("ann") with { MayReturn = false })
            .Happened(typeof(MemberLeft), typeof(AudienceCounted)).Single<MemberLeft>();

        Assert.Equal(MemberLeaveReason.Left, left.Reason);
    }

    [Fact]
    public void Without_a_grace_a_viewer_whose_connection_is_lost_leaves_at_once() =>
        Live(new RoomSettings(), new RoomOptions { AudienceGrace = TimeSpan.Zero }, "ann").After(1).When(Disconnect("ann"))
            .Happened(typeof(MemberLeft), typeof(AudienceCounted));

    [Fact]
    public void Viewers_lose_their_places_in_the_order_they_were_lost()
    {
        var room = Live("ann", "bob", "eve").After(1)
            .Given(Disconnect("eve")).After(1).Given(Disconnect("ann"), Disconnect("bob")).After(20);

        Assert.Equal(["eve", "ann", "bob"], room.Events.OfType<MemberLeft>().Select(left => left.Member.User.Id.Value));
    }

    [Fact]
    public void Whoever_is_seated_while_away_is_shown_so_and_loses_the_seat_with_the_place()
    {
        var room = Live("ann").Given(Apply("ann")).After(1).Given(Disconnect("ann"), Accept("ann")).SeatIs("ann", 1);

        Assert.NotNull(room.Room.MemberOf(Id("ann"))!.ReturnBy);
        room.After(10).SeatIs("ann", null);
        Assert.Equal(SeatLeaveReason.TimedOut, room.Single<SeatLeft>().Reason);
    }

    [Fact]
    public void The_newer_connection_replaces_the_older()
    {
        var room = Live("ann").GivenSeated("ann").When(Join("ann", connection: 2));

        var replaced = room.Happened(typeof(MemberReplaced)).SeatIs("ann", 1).Single<MemberReplaced>();
        Assert.Equal((Connection("ann", 1), Connection("ann", 2)), (replaced.Replaced, replaced.Connection));
        room.When(Disconnect("ann", connection: 1)).NothingHappened();
        room.When(Leave("ann", connection: 1)).Refused(RoomError.UserNotInRoom);
    }

    [Fact]
    public void Joining_twice_through_one_connection_is_joining_once() => Live("ann").When(Join("ann")).NothingHappened();

    [Fact]
    public void A_kicked_member_leaves_by_whoever_kicked()
    {
        var room = Live("ann").After(5).When(new RoomCommand.KickMember(Host.Id, Id("ann")));

        var left = room.Happened(typeof(MemberLeft), typeof(AudienceCounted)).Single<MemberLeft>();
        Assert.Equal((MemberLeaveReason.Kicked, Host), (left.Reason, left.By));
    }

    [Fact]
    public void The_backend_may_kick_but_not_the_host()
    {
        Live("ann").Given(new RoomCommand.KickMember(null, Id("ann")));
        Live().When(new RoomCommand.KickMember(null, Host.Id)).Refused(RoomError.NoPermission);
    }

    [Fact]
    public void A_full_room_takes_nobody_but_its_owner()
    {
        var options = new RoomOptions { Limits = new RoomLimits { MembersMax = 1 } };
        var room = Live(new RoomSettings(), options, "ann");
        room.When(Join("bob")).Refused(RoomError.RoomFull);
        room.Given(Leave("host"), Join("host", connection: 2));
    }

    [Fact]
    public void The_host_names_admins_and_they_stay_admins_when_they_come_again()
    {
        var room = Live("ann").When(new RoomCommand.SetAdmin(Host.Id, Id("ann"), true));
        Assert.Equal(Role.Admin, room.Happened(typeof(RoleChanged)).Single<RoleChanged>().Role);

        room.Given(Leave("ann"), Join("ann", connection: 2));
        Assert.Equal(Role.Admin, room.Room.MemberOf(Id("ann"))!.Role);
        room.When(new RoomCommand.SetAdmin(Id("ann"), Id("ann"), false)).Refused(RoomError.NoPermission);
    }

    [Fact]
    public void Devices_of_a_guest_are_part_of_the_stage()
    {
        var room = Live("ann").GivenSeated("ann").When(new RoomCommand.SetDevices(Id("ann"), true, true));

        room.Happened(typeof(DevicesChanged), typeof(StageChanged));
        Assert.Equal(DeviceState.On, room.Room.Stage[1].Camera);
        room.When(new RoomCommand.SetDevices(Id("ann"), true, null)).NothingHappened();
        room.When(new RoomCommand.SetDevices(Id("ann"), null, false)).Happened(typeof(DevicesChanged), typeof(StageChanged));
    }

    [Fact]
    public void Devices_of_a_viewer_change_nothing_on_stage() =>
        Live("ann").When(new RoomCommand.SetDevices(Id("ann"), true, true)).Happened(typeof(DevicesChanged));
}
