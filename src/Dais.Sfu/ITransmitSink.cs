using Dais.Rtc;

namespace Dais.Sfu;

/// <summary>
/// Where datagrams to send go. The worker writes (encrypts) each straight into the sink's buffer, which the shell hands to the kernel in
/// batches: one copy, no allocation.
/// </summary>
public interface ITransmitSink
{
    /// <summary>A buffer for the next datagram, of <see cref="SfuLimits.DatagramBytesMax"/> bytes; valid until <see cref="Commit"/>.</summary>
    Span<byte> GetBuffer();

    /// <summary>Sends the first <paramref name="length"/> bytes of the buffer last given along <paramref name="path"/>.</summary>
    void Commit(in NetworkPath path, int length);
}
