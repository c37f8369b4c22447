using Dais.Rtc.Rtp;

namespace Dais.Rtc.Rtcp;

/// <summary>
/// Counts what arrives of one source and makes the blocks of our receiver reports (RFC 3550 §6.4.1, appendices A.1,
/// A.3, A.8).
/// </summary>
/// <remarks>
/// Deviates from RFC 3550 appendix A.1: there is no probation of new sources, because SRTP has authenticated the
/// packets and the offer has announced the source. Deviates from appendix A.8: packets that come late do not count as jitter, for they may
/// have been sent again.
/// </remarks>
/// <param name="clockRate">Ticks of the RTP clock per second.</param>
public sealed class ReceptionStatistics(int clockRate)
{
    /// <summary>
    /// A jump ahead beyond this is a restart of the source when the next packet confirms it (RFC 3550 appendix A.1).
    /// </summary>
    private const int DropoutMax = 3000;

    /// <summary>
    /// A packet further behind than this is a restart likewise. RFC 3550 appendix A.1 has 100; what was lost and is sent again comes later than
    /// what the network turned around.
    /// </summary>
    private const int MisorderMax = 1000;

    private SequenceUnwrapper _unwrapper = new();
    private bool _started;
    private long _base;
    private long _highest;
    private long _received;
    private long _expectedPrior;
    private long _receivedPrior;
    private ushort? _afterJump;
    private long _lastTransit;
    private long _jitterTimes16;
    private NtpTimestamp _lastSenderReport;
    private Timestamp? _lastSenderReportArrival;

    /// <summary>Packets received since the source (re)started, duplicates included.</summary>
    public long PacketsReceived => _received;

    /// <summary>
    /// Packets that should have come minus those that did; negative when duplicates outnumber losses.
    /// </summary>
    public long PacketsLost => _started ? _highest - _base + 1 - _received : 0;

    /// <summary>Interarrival jitter, in ticks of the RTP clock (RFC 3550 appendix A.8).</summary>
    public uint Jitter => (uint)(_jitterTimes16 >> 4);

    /// <summary>
    /// Counts one packet; false when its sequence number is so far off that it is not believed until the next confirms
    /// it.
    /// </summary>
    public bool HandlePacket(ushort sequenceNumber, uint rtpTimestamp, Timestamp now)
    {
        if (!_started)
        {
            Start(sequenceNumber);
        }
        else
        {
            long distance = _unwrapper.Peek(sequenceNumber) - _highest;
            if (distance is > DropoutMax or < -MisorderMax)
            {
                if (_afterJump != sequenceNumber)
                {
                    _afterJump = (ushort)(sequenceNumber + 1);
                    return false;
                }

                // Two packets in a row at the new place: the source has restarted.
                _unwrapper = new SequenceUnwrapper();
                Start(sequenceNumber);
            }
        }

        _afterJump = null;
        bool first = _received == 0;
        bool inOrder = first || _unwrapper.Peek(sequenceNumber) > _highest;
        _unwrapper.Unwrap(sequenceNumber);
        _highest = _unwrapper.Highest;
        _received++;
        if (inOrder)
        {
            UpdateJitter(rtpTimestamp, now, first);
        }

        return true;
    }

    /// <summary>Remembers a sender report of the source, which the next blocks echo.</summary>
    public void HandleSenderReport(NtpTimestamp ntp, Timestamp now)
    {
        _lastSenderReport = ntp;
        _lastSenderReportArrival = now;
    }

    /// <summary>
    /// Makes the block for the source <paramref name="ssrc"/> and begins the next interval of its fraction lost.
    /// </summary>
    public ReportBlock TakeReport(uint ssrc, Timestamp now)
    {
        long expected = _started ? _highest - _base + 1 : 0;
        long expectedInterval = expected - _expectedPrior;
        long lostInterval = expectedInterval - (_received - _receivedPrior);
        _expectedPrior = expected;
        _receivedPrior = _received;

        // Losing every packet of an interval is 256/256, which the byte cannot say.
        byte fraction = expectedInterval <= 0 || lostInterval <= 0
            ? (byte)0
            : (byte)Math.Min(255, (lostInterval << 8) / expectedInterval);
        return new ReportBlock(
            ssrc,
            fraction,
            (int)Math.Clamp(PacketsLost, -0x800000, 0x7FFFFF),
            (uint)_highest,
            Jitter,
            _lastSenderReportArrival is null ? 0 : _lastSenderReport.Middle32,
            _lastSenderReportArrival is { } arrival ? NtpTimestamp.ToShort(now - arrival) : 0);
    }

    private void Start(ushort sequenceNumber)
    {
        _started = true;
        _base = sequenceNumber;
        _highest = sequenceNumber;
        _received = 0;
        _receivedPrior = 0;
        _expectedPrior = 0;
    }

    private void UpdateJitter(uint rtpTimestamp, Timestamp now, bool first)
    {
        // Seconds and the rest apart, so that the product cannot overflow in any run time.
        long seconds = now.Microseconds / 1_000_000;
        long arrival = (seconds * clockRate) + (now.Microseconds % 1_000_000 * clockRate / 1_000_000);
        long transit = arrival - rtpTimestamp;
        if (!first)
        {
            // Modulo 2^32, as the RTP timestamp wraps.
            long difference = Math.Abs((long)unchecked((int)(uint)(transit - _lastTransit)));
            _jitterTimes16 += difference - ((_jitterTimes16 + 8) >> 4);
        }

        _lastTransit = transit;
    }
}
