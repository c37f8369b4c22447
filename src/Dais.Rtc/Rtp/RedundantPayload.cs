namespace Dais.Rtc.Rtp;

/// <summary>Reads payloads that carry older sound beside the present one (RFC 2198 §3).</summary>
/// <remarks>
/// <code>
/// |1|   block PT  |  timestamp offset (14)    | block length (10) |   for each older block, then
/// |0|   block PT  |   for the present one; then the blocks in the same order
/// </code>
/// </remarks>
public static class RedundantPayload
{
    /// <summary>Older blocks that are looked at; a payload with more is taken for nonsense.</summary>
    public const int OlderBlocksMax = 8;

    private const int OlderHeaderLength = 4;
    private const byte MoreFollow = 0x80;

    /// <summary>
    /// Finds where the present block begins, which reaches to the end; false when the headers say more than there is, or nothing is left for
    /// it.
    /// </summary>
    public static bool TryFindPrimary(ReadOnlySpan<byte> payload, out int start)
    {
        start = 0;
        int header = 0;
        int older = 0;
        for (int i = 0; header < payload.Length && (payload[header] & MoreFollow) != 0; i++)
        {
            if (i == OlderBlocksMax || payload.Length < header + OlderHeaderLength)
            {
                return false;
            }

            older += ((payload[header + 2] & 0x03) << 8) | payload[header + 3];
            header += OlderHeaderLength;
        }

        start = header + 1 + older;
        return start < payload.Length;
    }

    /// <summary>Writes the payload type of every block of a payload in which the present one was found.</summary>
    public static void WritePayloadTypes(Span<byte> payload, byte payloadType)
    {
        int header = 0;
        while ((payload[header] & MoreFollow) != 0)
        {
            payload[header] = (byte)(MoreFollow | payloadType);
            header += OlderHeaderLength;
        }

        payload[header] = payloadType;
    }
}
