using Dais.Server.Rooms.Log;
using Dais.Server.Storage;

namespace Dais.Server.Webhooks;

/// <summary>A notice that is not tried any more.</summary>
/// <param name="Notice">The notice.</param>
/// <param name="ParkedAt">When it was given up.</param>
/// <param name="Failure">What went wrong the last time.</param>
public sealed record ParkedNotice(Notice Notice, DateTimeOffset ParkedAt, string Failure);

/// <summary>
/// The parked notices of one endpoint, each in whole: the events they come from may be forgotten. A stream of its own,
/// bounded; when it is full the oldest are discarded, which is counted and said.
/// </summary>
public sealed class ParkedNotices(IEventLog log, string endpointId) : IDisposable
{
    /// <summary>What the name of the streams begins with; the endpoint's id follows.</summary>
    public const string Prefix = "parked:";

    /// <summary>Most notices of one endpoint.</summary>
    public const int CountMax = 10_000;

    /// <summary>Most bytes of their payloads.</summary>
    public const int BytesMax = 8 << 20;

    private const ushort ParkedType = 1;
    private const ushort RemovedType = 2;
    private const ushort Version = 1;

    /// <summary>Removals are made good by a snapshot when there are so many.</summary>
    private const int EventsMax = 1_000;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, ParkedNotice> _notices = [];
    private readonly Dictionary<string, long> _numbers = new(StringComparer.Ordinal);
    private readonly string _stream = Prefix + endpointId;
    private long _head;
    private long _bytes;
    private long _lastNumber;
    private int _eventsSinceSnapshot;

    /// <summary>All of them, the oldest first. May be read from anywhere.</summary>
    public IReadOnlyList<ParkedNotice> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _notices.Values];
            }
        }
    }

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _notices.Count;
            }
        }
    }

    /// <summary>Reads what the log has.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var stored = await log.LoadAsync(_stream, cancellationToken);
        _head = stored.Head;
        if (stored.Snapshot is { } snapshot)
        {
            foreach (var parked in new RecordReader(snapshot.State).Each(Read))
            {
                Add(parked);
            }
        }

        foreach (var happened in stored.Events)
        {
            var from = new RecordReader(happened.Body);
            if (happened.Type == ParkedType)
            {
                Add(Read(from));
            }
            else
            {
                Remove(from.Text());
            }
        }

        DiscardOldest();
        _eventsSinceSnapshot = stored.Events.Count;
    }

    /// <summary>Keeps <paramref name="parked"/>, durably; gives how many older ones were discarded for it.</summary>
    public async Task<int> ParkAsync(ParkedNotice parked)
    {
        ArgumentNullException.ThrowIfNull(parked);
        await _turn.WaitAsync();
        try
        {
            var to = new RecordWriter();
            Write(to, parked);
            await AppendAsync(ParkedType, parked.ParkedAt, to);
            Add(parked);
            int discarded = DiscardOldest();
            await CompactAsync(discarded > 0 && _eventsSinceSnapshot > EventsMax);
            return discarded;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Forgets a notice: it has been delivered after all.</summary>
    public async Task RemoveAsync(string noticeId, DateTimeOffset at)
    {
        await _turn.WaitAsync();
        try
        {
            if (Remove(noticeId))
            {
                var to = new RecordWriter();
                to.Text(noticeId);
                await AppendAsync(RemovedType, at, to);
                await CompactAsync(_notices.Count == 0 || _eventsSinceSnapshot > EventsMax);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Forgets everything, with the endpoint.</summary>
    public async Task DeleteAsync()
    {
        await _turn.WaitAsync();
        try
        {
            if (_head > 0)
            {
                await log.DeleteAsync(_stream, _head, CancellationToken.None);
                _head = 0;
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private void Add(ParkedNotice parked)
    {
        lock (_gate)
        {
            // A process that died between parking and moving on parks it again.
            Remove(parked.Notice.NoticeId);
            _numbers.Add(parked.Notice.NoticeId, ++_lastNumber);
            _notices.Add(_lastNumber, parked);
            _bytes += parked.Notice.Payload.Length;
        }
    }

    private bool Remove(string noticeId)
    {
        lock (_gate)
        {
            if (!_numbers.Remove(noticeId, out long number))
            {
                return false;
            }

            _notices.Remove(number, out var removed);
            _bytes -= removed!.Notice.Payload.Length;
            return true;
        }
    }

    private int DiscardOldest()
    {
        int count = 0;
        lock (_gate)
        {
            while (_notices.Count > CountMax || (_bytes > BytesMax && _notices.Count > 1))
            {
                Remove(_notices.First().Value.Notice.NoticeId);
                count++;
            }
        }

        return count;
    }

    private async Task AppendAsync(ushort type, DateTimeOffset at, RecordWriter body)
    {
        var result = await log.AppendAsync(
            [new StreamAppend(_stream, _head, [new NewEvent(type, Version, at, body.ToArray())])], CancellationToken.None);
        if (!result.IsAppended)
        {
            throw new InvalidOperationException("Someone else wrote into the stream of parked notices.");
        }

        _head++;
        _eventsSinceSnapshot++;
    }

    private async Task CompactAsync(bool isNeeded)
    {
        if (isNeeded)
        {
            var to = new RecordWriter();
            to.Each(All, Write);
            await log.SaveSnapshotAsync(_stream, new Snapshot(_head, Version, to.ToArray()), _head, CancellationToken.None);
            _eventsSinceSnapshot = 0;
        }
    }

    private static void Write(RecordWriter to, ParkedNotice parked)
    {
        to.Text(parked.Notice.NoticeId);
        to.Number(parked.Notice.EventType);
        to.Text(parked.Notice.Sid);
        to.Text(parked.Notice.RoomId);
        to.Text(System.Text.Encoding.UTF8.GetString(parked.Notice.Payload.Span));
        to.Number(parked.ParkedAt.ToUnixTimeMilliseconds());
        to.Text(parked.Failure);
    }

    private static ParkedNotice Read(RecordReader from) => new(
        new Notice(from.Text(), from.Whole(), from.Text(), from.Text(), System.Text.Encoding.UTF8.GetBytes(from.Text())),
        DateTimeOffset.FromUnixTimeMilliseconds(from.Number()),
        from.Text());
}
