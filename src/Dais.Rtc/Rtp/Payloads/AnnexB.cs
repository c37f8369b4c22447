namespace Dais.Rtc.Rtp.Payloads;

/// <summary>
/// The byte stream of H.264: units behind start codes of three or four bytes (ITU-T H.264 Annex B). What encoders write and decoders read.
/// </summary>
public static class AnnexB
{
    /// <summary>The start code written in front of each unit.</summary>
    public static ReadOnlySpan<byte> StartCode => [0, 0, 0, 1];

    /// <summary>
    /// Takes the first unit off <paramref name="stream"/>, without its start code and the zeroes behind it; false when there is none.
    /// </summary>
    public static bool TryReadUnit(ref ReadOnlyMemory<byte> stream, out ReadOnlyMemory<byte> unit)
    {
        unit = default;
        while (unit.IsEmpty)
        {
            int start = stream.Span.IndexOf(ShortStartCode);
            if (start < 0)
            {
                stream = default;
                return false;
            }

            stream = stream[(start + ShortStartCode.Length)..];
            int next = stream.Span.IndexOf(ShortStartCode);
            int end = next < 0 ? stream.Length : next;

            // A unit never ends with a zero byte, so zeroes in front of a start code belong to the stream (Annex B.1).
            unit = stream[..(stream.Span[..end].LastIndexOfAnyExcept((byte)0) + 1)];
            stream = stream[end..];
        }

        return true;
    }

    private static ReadOnlySpan<byte> ShortStartCode => [0, 0, 1];
}
