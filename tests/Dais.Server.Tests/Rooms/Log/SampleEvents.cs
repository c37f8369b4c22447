using Dais.Rooms;
using Dais.Rooms.Audience;
using Dais.Rooms.Connections;
using Dais.Rooms.Guests;
using Dais.Rooms.Layouts;
using Dais.Rooms.Messages;
using Dais.Rooms.Seats;
using static Dais.Rooms.RoomEvent;

namespace Dais.Server.Tests.Rooms.Log;

/// <summary>At least one event of every kind, with every field that may be missing both there and missing.</summary>
internal static class SampleEvents
{
    internal static readonly WallClockTime At = new(1_790_000_000_123);

    private static readonly User Hana = new(new UserId("hana"), "Hana 花", "https://example.org/hana.png");
    private static readonly User Gus = new(new UserId("gus"), "", "");

    private static readonly Member Guest = new(Gus, Role.Audience, new ConnectionId("c1"), ClientPlatform.Web, At, 300);

    private static readonly SeatRequest Application =
        new(new RequestId("r1"), Gus, null, SeatRequest.AnySeat, At, WallClockTime.Never, "please");

    private static readonly SeatRequest Invitation =
        new(new RequestId("r2"), Gus, Hana, 3, At, new WallClockTime(1_790_000_030_123), "");

    private static readonly RoomHost Lobby = new(new RoomId("lobby"), Hana);
    private static readonly RoomHost Attic = new(new RoomId("attic"), Gus);

    private static readonly HostRequest Asking =
        new(new RequestId("r3"), Lobby, Attic, 601, "duet?", At, new WallClockTime(1_790_000_030_123));

    private static readonly ConnectedRoom Remote =
        new(Attic.RoomId, new HostFacts(Gus, 0, DeviceState.On, DeviceState.Locked), 3);

    private static readonly ConnectedRoom Own =
        new(Lobby.RoomId, new HostFacts(Hana, null, DeviceState.Off, DeviceState.Off), null);

    internal static readonly (string Name, LinkEvent Event)[] Links =
    [
        ("Started", new LinkEvent.Started(600)),
        ("Joined", new LinkEvent.Joined(Lobby)),
        ("Left", new LinkEvent.Left(Attic, HostLeaveReason.HostTimeout)),
        ("Ended", new LinkEvent.Ended()),
    ];

    internal static readonly (string Name, RoomEvent Event)[] All =
    [
        ("Started", new Started(
            Hana,
            new RoomSettings
            {
                Name = "The lobby",
                Notice = "Be kind",
                CoverUrl = "https://example.org/cover.png",
                SeatLayoutTemplateId = 801,
                MaxSeats = 9,
                SeatMode = SeatMode.Free,
                KeepOwnerOnSeat = false,
                IsPublic = false,
                AllowGuestsWhileConnected = false,
                Metadata = new RoomSettings().Metadata.Add("a", "1").Add("b", "2"),
            },
            At)),
        ("Started, plain", new Started(Gus, new RoomSettings(), At)),
        ("Updated, everything", new Updated(new RoomChanges
        {
            Name = "New",
            Notice = "",
            CoverUrl = "x",
            SeatLayoutTemplateId = 600,
            SeatMode = SeatMode.Apply,
            Metadata = new RoomSettings().Metadata.Add("a", ""),
        })),
        ("Updated, nothing", new Updated(new RoomChanges())),
        ("PhaseChanged, away", new PhaseChanged(RoomPhase.HostAway, At)),
        ("PhaseChanged, live", new PhaseChanged(RoomPhase.Live, null)),
        ("Ended", new Ended(RoomEndReason.Host, Hana)),
        ("Ended, nobody", new Ended(RoomEndReason.HostTimeout, null)),
        ("StageChanged", new StageChanged(
            [new StageEntry(1, new RoomId("lobby"), 2, Gus, DeviceState.On, DeviceState.Locked, new Region(0.25, 0, 0.5, 1, 7))],
            new Canvas(720, 1280))),
        ("StageChanged, empty", new StageChanged([], new Canvas(1280, 720))),
        ("MemberJoined", new MemberJoined(Guest, Announcement.Everybody)),
        ("MemberJoined, host", new MemberJoined(
            new Member(Hana, Role.Host, new ConnectionId("c2"), ClientPlatform.Android, At, 1)
            {
                Microphone = DeviceState.On,
                Camera = DeviceState.Locked,
                ReturnBy = At,
            },
            Announcement.Nobody)),
        ("MemberReplaced", new MemberReplaced(Gus, new ConnectionId("c1"), new ConnectionId("c3"), ClientPlatform.Ios)),
        ("MemberDisconnected", new MemberDisconnected(Gus, At)),
        ("MemberReturned", new MemberReturned(Gus, new ConnectionId("c4"), ClientPlatform.MacOs)),
        ("MemberLeft", new MemberLeft(Guest, MemberLeaveReason.ConnectionLost, null, At, Announcement.HostsAndAdmins)),
        ("MemberLeft, kicked", new MemberLeft(Guest, MemberLeaveReason.Kicked, Hana, At, Announcement.Everybody)),
        ("AudienceCounted", new AudienceCounted(70_000, At)),
        ("RoleChanged", new RoleChanged(Gus, Role.Admin)),
        ("DevicesChanged", new DevicesChanged(Gus, DeviceState.Off, DeviceState.On)),
        ("SeatTaken", new SeatTaken(Gus, 4, 1)),
        ("SeatLeft", new SeatLeft(Gus, 4, SeatLeaveReason.TimedOut, null)),
        ("SeatLeft, kicked", new SeatLeft(Gus, 4, SeatLeaveReason.Kicked, Hana)),
        ("SeatsMoved", new SeatsMoved([new SeatMove(Gus, 1, 2), new SeatMove(Hana, 2, 1)], Hana)),
        ("SeatLockChanged", new SeatLockChanged(5, true, null)),
        ("Applied", new Applied(Application)),
        ("ApplicationEnded", new ApplicationEnded(Application, RequestOutcome.Accepted, Hana, null)),
        ("ApplicationEnded, failed", new ApplicationEnded(Application, RequestOutcome.Failed, null, RoomError.AllSeatsOccupied)),
        ("Invited", new Invited(Invitation)),
        ("InvitationEnded", new InvitationEnded(Invitation, RequestOutcome.TimedOut, null, null)),
        ("InvitationEnded, failed", new InvitationEnded(Invitation, RequestOutcome.Failed, Gus, RoomError.SeatLocked)),
        ("HostRequested", new HostRequested(Asking)),
        ("HostRequested, for ever", new HostRequested(Asking with { ExpiresAt = WallClockTime.Never, ExtraInfo = "" })),
        ("HostRequestEnded", new HostRequestEnded(Asking, RequestOutcome.RoomEnded, null)),
        ("HostRequestEnded, failed", new HostRequestEnded(Asking, RequestOutcome.Failed, RoomError.ConnectedElsewhere)),
        ("ConnectionChanged", new ConnectionChanged(
            new HostConnection(new LinkId("k1"), 600, 7, [Own, Remote], [Attic.RoomId]), [Attic], [])),
        ("ConnectionChanged, over", new ConnectionChanged(
            null, [], [new DepartedHost(Attic, HostLeaveReason.Left), new DepartedHost(Lobby, HostLeaveReason.Alone)])),
        ("RemoteHostUpdated", new RemoteHostUpdated(Remote)),
        ("Started, quiet", new Started(Gus, new RoomSettings { MessagesDisabled = true }, At)),
        ("Updated, quiet", new Updated(new RoomChanges { MessagesDisabled = true })),
        ("MessageSent", new MessageSent(
            new RoomMessage(new MessageId("m1"), 77, At, Hana, new MessageContent(MessageKind.Text, "Hello 花"), []), At)),
        ("MessageSent, to some", new MessageSent(
            new RoomMessage(
                new MessageId("m2"), 78, At, Gus, new MessageContent(MessageKind.Custom, null, "{}", "gift"), [Hana.Id, Gus.Id]), At)),
        ("MessageDisabledChanged", new MessageDisabledChanged(Gus, true)),
        ("PresenceChanged", new PresenceChanged(Gus, new RoomSettings().Metadata.Add("mood", "happy"), Announcement.Everybody)),
        ("PresenceChanged, nothing", new PresenceChanged(Gus, new RoomSettings().Metadata, Announcement.HostsAndAdmins)),
    ];
}
