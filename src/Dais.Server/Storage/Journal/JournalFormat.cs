using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Dais.Server.Storage.Journal;

/// <summary>The bytes of a journal's files: a header, then frames. All numbers are little-endian; see docs/storage.md.</summary>
/// <remarks>
/// <code>
/// header  magic 8 | format 4 | salt 4 | number 8 | crc32c 4
/// frame   length 4 | crc32c 4 | payload (one or more operations)
/// </code>
/// One frame is one group commit. The next frame is written only when the disk has the last one, so a frame that is not whole
/// can only be the very last, and whatever was in it was never acknowledged. The salt differs from file to file and is part of
/// every frame's CRC: bytes a client wrote into an event can not be mistaken for a frame.
/// </remarks>
public static class JournalFormat
{
    /// <summary>Bytes of a file's header.</summary>
    public const int HeaderBytes = 28;

    /// <summary>Bytes of a frame before its payload.</summary>
    public const int FrameHeaderBytes = 8;

    /// <summary>The longest payload a reader believes in.</summary>
    public const int PayloadBytesMax = 32 << 20;

    /// <summary>The most an append's or snapshot's limit may be: with one such operation a frame stays readable.</summary>
    public const int OperationBytesMax = 16 << 20;

    private const uint FormatVersion = 1;

    private static ReadOnlySpan<byte> SegmentMagic => "DAISJRNL"u8;

    private static ReadOnlySpan<byte> CheckpointMagic => "DAISCKPT"u8;

    /// <summary>Writes a file's header.</summary>
    public static void WriteHeader(Span<byte> destination, bool isCheckpoint, long number, uint salt)
    {
        (isCheckpoint ? CheckpointMagic : SegmentMagic).CopyTo(destination);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[8..], FormatVersion);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[12..], salt);
        BinaryPrimitives.WriteInt64LittleEndian(destination[16..], number);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[24..], ~Crc32C(uint.MaxValue, destination[..24]));
    }

    /// <summary>Reads a file's header: false unless it is whole, of this format, and of the expected file.</summary>
    public static bool TryReadHeader(ReadOnlySpan<byte> source, bool isCheckpoint, long number, out uint salt)
    {
        salt = 0;
        if (source.Length < HeaderBytes
            || !source.StartsWith(isCheckpoint ? CheckpointMagic : SegmentMagic)
            || BinaryPrimitives.ReadUInt32LittleEndian(source[8..]) != FormatVersion
            || BinaryPrimitives.ReadInt64LittleEndian(source[16..]) != number
            || BinaryPrimitives.ReadUInt32LittleEndian(source[24..]) != ~Crc32C(uint.MaxValue, source[..24]))
        {
            return false;
        }

        salt = BinaryPrimitives.ReadUInt32LittleEndian(source[12..]);
        return true;
    }

    /// <summary>Completes a frame whose payload is already in place behind the room for its header.</summary>
    public static void SealFrame(Span<byte> frame, uint salt)
    {
        var payload = frame[FrameHeaderBytes..];
        BinaryPrimitives.WriteInt32LittleEndian(frame, payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], FrameCrc(payload, salt));
    }

    /// <summary>The length of the payload, as a frame's header says: false if there is no header or the length is absurd.</summary>
    public static bool TryReadLength(ReadOnlySpan<byte> source, out int payloadBytes)
    {
        payloadBytes = 0;
        if (source.Length < FrameHeaderBytes)
        {
            return false;
        }

        payloadBytes = BinaryPrimitives.ReadInt32LittleEndian(source);
        return payloadBytes is > 0 and <= PayloadBytesMax;
    }

    /// <summary>Reads the frame at the start of <paramref name="source"/>: false unless it is whole and its CRC right.</summary>
    public static bool TryReadFrame(ReadOnlySpan<byte> source, uint salt, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        if (!TryReadLength(source, out int length) || length > source.Length - FrameHeaderBytes)
        {
            return false;
        }

        var found = source.Slice(FrameHeaderBytes, length);
        if (BinaryPrimitives.ReadUInt32LittleEndian(source[4..]) != FrameCrc(found, salt))
        {
            return false;
        }

        payload = found;
        return true;
    }

    /// <summary>Whether a whole frame begins anywhere in <paramref name="source"/>.</summary>
    public static bool ContainsFrame(ReadOnlySpan<byte> source, uint salt)
    {
        for (; source.Length > FrameHeaderBytes; source = source[1..])
        {
            // The first byte of a payload is looked at first, as it rules out most places cheaply.
            if (OperationFormat.IsKind(source[FrameHeaderBytes]) && TryReadFrame(source, salt, out _))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes bytes into a running CRC32C (RFC 3720 §12.1), neither inverted before nor after.</summary>
    public static uint Crc32C(uint crc, ReadOnlySpan<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (ulong word in words)
        {
            crc = BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        }

        foreach (byte one in bytes[(words.Length * sizeof(ulong))..])
        {
            crc = BitOperations.Crc32C(crc, one);
        }

        return crc;
    }

    private static uint FrameCrc(ReadOnlySpan<byte> payload, uint salt)
    {
        uint crc = BitOperations.Crc32C(uint.MaxValue, salt);
        crc = BitOperations.Crc32C(crc, (uint)payload.Length);
        return ~Crc32C(crc, payload);
    }
}
