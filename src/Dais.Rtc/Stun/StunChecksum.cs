using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Dais.Rtc.Stun;

/// <summary>The two checksums over a STUN message.</summary>
internal static class StunChecksum
{
    /// <summary>Bytes of HMAC-SHA1.</summary>
    public const int IntegrityBytes = 20;

    /// <summary>Keeps the checksum apart from those of other protocols: "STUN" (RFC 8489 §14.7).</summary>
    private const uint FingerprintMask = 0x5354_554E;

    private static readonly uint[] Crc32Table = MakeCrc32Table();

    /// <summary>The value of FINGERPRINT over <paramref name="message"/>, whose header already counts the attribute (RFC 8489 §14.7).</summary>
    public static uint ComputeFingerprint(ReadOnlySpan<byte> message)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in message)
        {
            crc = (crc >> 8) ^ Crc32Table[(byte)(crc ^ value)];
        }

        return ~crc ^ FingerprintMask;
    }

    /// <summary>
    /// The value of MESSAGE-INTEGRITY over the bytes <paramref name="message"/> before that attribute. The header's length is taken as
    /// if the attribute were the last (RFC 8489 §14.5), whatever it says.
    /// </summary>
    [SuppressMessage("Security", "CA5350", Justification = "RFC 8445 §7.2.2 prescribes HMAC-SHA1.")]
    public static void ComputeIntegrity(ReadOnlySpan<byte> message, ReadOnlySpan<byte> key, Span<byte> destination)
    {
        Span<byte> patched = stackalloc byte[StunMessage.BytesMax];
        message.CopyTo(patched);
        int length = message.Length - StunMessage.HeaderBytes + StunMessage.AttributeHeaderBytes + IntegrityBytes;
        BinaryPrimitives.WriteUInt16BigEndian(patched[2..], (ushort)length);
        HMACSHA1.HashData(key, patched[..message.Length], destination);
    }

    /// <summary>The table of the reflected CRC-32 of ITU-T V.42.</summary>
    private static uint[] MakeCrc32Table()
    {
        const uint Polynomial = 0xEDB8_8320;
        uint[] table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint crc = i;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ Polynomial;
            }

            table[i] = crc;
        }

        return table;
    }
}
