namespace Dais.Rtc.Rtp;

/// <summary>What a datagram on the media port is, by its first bytes (RFC 7983 §7, RFC 5761 §4).</summary>
public enum DatagramKind
{
    /// <summary>Nothing that is spoken here.</summary>
    Unknown,

    /// <summary>A STUN message.</summary>
    Stun,

    /// <summary>A DTLS record.</summary>
    Dtls,

    /// <summary>An RTP packet, protected or not.</summary>
    Rtp,

    /// <summary>A compound RTCP packet, protected or not.</summary>
    Rtcp,
}

/// <summary>Tells the protocols that share one port apart.</summary>
public static class Datagram
{
    /// <summary>The kind of <paramref name="datagram"/>; says nothing about whether the rest is well formed.</summary>
    public static DatagramKind Classify(ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length < 2)
        {
            return DatagramKind.Unknown;
        }

        return datagram[0] switch
        {
            <= 3 => DatagramKind.Stun,
            >= 20 and <= 63 => DatagramKind.Dtls,
            // RTCP packet types 192 to 223 are what RTP would read as payload types 64 to 95 with a marker (RFC 5761
            // §4).
            >= 128 and <= 191 => datagram[1] is >= 192 and <= 223 ? DatagramKind.Rtcp : DatagramKind.Rtp,
            _ => DatagramKind.Unknown,
        };
    }
}
