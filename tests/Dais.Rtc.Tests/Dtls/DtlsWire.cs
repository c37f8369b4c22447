using System.Buffers.Binary;
using Dais.Rtc.Dtls;

namespace Dais.Rtc.Tests.Dtls;

/// <summary>What somebody on the wire can do to plaintext DTLS records.</summary>
internal static class DtlsWire
{
    private const int MessageHeaderBytes = 12;

    /// <summary>A plaintext record.</summary>
    public static byte[] Record(byte contentType, byte[] fragment, ushort epoch = 0, ulong sequenceNumber = 0)
    {
        byte[] record = new byte[DtlsRecord.HeaderBytes + fragment.Length];
        BinaryPrimitives.WriteUInt64BigEndian(record.AsSpan(3), ((ulong)epoch << 48) | sequenceNumber);
        record[0] = contentType;
        record[1] = 0xFE;
        record[2] = 0xFD;
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(11), (ushort)fragment.Length);
        fragment.CopyTo(record, DtlsRecord.HeaderBytes);
        return record;
    }

    /// <summary>A plaintext record with one whole handshake message.</summary>
    public static byte[] Message(byte type, ushort messageNumber, byte[] body, ulong sequenceNumber = 0)
    {
        byte[] message = new byte[MessageHeaderBytes + body.Length];
        message[0] = type;
        message[2] = (byte)(body.Length >> 8);
        message[3] = (byte)body.Length;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(4), messageNumber);
        message[10] = message[2];
        message[11] = message[3];
        body.CopyTo(message, MessageHeaderBytes);
        return Record(DtlsRecord.Handshake, message, sequenceNumber: sequenceNumber);
    }

    /// <summary>The one handshake message of a record as two fragments in two records.</summary>
    public static (byte[] First, byte[] Second) SplitMessage(byte[] record, int at)
    {
        var message = record.AsSpan(DtlsRecord.HeaderBytes);
        return (Fragment(message, 0, at, 0), Fragment(message, at, message.Length - MessageHeaderBytes - at, 1));
    }

    /// <summary>Raises the sequence numbers of a datagram's plaintext records, as if others had been sent before.</summary>
    public static byte[] RenumberInTheClear(byte[] datagram, ulong by)
    {
        byte[] renumbered = [.. datagram];
        var rest = renumbered.AsSpan();
        while (DtlsRecord.TryRead(rest, out var record))
        {
            if (record.Epoch == 0)
            {
                // Epoch and sequence number are eight bytes together.
                BinaryPrimitives.WriteUInt64BigEndian(rest[3..], BinaryPrimitives.ReadUInt64BigEndian(rest[3..]) + by);
            }

            rest = rest[record.Bytes.Length..];
        }

        return renumbered;
    }

    private static byte[] Fragment(ReadOnlySpan<byte> message, int offset, int length, ulong sequenceNumber)
    {
        byte[] fragment = [.. message[..MessageHeaderBytes], .. message.Slice(MessageHeaderBytes + offset, length)];
        fragment[6] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(fragment.AsSpan(7), (ushort)offset);
        fragment[9] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(fragment.AsSpan(10), (ushort)length);
        return Record(DtlsRecord.Handshake, fragment, sequenceNumber: sequenceNumber);
    }
}
