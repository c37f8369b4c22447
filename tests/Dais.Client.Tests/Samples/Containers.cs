using System.Buffers.Binary;

namespace Dais.Client.Tests.Samples;

/// <summary>Writes the smallest files the bot can play.</summary>
public static class Containers
{
    /// <summary>Packets of Opus in an Ogg stream, each on a page of its own.</summary>
    public static byte[] Ogg(params byte[][] packets) =>
        [.. Page([.. "OpusHead"u8, 1, 2, 0, 0, 0x80, 0xBB, 0, 0, 0, 0, 0]), .. Page([.. "OpusTags"u8, 0, 0, 0, 0, 0, 0, 0, 0]), .. packets.SelectMany(Page)];

    /// <summary>Frames of VP8 in an IVF file, thirty a second.</summary>
    public static byte[] Ivf(params byte[][] frames)
    {
        byte[] header = new byte[32];
        "DKIF"u8.CopyTo(header);
        header[6] = 32;
        "VP80"u8.CopyTo(header.AsSpan(8));
        header[16] = 30;
        header[20] = 1;
        return [.. header, .. frames.SelectMany((frame, i) => Frame(frame, i))];
    }

    /// <summary>One page with one packet, whose checksum nobody looks at.</summary>
    public static byte[] Page(byte[] packet)
    {
        byte[] segments = [.. Enumerable.Repeat((byte)255, packet.Length / 255), (byte)(packet.Length % 255)];
        return [.. "OggS"u8, .. new byte[22], (byte)segments.Length, .. segments, .. packet];
    }

    private static byte[] Frame(byte[] frame, int number)
    {
        byte[] header = new byte[12];
        BinaryPrimitives.WriteInt32LittleEndian(header, frame.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), number);
        return [.. header, .. frame];
    }
}
