namespace Dais.Rtc.Rtp.Payloads;

/// <summary>Cuts encoded frames into the payloads of RTP packets. Give it a frame, take payloads until it is done.</summary>
public abstract class Packetizer
{
    /// <summary>
    /// Payload bytes that fit a packet on every usual path: 1200 with header, extensions and authentication tag are left
    /// room for.
    /// </summary>
    public const int DefaultPayloadBytesMax = 1100;

    /// <summary>Whether the whole frame was taken; the last payload's packet carries the marker of a picture.</summary>
    public abstract bool IsDone { get; }

    /// <summary>The packetizer of <paramref name="codec"/>; null for a codec that is only forwarded.</summary>
    public static Packetizer? For(Codec codec, int payloadBytesMax = DefaultPayloadBytesMax) => codec switch
    {
        Codec.Opus => new OpusPacketizer(),
        Codec.Vp8 => new Vp8Packetizer(payloadBytesMax),
        Codec.H264 => new H264Packetizer(payloadBytesMax),
        _ => null,
    };

    /// <summary>Begins a frame, which must not change until it is done; false when it cannot be a frame of the codec.</summary>
    public abstract bool TryBegin(ReadOnlyMemory<byte> frame);

    /// <summary>
    /// Writes the next payload into <paramref name="destination"/>; false when the frame is done or the room too small.
    /// </summary>
    public abstract bool TryTake(Span<byte> destination, out int length);
}
