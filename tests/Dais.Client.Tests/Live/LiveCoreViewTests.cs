using System.Collections.Immutable;
using Dais.Client.Live;

namespace Dais.Client.Tests.Live;

public sealed class LiveCoreViewTests
{
    [Fact]
    public async Task The_audience_connection_of_the_seed_goes_request_accepted_users_updated_terminated_exited()
    {
        // Step 1: the host goes live, the viewer joins, both observe.
        await using var server = await ServerUnderTest.StartAsync();
        var calls = new EventLog();
        var (hostView, host) = await CreateAsync(server, "hana");
        var (liveCoreView, viewer) = await CreateAsync(server, "vera");
        await hostView.StartLiveStream(new LiveInfo { LiveId = "live_room_123" }, () => calls.Add("started"));
        await liveCoreView.JoinLiveStream("live_room_123", () => calls.Add("joined"));

        // Step 2: the viewer asks for a connection.
        await liveCoreView.RequestIntraRoomConnection(
            userId: "", timeOut: 60, openCamera: true, onSuccess: () => calls.Add("sent"), onError: (code, message) => calls.Add($"{code} {message}"));
        await host.Log.UntilAsync("Request vera");
        Assert.Equal(CoGuestStatus.Applying, liveCoreView.CoGuestStatus.Value);

        // Step 3: the host accepts.
        await hostView.RespondIntraRoomConnection(userId: "vera", isAccepted: true, onSuccess: () => calls.Add("responded"));
        await host.Log.UntilAsync("Updated [hana vera] +[vera] -[]");
        await viewer.Log.UntilAsync("Updated [hana vera] +[vera] -[]");
        Assert.Equal(CoGuestStatus.Linking, liveCoreView.CoGuestStatus.Value);
        Assert.True(liveCoreView.OpenCameraOnCoGuest);

        // Step 4: the host hangs up.
        await hostView.DisconnectUser(userId: "vera", onSuccess: () => calls.Add("disconnected"));
        await host.Log.UntilAsync("Exited vera");
        await viewer.Log.UntilAsync("Updated [hana] +[] -[vera]");

        // Step 5: once more, and the guest hangs up.
        await liveCoreView.RequestIntraRoomConnection(userId: "hana", timeOut: 60, openCamera: false);
        await hostView.RespondIntraRoomConnection(userId: "vera", isAccepted: true);
        await liveCoreView.TerminateIntraRoomConnection();
        var room = liveCoreView.Room!;
        await hostView.StopLiveStream();
        await room.Closed;
        await viewer.Log.UntilAsync("Dismissed live_room_123");

        Assert.Equal(["started", "joined", "sent", "responded", "disconnected"], calls.Lines);
        Assert.Equal(
            [
                "Accepted id hana", "Accepted Name of hana", "Updated [hana vera] +[vera] -[]",
                "Terminated", "Updated [hana] +[] -[vera]",
                "Accepted id hana", "Accepted Name of hana", "Updated [hana vera] +[vera] -[]",
                "Updated [hana] +[] -[vera]",
                "Dismissed live_room_123",
            ],
            viewer.Log.Lines);
        Assert.Equal(
            [
                "Request vera", "Updated [hana vera] +[vera] -[]", "Updated [hana] +[] -[vera]", "Exited vera",
                "Request vera", "Updated [hana vera] +[vera] -[]", "Updated [hana] +[] -[vera]", "Exited vera",
                "Dismissed live_room_123",
            ],
            host.Log.Lines);
        Assert.Null(liveCoreView.Room);
    }

    [Fact]
    public async Task A_host_invites_and_the_viewer_answers_and_requests_are_taken_back_and_declined()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var (hostView, host) = await CreateAsync(server, "hana");
        var (viewerView, viewer) = await CreateAsync(server, "vera");
        await hostView.StartLiveStream(new LiveInfo { LiveId = "lobby" });
        await viewerView.JoinLiveStream("lobby");

        await hostView.RequestIntraRoomConnection("vera", timeOut: 30, openCamera: false);
        await viewer.Log.UntilAsync("Request hana");
        await hostView.CancelIntraRoomConnection("vera");
        await viewer.Log.UntilAsync("Cancelled hana");

        await hostView.RequestIntraRoomConnection("vera", timeOut: 30, openCamera: false);
        await viewerView.RespondIntraRoomConnection("", isAccepted: false);
        await host.Log.UntilAsync("Rejected vera");

        await viewerView.RequestIntraRoomConnection("", timeOut: 30, openCamera: false);
        await hostView.RespondIntraRoomConnection("vera", isAccepted: false);
        await viewer.Log.UntilAsync("Rejected hana");

        await hostView.RequestIntraRoomConnection("vera", timeOut: 30, openCamera: false);
        await viewerView.RespondIntraRoomConnection("hana", isAccepted: true);
        await host.Log.UntilAsync("Updated [hana vera] +[vera] -[]");
        Assert.Equal(["Accepted id vera", "Accepted Name of vera", "Updated [hana vera] +[vera] -[]"], host.Log.Lines[^3..]);
    }

    [Fact]
    public async Task Errors_come_by_callback()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var calls = new EventLog();
        var (hostView, _) = await CreateAsync(server, "hana");
        var (viewerView, _) = await CreateAsync(server, "vera");
        void OnError(int code, string message) => calls.Add($"{code} {message}");

        await viewerView.DisconnectUser("hana", onError: OnError);
        await viewerView.JoinLiveStream("lobby", onError: OnError);
        await hostView.StartLiveStream(new LiveInfo { LiveId = "lobby" });
        await viewerView.JoinLiveStream("lobby", onError: OnError);
        await hostView.RequestIntraRoomConnection("", 60, openCamera: true, onError: OnError);
        await hostView.RespondIntraRoomConnection("nobody", isAccepted: true, onError: OnError);
        await viewerView.RequestIntraRoomConnection("", 30_000, openCamera: true, onError: OnError);

        Assert.Equal(["-2101", "100004", "-1", "-2311", "-32602"], calls.Lines.Select(line => line.Split(' ')[0]));
    }

    private static async Task<(LiveCoreView View, Recorder Recorder)> CreateAsync(ServerUnderTest server, string userId)
    {
        var view = new LiveCoreView(await server.ConnectAsync(userId));
        var recorder = new Recorder();
        view.RegisterConnectionObserver(recorder);
        return (view, recorder);
    }

    /// <summary>Every callback of the interface, by its name.</summary>
    private sealed class Recorder : IConnectionObserver
    {
        public EventLog Log { get; } = new();

        public void OnUserConnectionRequest(LiveUserInfo inviterUser) => Log.Add($"Request {inviterUser.UserId}");

        public void OnUserConnectionCancelled(LiveUserInfo inviterUser) => Log.Add($"Cancelled {inviterUser.UserId}");

        public void OnUserConnectionAccepted(string userId) => Log.Add($"Accepted id {userId}");

        public void OnUserConnectionAccepted(LiveUserInfo userInfo) => Log.Add($"Accepted {userInfo.UserName}");

        public void OnUserConnectionRejected(LiveUserInfo userInfo) => Log.Add($"Rejected {userInfo.UserId}");

        public void OnUserConnectionTerminated() => Log.Add("Terminated");

        public void OnUserConnectionExited(LiveUserInfo userInfo) => Log.Add($"Exited {userInfo.UserId}");

        public void OnConnectedUsersUpdated(
            ImmutableArray<LiveUserInfo> userList, ImmutableArray<LiveUserInfo> joinList, ImmutableArray<LiveUserInfo> leaveList) =>
            Log.Add($"Updated {Ids(userList)} +{Ids(joinList)} -{Ids(leaveList)}");

        public void OnRoomDismissed(string roomId) => Log.Add($"Dismissed {roomId}");

        private static string Ids(ImmutableArray<LiveUserInfo> users) => $"[{string.Join(' ', users.Select(user => user.UserId))}]";
    }
}
