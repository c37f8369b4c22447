using System.Buffers.Binary;

namespace Dais.Rtc.Rtp;

/// <summary>Reads the headers of H.264 payloads (RFC 6184 §5).</summary>
internal static class H264Payload
{
    private const int SequenceParameterSet = 7;
    private const int AggregationPacket = 24;
    private const int FragmentationUnit = 28;

    /// <summary>
    /// Whether this begins a keyframe a new receiver can decode. That is the sequence parameter set in front of an IDR
    /// picture, not the IDR slice itself: without the set the slice says nothing, and every WebRTC encoder sends the
    /// set in band before each IDR picture.
    /// </summary>
    public static bool StartsKeyframe(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty)
        {
            return false;
        }

        return NalUnitType(payload[0]) switch
        {
            SequenceParameterSet => true,
            AggregationPacket => TryFindSequenceParameterSet(payload, out _),
            FragmentationUnit => payload.Length > 1
                && (payload[1] & 0x80) != 0
                && NalUnitType(payload[1]) == SequenceParameterSet,
            _ => false,
        };
    }

    /// <summary>Finds a whole sequence parameter set: the unit itself, or one in a STAP-A (RFC 6184 §5.7.1), each behind its 16-bit length.</summary>
    public static bool TryFindSequenceParameterSet(ReadOnlySpan<byte> payload, out ReadOnlySpan<byte> set)
    {
        set = payload;
        if (payload.IsEmpty || NalUnitType(payload[0]) != AggregationPacket)
        {
            return !payload.IsEmpty && NalUnitType(payload[0]) == SequenceParameterSet;
        }

        var units = payload[1..];
        while (units.Length > 2)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(units);
            if (length == 0 || units.Length < 2 + length)
            {
                return false;
            }

            if (NalUnitType(units[2]) == SequenceParameterSet)
            {
                set = units.Slice(2, length);
                return true;
            }

            units = units[(2 + length)..];
        }

        return false;
    }

    private static int NalUnitType(byte header) => header & 0x1F;
}
