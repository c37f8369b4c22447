using Dais.Client.Live;

namespace Dais.Client.Tests.Live;

[Collection(LoginStoreUsers.Name)]
public sealed class StoreTests
{
    private const string LiveId = "live_room_123";

    private readonly EventLog _events = new();

    [Fact]
    public async Task A_guest_applies_and_is_accepted_and_both_listeners_hear_it_after_the_state_has_changed()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var host = await LiveAsync(server, "hana", isHost: true);
        var guest = await LiveAsync(server, "gus");
        var hostStore = CoGuestStore.Create(LiveId, host);
        var guestStore = CoGuestStore.Create(LiveId, guest);
        Assert.Same(guestStore, CoGuestStore.Create(LiveId, guest));
        hostStore.AddHostListener(new HostListener
        {
            OnGuestApplicationReceived = user => _events.Add($"received {user.UserId} of {hostStore.CoGuestState.Applicants.Value.Length}"),
        });
        guestStore.AddGuestListener(new GuestListener
        {
            OnGuestApplicationResponded = (isAccept, by) =>
                _events.Add($"responded {isAccept} by {by.UserId}, connected {guestStore.CoGuestState.Connected.Value.Length}"),
            OnKickedOffSeat = (seat, by) => _events.Add($"kicked off {seat} by {by.UserId}, connected {guestStore.CoGuestState.Connected.Value.Length}"),
        });

        Assert.True((await guestStore.ApplyForSeat(seatIndex: -1, timeout: 30)).IsSuccess);
        await _events.UntilAsync("received gus of 1");
        Assert.Equal(0, (await hostStore.AcceptApplication("gus")).Code);
        await _events.UntilAsync("responded True by hana, connected 2");
        Assert.Empty(hostStore.CoGuestState.Applicants.Value);

        await LiveSeatStore.Create(LiveId, host).KickUserOutOfSeat("gus");
        await _events.UntilAsync("kicked off 1 by hana, connected 1");
    }

    [Fact]
    public async Task Other_hosts_hear_who_processed_an_application_and_that_one_is_no_longer_open()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var host = await LiveAsync(server, "hana", isHost: true);
        var admin = await LiveAsync(server, "ada");
        var guestStore = CoGuestStore.Create(LiveId, await LiveAsync(server, "gus"));
        var adminStore = CoGuestStore.Create(LiveId, admin);
        adminStore.AddHostListener(new HostListener
        {
            OnGuestApplicationReceived = user => _events.Add($"received {user.UserId}"),
            OnGuestApplicationCancelled = user => _events.Add($"cancelled {user.UserId}"),
            OnGuestApplicationProcessedByOtherHost = (user, by) => _events.Add($"{user.UserId} by {by.UserId}"),
        });
        Assert.True((await LiveAudienceStore.Create(LiveId, host).SetAdministrator("ada")).IsSuccess);

        await guestStore.ApplyForSeat();
        await guestStore.CancelApplication();
        await _events.UntilAsync("cancelled gus");
        await guestStore.ApplyForSeat();
        await CoGuestStore.Create(LiveId, host).RejectApplication("gus");

        await _events.UntilAsync("gus by hana");
        Assert.Equal(["received gus", "cancelled gus", "received gus", "gus by hana"], _events.Lines);
    }

    [Fact]
    public async Task An_invitation_is_received_and_answered()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var host = CoGuestStore.Create(LiveId, await LiveAsync(server, "hana", isHost: true));
        var guest = CoGuestStore.Create(LiveId, await LiveAsync(server, "gus"));
        guest.AddGuestListener(new GuestListener
        {
            OnHostInvitationReceived = user => _events.Add($"invited by {user.UserId}"),
            OnHostInvitationCancelled = user => _events.Add($"no longer by {user.UserId}"),
        });
        host.AddHostListener(new HostListener { OnHostInvitationResponded = (isAccept, user) => _events.Add($"{user.UserId} {isAccept}") });

        await host.InviteToSeat("gus", seatIndex: 2, timeout: 30);
        await _events.UntilAsync("invited by hana");
        Assert.Equal("gus", Assert.Single(host.CoGuestState.Invitees.Value).UserId);
        Assert.Empty(guest.CoGuestState.Invitees.Value);
        await host.CancelInvitation("gus");
        await _events.UntilAsync("no longer by hana");
        await host.InviteToSeat("gus");
        await guest.RejectInvitation("hana");
        await _events.UntilAsync("gus False");
        await host.InviteToSeat("gus");
        await guest.AcceptInvitation("hana");
        await _events.UntilAsync("gus True");
        Assert.Empty(host.CoGuestState.Candidates.Value);
        Assert.True((await guest.Disconnect()).IsSuccess);
        Assert.Equal(100206, (await guest.Disconnect()).Code);
    }

    [Fact]
    public async Task Seats_show_their_users_and_regions_and_devices_are_closed_and_opened_by_admins()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var hostClient = await LiveAsync(server, "hana", isHost: true);
        var host = LiveSeatStore.Create(LiveId, hostClient);
        var guestClient = await LiveAsync(server, "gus");
        var guest = LiveSeatStore.Create(LiveId, guestClient);
        int changes = 0;
        void OnChange() => changes++;
        guest.SeatList.AddListener(OnChange);
        guest.AddLiveSeatEventListener(new LiveSeatListener
        {
            OnLocalMicrophoneClosedByAdmin = () => _events.Add("closed"),
            OnLocalMicrophoneOpenedByAdmin = () => _events.Add("opened"),
        });

        await CoGuestStore.Create(LiveId, guestClient).ApplyForSeat(4);
        await CoGuestStore.Create(LiveId, hostClient).AcceptApplication("gus");
        await host.CloseRemoteMicrophone("gus");
        await _events.UntilAsync("closed");
        Assert.False(guest.SeatList.Value[4].UserInfo!.AllowOpenMicrophone);
        await host.OpenRemoteMicrophone("gus");
        await _events.UntilAsync("opened");
        Assert.True(guest.SeatList.Value[4].Region!.W > 0);
        Assert.True(guest.Canvas.Value!.Width > 0);
        Assert.True((await host.MoveUserToSeat("gus", 1, MoveSeatPolicy.AbortWhenOccupied)).IsSuccess);
        Assert.Equal("gus", host.SeatList.Value[1].UserInfo!.UserId);
        Assert.True((await guest.LeaveSeat()).IsSuccess);

        int before = changes;
        Assert.True(before > 0);
        guest.SeatList.RemoveListener(OnChange);
        Assert.True((await host.LockSeat(3)).IsSuccess);
        Assert.True(host.SeatList.Value[3].IsLocked);
        Assert.Equal(before, changes);
    }

    [Fact]
    public async Task The_audience_is_counted_listed_and_heard_of()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var host = LiveAudienceStore.Create(LiveId, await LiveAsync(server, "hana", isHost: true));
        host.AddLiveAudienceListener(new LiveAudienceListener
        {
            OnAudienceJoined = user => _events.Add($"joined {user.UserId} of {host.AudienceCount.Value}"),
            OnAudienceLeft = user => _events.Add($"left {user.UserId} of {host.AudienceCount.Value}"),
        });

        var vera = await LiveAsync(server, "vera");
        await _events.UntilAsync("joined vera of 1");
        Assert.True((await host.FetchAudienceList()).IsSuccess);
        Assert.True(Assert.Single(host.AudienceList.Value).JoinedTimestamp > 0);
        await LiveListStore.Create(vera).LeaveLive();

        await _events.UntilAsync("left vera of 0");
    }

    [Fact]
    public async Task Lives_are_fetched_joined_and_ended()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var host = LiveListStore.Create(await LiveAsync(server, "hana", isHost: true));
        var viewer = LiveListStore.Create(await server.ConnectAsync("vera"));
        viewer.AddLiveListListener(new LiveListListener { OnLiveEnded = (liveId, reason, _) => _events.Add($"{liveId} {reason}") });

        await viewer.FetchLiveList();
        Assert.Equal((LiveId, "hana"), (viewer.LiveList.Value[0].LiveId, viewer.LiveList.Value[0].LiveOwner!.UserId));
        Assert.Equal(CompletionHandler.NotInLive, (await viewer.EndLive()).Code);
        Assert.True((await viewer.JoinLive(LiveId)).IsSuccess);
        Assert.True((await host.UpdateLiveInfo(new LiveInfo { LiveId = LiveId, LiveName = "Tonight" })).IsSuccess);
        Assert.Equal("Tonight", host.CurrentLive.Value!.LiveName);
        Assert.Equal(100006, (await viewer.EndLive()).Code);
        Assert.True((await host.EndLive()).IsSuccess);

        await _events.UntilAsync($"{LiveId} EndedByHost");
        Assert.Null(viewer.CurrentLive.Value);
    }

    [Fact]
    public async Task Stores_made_before_anybody_joined_fill_when_their_client_does_and_empty_when_it_leaves()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await LiveAsync(server, "hana", isHost: true);
        var client = await server.ConnectAsync("vera");
        var store = CoGuestStore.Create(LiveId, client);
        Assert.Equal(CompletionHandler.NotInLive, (await store.ApplyForSeat()).Code);

        await LiveListStore.Create(client).JoinLive(LiveId);
        Assert.Equal("hana", Assert.Single(store.CoGuestState.Connected.Value).UserId);

        await LiveListStore.Create(client).LeaveLive();
        Assert.Empty(store.CoGuestState.Connected.Value);
    }

    [Fact]
    public async Task The_one_user_of_a_process_logs_in_and_needs_no_client()
    {
        await using var server = await ServerUnderTest.StartAsync();
        Assert.Throws<InvalidOperationException>(() => CoGuestStore.Create(LiveId));

        Assert.True((await LoginStore.Shared.Login(server.Address, "hana", userSig: "xxxx")).IsSuccess);
        Assert.Equal(LoginStatus.Logined, LoginStore.Shared.LoginStatus.Value);
        Assert.True((await LiveListStore.Create().StartLive(new LiveInfo { LiveId = LiveId })).IsSuccess);
        Assert.Equal("hana", Assert.Single(CoGuestStore.Create(LiveId).CoGuestState.Connected.Value).UserId);

        await LoginStore.Shared.Logout();
        Assert.Equal(LoginStatus.Unlogin, LoginStore.Shared.LoginStatus.Value);
    }

    private static async Task<DaisClient> LiveAsync(ServerUnderTest server, string userId, bool isHost = false)
    {
        var client = await server.ConnectAsync(userId);
        var store = LiveListStore.Create(client);
        var entered = isHost ? await store.StartLive(new LiveInfo { LiveId = LiveId }) : await store.JoinLive(LiveId);
        Assert.True(entered.IsSuccess, entered.Message);
        return client;
    }
}
