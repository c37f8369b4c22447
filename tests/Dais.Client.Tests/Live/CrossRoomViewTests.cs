using System.Collections.Immutable;
using Dais.Client.Live;
using Dais.Protocol;

namespace Dais.Client.Tests.Live;

/// <summary>What the view makes of the contract about hosts of different rooms, whoever keeps it.</summary>
public sealed class CrossRoomViewTests : IAsyncDisposable
{
    private static readonly RoomHost Here = new("lobby", ScriptedServer.Hana);
    private static readonly RoomHost There = new("cellar", new User("ben", "Ben", ""));
    private static readonly RoomHost Attic = new("attic", new User("cleo", "Cleo", ""));

    private readonly ScriptedServer _server = new();
    private readonly Recorder _observer = new();
    private DaisClient _client = null!;
    private LiveCoreView _view = null!;

    private EventLog Log => _observer.Log;

    [Fact]
    public async Task Accepted_comes_before_the_updated_rooms_and_exited_behind_them()
    {
        await GoLiveAsync();
        var sent = HostRequest("r-1", Here, There);

        _server.Tell(Notifications.CoHostRequested, new HostRequestData(sent));
        _server.Tell(Notifications.CoHostChanged, new CoHostChangedData(Connection([Here, There], []), [There], []));
        _server.Tell(Notifications.CoHostRequestEnded, new HostRequestEndedData(sent, RequestOutcome.Accepted, 0));

        // Silencing a room is no change of who is connected.
        _server.Tell(Notifications.CoHostChanged, new CoHostChangedData(Connection([Here, There], ["cellar"]), [], []));
        _server.Tell(Notifications.CoHostChanged, new CoHostChangedData(
            null, [], [Departed(There, HostLeaveReason.Left), Departed(Here, HostLeaveReason.Alone)]));

        await Log.UntilAsync("Exited cellar/ben");
        Assert.Equal(["Accepted cellar/ben", "Rooms [lobby/hana cellar/ben]", "Rooms []", "Exited cellar/ben"], Log.Lines);
    }

    [Fact]
    public async Task Requests_of_others_come_and_go()
    {
        await GoLiveAsync();
        var first = HostRequest("r-1", There, Here);
        var second = HostRequest("r-2", Attic, Here);

        _server.Tell(Notifications.CoHostRequested, new HostRequestData(first));
        _server.Tell(Notifications.CoHostRequested, new HostRequestData(second));
        _server.Tell(Notifications.CoHostRequestEnded, new HostRequestEndedData(first, RequestOutcome.Cancelled, 0));
        _server.Tell(Notifications.CoHostRequestEnded, new HostRequestEndedData(second, RequestOutcome.TimedOut, 0));

        await Log.UntilAsync("Timeout attic/cleo lobby/hana");
        Assert.Equal(
            ["Request cellar/ben", "Request attic/cleo", "Cancelled cellar/ben", "Timeout attic/cleo lobby/hana"], Log.Lines);
    }

    [Fact]
    public async Task The_methods_are_the_calls_of_the_contract_and_their_codes_come_by_callback()
    {
        await GoLiveAsync();
        int code = 0;
        _server.Answer(Methods.CoHostRequest, asked => new CoHostRequestResult(
            ImmutableSortedDictionary<string, int>.Empty.Add(asked.TargetRoomIds[0], code)));
        _server.Refuse(Methods.CoHostExit, ErrorCodes.ConnectionNotFound);
        var calls = new EventLog();

        await _view.RequestCrossRoomConnection(roomId: "cellar", timeOut: 30, onSuccess: result => calls.Add($"{result}"));
        code = 1;
        await _view.RequestCrossRoomConnection("cellar", 0, result => calls.Add($"{result}"), (error, _) => calls.Add($"error {error}"));
        await _view.CancelCrossRoomConnection(roomId: "cellar", onSuccess: () => calls.Add("cancelled"));
        await _view.RespondToCrossRoomConnection(roomId: "attic", isAccepted: true, onSuccess: () => calls.Add("accepted"));
        await _view.RespondToCrossRoomConnection(roomId: "attic", isAccepted: false, onSuccess: () => calls.Add("rejected"));
        await _view.TerminateCrossRoomConnection(onError: (error, message) => calls.Add($"{error} {message}"));

        Assert.Equal(["Success", "RoomNotExist", "cancelled", "accepted", "rejected", "100400 The rooms are not connected"], calls.Lines);
        Assert.Equal(
            [
                """coHost.request {"roomId":"lobby","targetRoomIds":["cellar"],"layoutTemplateId":600,"timeout":30,"extraInfo":""}""",
                """coHost.request {"roomId":"lobby","targetRoomIds":["cellar"],"layoutTemplateId":600,"timeout":0,"extraInfo":""}""",
                """coHost.cancel {"roomId":"lobby","targetRoomId":"cellar"}""",
                """coHost.accept {"roomId":"lobby","fromRoomId":"attic"}""",
                """coHost.reject {"roomId":"lobby","fromRoomId":"attic"}""",
                """coHost.exit {"roomId":"lobby"}""",
            ],
            _server.Calls.Lines);
    }

    [Fact]
    public async Task Before_a_live_was_joined_every_call_is_refused()
    {
        _client = await _server.ConnectAsync();
        var view = new LiveCoreView(_client);
        var calls = new EventLog();

        await view.RequestCrossRoomConnection("cellar", 30, onError: (error, _) => calls.Add($"{error}"));
        await view.TerminateCrossRoomConnection(onError: (error, _) => calls.Add($"{error}"));

        Assert.Equal(["-2101", "-2101"], calls.Lines);
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        _server.Dispose();
    }

    private async Task GoLiveAsync()
    {
        _client = await _server.ConnectAsync();
        _view = new LiveCoreView(_client);
        _view.RegisterConnectionObserver(_observer);
        await _view.StartLiveStream(new LiveInfo { LiveId = "lobby" });
    }

    private static HostRequest HostRequest(string requestId, RoomHost from, RoomHost to) => new(requestId, from, to, 600, "", null);

    private static HostConnection Connection(ImmutableArray<RoomHost> members, ImmutableArray<string> muted) =>
        new("c-1", 600, members, muted);

    private static DepartedHost Departed(RoomHost host, HostLeaveReason reason) => new(host.RoomId, host.Host, reason);

    /// <summary>Every callback about other lives, by its name.</summary>
    private sealed class Recorder : IConnectionObserver
    {
        public EventLog Log { get; } = new();

        public void OnConnectedRoomsUpdated(ImmutableArray<ConnectionUser> hostUserList) =>
            Log.Add($"Rooms [{string.Join(' ', hostUserList.Select(Id))}]");

        public void OnCrossRoomConnectionRequest(ConnectionUser hostUser) => Log.Add($"Request {Id(hostUser)}");

        public void OnCrossRoomConnectionCancelled(ConnectionUser hostUser) => Log.Add($"Cancelled {Id(hostUser)}");

        public void OnCrossRoomConnectionAccepted(ConnectionUser hostUser) => Log.Add($"Accepted {Id(hostUser)}");

        public void OnCrossRoomConnectionRejected(ConnectionUser hostUser) => Log.Add($"Rejected {Id(hostUser)}");

        public void OnCrossRoomConnectionTimeout(ConnectionUser inviter, ConnectionUser invitee) =>
            Log.Add($"Timeout {Id(inviter)} {Id(invitee)}");

        public void OnCrossRoomConnectionExited(ConnectionUser hostUser) => Log.Add($"Exited {Id(hostUser)}");

        private static string Id(ConnectionUser host) => $"{host.RoomId}/{host.UserId}";
    }
}
