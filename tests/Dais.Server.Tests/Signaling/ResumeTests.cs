using System.Text.Json.Nodes;
using Dais.Server.Signaling;
using Dais.Sfu;
using Microsoft.Extensions.DependencyInjection;

namespace Dais.Server.Tests.Signaling;

public sealed class ResumeTests
{
    [Fact]
    public async Task A_viewer_who_resumes_gets_what_was_missed_and_nobody_heard_of_it()
    {
        await using var lobby = await Lobby.WithViewerAsync();
        var (server, host, viewer, seq) = lobby;

        viewer.Drop();
        await server.UntilAwayAsync("lobby", "vera");
        await RenameAsync(host, "One");
        await RenameAsync(host, "Two");
        var (again, opened) = await server.ResumeAsync(viewer.Session, ("lobby", seq));

        Assert.True(opened["resumed"]!.GetValue<bool>());
        Assert.Equal(viewer.Session["sessionId"]!.GetValue<string>(), opened["sessionId"]!.GetValue<string>());
        Assert.Equal("One", (await again.EventAsync("room.updated"))["name"]!.GetValue<string>());
        Assert.Equal("Two", (await again.EventAsync("room.updated"))["name"]!.GetValue<string>());
        await RenameAsync(host, "Three");
        Assert.Equal("Three", (await again.EventAsync("room.updated"))["name"]!.GetValue<string>());
        server.Time.Advance(TimeSpan.FromSeconds(20));
        await host.CallAsync("session.ping");
        Assert.DoesNotContain("audience.left", host.Received);
        Assert.Single(host.Received, "audience.joined");
        Assert.Equal(3, again.Received.Count(type => type == "room.updated"));
        await again.DisposeAsync();
    }

    [Fact]
    public async Task What_the_client_has_already_is_not_sent_again()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await using var viewer = await server.OpenAsync("vera");
        await JoinAsync(viewer, "lobby");
        await RenameAsync(host, "One");
        long seq = (await viewer.WholeEventAsync("room.updated"))["seq"]!.GetValue<long>();

        viewer.Drop();
        await RenameAsync(host, "Two");
        var (again, _) = await server.ResumeAsync(viewer.Session, ("lobby", seq));

        Assert.Equal("Two", (await again.EventAsync("room.updated"))["name"]!.GetValue<string>());
        Assert.Single(again.Received, "room.updated");
        await again.DisposeAsync();
    }

    [Fact]
    public async Task A_guest_who_resumes_is_reconnecting_meanwhile_and_keeps_seat_and_media()
    {
        await using var lobby = await Lobby.WithGuestAsync();
        var (server, host, guest, seq) = lobby;
        await host.EventAsync("seat.changed");

        guest.Drop();
        Assert.True(IsReconnecting(await host.EventAsync("seat.changed"), seat: 1));
        var (again, _) = await server.ResumeAsync(guest.Session, ("lobby", seq));

        Assert.False(IsReconnecting(await host.EventAsync("seat.changed"), seat: 1));
        Assert.True(IsReconnecting(await again.EventAsync("seat.changed"), seat: 1));
        Assert.False(IsReconnecting(await again.EventAsync("seat.changed"), seat: 1));
        Assert.Empty(server.Worker.Commands.OfType<SfuCommand.CloseTransport>());
        await again.DisposeAsync();
    }

    [Fact]
    public async Task The_host_is_away_until_the_session_is_resumed()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.OpenAsync("hana");
        long seq = (await host.CallAsync("room.start", Room("lobby")))["seq"]!.GetValue<long>();
        await using var viewer = await server.JoinRoomAsync("lobby", "vera");

        host.Drop();
        Assert.Equal("hostAway", (await viewer.EventAsync("room.phase"))["phase"]!.GetValue<string>());
        var (again, _) = await server.ResumeAsync(host.Session, ("lobby", seq));

        Assert.Equal("live", (await viewer.EventAsync("room.phase"))["phase"]!.GetValue<string>());
        await again.DisposeAsync();
    }

    [Fact]
    public async Task The_newer_connection_of_a_session_takes_over_from_one_that_seems_alive()
    {
        await using var lobby = await Lobby.WithGuestAsync();
        var (server, host, guest, seq) = lobby;
        await host.EventAsync("stage.changed");

        var (again, opened) = await server.ResumeAsync(guest.Session, ("lobby", seq));

        Assert.True(opened["resumed"]!.GetValue<bool>());
        Assert.Equal(4501, await guest.Closed);
        await RenameAsync(host, "Still on");
        await again.EventAsync("room.updated");
        Assert.Single(host.Received, "seat.changed");
        await again.DisposeAsync();
    }

    [Theory]
    [InlineData("key")]
    [InlineData("session")]
    [InlineData("user")]
    public async Task Whoever_does_not_have_session_key_and_user_right_gets_a_session_of_their_own(string wrong)
    {
        await using var lobby = await Lobby.WithViewerAsync();
        var (server, host, viewer, seq) = lobby;
        var resumption = TestServer.ResumptionOf(viewer.Session, ("lobby", seq));
        switch (wrong)
        {
            case "key":
                resumption["resume"]!["key"] = "k" + resumption["resume"]!["key"]!.GetValue<string>()[1..] + "é";
                break;
            case "session":
                resumption["resume"]!["sessionId"] = "unknown";
                break;
            default:
                resumption["userId"] = "eve";
                break;
        }

        await using var stranger = await server.ConnectAsync();
        var opened = await stranger.CallAsync("session.open", resumption);

        Assert.False(opened["resumed"]!.GetValue<bool>());
        Assert.NotEqual(viewer.Session["sessionId"]!.GetValue<string>(), opened["sessionId"]!.GetValue<string>());
        Assert.NotEqual(viewer.Session["resumeKey"]!.GetValue<string>(), opened["resumeKey"]!.GetValue<string>());
        await RenameAsync(host, "For members");
        await viewer.EventAsync("room.updated");
        await stranger.CallAsync("session.ping");
        Assert.DoesNotContain("room.updated", stranger.Received);
    }

    [Fact]
    public async Task A_session_waits_no_longer_than_any_place_in_a_room()
    {
        await using var server = await TestServer.StartAsync(new() { ["Dais:HostGraceSeconds"] = "30" });
        await using var viewer = await server.OpenAsync("vera");
        viewer.Drop();
        await WaitingIsAsync(server, 1);

        server.Time.Advance(TimeSpan.FromSeconds(30));

        await WaitingIsAsync(server, 0);
        var (again, opened) = await server.ResumeAsync(viewer.Session);
        Assert.False(opened["resumed"]!.GetValue<bool>());
        await again.DisposeAsync();
    }

    [Fact]
    public async Task Only_so_many_sessions_wait()
    {
        await using var server = await TestServer.StartAsync(new() { ["Dais:Limits:WaitingSessionsMax"] = "1" });
        await using var host = await server.StartRoomAsync("lobby");
        await using var first = await server.JoinRoomAsync("lobby", "ann");
        await using var second = await server.JoinRoomAsync("lobby", "bob");
        first.Drop();
        await WaitingIsAsync(server, 1);

        second.Drop();

        Assert.Equal("bob", (await host.EventAsync("audience.left"))["user"]!["userId"]!.GetValue<string>());
        var (again, opened) = await server.ResumeAsync(first.Session);
        Assert.True(opened["resumed"]!.GetValue<bool>());
        await WaitingIsAsync(server, 0);
        await again.DisposeAsync();
    }

    [Fact]
    public async Task Who_said_goodbye_has_no_session_to_go_on_with()
    {
        await using var server = await TestServer.StartAsync();
        await using var viewer = await server.OpenAsync("vera");
        await viewer.CloseAsync(1000);
        await viewer.Closed;

        var (again, opened) = await server.ResumeAsync(viewer.Session);

        Assert.False(opened["resumed"]!.GetValue<bool>());
        await again.DisposeAsync();
    }

    [Fact]
    public async Task A_room_that_ended_meanwhile_says_so()
    {
        await using var lobby = await Lobby.WithViewerAsync();
        var (server, host, viewer, seq) = lobby;
        viewer.Drop();
        await server.UntilAwayAsync("lobby", "vera");

        await host.CallAsync("room.end", Room("lobby"));
        var (again, _) = await server.ResumeAsync(viewer.Session, ("lobby", seq));

        Assert.Equal("host", (await again.EventAsync("room.ended"))["reason"]!.GetValue<string>());
        await again.DisposeAsync();
    }

    [Fact]
    public async Task Who_was_kicked_meanwhile_is_told_and_is_not_in_the_room()
    {
        await using var lobby = await Lobby.WithViewerAsync();
        var (server, host, viewer, seq) = lobby;
        viewer.Drop();
        await server.UntilAwayAsync("lobby", "vera");

        await host.CallAsync("audience.kick", new() { ["roomId"] = "lobby", ["userId"] = "vera" });
        var (again, _) = await server.ResumeAsync(viewer.Session, ("lobby", seq));

        Assert.Equal("kicked", (await again.EventAsync("audience.left"))["reason"]!.GetValue<string>());
        Assert.Equal(100005, await again.RefusalCodeAsync("audience.list", Room("lobby")));
        await again.DisposeAsync();
    }

    [Fact]
    public async Task Who_lost_the_place_meanwhile_is_told_to_be_in_the_room_no_longer_and_may_join_again()
    {
        await using var lobby = await Lobby.WithViewerAsync();
        var (server, host, viewer, seq) = lobby;
        viewer.Drop();
        await server.UntilAwayAsync("lobby", "vera");

        server.Time.Advance(TimeSpan.FromSeconds(11));
        await host.EventAsync("audience.left");
        var (again, opened) = await server.ResumeAsync(viewer.Session, ("lobby", seq));

        Assert.True(opened["resumed"]!.GetValue<bool>());
        Assert.Null((await again.SyncAsync())["room"]);
        await JoinAsync(again, "lobby");
        await again.DisposeAsync();
    }

    [Fact]
    public async Task A_room_the_client_does_not_name_is_left()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await using var viewer = await server.JoinRoomAsync("lobby", "vera");
        viewer.Drop();

        var (again, _) = await server.ResumeAsync(viewer.Session);

        Assert.Equal("left", (await host.EventAsync("audience.left"))["reason"]!.GetValue<string>());
        await again.DisposeAsync();
    }

    [Fact]
    public async Task A_room_the_session_never_was_in_is_refused_like_one_that_is_gone()
    {
        await using var server = await TestServer.StartAsync();
        await using var viewer = await server.OpenAsync("vera");
        viewer.Drop();

        var (again, _) = await server.ResumeAsync(viewer.Session, ("nowhere", 7));

        var sync = await again.SyncAsync();
        Assert.Equal(("nowhere", null), (sync["roomId"]!.GetValue<string>(), sync["room"]));
        await again.DisposeAsync();
    }

    [Fact]
    public async Task A_seq_the_room_never_had_leads_to_a_fresh_snapshot()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await using var viewer = await server.OpenAsync("vera");
        await JoinAsync(viewer, "lobby");
        viewer.Drop();

        var (again, _) = await server.ResumeAsync(viewer.Session, ("lobby", 1_000_000));

        var sync = await again.SyncAsync();
        Assert.Equal("lobby", sync["room"]!["roomId"]!.GetValue<string>());
        Assert.True(sync["seq"]!.GetValue<long>() < 1_000_000);
        await again.DisposeAsync();
    }

    [Fact]
    public async Task Whoever_became_an_admin_meanwhile_gets_a_snapshot_with_the_requests_of_others()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await using var guest = await server.JoinRoomAsync("lobby", "gus");
        await using var viewer = await server.OpenAsync("vera");
        await guest.CallAsync("seat.apply", Room("lobby"));
        long seq = await JoinAsync(viewer, "lobby");
        viewer.Drop();
        await server.UntilAwayAsync("lobby", "vera");

        await host.CallAsync("audience.setAdmin", new() { ["roomId"] = "lobby", ["userId"] = "vera", ["isAdmin"] = true });
        var (again, _) = await server.ResumeAsync(viewer.Session, ("lobby", seq));

        Assert.Single((await again.SyncAsync())["room"]!["applications"]!.AsArray());
        await again.DisposeAsync();
    }

    [Fact]
    public async Task A_user_who_came_anew_meanwhile_is_not_taken_over_by_the_session_of_before()
    {
        await using var lobby = await Lobby.WithViewerAsync();
        var (server, host, viewer, seq) = lobby;
        viewer.Drop();
        await server.UntilAwayAsync("lobby", "vera");
        await using var newer = await server.JoinRoomAsync("lobby", "vera");

        var (again, opened) = await server.ResumeAsync(viewer.Session, ("lobby", seq));

        Assert.False(opened["resumed"]!.GetValue<bool>());
        Assert.Equal(4501, await again.Closed);
        await RenameAsync(host, "Yours");
        await newer.EventAsync("room.updated");
        await again.DisposeAsync();
    }

    [Fact]
    public async Task A_session_is_resumed_again_and_again()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        var viewer = await server.OpenAsync("vera");
        var session = viewer.Session;
        long seq = await JoinAsync(viewer, "lobby");
        for (int round = 0; round < 5; round++)
        {
            await viewer.DisposeAsync();
            await RenameAsync(host, $"Round {round}");
            (viewer, var opened) = await server.ResumeAsync(session, ("lobby", seq));
            Assert.True(opened["resumed"]!.GetValue<bool>());
            seq = (await viewer.WholeEventAsync("room.updated"))["seq"]!.GetValue<long>();
        }

        await viewer.DisposeAsync();
    }

    private static async Task<long> JoinAsync(TestClient client, string roomId) =>
        (await client.CallAsync("room.join", Room(roomId)))["seq"]!.GetValue<long>();

    private static Task<JsonObject> RenameAsync(TestClient host, string name) =>
        host.CallAsync("room.update", new() { ["roomId"] = "lobby", ["name"] = name });

    private static Task WaitingIsAsync(TestServer server, int count) =>
        Eventually.IsTrueAsync(() => server.Parts.GetRequiredService<SessionRegistry>().Waiting == count);

    private static bool IsReconnecting(JsonObject changed, int seat) => changed["seats"]![seat]!["reconnecting"]!.GetValue<bool>();

    private static JsonObject Room(string roomId) => new() { ["roomId"] = roomId };

    /// <summary>A room with its host and one who will be lost, at the last event they know.</summary>
    private sealed record Lobby(TestServer Server, TestClient Host, TestClient Member, long Seq) : IAsyncDisposable
    {
        internal static async Task<Lobby> WithViewerAsync()
        {
            var server = await TestServer.StartAsync();
            var host = await server.StartRoomAsync("lobby");
            var viewer = await server.OpenAsync("vera");
            return new Lobby(server, host, viewer, await JoinAsync(viewer, "lobby"));
        }

        internal static async Task<Lobby> WithGuestAsync()
        {
            var server = await TestServer.StartAsync();
            var host = await server.StartRoomAsync("lobby", settings: new() { ["seatMode"] = "free" });
            var guest = await server.OpenAsync("gus");
            await JoinAsync(guest, "lobby");
            await guest.CallAsync("seat.apply", Room("lobby"));
            return new Lobby(server, host, guest, (await guest.WholeEventAsync("stage.changed"))["seq"]!.GetValue<long>());
        }

        public async ValueTask DisposeAsync()
        {
            await Member.DisposeAsync();
            await Host.DisposeAsync();
            await Server.DisposeAsync();
        }
    }
}
