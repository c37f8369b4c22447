namespace Dais.Rtc.Rtp.Payloads;

/// <summary>Opus: one packet of the codec is one payload (RFC 7587 §4.2).</summary>
public sealed class OpusPacketizer : Packetizer
{
    /// <summary>The largest frame, in bytes, with its table of contents (RFC 6716 §3.2.1 and §3.4).</summary>
    public const int FrameBytesMax = 1276;

    private ReadOnlyMemory<byte> _frame;

    /// <inheritdoc/>
    public override bool IsDone => _frame.IsEmpty;

    /// <inheritdoc/>
    public override bool TryBegin(ReadOnlyMemory<byte> frame)
    {
        bool fits = frame.Length is > 0 and <= FrameBytesMax;
        _frame = fits ? frame : default;
        return fits;
    }

    /// <inheritdoc/>
    public override bool TryTake(Span<byte> destination, out int length)
    {
        length = 0;
        if (IsDone || !_frame.Span.TryCopyTo(destination))
        {
            return false;
        }

        length = _frame.Length;
        _frame = default;
        return true;
    }
}
