using Dais.Rtc.Rtcp;
using Dais.Rtc.Rtp;

namespace Dais.Rtc.Congestion;

/// <summary>
/// Remembers when the packets of one transport arrived, by their transport-wide numbers, and tells their sender
/// (draft-holmer-rmcat-transport-wide-cc-extensions-01 §2).
/// </summary>
/// <remarks>
/// Feedback is due <see cref="IntervalMax"/> after the first packet that is not reported yet, or, when many wait,
/// <see cref="IntervalMin"/> after the last feedback: quiet senders cost little, and fast ones hear soon. A packet that comes after its place
/// was reported as missing is reported again, with what lies behind it.
/// </remarks>
public sealed class ArrivalRecorder
{
    /// <summary>How long an arrival waits at most for its feedback.</summary>
    public static readonly TimeSpan IntervalMax = TimeSpan.FromMilliseconds(100);

    /// <summary>The least time between two feedbacks.</summary>
    public static readonly TimeSpan IntervalMin = TimeSpan.FromMilliseconds(50);

    /// <summary>So many arrivals do not wait for <see cref="IntervalMax"/>.</summary>
    private const int Many = 20;

    /// <summary>How many numbers are remembered, a power of two: at least half a second at 20 Mbit/s.</summary>
    private const int Capacity = 1024;

    private readonly long[] _arrivals = new long[Capacity];
    private SequenceUnwrapper _unwrapper = new();
    private bool _started;
    private long _first;
    private long _end;
    private int _waiting;
    private Timestamp _lastFeedback;
    private byte _count;

    /// <summary>When feedback is due; <see cref="Timestamp.Never"/> while there is nothing to tell.</summary>
    public Timestamp NextTimeout { get; private set; } = Timestamp.Never;

    /// <summary>Remembers that the packet <paramref name="sequenceNumber"/> arrived.</summary>
    public void HandlePacket(ushort sequenceNumber, Timestamp now)
    {
        long number = _unwrapper.Peek(sequenceNumber);
        if (!_started || number >= _end + Capacity || number <= _end - Capacity)
        {
            // So far off that nothing known has to do with it.
            _unwrapper = new SequenceUnwrapper();
            number = _unwrapper.Unwrap(sequenceNumber);
            _started = true;
            _first = number;
            _end = number;
            _waiting = 0;
            Array.Fill(_arrivals, TransportFeedbackWriter.NotReceived);
        }

        _unwrapper.Unwrap(sequenceNumber);
        for (; _end <= number; _end++)
        {
            _arrivals[_end & (Capacity - 1)] = TransportFeedbackWriter.NotReceived;
        }

        // Before the first number ever there may be others still, so the ring may hold numbers below those it began with.
        ref long arrival = ref _arrivals[number & (Capacity - 1)];
        if (arrival != TransportFeedbackWriter.NotReceived)
        {
            return;
        }

        arrival = now.Microseconds;
        _first = Math.Max(Math.Min(_first, number), _end - Capacity);
        _waiting++;
        Schedule(now);
    }

    /// <summary>
    /// Writes one feedback; false when there is nothing to tell or no room. To be called until then: what does not fit in one goes into the
    /// next.
    /// </summary>
    public bool TryWrite(ref RtcpWriter writer, uint senderSsrc, uint mediaSsrc, Timestamp now)
    {
        if (_waiting == 0)
        {
            return false;
        }

        Span<long> arrivals = stackalloc long[TransportFeedbackWriter.StatusesMax];
        while (_first < _end && _arrivals[_first & (Capacity - 1)] == TransportFeedbackWriter.NotReceived && _end - _first > arrivals.Length)
        {
            // A gap too long for one packet would hide what lies behind it for ever.
            _first++;
        }

        int count = (int)Math.Min(_end - _first, arrivals.Length);
        for (int i = 0; i < count; i++)
        {
            arrivals[i] = _arrivals[(_first + i) & (Capacity - 1)];
        }

        if (!writer.TryWriteTransportFeedback(senderSsrc, mediaSsrc, (ushort)_first, _count, arrivals[..count], out int written))
        {
            _waiting = 0;
            NextTimeout = Timestamp.Never;
            return false;
        }

        _count++;
        _first += written;
        _lastFeedback = now;
        if (_first == _end)
        {
            _waiting = 0;
            NextTimeout = Timestamp.Never;
        }

        return true;
    }

    private void Schedule(Timestamp now)
    {
        var latest = now + IntervalMax;
        NextTimeout = latest < NextTimeout ? latest : NextTimeout;
        if (_waiting == Many)
        {
            var soon = _lastFeedback + IntervalMin;
            soon = soon < now ? now : soon;
            NextTimeout = soon < NextTimeout ? soon : NextTimeout;
        }
    }
}
