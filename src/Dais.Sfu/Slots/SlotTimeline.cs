using Dais.Rtc;
using Dais.Rtc.Rtp;
using Dais.Sfu.Layers;

namespace Dais.Sfu.Slots;

/// <summary>
/// Maps the sequence numbers and timestamps of whichever source a slot shows onto one continuous outgoing stream: a receiver sees one
/// sender that never stops being itself.
/// </summary>
/// <remarks>
/// The first packet of a new source follows the highest number sent, and its timestamp lies the time passed, at least one frame, behind
/// the last. From there both keep the source's steps, so its losses stay visible as gaps and reordered packets land where they belong.
/// A packet from before the switch has no place and is refused. Numbers are 48 bits wide, which is SRTP's packet index (RFC 3711 §3.3.1):
/// no index is ever given twice as long as the source's is not.
/// </remarks>
internal sealed class SlotTimeline
{
    private readonly int _clockRate;
    private readonly uint _frameTicks;
    private ulong _nextIndex;
    private uint _lastTimestamp;
    private Timestamp _lastSentAt;
    private bool _everSent;

    /// <summary>A timeline that has sent nothing; its first packet gets <paramref name="firstIndex"/> and <paramref name="firstTimestamp"/>.</summary>
    public SlotTimeline(TrackKind kind, ulong firstIndex, uint firstTimestamp)
    {
        _clockRate = kind == TrackKind.Audio ? 48_000 : 90_000;
        // 20 ms of sound, a thirtieth of a second of picture: the usual step of either.
        _frameTicks = kind == TrackKind.Audio ? 960u : 3_000u;
        _nextIndex = firstIndex;
        _lastTimestamp = firstTimestamp;
    }

    /// <summary>Whether a source is being mapped; false before <see cref="Start"/> and after <see cref="Stop"/>.</summary>
    public bool Running { get; private set; }

    /// <summary>How the source is mapped, or was last.</summary>
    public SlotMapping Mapping { get; private set; }

    /// <summary>The packet index behind the highest given so far.</summary>
    public ulong NextIndex => _nextIndex;

    /// <summary>Begins with a source whose first packet is the given one.</summary>
    public void Start(ulong sourceIndex, uint sourceTimestamp, Timestamp now, DroppedRuns? dropped = null) =>
        StartReplay(sourceIndex, sourceTimestamp, 0, sourceTimestamp, now, dropped);

    /// <summary>
    /// Begins with another encoding of what was shown, whose first packet is the given one, and would have had
    /// <paramref name="timestamp"/> in the one before, as their sender reports tell; null when they do not. Time never runs backwards, and
    /// reports that contradict what was seen are not believed.
    /// </summary>
    public void StartAligned(ulong sourceIndex, uint sourceTimestamp, uint? timestamp, Timestamp now, DroppedRuns? dropped)
    {
        Start(sourceIndex, sourceTimestamp, now, dropped);
        int expected = (int)(Mapping.Timestamp(sourceIndex, sourceTimestamp) - _lastTimestamp);
        if (_everSent && timestamp is { } told && (int)(told - _lastTimestamp) is var ahead && Math.Abs(ahead - expected) <= _clockRate)
        {
            // One picture may be shown in both encodings; it must not get the same timestamp twice.
            Mapping = Mapping with { TimestampOffset = _lastTimestamp + (uint)Math.Max(ahead, 1) - sourceTimestamp };
        }
    }

    /// <summary>
    /// Begins with a source whose packets from the given one to before <paramref name="replayEnd"/> are sent at once although they came
    /// over time; <paramref name="lastTimestamp"/> is that of the last of them, and what follows keeps the source's steps.
    /// </summary>
    public void StartReplay(ulong sourceIndex, uint sourceTimestamp, ulong replayEnd, uint lastTimestamp, Timestamp now, DroppedRuns? dropped = null)
    {
        uint timestamp = _everSent ? _lastTimestamp + ElapsedTicks(now) : _lastTimestamp;
        uint span = (lastTimestamp - sourceTimestamp) / SlotMapping.ReplaySpeed;
        Mapping = new SlotMapping
        {
            FirstSourceIndex = sourceIndex,
            IndexOffset = _nextIndex - sourceIndex,
            TimestampOffset = timestamp + span - lastTimestamp,
            ReplayEnd = replayEnd,
            ReplayTimestamp = lastTimestamp,
            Dropped = dropped,
        };
        Running = true;
    }

    /// <summary>Leaves the source; the next <see cref="Start"/> continues behind it.</summary>
    public void Stop() => Running = false;

    /// <summary>Maps one packet of the source; false for one from before the source was started.</summary>
    public bool TryMap(
        ulong sourceIndex, uint sourceTimestamp, Timestamp now, out ulong index, out uint timestamp, out ushort picturesDropped)
    {
        var mapping = Mapping;
        bool isKnown = mapping.TryIndex(sourceIndex, out index, out picturesDropped);
        timestamp = mapping.Timestamp(sourceIndex, sourceTimestamp);
        if (!Running || sourceIndex < mapping.FirstSourceIndex || !isKnown)
        {
            return false;
        }

        mapping.Dropped?.HandleSent(sourceIndex);
        if (index >= _nextIndex)
        {
            _nextIndex = index + 1;
            _lastTimestamp = timestamp;
            _lastSentAt = now;
            _everSent = true;
        }

        return true;
    }

    /// <summary>
    /// Takes the next packet index for a packet that is none of the source's; what follows of the source goes behind it, and what is late of
    /// it has no place any more. False before anything was sent.
    /// </summary>
    public bool TryInsert(out ulong index, out uint timestamp)
    {
        timestamp = _lastTimestamp;
        index = _nextIndex;
        if (!_everSent || !Mapping.TrySourceIndex(index, out ulong next))
        {
            return false;
        }

        Mapping = Mapping with { FirstSourceIndex = next, IndexOffset = Mapping.IndexOffset + 1 };
        _nextIndex++;
        return true;
    }

    /// <summary>Leaves out a packet of the source: what is behind it takes its number. One that is late leaves the hole it was.</summary>
    public void LeaveOut(ulong sourceIndex)
    {
        if (Mapping.Dropped is null)
        {
            var dropped = new DroppedRuns();
            if (_nextIndex > Mapping.Index(Mapping.FirstSourceIndex))
            {
                dropped.HandleSent(_nextIndex - 1 - Mapping.IndexOffset);
            }

            Mapping = Mapping with { Dropped = dropped };
        }

        Mapping.Dropped.Drop(sourceIndex, hasPicture: false, picture: 0);
    }

    /// <summary>The outgoing timestamp of the source's <paramref name="sourceTimestamp"/>, one of its present.</summary>
    public uint MapTimestamp(uint sourceTimestamp) => sourceTimestamp + Mapping.TimestampOffset;

    /// <summary>The outgoing timestamp of the instant <paramref name="now"/>, told from the last packet sent.</summary>
    public uint TimestampAt(Timestamp now) => _lastTimestamp + TicksSinceLast(now);

    private uint ElapsedTicks(Timestamp now) => Math.Max(_frameTicks, TicksSinceLast(now));

    private uint TicksSinceLast(Timestamp now) =>
        unchecked((uint)((now - _lastSentAt).Ticks * _clockRate / TimeSpan.TicksPerSecond));
}
