using System.Buffers;

namespace Dais.Rtc.Rtp.Payloads;

/// <summary>
/// Puts the payloads of one frame together again. The caller feeds the payloads of one RTP timestamp in order, with none missing.
/// </summary>
public abstract class Depacketizer
{
    private readonly ArrayBufferWriter<byte> _frame = new();

    /// <summary>The frame so far.</summary>
    public ReadOnlyMemory<byte> Frame => _frame.WrittenMemory;

    /// <summary>The depacketizer of <paramref name="codec"/>; null for a codec that is only forwarded.</summary>
    public static Depacketizer? For(Codec codec) => codec switch
    {
        Codec.Opus => new OpusDepacketizer(),
        Codec.Vp8 => new Vp8Depacketizer(),
        Codec.H264 => new H264Depacketizer(),
        _ => null,
    };

    /// <summary>Forgets the frame, and begins another.</summary>
    public virtual void Reset() => _frame.ResetWrittenCount();

    /// <summary>Whether a frame can begin with <paramref name="payload"/>.</summary>
    public abstract bool IsStart(ReadOnlySpan<byte> payload);

    /// <summary>Adds a payload; false when it is malformed or does not continue what is there.</summary>
    public abstract bool TryAdd(ReadOnlySpan<byte> payload);

    /// <summary>Adds bytes to the frame.</summary>
    protected void Append(ReadOnlySpan<byte> bytes) => _frame.Write(bytes);
}

/// <summary>Opus: the payload is the frame (RFC 7587 §4.2).</summary>
public sealed class OpusDepacketizer : Depacketizer
{
    /// <inheritdoc/>
    public override bool IsStart(ReadOnlySpan<byte> payload) => !payload.IsEmpty;

    /// <inheritdoc/>
    public override bool TryAdd(ReadOnlySpan<byte> payload)
    {
        Append(payload);
        return !payload.IsEmpty;
    }
}

/// <summary>VP8: what stands behind the payload descriptors (RFC 7741 §4.2).</summary>
public sealed class Vp8Depacketizer : Depacketizer
{
    /// <inheritdoc/>
    public override bool IsStart(ReadOnlySpan<byte> payload) => Vp8Payload.StartsFrame(payload);

    /// <inheritdoc/>
    public override bool TryAdd(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty || Vp8Payload.DescriptorLength(payload) is var length && length >= payload.Length)
        {
            return false;
        }

        Append(payload[length..]);
        return true;
    }
}
