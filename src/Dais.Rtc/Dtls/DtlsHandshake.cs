using System.Buffers.Binary;

namespace Dais.Rtc.Dtls;

/// <summary>A view over one handshake message or a fragment of one, in the clear (RFC 6347 §4.2.2).</summary>
/// <remarks>
/// <code>
/// type (1) | message length (3) | message number (2) | fragment offset (3) | fragment length (3) | fragment
/// </code>
/// </remarks>
internal readonly ref struct DtlsHandshake
{
    public const int HeaderBytes = 12;
    public const byte ClientHello = 1;
    public const byte ServerHello = 2;
    public const byte HelloVerifyRequest = 3;
    public const byte NewSessionTicket = 4;
    public const byte Certificate = 11;
    public const byte ServerKeyExchange = 12;
    public const byte CertificateRequest = 13;
    public const byte ServerHelloDone = 14;
    public const byte CertificateVerify = 15;
    public const byte ClientKeyExchange = 16;
    public const byte CertificateStatus = 22;

    /// <summary>Longest message taken, in bytes: room for a chain of certificates.</summary>
    public const int BytesMax = 16_384;

    private readonly ReadOnlySpan<byte> _bytes;

    private DtlsHandshake(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public byte Type => _bytes[0];

    /// <summary>Bytes of the whole message, of which this may be a part.</summary>
    public int Length => ReadUInt24(_bytes[1..]);

    public ushort MessageNumber => BinaryPrimitives.ReadUInt16BigEndian(_bytes[4..]);

    /// <summary>Where in the message the fragment lies.</summary>
    public int Offset => ReadUInt24(_bytes[6..]);

    public ReadOnlySpan<byte> Body => _bytes[HeaderBytes..];

    /// <summary>
    /// Reads the message or fragment that <paramref name="bytes"/> begins with and leaves the rest there; false when there is no sound
    /// one.
    /// </summary>
    public static bool TryRead(ref ReadOnlySpan<byte> bytes, out DtlsHandshake message)
    {
        message = default;
        if (bytes.Length < HeaderBytes)
        {
            return false;
        }

        int fragmentLength = ReadUInt24(bytes[9..]);
        int length = ReadUInt24(bytes[1..]);
        if (length > BytesMax || ReadUInt24(bytes[6..]) + fragmentLength > length || HeaderBytes + fragmentLength > bytes.Length)
        {
            return false;
        }

        message = new DtlsHandshake(bytes[..(HeaderBytes + fragmentLength)]);
        bytes = bytes[(HeaderBytes + fragmentLength)..];
        return true;
    }

    private static int ReadUInt24(ReadOnlySpan<byte> bytes) => (bytes[0] << 16) | BinaryPrimitives.ReadUInt16BigEndian(bytes[1..]);
}
