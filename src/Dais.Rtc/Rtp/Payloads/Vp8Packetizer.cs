namespace Dais.Rtc.Rtp.Payloads;

/// <summary>
/// VP8: the frame is cut anywhere, each piece behind a payload descriptor (RFC 7741 §4.2), all as partition 0.
/// </summary>
/// <remarks>
/// The descriptor is its one mandatory byte. A picture id would only be a second counter beside the sequence number, and one that jumps
/// when a slot shows somebody else.
/// <code>
/// |X|R|N|S|R| PID |   S: the frame begins here
/// </code>
/// </remarks>
/// <param name="payloadBytesMax">Largest payload, in bytes; at least 2.</param>
public sealed class Vp8Packetizer(int payloadBytesMax = Packetizer.DefaultPayloadBytesMax) : Packetizer
{
    private const byte StartOfPartition = 0x10;

    private ReadOnlyMemory<byte> _frame;
    private int _pieceBytes;
    private int _position;

    /// <inheritdoc/>
    public override bool IsDone => _position == _frame.Length;

    /// <inheritdoc/>
    public override bool TryBegin(ReadOnlyMemory<byte> frame)
    {
        _frame = frame;
        _position = 0;

        // Pieces of the same size but for a byte, instead of full ones and a rest: that is easier on queues.
        int pieces = (frame.Length + payloadBytesMax - 2) / (payloadBytesMax - 1);
        _pieceBytes = pieces == 0 ? 0 : (frame.Length + pieces - 1) / pieces;
        return frame.Length > 0;
    }

    /// <inheritdoc/>
    public override bool TryTake(Span<byte> destination, out int length)
    {
        length = 0;
        int piece = Math.Min(_pieceBytes, _frame.Length - _position);
        if (piece == 0 || destination.Length < 1 + piece)
        {
            return false;
        }

        destination[0] = _position == 0 ? StartOfPartition : (byte)0;
        _frame.Span.Slice(_position, piece).CopyTo(destination[1..]);
        _position += piece;
        length = 1 + piece;
        return true;
    }
}
