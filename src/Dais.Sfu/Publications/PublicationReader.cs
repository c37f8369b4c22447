using System.Buffers.Binary;
using Dais.Rtc;
using Dais.Rtc.Rtp;
using Dais.Sfu.Slots;

namespace Dais.Sfu.Publications;

/// <summary>Reads packets of a track, as they come and as they were stored, once for all who get them.</summary>
internal sealed class PublicationReader(PublishedTrack track)
{
    private const int AbsoluteSendTimeBytes = 3;

    private readonly byte[] _sendTime = new byte[AbsoluteSendTimeBytes];
    private byte[] _scratch = [];

    /// <summary>Where the present sound begins in a packet with older sound; 0 in any other packet, -1 in one that lies.</summary>
    public int FindPrimary(scoped in RtpPacket packet)
    {
        if (packet.PayloadType != track.RedundancyPayloadType)
        {
            return 0;
        }

        return RedundantPayload.TryFindPrimary(packet.Payload, out int start) ? start : -1;
    }

    /// <summary>Reads a packet that leaves at <paramref name="now"/>; valid until the next is read.</summary>
    public ForwardedPacket Read(
        ulong packetIndex, scoped in RtpPacket packet, Span<byte> payload, bool canStart, bool isLate, Timestamp now)
    {
        var descriptor = track.Codec == Codec.Vp8 && Vp8Descriptor.TryParse(payload, out var read) ? read : default;
        WriteAbsoluteSendTime(_sendTime, now);
        packet.TryGetExtension(track.Extensions.AudioLevel, out var audioLevel);
        packet.TryGetExtension(track.Extensions.VideoOrientation, out var videoOrientation);
        return new ForwardedPacket
        {
            SourceIndex = packetIndex,
            SourceTimestamp = packet.Timestamp,
            Marker = packet.Marker,
            CanStart = canStart,
            IsLate = isLate,
            PrimaryAt = FindPrimary(packet),
            Payload = payload,
            Descriptor = descriptor,
            AudioLevel = audioLevel,
            VideoOrientation = videoOrientation,
            AbsoluteSendTime = _sendTime,
            Now = now,
        };
    }

    /// <summary>Reads a packet that has come before, to be sent at <paramref name="now"/>; valid until the next is read.</summary>
    public bool TryReadStored(ulong packetIndex, ReadOnlySpan<byte> bytes, Timestamp now, out ForwardedPacket stored)
    {
        stored = default;
        if (!RtpPacket.TryParse(bytes, out var packet))
        {
            return false;
        }

        // A copy, for receivers write their counters into it.
        _scratch = _scratch.Length == 0 ? new byte[SfuLimits.DatagramBytesMax] : _scratch;
        packet.Payload.CopyTo(_scratch);
        var payload = _scratch.AsSpan(0, packet.Payload.Length);
        stored = Read(packetIndex, packet, payload, Keyframe.StartsIn(track.Codec, payload), isLate: true, now);
        return true;
    }

    /// <summary>Gives the memory back.</summary>
    public void Release() => _scratch = [];

    private static void WriteAbsoluteSendTime(Span<byte> destination, Timestamp now)
    {
        // Seconds modulo 64 in 6.18 fixed point.
        long microseconds = now.Microseconds % 64_000_000;
        uint value = (uint)((microseconds << 18) / 1_000_000);
        destination[0] = (byte)(value >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(destination[1..], (ushort)value);
    }
}
