using System.Buffers.Binary;

namespace Dais.Rtc.Dtls;

/// <summary>A view over one DTLS 1.2 record (RFC 6347 §4.1), the unit a datagram consists of.</summary>
/// <remarks>
/// <code>
/// content type (1) | version (2) | epoch (2) | sequence number (6) | length (2) | fragment
/// </code>
/// </remarks>
internal readonly ref struct DtlsRecord
{
    public const int HeaderBytes = 13;
    public const byte ChangeCipherSpec = 20;
    public const byte Alert = 21;
    public const byte Handshake = 22;
    public const byte ApplicationData = 23;

    /// <summary>
    /// Smallest fragment of an encrypted record: AES-GCM's explicit nonce, one byte, its tag (RFC 5288 §3). OpenSSL 3.0 ends the session
    /// on a shorter one, which anybody can send, instead of dropping it (RFC 6347 §4.1.2.7).
    /// </summary>
    public const int EncryptedBytesMin = 8 + 1 + 16;

    /// <summary>The first byte of both versions, 254.255 (1.0, in which a ClientHello may come) and 254.253 (1.2).</summary>
    private const byte VersionMajor = 0xFE;

    private DtlsRecord(ReadOnlySpan<byte> bytes) => Bytes = bytes;

    /// <summary>The whole record.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    public byte ContentType => Bytes[0];

    /// <summary>0 = in the clear.</summary>
    public ushort Epoch => BinaryPrimitives.ReadUInt16BigEndian(Bytes[3..]);

    public ReadOnlySpan<byte> Fragment => Bytes[HeaderBytes..];

    /// <summary>Reads the record that <paramref name="bytes"/> begins with; false when there is no whole one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out DtlsRecord record)
    {
        record = default;
        if (bytes.Length < HeaderBytes || bytes[0] is < ChangeCipherSpec or > ApplicationData || bytes[1] != VersionMajor)
        {
            return false;
        }

        int length = HeaderBytes + BinaryPrimitives.ReadUInt16BigEndian(bytes[11..]);
        if (length == HeaderBytes || length > bytes.Length)
        {
            return false;
        }

        record = new DtlsRecord(bytes[..length]);
        return true;
    }
}
