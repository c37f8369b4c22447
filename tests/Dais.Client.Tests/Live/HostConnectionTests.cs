using System.Collections.Immutable;
using Dais.Client.Live;

namespace Dais.Client.Tests.Live;

/// <summary>Hosts of different rooms with the real server.</summary>
public sealed class HostConnectionTests
{
    private readonly EventLog _events = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_viewer_sees_who_is_connected_and_hears_who_comes_and_goes()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var hana = await server.StartRoomAsync("hana");
        var ben = await server.StartRoomAsync("ben", "cellar");
        var viewer = await server.ConnectAsync("vera");
        var room = await viewer.JoinRoomAsync("lobby", Cancellation);
        var store = CoHostStore.Create("lobby", viewer);
        store.AddCoHostListener(new CoHostListener
        {
            OnCoHostRequestReceived = (_, _) => _events.Add("received"),
            OnCoHostUserJoined = host => _events.Add($"joined {host.LiveId}"),
            OnCoHostUserLeft = host => _events.Add($"left {host.LiveId}"),
        });

        var asked = await hana.RequestHostConnectionAsync(["cellar", "nowhere", "lobby"], cancellation: Cancellation);
        Assert.Equal((0, 1, -1), (asked.Results["cellar"], asked.Results["nowhere"], asked.Results["lobby"]));
        await ben.UntilAsync(state => state.Room.ReceivedHostRequests is [{ From.RoomId: "lobby" }]);
        await ben.AcceptHostConnectionAsync("lobby", Cancellation);
        await _events.UntilAsync("joined cellar");
        Assert.Equal(["lobby", "cellar"], store.CoHostState.Connected.Value.Select(host => host.LiveId));
        await room.UntilAsync(state => state.Room.Stage.Length == 2);
        Assert.Equal(100006, (await store.ExitHostConnection()).Code);
        Assert.Empty(hana.State.Room.SentHostRequests);

        await hana.MuteRemoteAudioAsync("cellar", muted: true, Cancellation);
        await room.UntilAsync(state => state.Room.Connection is { MutedRooms: ["cellar"] });
        await ben.ExitHostConnectionAsync(Cancellation);
        await _events.UntilAsync("left cellar");
        Assert.Equal(CoHostStatus.Disconnected, store.CoHostState.CoHostStatus.Value);
        await room.UntilAsync(state => state.Room.Stage.Length == 1);
        Assert.Equal(["joined cellar", "left cellar"], _events.Lines);
    }

    [Fact]
    public async Task Two_hosts_who_ask_each_other_are_connected_and_each_hears_accepted_and_joined_once()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var hana = await server.StartRoomAsync("hana");
        var benClient = await server.ConnectAsync("ben");
        var ben = await benClient.StartRoomAsync("cellar", Cancellation);
        var store = CoHostStore.Create("cellar", benClient);
        store.AddCoHostListener(new CoHostListener
        {
            OnCoHostRequestAccepted = host => _events.Add($"accepted {host.LiveId}"),
            OnCoHostUserJoined = host => _events.Add($"joined {host.LiveId}"),
        });
        Assert.Equal(0, (await hana.RequestHostConnectionAsync(["cellar"], cancellation: Cancellation)).Results["cellar"]);
        await ben.UntilAsync(state => state.Room.ReceivedHostRequests.Length == 1);

        Assert.True((await store.RequestHostConnection("lobby", CoHostLayoutTemplate.HostDynamicGrid, timeout: 30)).IsSuccess);

        await _events.UntilAsync("joined lobby");
        Assert.Equal(["accepted lobby", "joined lobby"], _events.Lines);
        Assert.Equal(2, (await store.RequestHostConnection("lobby", CoHostLayoutTemplate.HostDynamicGrid, timeout: 30)).Code);
    }

    [Fact]
    public async Task Candidates_are_the_other_public_lives()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var client = await server.ConnectAsync("hana");
        await client.StartRoomAsync("lobby", Cancellation);
        await server.StartRoomAsync("ben", "cellar");
        await server.StartRoomAsync("cleo", "attic");
        var store = CoHostStore.Create("lobby", client);

        Assert.True((await store.GetCoHostCandidates("")).IsSuccess);

        Assert.Equal(["attic", "cellar"], store.CoHostState.Candidates.Value.Select(host => host.LiveId).Order());
        Assert.Equal("", store.CoHostState.CandidatesCursor.Value);
        await store.RequestHostConnection("attic", CoHostLayoutTemplate.HostDynamicGrid, timeout: 0);
        await client.FindRoom("lobby")!.UntilAsync(state => state.Room.SentHostRequests.Length == 1);
        Assert.Equal("cellar", Assert.Single(store.CoHostState.Candidates.Value).LiveId);
        Assert.Equal("attic", Assert.Single(store.CoHostState.Invitees.Value).LiveId);
    }

    [Fact]
    public async Task The_view_hears_request_accepted_rooms_and_exited()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var hana = new LiveCoreView(await server.ConnectAsync("hana"));
        var ben = new LiveCoreView(await server.ConnectAsync("ben"));
        hana.RegisterConnectionObserver(new Recorder("hana", _events));
        ben.RegisterConnectionObserver(new Recorder("ben", _events));
        await hana.StartLiveStream(new LiveInfo { LiveId = "lobby" });
        await ben.StartLiveStream(new LiveInfo { LiveId = "cellar" });

        await hana.RequestCrossRoomConnection("cellar", timeOut: 30, onSuccess: code => _events.Add($"sent {code}"));
        await _events.UntilAsync("ben: request lobby");
        await ben.RespondToCrossRoomConnection("lobby", isAccepted: true);
        await _events.UntilAsync("hana: rooms 2");
        await ben.TerminateCrossRoomConnection(onError: (code, _) => _events.Add($"error {code}"));
        await _events.UntilAsync("hana: exited cellar");
        await ben.TerminateCrossRoomConnection(onError: (code, _) => _events.Add($"error {code}"));

        await _events.UntilAsync("error 100400");
        Assert.Equal(
            ["hana: accepted cellar", "hana: rooms 2", "hana: rooms 0", "hana: exited cellar"],
            _events.Lines.Where(line => line.StartsWith("hana", StringComparison.Ordinal)));
        Assert.Equal(
            ["ben: request lobby", "ben: rooms 2", "ben: rooms 0"],
            _events.Lines.Where(line => line.StartsWith("ben", StringComparison.Ordinal)));
    }

    /// <summary>Writes down what an observer of the view hears of other lives.</summary>
    private sealed class Recorder(string name, EventLog log) : IConnectionObserver
    {
        public void OnCrossRoomConnectionRequest(ConnectionUser hostUser) => log.Add($"{name}: request {hostUser.RoomId}");

        public void OnCrossRoomConnectionAccepted(ConnectionUser hostUser) => log.Add($"{name}: accepted {hostUser.RoomId}");

        public void OnConnectedRoomsUpdated(ImmutableArray<ConnectionUser> hostUserList) =>
            log.Add($"{name}: rooms {hostUserList.Length}");

        public void OnCrossRoomConnectionExited(ConnectionUser hostUser) => log.Add($"{name}: exited {hostUser.RoomId}");
    }
}
