namespace Dais.Rtc.Rtp;

/// <summary>Reads the headers of AV1 payloads (RTP Payload Format For AV1, version 1.0, §4.4).</summary>
internal static class Av1Payload
{
    private const int SequenceHeader = 1;

    /// <summary>
    /// Whether this begins a coded video sequence: the aggregation header's N bit says so, or the first OBU is a
    /// sequence header, and the packet does not continue an OBU of the one before.
    /// </summary>
    public static bool StartsKeyframe(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < 2 || (payload[0] & 0x80) != 0)
        {
            return false;
        }

        bool newSequence = (payload[0] & 0x08) != 0;
        if (newSequence)
        {
            return true;
        }

        int elements = (payload[0] >> 4) & 0x03;
        int position = 1;
        if (elements != 1)
        {
            // With W = 1 the only element has no length in front; otherwise the first has one in LEB128.
            while (position < payload.Length && (payload[position] & 0x80) != 0)
            {
                position++;
            }

            position++;
        }

        return position < payload.Length && ((payload[position] >> 3) & 0x0F) == SequenceHeader;
    }
}
