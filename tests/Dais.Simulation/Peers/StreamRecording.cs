using Dais.Rtc;
using Dais.Rtc.Rtcp;

namespace Dais.Simulation.Peers;

/// <summary>One RTP packet as a subscriber got it.</summary>
/// <param name="Arrival">When it came.</param>
/// <param name="SequenceNumber">Its sequence number.</param>
/// <param name="Timestamp">Its RTP timestamp.</param>
/// <param name="Marker">Its marker bit.</param>
/// <param name="PayloadType">Its payload type.</param>
/// <param name="Content">What its payload says.</param>
/// <param name="AudioLevel">The audio level extension; null without.</param>
/// <param name="VideoOrientation">The video orientation extension; null without.</param>
/// <param name="AbsoluteSendTime">The absolute send time extension; null without.</param>
public sealed record ReceivedPacket(
    Timestamp Arrival,
    ushort SequenceNumber,
    uint Timestamp,
    bool Marker,
    byte PayloadType,
    SyntheticPayload Content,
    byte? AudioLevel,
    byte? VideoOrientation,
    int? AbsoluteSendTime)
{
    /// <summary>Whether it came in the stream for packets sent again (RFC 4588 §4).</summary>
    public bool IsRepeat { get; init; }

    /// <summary>The payload types of its blocks if it carries older sound as well (RFC 2198 §3); none otherwise.</summary>
    public IReadOnlyList<byte> BlockTypes { get; init; } = [];
}

/// <summary>A sender report as a subscriber got it.</summary>
/// <param name="Arrival">When it came.</param>
/// <param name="Ntp">The instant it tells.</param>
/// <param name="RtpTimestamp">The RTP timestamp of that instant.</param>
/// <param name="PacketCount">Packets sent, as it says.</param>
public sealed record ReceivedSenderReport(Timestamp Arrival, NtpTimestamp Ntp, uint RtpTimestamp, uint PacketCount);

/// <summary>Everything a subscriber got on one media section.</summary>
public sealed class StreamRecording
{
    /// <summary>The RTP packets, in order of arrival.</summary>
    public List<ReceivedPacket> Packets { get; } = [];

    /// <summary>The sender reports, in order of arrival.</summary>
    public List<ReceivedSenderReport> SenderReports { get; } = [];

    /// <summary>The canonical name under which the sender reports.</summary>
    public string? CanonicalName { get; internal set; }

    /// <summary>Who was shown, in order, each once per turn.</summary>
    public IReadOnlyList<uint> Sources
    {
        get
        {
            var sources = new List<uint>();
            foreach (var packet in Packets)
            {
                if (sources.Count == 0 || sources[^1] != packet.Content.Source)
                {
                    sources.Add(packet.Content.Source);
                }
            }

            return sources;
        }
    }

    /// <summary>How many sequence numbers are missing between the first and the last packet.</summary>
    public int MissingCount
    {
        get
        {
            var seen = new HashSet<long>();
            long highest = 0;
            foreach (var packet in Packets)
            {
                long extended = seen.Count == 0 ? packet.SequenceNumber : highest + (short)(packet.SequenceNumber - (ushort)highest);
                highest = seen.Count == 0 ? extended : Math.Max(highest, extended);
                seen.Add(extended);
            }

            return seen.Count == 0 ? 0 : (int)(seen.Max() - seen.Min() + 1 - seen.Count);
        }
    }

    /// <summary>The packets of one source.</summary>
    public IEnumerable<ReceivedPacket> From(uint source) => Packets.Where(packet => packet.Content.Source == source);
}
