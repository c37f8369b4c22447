using System.Diagnostics.Metrics;
using Dais.Rooms;
using Dais.Rooms.Audience;
using Dais.Rooms.Guests;

namespace Dais.Server.Observability;

/// <summary>
/// What happens on this server, as instruments of the meter <c>Dais</c>. What can be read at any time is not here but in
/// <see cref="ObservedFigures"/>. No label names a user, a room or an address: each has few values, known beforehand.
/// </summary>
public sealed class ServerMetrics : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Dais";

    /// <summary>The outcome of a call that succeeded.</summary>
    public const string Succeeded = "ok";

    /// <summary>The method of a message that was none, or whose method nobody knows.</summary>
    public const string NoMethod = "none";

    /// <summary>From an append in memory to a disk that struggles.</summary>
    private static readonly InstrumentAdvice<double> AppendBuckets = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    };

    /// <summary>A call is an append, and sometimes the wait of one room for others.</summary>
    private static readonly InstrumentAdvice<double> CallBuckets = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    };

    private readonly Counter<long> _roomsStarted;
    private readonly Counter<long> _roomsEnded;
    private readonly Counter<long> _joins;
    private readonly Counter<long> _leaves;
    private readonly Counter<long> _requestsMade;
    private readonly Counter<long> _requestsEnded;
    private readonly Counter<long> _messages;
    private readonly Counter<long> _calls;
    private readonly Histogram<double> _callDuration;
    private readonly Counter<long> _closes;
    private readonly Histogram<double> _appendDuration;
    private readonly Counter<long> _appends;
    private readonly Counter<long> _appendedEvents;
    private readonly Counter<long> _appendedBytes;

    /// <summary>Makes the instruments.</summary>
    public ServerMetrics()
    {
        // Several servers may be in one process, in tests: the scope tells their meters apart.
        Meter = new Meter(new MeterOptions(MeterName) { Scope = this });
        _roomsStarted = Counter("dais.rooms.started", "{room}", "Rooms that went live.");
        _roomsEnded = Counter("dais.rooms.ended", "{room}", "Rooms that ended, by reason: host, server, host_timeout.");
        _joins = Counter("dais.joins", "{member}", "Members who joined, hosts included, by platform.");
        _leaves = Counter(
            "dais.leaves", "{member}", "Members who left, by reason: left, kicked, connection_lost, room_ended.");
        _requestsMade = Counter(
            "dais.requests.made", "{request}", "Requests made, by kind: application, invitation, host_connection.");
        _requestsEnded = Counter(
            "dais.requests.ended", "{request}", "Requests that ended, by kind and outcome: accepted, rejected, cancelled, "
            + "timed_out, already_seated, failed, room_ended.");
        _messages = Counter("dais.messages", "{message}", "Messages shown, by kind: text, custom.");
        _calls = Counter("dais.signaling.calls", "{call}", "Calls answered, by method and outcome: ok or the error's name.");
        _callDuration = Meter.CreateHistogram(
            "dais.signaling.call.duration", "s", "Time from a call to its answer.", advice: CallBuckets);
        _closes = Counter(
            "dais.signaling.closes", "{connection}", "Connections that ended, by the server's close code; 0 when the client or the "
            + "network ended it.");
        _appendDuration = Meter.CreateHistogram(
            "dais.log.append.duration", "s", "Time from an append to its acknowledgement: the commit latency.", advice: AppendBuckets);
        _appends = Counter("dais.log.appends", "{append}", "Appends, by outcome: appended, conflict, full, failed.");
        _appendedEvents = Counter("dais.log.events", "{event}", "Events appended.");
        _appendedBytes = Counter("dais.log.events.size", "By", "Bytes of the events appended, without what frames them.");
    }

    /// <summary>The meter; of this server alone.</summary>
    public Meter Meter { get; }

    /// <summary>Something has happened in <paramref name="room"/>, which is as right after it.</summary>
    public void Happened(RoomEvent happened, Room room)
    {
        switch (happened)
        {
            case RoomEvent.MemberJoined joined:
                _joins.Add(1, Label("platform", NameOf(joined.Member.Platform)));
                break;
            case RoomEvent.MemberLeft left:
                _leaves.Add(1, Label("reason", NameOf(left.Reason)));
                break;
            case RoomEvent.MessageSent sent:
                _messages.Add(1, Label("kind", sent.Message.Content.Kind == Dais.Rooms.Messages.MessageKind.Text ? "text" : "custom"));
                break;
            case RoomEvent.Started:
                _roomsStarted.Add(1);
                break;
            case RoomEvent.Ended ended:
                _roomsEnded.Add(1, Label("reason", NameOf(ended.Reason)));
                _leaves.Add(room.Members.Count, Label("reason", "room_ended"));
                EndedWith("application", room.Applications.Count);
                EndedWith("invitation", room.Invitations.Count);
                break;
            default:
                CountRequest(happened, room);
                break;
        }
    }

    /// <summary>A call was answered.</summary>
    /// <param name="method">A method that exists, or <see cref="NoMethod"/>.</param>
    /// <param name="outcome"><see cref="Succeeded"/>, or the name of the error.</param>
    public void Answered(string method, string outcome) => _calls.Add(1, Label("method", method), Label("outcome", outcome));

    /// <summary>A call took <paramref name="duration"/>.</summary>
    public void CallTook(TimeSpan duration) => _callDuration.Record(duration.TotalSeconds);

    /// <summary>A connection is over.</summary>
    public void Closed(int? code) => _closes.Add(1, Label("code", code ?? 0));

    /// <summary>An append was answered.</summary>
    public void Appended(string outcome, TimeSpan duration)
    {
        _appends.Add(1, Label("outcome", outcome));
        _appendDuration.Record(duration.TotalSeconds);
    }

    /// <summary>Events are in the log.</summary>
    public void AppendedEvents(long count, long bytes)
    {
        _appendedEvents.Add(count);
        _appendedBytes.Add(bytes);
    }

    /// <inheritdoc/>
    public void Dispose() => Meter.Dispose();

    private void CountRequest(RoomEvent happened, Room room)
    {
        switch (happened)
        {
            case RoomEvent.Applied:
                _requestsMade.Add(1, Label("kind", "application"));
                break;
            case RoomEvent.ApplicationEnded ended:
                Ended("application", ended.Outcome);
                break;
            case RoomEvent.Invited:
                _requestsMade.Add(1, Label("kind", "invitation"));
                break;
            case RoomEvent.InvitationEnded ended:
                Ended("invitation", ended.Outcome);
                break;

            // Both rooms have these, and the one that asked counts; when it has ended, the other.
            case RoomEvent.HostRequested requested when requested.Request.From.RoomId == room.Id:
                _requestsMade.Add(1, Label("kind", "host_connection"));
                break;
            case RoomEvent.HostRequestEnded ended when ended.Request.From.RoomId == room.Id || ended.Outcome == RequestOutcome.RoomEnded:
                Ended("host_connection", ended.Outcome);
                break;
        }
    }

    private void Ended(string kind, RequestOutcome outcome) =>
        _requestsEnded.Add(1, Label("kind", kind), Label("outcome", NameOf(outcome)));

    private void EndedWith(string kind, int count)
    {
        if (count > 0)
        {
            _requestsEnded.Add(count, Label("kind", kind), Label("outcome", NameOf(RequestOutcome.RoomEnded)));
        }
    }

    private Counter<long> Counter(string name, string unit, string meaning) => Meter.CreateCounter<long>(name, unit, meaning);

    private static KeyValuePair<string, object?> Label(string name, object value) => new(name, value);

    private static string NameOf(ClientPlatform platform) => platform switch
    {
        ClientPlatform.Android => "android",
        ClientPlatform.Ios => "ios",
        ClientPlatform.Windows => "windows",
        ClientPlatform.Linux => "linux",
        ClientPlatform.Web => "web",
        ClientPlatform.MacOs => "macos",
        _ => "other",
    };

    private static string NameOf(MemberLeaveReason reason) => reason switch
    {
        MemberLeaveReason.Kicked => "kicked",
        MemberLeaveReason.ConnectionLost => "connection_lost",
        _ => "left",
    };

    private static string NameOf(RoomEndReason reason) => reason switch
    {
        RoomEndReason.Host => "host",
        RoomEndReason.HostTimeout => "host_timeout",
        _ => "server",
    };

    private static string NameOf(RequestOutcome outcome) => outcome switch
    {
        RequestOutcome.Accepted => "accepted",
        RequestOutcome.Rejected => "rejected",
        RequestOutcome.Cancelled => "cancelled",
        RequestOutcome.TimedOut => "timed_out",
        RequestOutcome.AlreadySeated => "already_seated",
        RequestOutcome.RoomEnded => "room_ended",
        _ => "failed",
    };
}
