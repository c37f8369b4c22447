using System.Collections.Immutable;
using Dais.Rooms;
using Dais.Server.Storage;

namespace Dais.Server.Webhooks;

/// <summary>
/// One room as its webhooks see it: how far its stream goes, how far each endpoint is in it, and from where a restart could
/// begin. One life of the stream: one that begins anew after a deletion has another feed.
/// </summary>
public sealed class RoomFeed : IDisposable
{
    /// <summary>A new base is worth it after so many events, and as many bytes as the last one had.</summary>
    private const int BaseEventsMin = 200;

    private const long BaseBytesApartMax = 2 << 20;

    /// <summary>More than this is not held for anybody, however far behind: the room must be able to go on.</summary>
    private const long HeldBytesMax = 48 << 20;

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _over = new();
    private readonly RoomBacklog _backlog = new();
    private readonly Dictionary<string, RoomLane> _lanes = new(StringComparer.Ordinal);
    private readonly WebhookParts _parts;
    private readonly KeptCursors _cursors;
    private readonly bool _isNew;
    private readonly CancellationToken _stopping;
    private long _head;
    private bool _isLoaded;
    private bool _isDirty;
    private bool _isRetired;
    private DateTimeOffset? _expiresAt;

    /// <summary>A feed of a stream that goes to <paramref name="head"/>.</summary>
    /// <param name="roomId">The room.</param>
    /// <param name="head">The stream's last event so far.</param>
    /// <param name="isNew">Whether the stream begins with what comes next; then nothing stored is about it.</param>
    /// <param name="parts">What lanes work with.</param>
    /// <param name="stopping">Cancelled when the server stops.</param>
    public RoomFeed(string roomId, long head, bool isNew, WebhookParts parts, CancellationToken stopping)
    {
        RoomId = new RoomId(roomId);
        _head = head;
        _isNew = isNew;
        _parts = parts;
        _cursors = new KeptCursors(RoomId, parts.Events);
        Reader = new RoomReader(RoomId, parts.Events);
        _stopping = stopping;
        Base = new CursorBase(0, NoticeFold.Unstarted(RoomId));
    }

    /// <summary>The room.</summary>
    public RoomId RoomId { get; }

    /// <summary>What reads the room from the log.</summary>
    public RoomReader Reader { get; }

    /// <summary>Cancelled when the stream is deleted or begins anew.</summary>
    public CancellationToken Over => _over.Token;

    /// <summary>The last event there is.</summary>
    public long Head
    {
        get
        {
            lock (_gate)
            {
                return _head;
            }
        }
    }

    /// <summary>What is known at a position that no lane is before.</summary>
    public CursorBase Base { get; private set; }

    /// <summary>Whether a room of this id that is deleted leaves nothing untold.</summary>
    public bool MayDelete
    {
        get
        {
            lock (_gate)
            {
                return _isLoaded && IsCaughtUp;
            }
        }
    }

    /// <summary>Whether there is something new to store.</summary>
    public bool IsDirty
    {
        get
        {
            lock (_gate)
            {
                return _isLoaded && _isDirty && !_over.IsCancellationRequested;
            }
        }
    }

    private bool IsCaughtUp => _lanes.Values.All(lane => lane.Seq >= _head);

    private TimeSpan Now => _parts.Time.GetElapsedTime(0);

    /// <summary>
    /// Events were appended. False when they begin the stream anew, or this feed has retired: then it is over.
    /// </summary>
    public bool TryAppend(StreamAppend append)
    {
        ArgumentNullException.ThrowIfNull(append);
        lock (_gate)
        {
            if (_isRetired || append.ExpectedHead < _head)
            {
                return false;
            }

            _head = append.ExpectedHead + append.Events.Count;
            _expiresAt = append.ExpiresAt;
            _isDirty = true;
            _backlog.Add(_head, RoomReader.BytesOf(append.Events), Now);
            WakeAll();
            return true;
        }
    }

    /// <summary>
    /// Takes nothing more when the room has ended, everybody knows, and that is stored. Should it go live again, another feed
    /// goes on from what is stored.
    /// </summary>
    public bool TryRetire()
    {
        lock (_gate)
        {
            _isRetired = _isLoaded && !_isDirty && IsCaughtUp && _expiresAt is not null && Base.Seq == _head;
            return _isRetired;
        }
    }

    /// <summary>Reads the cursors, and makes a lane for each of <paramref name="desks"/>.</summary>
    public async Task LoadAsync(Func<IEnumerable<EndpointDesk>> desks, DateTimeOffset? expiresAt)
    {
        // 1. What is stored.
        var found = await _cursors.LoadAsync(_isNew, _stopping);
        var cursors = found.Cursors.ToDictionary(cursor => cursor.EndpointId, StringComparer.Ordinal);
        long lowest;
        lock (_gate)
        {
            _expiresAt ??= _isNew ? null : expiresAt;
            lowest = desks().Select(desk => PositionOf(desk, cursors).Seq).DefaultIfEmpty(_head).Min();
        }

        // 2. Where to begin.
        bool isStored = found.Base is { } known && known.Seq <= lowest && !_isNew;
        var begin = isStored ? found.Base! : await Reader.FindBaseAsync(lowest, isOver: expiresAt is not null && lowest == Head, _stopping);
        var (bytes, last) = await Reader.MeasureAsync(begin.Seq, _stopping);
        lock (_gate)
        {
            // It counts as having come now.
            _backlog.Begin(begin.Seq, last, bytes, Now);
            Base = begin;
            foreach (var desk in desks())
            {
                var (seq, done) = PositionOf(desk, cursors);
                _lanes.TryAdd(desk.Endpoint.Id, new RoomLane(this, desk, seq, done, _parts));
            }

            _isLoaded = true;
            _isDirty |= _lanes.Count != cursors.Count || _lanes.Values.Any(lane => !IsStored(lane, cursors));
        }

        // 3. One that came from the room's own snapshot is gone with the next snapshot: it is kept before anything happens.
        if (!isStored && begin.Seq > 0)
        {
            lock (_gate)
            {
                _isDirty = true;
            }

            await SaveAsync(isForced: true);
        }

        lock (_gate)
        {
            WakeAll();
        }
    }

    /// <summary>An endpoint that begins after <paramref name="seq"/>.</summary>
    public void AddLane(EndpointDesk desk, long seq)
    {
        lock (_gate)
        {
            if (_isLoaded)
            {
                _lanes.TryAdd(desk.Endpoint.Id, new RoomLane(this, desk, Math.Min(seq, _head), 0, _parts));
                _isDirty = true;
                WakeAll();
            }
        }
    }

    /// <summary>An endpoint is removed.</summary>
    public void RemoveLane(string endpointId)
    {
        lock (_gate)
        {
            _isDirty |= _lanes.Remove(endpointId);
        }
    }

    /// <summary>A lane has come so far.</summary>
    public void Advance(RoomLane lane, long seq, int done, NoticeFold fold)
    {
        lock (_gate)
        {
            _isDirty |= lane.Seq != seq || lane.Done != done;
            lane.Seq = seq;
            lane.Done = done;
            lane.Fold = fold;
        }
    }

    /// <summary>A lane wants to rest; false when there is more to do.</summary>
    public bool TryRest(RoomLane lane)
    {
        lock (_gate)
        {
            lane.IsRunning = lane.Seq < _head;
            return !lane.IsRunning;
        }
    }

    /// <summary>How much waits for a lane, in bytes.</summary>
    public long BytesWaiting(RoomLane lane)
    {
        lock (_gate)
        {
            return _backlog.BytesAfter(lane.Seq);
        }
    }

    /// <summary>How long an event has been there for sending, in this process.</summary>
    public TimeSpan TimeSince(long seq)
    {
        lock (_gate)
        {
            var now = Now;
            return now - _backlog.CameAt(seq, now);
        }
    }

    /// <summary>For how long the oldest event that somebody has still to be told of has been there.</summary>
    public TimeSpan Lag
    {
        get
        {
            lock (_gate)
            {
                var now = Now;
                return _lanes.Values.Where(lane => lane.Seq < _head)
                    .Select(lane => now - _backlog.CameAt(lane.Seq + 1, now)).DefaultIfEmpty(TimeSpan.Zero).Max();
            }
        }
    }

    /// <summary>The position after which the stream's events are needed.</summary>
    public long KeepAfter(long wanted)
    {
        lock (_gate)
        {
            return !_isLoaded ? 0
                : _backlog.BytesAfter(Base.Seq) > HeldBytesMax ? wanted
                : Math.Min(wanted, Base.Seq);
        }
    }

    /// <summary>What to append to the stream of cursors; null when there is nothing to say.</summary>
    public StreamAppend? TakeRecord(TimeSpan keptAfterEnd)
    {
        lock (_gate)
        {
            if (!_isLoaded || !_isDirty || _over.IsCancellationRequested)
            {
                return null;
            }

            _isDirty = false;
            return _cursors.Record(CursorsNow(), _parts.Time.GetUtcNow(), IsCaughtUp ? _expiresAt + keptAfterEnd : null);
        }
    }

    /// <summary>The record is in the log, or another head was there.</summary>
    public void RecordTaken(bool isAppended, long head)
    {
        lock (_gate)
        {
            _cursors.Recorded(isAppended, head);
            _isDirty |= !isAppended;
        }
    }

    /// <summary>Saves a base when that is worth it, and lets the events before it go.</summary>
    public async Task SaveAsync(bool isForced = false)
    {
        if (isForced && TakeRecord(TimeSpan.Zero) is { } record)
        {
            // A snapshot is one of an event.
            var result = await _parts.Events.AppendAsync([record], CancellationToken.None);
            RecordTaken(result.IsAppended, result.IsAppended ? record.ExpectedHead + 1 : record.ExpectedHead);
        }

        Snapshot snapshot;
        CursorBase next;
        lock (_gate)
        {
            next = NextBase();
            if (_cursors.IsEmpty || (!isForced && ReferenceEquals(next, Base) && !_cursors.IsSnapshotDue))
            {
                return;
            }

            snapshot = _cursors.SnapshotOf(CursorsNow(), next);
        }

        if (await _cursors.SaveAsync(snapshot))
        {
            lock (_gate)
            {
                Base = next;
                _cursors.Saved(snapshot);
                _backlog.Forget(next.Seq);
            }
        }
    }

    /// <summary>The stream is deleted, or begins anew.</summary>
    public void End() => _over.Cancel();

    /// <summary>Completes when no lane works any more.</summary>
    public Task WhenAtRestAsync()
    {
        lock (_gate)
        {
            return Task.WhenAll(_lanes.Values.Select(lane => lane.Work));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _over.Dispose();

    private ImmutableArray<RoomCursor> CursorsNow() =>
        [.. _lanes.Values.Select(lane => new RoomCursor(lane.Desk.Endpoint.Id, lane.Seq, lane.Done))];

    /// <summary>The slowest lane's knowledge, when it is enough further on; else what there is.</summary>
    private CursorBase NextBase()
    {
        var slowest = _lanes.Values.MinBy(lane => lane.Seq);
        if (slowest?.Fold is not { Leaving: null } fold || slowest.Seq <= Base.Seq)
        {
            return Base;
        }

        long bytes = _backlog.BytesAfter(Base.Seq) - _backlog.BytesAfter(slowest.Seq);
        bool isWorthIt = fold.Room.IsLive
            ? slowest.Seq - Base.Seq >= BaseEventsMin && bytes >= Math.Min(_cursors.SnapshotBytes, BaseBytesApartMax)
            : slowest.Seq == _head;
        return isWorthIt ? new CursorBase(slowest.Seq, fold) : Base;
    }

    private (long Seq, int Done) PositionOf(EndpointDesk desk, Dictionary<string, RoomCursor> cursors)
    {
        string id = desk.Endpoint.Id;
        if (_isNew)
        {
            return (0, 0);
        }

        if (cursors.TryGetValue(id, out var cursor) && cursor.Seq <= _head)
        {
            return (cursor.Seq, cursor.Done);
        }

        long began = _parts.Endpoints.BeganAt(id, RoomId.Value);
        return (cursor is null && began <= _head ? began : 0, 0);
    }

    private static bool IsStored(RoomLane lane, Dictionary<string, RoomCursor> cursors) =>
        cursors.TryGetValue(lane.Desk.Endpoint.Id, out var cursor) && cursor.Seq == lane.Seq && cursor.Done == lane.Done;

    private void WakeAll()
    {
        if (!_isLoaded || _stopping.IsCancellationRequested)
        {
            return;
        }

        foreach (var lane in _lanes.Values)
        {
            if (!lane.IsRunning && lane.Seq < _head)
            {
                lane.IsRunning = true;
                lane.Work = Task.Run(() => lane.RunAsync(_stopping), CancellationToken.None);
            }
        }
    }
}
