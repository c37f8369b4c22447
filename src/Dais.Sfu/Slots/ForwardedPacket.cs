using Dais.Rtc;
using Dais.Rtc.Rtp;

namespace Dais.Sfu.Slots;

/// <summary>One packet of a publication, read once for all its receivers.</summary>
internal readonly ref struct ForwardedPacket
{
    /// <summary>The source's packet index: the sequence number with its roll-over count in front (RFC 3711 §3.3.1).</summary>
    public required ulong SourceIndex { get; init; }

    /// <summary>The source's RTP timestamp.</summary>
    public required uint SourceTimestamp { get; init; }

    /// <summary>The marker bit.</summary>
    public required bool Marker { get; init; }

    /// <summary>Whether a receiver can start with this packet.</summary>
    public required bool CanStart { get; init; }

    /// <summary>Whether later ones of the source have come before it.</summary>
    public required bool IsLate { get; init; }

    /// <summary>The payload without padding; each receiver writes its own counters over those in it.</summary>
    public required Span<byte> Payload { get; init; }

    /// <summary>Where the present sound begins in a payload that has older as well (RFC 2198 §3); 0 in any other.</summary>
    public required int PrimaryAt { get; init; }

    /// <summary>The counters of a VP8 payload as the source has them; none otherwise.</summary>
    public required Vp8Descriptor Descriptor { get; init; }

    /// <summary>The audio level extension's bytes (RFC 6464 §3); empty when the packet has none.</summary>
    public required ReadOnlySpan<byte> AudioLevel { get; init; }

    /// <summary>The video orientation extension's bytes (3GPP TS 26.114 §7.4.5); empty when the packet has none.</summary>
    public required ReadOnlySpan<byte> VideoOrientation { get; init; }

    /// <summary>When the packet leaves, as the absolute send time extension has it: 24 bits, 6.18 fixed-point seconds.</summary>
    public required ReadOnlySpan<byte> AbsoluteSendTime { get; init; }

    /// <summary>When the packet leaves.</summary>
    public required Timestamp Now { get; init; }
}
