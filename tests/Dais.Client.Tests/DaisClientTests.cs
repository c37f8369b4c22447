using Dais.Client.Tests.Media;
using Dais.Protocol;
using Dais.Rtc.Rtp;
using Dais.Server.Access;

namespace Dais.Client.Tests;

public sealed class DaisClientTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_guest_applies_is_accepted_and_taken_off_stage_and_everybody_sees_it_in_order()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var host = await server.StartRoomAsync("hana");
        var guest = await server.JoinRoomAsync("gus");
        var events = new EventLog();
        using var observation = guest.Observe(happened => events.Add($"{happened.GetType().Name} {guest.State.OwnSeat?.Index}"));

        var applied = await guest.ApplyForSeatAsync(timeout: TimeSpan.FromSeconds(30), extraInfo: "please", cancellation: Cancellation);
        Assert.False(applied.Seated);
        Assert.Equal(applied.RequestId, guest.State.OwnApplication!.RequestId);
        await host.UntilAsync(state => state.Room.Applications is [{ ExtraInfo: "please", User.UserName: "Name of gus" }]);

        await host.AcceptApplicationAsync("gus", Cancellation);
        Assert.Equal("gus", host.State.Room.Seats[1].User?.UserId);
        await guest.UntilAsync(state => state.OwnSeat is not null && state.OwnApplication is null);

        await host.KickFromSeatAsync("gus", Cancellation);
        await guest.UntilAsync(state => state.OwnSeat is null && state.Room.Stage.Length == 1);

        Assert.Equal(
            ["SeatApplied ", "SeatChanged 1", "StageChanged 1", "SeatApplicationEnded 1", "SeatChanged ", "StageChanged "], events.Lines);
    }

    [Fact]
    public async Task An_invited_member_comes_on_stage_and_moves_and_leaves()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var host = await server.StartRoomAsync("hana");
        var guest = await server.JoinRoomAsync("gus");

        await host.InviteToSeatAsync("gus", seatIndex: 3, cancellation: Cancellation);
        await guest.UntilAsync(state => state.OwnInvitation is { Inviter.UserId: "hana", SeatIndex: 3 });
        await guest.AcceptInvitationAsync(Cancellation);
        Assert.Equal(3, guest.State.OwnSeat!.Index);

        await host.MoveToSeatAsync(5, "gus", cancellation: Cancellation);
        await guest.UntilAsync(state => state.OwnSeat?.Index == 5);
        await host.LockSeatAsync(6, Cancellation);
        await guest.UntilAsync(state => state.Room.Seats[6].Locked);
        await guest.LeaveSeatAsync(Cancellation);
        Assert.Null(guest.State.OwnSeat);
    }

    [Fact]
    public async Task A_refusal_says_its_code_its_name_and_whether_to_try_again()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.StartRoomAsync("hana");
        var guest = await server.JoinRoomAsync("gus");

        var refused = await Assert.ThrowsAsync<DaisException>(() => guest.AcceptApplicationAsync("vera", Cancellation));
        Assert.Equal((ErrorCodes.NoPermission.Code, "noPermission", false), (refused.Code, refused.Name, refused.IsRetryable));

        var invalid = await Assert.ThrowsAsync<DaisException>(
            () => guest.ApplyForSeatAsync(timeout: TimeSpan.FromSeconds(30_000), cancellation: Cancellation));
        Assert.Equal((ErrorCodes.InvalidParams.Code, "timeout"), (invalid.Code, invalid.Field));
    }

    [Fact]
    public async Task The_end_of_the_room_closes_it_for_everybody_once()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var host = await server.StartRoomAsync("hana");
        var viewer = await server.JoinRoomAsync("vera");
        List<RoomNotification> last = [];
        var stream = viewer.ReadEvents();

        await host.EndAsync(Cancellation);

        await foreach (var happened in stream)
        {
            last.Add(happened);
        }

        Assert.IsType<RoomNotification.Ended>(last[^2]);
        Assert.Equal(RoomCloseReason.Host, Assert.IsType<RoomNotification.Closed>(last[^1]).Reason);
        Assert.Equal(RoomCloseReason.Host, await viewer.Closed);
        var refused = await Assert.ThrowsAsync<DaisException>(() => viewer.ApplyForSeatAsync(cancellation: Cancellation));
        Assert.Equal(DaisException.RoomClosed, refused.Code);
    }

    [Fact]
    public async Task Rooms_are_listed_and_left()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.StartRoomAsync("hana");
        var client = await server.ConnectAsync("vera");
        Assert.Equal("lobby", Assert.Single((await client.ListRoomsAsync(cancellation: Cancellation)).Rooms).RoomId);
        var room = await client.JoinRoomAsync("lobby", Cancellation);
        Assert.Same(room, await client.JoinRoomAsync("lobby", Cancellation));

        await room.LeaveAsync(Cancellation);

        Assert.Empty(client.Rooms);
        Assert.Equal(RoomCloseReason.Left, await room.Closed);
    }

    [Fact]
    public async Task A_cut_connection_comes_back_with_its_rooms_and_what_was_missed()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var host = await server.StartRoomAsync("hana");
        var guestClient = await server.ConnectAsync("gus");
        var guest = await guestClient.JoinRoomAsync("lobby", Cancellation);
        await guest.ApplyForSeatAsync(cancellation: Cancellation);
        await host.AcceptApplicationAsync("gus", Cancellation);
        var statuses = new EventLog();
        guestClient.StatusChanged += status => statuses.Add($"{status}");

        server.Cut("gus");
        await statuses.UntilAsync("Waiting");
        await host.UpdateAsync(new RoomUpdateParams("lobby", Notice: "while you were away"), Cancellation);
        await statuses.UntilAsync("Open");

        await guest.UntilAsync(state => state.Room.Notice == "while you were away" && state.OwnSeat?.Index == 1);
        await host.UntilAsync(state => state.Room.Seats[1] is { User.UserId: "gus", Reconnecting: false });
        await guest.LeaveSeatAsync(Cancellation);
        Assert.Null(guest.State.Closed);
        Assert.True(guestClient.Session!.Resumed);
    }

    [Fact]
    public async Task After_a_restart_of_the_server_the_rooms_are_joined_again_and_seats_and_media_come_back()
    {
        var settings = new Dictionary<string, string?>
        {
            ["Dais:Storage:Durability"] = "os",
            ["Dais:DataPath"] = Directory.CreateTempSubdirectory("dais-client-tests").FullName,
        };
        var first = await ServerUnderTest.StartAsync(settings);
        await using var hostClient = await first.ConnectAsync("hana");
        var host = await hostClient.StartRoomAsync("lobby", Cancellation);
        using var sender = new SyntheticSender(await host.PublishAsync(cancellation: Cancellation), Codec.Vp8);
        await using var guestClient = await first.ConnectAsync("gus");
        var guest = await guestClient.JoinRoomAsync("lobby", Cancellation);
        await guest.ApplyForSeatAsync(cancellation: Cancellation);
        await host.AcceptApplicationAsync("gus", Cancellation);
        var subscription = await guest.SubscribeAsync(cancellation: Cancellation);
        await FirstAsync(subscription.ReadFrames(0, TrackKind.Video));
        var synced = new EventLog();
        using var syncs = guest.On<RoomNotification.Synced>(_ => synced.Add("synced"));
        var address = first.Address;

        await first.StopAsync();
        await using var second = await ServerUnderTest.StartAsync(settings, address);

        await synced.UntilAsync("synced");
        Assert.False(guestClient.Session!.Resumed);
        await guest.UntilAsync(state => state.OwnSeat is { Index: 1, Reconnecting: false } && state.Room.Phase == RoomPhase.Live);
        await FirstAsync(subscription.ReadFrames(0, TrackKind.Video));
    }

    [Fact]
    public async Task The_same_user_with_a_newer_connection_closes_the_older_client_for_good()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.StartRoomAsync("hana");
        var older = await server.JoinRoomAsync("gus");

        await server.JoinRoomAsync("gus");

        Assert.Equal(RoomCloseReason.ConnectionClosed, await older.Closed.WaitAsync(ServerUnderTest.Patience, Cancellation));
    }

    [Fact]
    public async Task A_token_that_is_refused_is_renewed_and_without_another_the_client_says_why()
    {
        await using var server = await ServerUnderTest.StartAsync(new() { ["Dais:Keys:test"] = "the secret of the tests, of enough bytes" });
        int renewals = 0;
        var renewing = server.CreateClient("", options => options with
        {
            UserId = null,
            Token = "expired",
            RenewTokenAsync = _ => Task.FromResult(++renewals == 1 ? GoodToken() : null),
        });

        var session = await renewing.ConnectAsync(Cancellation).WaitAsync(ServerUnderTest.Patience, Cancellation);
        Assert.Equal(("vera", 1), (session.UserId, renewals));

        var giving = server.CreateClient("", options => options with { UserId = null, Token = "forged" });
        var refused = await Assert.ThrowsAsync<DaisException>(() => giving.ConnectAsync(Cancellation));
        Assert.Equal(ErrorCodes.BadToken.Code, refused.Code);
        Assert.Equal(ConnectionStatus.Closed, giving.Status);
    }

    [Fact]
    public async Task An_observer_that_throws_is_told_of_and_the_others_hear_all_the_same()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var hostClient = await server.ConnectAsync("hana");
        var host = await hostClient.StartRoomAsync("lobby", Cancellation);
        var events = new EventLog();
        hostClient.ObserverFailed += exception => events.Add(exception.Message);
        using var failing = host.Observe(_ => throw new InvalidOperationException("My mistake."));
        using var joins = host.On<RoomNotification.AudienceJoined>(joined => events.Add($"joined {joined.User.UserId}"));

        await server.JoinRoomAsync("vera");

        await events.UntilAsync("joined vera");
        await events.UntilAsync("My mistake.");
    }

    [Fact]
    public async Task Calls_without_a_connection_are_refused_at_once()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var client = server.CreateClient("vera");

        var refused = await Assert.ThrowsAsync<DaisException>(() => client.JoinRoomAsync("lobby", Cancellation));

        Assert.Equal(DaisException.NotConnected, refused.Code);
    }

    private static Task FirstAsync<T>(IAsyncEnumerable<T> stream)
    {
        return ReadAsync().WaitAsync(ServerUnderTest.Patience, Cancellation);

        async Task ReadAsync()
        {
            await foreach (var _ in stream.WithCancellation(Cancellation))
            {
                return;
            }
        }
    }

    private static string GoodToken() => new AccessTokenIssuer("test", "the secret of the tests, of enough bytes")
        .Issue(new AccessToken("vera", AccessToken.AnyRoom, [], DateTimeOffset.UtcNow.AddHours(1)));
}
