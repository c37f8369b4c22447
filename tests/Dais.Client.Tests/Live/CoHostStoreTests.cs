using System.Collections.Immutable;
using Dais.Client.Live;
using Dais.Protocol;

namespace Dais.Client.Tests.Live;

/// <summary>What the store makes of the contract, whoever keeps it.</summary>
public sealed class CoHostStoreTests : IAsyncDisposable
{
    private static readonly RoomHost Here = new("lobby", ScriptedServer.Hana);
    private static readonly RoomHost There = new("cellar", new User("ben", "Ben", ""));
    private static readonly RoomHost Attic = new("attic", new User("cleo", "Cleo", ""));

    private readonly ScriptedServer _server = new();
    private readonly EventLog _events = new();
    private DaisClient _client = null!;
    private CoHostStore _store = null!;

    [Fact]
    public async Task Who_is_asked_is_an_invitee_until_they_accept_and_the_answer_is_heard_before_they_join()
    {
        await GoLiveAsync();

        var sent = HostRequest("r-1", Here, There);
        _server.Tell(Notifications.CoHostRequested, new HostRequestData(sent));
        _server.Tell(Notifications.CoHostChanged, new CoHostChangedData(Connection([Here, There]), [There], []));
        _server.Tell(Notifications.StageChanged, new StageChangedData([Entry(1, There, DeviceState.On)], new Canvas(1080, 1920)));
        _server.Tell(Notifications.CoHostRequestEnded, new HostRequestEndedData(sent, RequestOutcome.Accepted, 0));
        await _events.UntilAsync("joined cellar/ben On");

        Assert.Equal(
            [
                "invitees [cellar/ben]",
                "connected [lobby/hana cellar/ben], Connected",
                "status Connected of 2",
                "connected [lobby/hana cellar/ben], Connected",
                "invitees []",
                "accepted cellar/ben of 2",
                "joined cellar/ben On",
            ],
            _events.Lines);
    }

    [Fact]
    public async Task Requests_of_others_queue_and_the_newest_is_the_applicant()
    {
        await GoLiveAsync();
        var first = HostRequest("r-1", There, Here, extraInfo: "hello");
        var second = HostRequest("r-2", Attic, Here);

        _server.Tell(Notifications.CoHostRequested, new HostRequestData(first));
        _server.Tell(Notifications.CoHostRequested, new HostRequestData(second));
        await _events.UntilAsync("received attic/cleo ''");
        Assert.Equal(["cellar", "attic"], _store.CoHostState.Applicants.Value.Select(host => host.LiveId));
        Assert.Equal("attic", _store.CoHostState.Applicant.Value!.LiveId);

        _server.Tell(Notifications.CoHostRequestEnded, new HostRequestEndedData(second, RequestOutcome.Cancelled, 0));
        await _events.UntilAsync("cancelled attic/cleo lobby/hana");
        Assert.Equal("cellar", _store.CoHostState.Applicant.Value!.LiveId);

        _server.Tell(Notifications.CoHostRequestEnded, new HostRequestEndedData(first, RequestOutcome.TimedOut, 0));
        await _events.UntilAsync("timeout cellar/ben lobby/hana");
        Assert.Null(_store.CoHostState.Applicant.Value);
        Assert.Equal(
            [
                "applicant cellar/ben", "received cellar/ben 'hello'",
                "applicant attic/cleo", "received attic/cleo ''",
                "applicant cellar/ben", "cancelled attic/cleo lobby/hana",
                "applicant ", "timeout cellar/ben lobby/hana",
            ],
            _events.Lines);
    }

    [Theory]
    [InlineData(RequestOutcome.Rejected, 0, "rejected cellar/ben")]
    [InlineData(RequestOutcome.TimedOut, 0, "timeout lobby/hana cellar/ben")]
    [InlineData(RequestOutcome.RoomEnded, 0, "rejected cellar/ben")]
    [InlineData(RequestOutcome.Failed, 100404, "rejected cellar/ben")]
    [InlineData(RequestOutcome.AlreadySeated, 0, "accepted cellar/ben of 0")]
    public async Task Every_end_of_an_own_request_is_heard_once_and_after_the_invitee_is_gone(RequestOutcome outcome, int code, string heard)
    {
        await GoLiveAsync();
        var sent = HostRequest("r-1", Here, There);

        _server.Tell(Notifications.CoHostRequested, new HostRequestData(sent));
        _server.Tell(Notifications.CoHostRequestEnded, new HostRequestEndedData(sent, outcome, code));

        await _events.UntilAsync(heard);
        Assert.Equal(["invitees [cellar/ben]", "invitees []", heard], _events.Lines);
    }

    [Fact]
    public async Task Who_asks_somebody_that_has_asked_already_is_accepted_and_hears_so_once()
    {
        await GoLiveAsync();
        var received = HostRequest("r-1", There, Here);
        _server.Tell(Notifications.CoHostRequested, new HostRequestData(received));
        _server.Answer(Methods.CoHostRequest, asked =>
        {
            _server.Tell(Notifications.CoHostChanged, new CoHostChangedData(Connection([Here, There]), [There], []));
            _server.Tell(Notifications.CoHostRequestEnded, new HostRequestEndedData(received, RequestOutcome.Accepted, 0));
            return Results((asked.TargetRoomIds[0], 0));
        });

        Assert.True((await _store.RequestHostConnection("cellar", CoHostLayoutTemplate.HostDynamicGrid, timeout: 30)).IsSuccess);

        Assert.Equal(["accepted cellar/ben of 2", "joined cellar/ben Off"], _events.Lines[^2..]);
    }

    [Fact]
    public async Task Who_accepts_hears_that_the_other_joined_and_not_that_they_were_accepted()
    {
        await GoLiveAsync();
        var received = HostRequest("r-1", There, Here);
        _server.Tell(Notifications.CoHostRequested, new HostRequestData(received));

        // Asked in vain before: that is no asking any more.
        _server.Answer(Methods.CoHostRequest, asked => Results((asked.TargetRoomIds[0], 5)));
        Assert.Equal(5, (await _store.RequestHostConnection("cellar", CoHostLayoutTemplate.HostDynamicGrid, timeout: 30)).Code);
        _server.Tell(Notifications.CoHostChanged, new CoHostChangedData(Connection([There, Here]), [There], []));
        _server.Tell(Notifications.CoHostRequestEnded, new HostRequestEndedData(received, RequestOutcome.Accepted, 0));

        await _events.UntilAsync("joined cellar/ben Off");
        Assert.Equal(["applicant ", "joined cellar/ben Off"], _events.Lines[^2..]);
    }

    [Fact]
    public async Task Who_is_removed_from_the_connection_with_everybody_hears_it_by_the_status_alone()
    {
        await GoLiveAsync();

        _server.Tell(Notifications.CoHostChanged, new CoHostChangedData(Connection([Here, There]), [There], []));
        _server.Tell(Notifications.CoHostChanged, new CoHostChangedData(
            null, [], [Departed(Here, HostLeaveReason.Removed), Departed(There, HostLeaveReason.Removed)]));

        await UntilToldAsync("status Disconnected of 0");
        Assert.DoesNotContain(_events.Lines, line => line.StartsWith("left", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_one_took_back_oneself_is_not_heard()
    {
        await GoLiveAsync();
        var sent = HostRequest("r-1", Here, There);

        _server.Tell(Notifications.CoHostRequested, new HostRequestData(sent));
        _server.Tell(Notifications.CoHostRequestEnded, new HostRequestEndedData(sent, RequestOutcome.Cancelled, 0));
        _server.Tell(Notifications.CoHostRequested, new HostRequestData(HostRequest("r-2", There, Here)));

        await _events.UntilAsync("received cellar/ben ''");
        Assert.Equal(["invitees [cellar/ben]", "invitees []", "applicant cellar/ben", "received cellar/ben ''"], _events.Lines);
    }

    [Fact]
    public async Task A_third_host_joins_without_a_request_of_this_live_and_those_who_leave_are_heard_and_oneself_is_not()
    {
        await GoLiveAsync();

        _server.Tell(Notifications.CoHostChanged, new CoHostChangedData(Connection([Here, There]), [There], []));
        _server.Tell(Notifications.CoHostChanged, new CoHostChangedData(Connection([Here, There, Attic]), [Attic], []));
        _server.Tell(Notifications.CoHostChanged, new CoHostChangedData(Connection([Here, Attic]), [], [Departed(There)]));
        _server.Tell(Notifications.CoHostChanged, new CoHostChangedData(null, [], [Departed(Attic), Departed(Here, HostLeaveReason.Alone)]));

        await _events.UntilAsync("left attic/cleo of 0");
        Assert.Equal(
            [
                "connected [lobby/hana cellar/ben], Connected", "status Connected of 2", "joined cellar/ben Off",
                "connected [lobby/hana cellar/ben attic/cleo], Connected", "joined attic/cleo Off",
                "connected [lobby/hana attic/cleo], Connected", "left cellar/ben of 2",
                "connected [], Disconnected", "status Disconnected of 0", "left attic/cleo of 0",
            ],
            _events.Lines);
    }

    [Fact]
    public async Task A_change_does_not_wait_for_the_end_of_a_request_that_does_not_come()
    {
        await GoLiveAsync();

        _server.Tell(Notifications.CoHostRequested, new HostRequestData(HostRequest("r-1", Here, There)));
        _server.Tell(Notifications.CoHostChanged, new CoHostChangedData(Connection([Here, There]), [There], []));
        _server.Tell(Notifications.RoomUpdated, new RoomUpdatedData(Name: "Tonight"));

        await _events.UntilAsync("joined cellar/ben Off");
    }

    [Fact]
    public async Task A_snapshot_says_who_is_connected_and_who_asks_and_leaving_the_live_empties_everything()
    {
        await GoLiveAsync();

        _server.Sync(ScriptedServer.Lobby with
        {
            Connection = Connection([There, Here]) with { MutedRooms = ["cellar"] },
            ReceivedHostRequests = [HostRequest("r-1", Attic, Here)],
            Stage = [Entry(1, There, DeviceState.Locked)],
        });
        await _events.UntilAsync("applicant attic/cleo");

        var state = _store.CoHostState;
        Assert.Equal(["cellar"], state.MutedHosts.Value);
        Assert.False(state.Connected.Value[0].AllowOpenMicrophone);
        Assert.Equal(DeviceStatus.On, state.Connected.Value[1].CameraStatus);

        await _client.FindRoom("lobby")!.LeaveAsync(TestContext.Current.CancellationToken);
        Assert.Equal(CoHostStatus.Disconnected, state.CoHostStatus.Value);
        Assert.Empty(state.Connected.Value);
        Assert.Null(state.Applicant.Value);
        Assert.Empty(state.MutedHosts.Value);
        Assert.Equal(CompletionHandler.NotInLive, (await _store.ExitHostConnection()).Code);
    }

    [Fact]
    public async Task Candidates_come_in_pages_each_once_without_those_who_are_asked_or_connected()
    {
        await GoLiveAsync();
        _server.Answer(Methods.CoHostCandidates, asked => asked.Cursor switch
        {
            "" => new CoHostCandidatesResult([Candidate(There), Candidate(Attic)], "2"),
            _ => new CoHostCandidatesResult([Candidate(Attic), Candidate(new RoomHost("barn", There.Host))], ""),
        });
        var state = _store.CoHostState;

        Assert.True((await _store.GetCoHostCandidates("")).IsSuccess);
        Assert.Equal(("[cellar/ben attic/cleo]", "2"), (Ids(state.Candidates.Value), state.CandidatesCursor.Value));
        Assert.True((await _store.GetCoHostCandidates(state.CandidatesCursor.Value)).IsSuccess);
        Assert.Equal(("[cellar/ben attic/cleo barn/ben]", ""), (Ids(state.Candidates.Value), state.CandidatesCursor.Value));

        var sent = HostRequest("r-1", Here, There);
        _server.Tell(Notifications.CoHostRequested, new HostRequestData(sent));
        await _events.UntilAsync("candidates [attic/cleo barn/ben]");
        _server.Tell(Notifications.CoHostRequestEnded, new HostRequestEndedData(sent, RequestOutcome.Rejected, 0));
        await _events.UntilAsync("rejected cellar/ben");
        Assert.Equal("[cellar/ben attic/cleo barn/ben]", Ids(state.Candidates.Value));

        Assert.True((await _store.GetCoHostCandidates("")).IsSuccess);
        Assert.Equal("[cellar/ben attic/cleo]", Ids(state.Candidates.Value));
    }

    [Fact]
    public async Task The_methods_are_the_calls_of_the_contract()
    {
        await GoLiveAsync();
        _server.Answer(Methods.CoHostRequest, asked => Results((asked.TargetRoomIds[0], 0)));

        Assert.Equal(0, (await _store.RequestHostConnection("cellar", CoHostLayoutTemplate.HostDynamic1v6, timeout: 30, extraInfo: "hi")).Code);
        Assert.True((await _store.RequestHostConnection("cellar", layoutTemplate: 42, timeout: 0)).IsSuccess);
        Assert.True((await _store.CancelHostConnection("cellar")).IsSuccess);
        Assert.True((await _store.AcceptHostConnection("cellar")).IsSuccess);
        Assert.True((await _store.RejectHostConnection("cellar")).IsSuccess);
        Assert.True((await _store.MuteRemoteHostAudio("cellar", isMuted: true)).IsSuccess);
        Assert.True((await _store.ExitHostConnection()).IsSuccess);

        Assert.Equal(
            [
                """coHost.request {"roomId":"lobby","targetRoomIds":["cellar"],"layoutTemplateId":601,"timeout":30,"extraInfo":"hi"}""",
                """coHost.request {"roomId":"lobby","targetRoomIds":["cellar"],"layoutTemplateId":42,"timeout":0,"extraInfo":""}""",
                """coHost.cancel {"roomId":"lobby","targetRoomId":"cellar"}""",
                """coHost.accept {"roomId":"lobby","fromRoomId":"cellar"}""",
                """coHost.reject {"roomId":"lobby","fromRoomId":"cellar"}""",
                """coHost.muteRemoteAudio {"roomId":"lobby","remoteRoomId":"cellar","muted":true}""",
                """coHost.exit {"roomId":"lobby"}""",
            ],
            _server.Calls.Lines);
    }

    [Theory]
    [InlineData(1, "The live does not exist.")]
    [InlineData(4, "The maximum number of connected lives is reached.")]
    [InlineData(-1, "The live cannot be connected with.")]
    public async Task A_request_that_could_not_be_sent_completes_with_its_code_and_the_code_in_words(int code, string words)
    {
        await GoLiveAsync();
        _server.Answer(Methods.CoHostRequest, asked => Results((asked.TargetRoomIds[0], code)));

        var result = await _store.RequestHostConnection("cellar", CoHostLayoutTemplate.HostDynamicGrid, timeout: 30);

        Assert.Equal((code, words), (result.Code, result.Message));
    }

    [Fact]
    public async Task A_refusal_completes_with_the_code_of_the_contract()
    {
        await GoLiveAsync();
        _server.Refuse(Methods.CoHostAccept, ErrorCodes.ConnectedElsewhere);
        _server.Refuse(Methods.CoHostExit, ErrorCodes.ConnectionNotFound);

        Assert.Equal(100403, (await _store.AcceptHostConnection("cellar")).Code);
        Assert.Equal(100400, (await _store.ExitHostConnection()).Code);
    }

    [Fact]
    public async Task A_listener_that_throws_or_is_removed_keeps_nothing_from_the_others()
    {
        await GoLiveAsync();
        var removed = new CoHostListener { OnCoHostUserJoined = _ => _events.Add("removed") };
        _store.AddCoHostListener(new CoHostListener { OnCoHostRequestAccepted = _ => throw new InvalidOperationException("mine") });
        _store.AddCoHostListener(new CoHostListener { OnCoHostUserJoined = host => _events.Add($"last {host.LiveId}") });
        _store.AddCoHostListener(removed);
        _store.RemoveCoHostListener(removed);
        _store.RemoveCoHostListener(new CoHostListener { OnCoHostUserLeft = _ => { } });
        var sent = HostRequest("r-1", Here, There);

        _server.Tell(Notifications.CoHostRequested, new HostRequestData(sent));
        _server.Tell(Notifications.CoHostChanged, new CoHostChangedData(Connection([Here, There]), [There], []));
        _server.Tell(Notifications.CoHostRequestEnded, new HostRequestEndedData(sent, RequestOutcome.Accepted, 0));

        await _events.UntilAsync("last cellar");
        Assert.Equal(["accepted cellar/ben of 2", "joined cellar/ben Off", "last cellar"], _events.Lines[^3..]);
    }

    [Fact]
    public async Task The_canvas_says_the_connections_layout_while_there_is_one()
    {
        await GoLiveAsync();
        var seats = LiveSeatStore.Create("lobby", _client);

        _server.Tell(Notifications.CoHostChanged, new CoHostChangedData(Connection([Here, There]), [There], []));
        await UntilToldAsync("joined cellar/ben Off");
        Assert.Equal(601, seats.Canvas.Value!.TemplateId);

        _server.Tell(Notifications.CoHostChanged, new CoHostChangedData(null, [], [Departed(There)]));
        await UntilToldAsync("left cellar/ben of 0");
        Assert.Equal(600, seats.Canvas.Value!.TemplateId);
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        _server.Dispose();
    }

    /// <summary>Connects and starts the room; everything the store tells is written down, with what its state said then.</summary>
    private async Task GoLiveAsync()
    {
        _client = await _server.ConnectAsync();
        await _client.StartRoomAsync("lobby", TestContext.Current.CancellationToken);
        _store = CoHostStore.Create("lobby", _client);
        Assert.Same(_store, CoHostStore.Create("lobby", _client));
        var state = _store.CoHostState;
        state.Connected.AddListener(() => _events.Add($"connected {Ids(state.Connected.Value)}, {state.CoHostStatus.Value}"));
        state.CoHostStatus.AddListener(() => _events.Add($"status {state.CoHostStatus.Value} of {state.Connected.Value.Length}"));
        state.Invitees.AddListener(() => _events.Add($"invitees {Ids(state.Invitees.Value)}"));
        state.Applicant.AddListener(() => _events.Add($"applicant {(state.Applicant.Value is { } host ? Id(host) : "")}"));
        state.Candidates.AddListener(() => _events.Add($"candidates {Ids(state.Candidates.Value)}"));
        _store.AddCoHostListener(new CoHostListener
        {
            OnCoHostRequestReceived = (inviter, extensionInfo) => _events.Add($"received {Id(inviter)} '{extensionInfo}'"),
            OnCoHostRequestCancelled = (inviter, invitee) => _events.Add($"cancelled {Id(inviter)} {Id(invitee!)}"),
            OnCoHostRequestAccepted = invitee => _events.Add($"accepted {Id(invitee)} of {state.Connected.Value.Length}"),
            OnCoHostRequestRejected = invitee => _events.Add($"rejected {Id(invitee)}"),
            OnCoHostRequestTimeout = (inviter, invitee) => _events.Add($"timeout {Id(inviter)} {Id(invitee)}"),
            OnCoHostUserJoined = host => _events.Add($"joined {Id(host)} {host.CameraStatus}"),
            OnCoHostUserLeft = host => _events.Add($"left {Id(host)} of {state.Connected.Value.Length}"),
        });
    }

    /// <summary>Waits until a line was written, and everybody was told of what it is about.</summary>
    private async Task UntilToldAsync(string line)
    {
        await _events.UntilAsync(line);
        await _client.RunAsync(static () => { });
    }

    private static string Id(SeatUserInfo host) => $"{host.LiveId}/{host.UserId}";

    private static string Ids(ImmutableArray<SeatUserInfo> hosts) => $"[{string.Join(' ', hosts.Select(Id))}]";

    private static HostRequest HostRequest(string requestId, RoomHost from, RoomHost to, string extraInfo = "") =>
        new(requestId, from, to, 601, extraInfo, null);

    private static HostConnection Connection(ImmutableArray<RoomHost> members) => new("c-1", 601, members, []);

    private static DepartedHost Departed(RoomHost host, HostLeaveReason reason = HostLeaveReason.Left) => new(host.RoomId, host.Host, reason);

    private static CoHostCandidate Candidate(RoomHost host) => new(host.RoomId, host.Host, 3);

    private static StageEntry Entry(int slot, RoomHost host, DeviceState devices) =>
        new(slot, host.RoomId, 0, host.Host, devices, devices, new Region(0, 0, 1, 1, 0));

    private static CoHostRequestResult Results((string RoomId, int Code) result) =>
        new(ImmutableSortedDictionary<string, int>.Empty.Add(result.RoomId, result.Code));
}
