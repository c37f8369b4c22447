using Dais.Rtc.Rtp;
using Dais.Sfu.Congestion;

namespace Dais.Sfu.Slots;

/// <summary>Writes the RTP headers of a slot's section.</summary>
internal static class SlotHeader
{
    /// <summary>
    /// Writes a header with what <paramref name="packet"/> has of the extensions the subscriber accepts, and the transport-wide number that
    /// <paramref name="congestion"/> gives; returns its length.
    /// </summary>
    public static int Write(
        Span<byte> buffer,
        in RtpExtensionIds ids,
        bool marker,
        byte payloadType,
        ushort sequenceNumber,
        uint timestamp,
        uint ssrc,
        scoped in ForwardedPacket packet,
        ViewerCongestion congestion)
    {
        var header = new RtpHeaderWriter(buffer, marker, payloadType, sequenceNumber, timestamp, ssrc);
        if (ids.AbsoluteSendTime != 0)
        {
            header.TryAddExtension(ids.AbsoluteSendTime, packet.AbsoluteSendTime);
        }

        if (ids.AudioLevel != 0 && !packet.AudioLevel.IsEmpty)
        {
            header.TryAddExtension(ids.AudioLevel, packet.AudioLevel);
        }

        if (ids.VideoOrientation != 0 && !packet.VideoOrientation.IsEmpty)
        {
            header.TryAddExtension(ids.VideoOrientation, packet.VideoOrientation);
        }

        congestion.TryStamp(ref header, ids.TransportSequenceNumber);
        return header.Complete();
    }
}
