using System.Buffers.Binary;
using Dais.Server.Media.Tcp;
using Dais.Sfu;

namespace Dais.Server.Tests.Media.Tcp;

public sealed class TcpFrameBufferTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4000)]
    public void Frames_come_out_as_they_went_in_however_the_stream_is_cut(int pieceMax)
    {
        var random = new Random(pieceMax);
        byte[][] contents = [.. Enumerable.Range(0, 50).Select(_ => Bytes(random, random.Next(0, SfuLimits.DatagramBytesMax + 1)))];
        byte[] stream = [.. contents.SelectMany(Frame)];
        var buffer = new TcpFrameBuffer();
        List<byte[]> taken = [];
        byte[] content = new byte[SfuLimits.DatagramBytesMax];

        for (int at = 0; at < stream.Length;)
        {
            var free = buffer.Free();
            int piece = Math.Min(Math.Min(free.Length, stream.Length - at), random.Next(1, pieceMax + 1));
            Assert.NotEqual(0, piece);
            stream.AsSpan(at, piece).CopyTo(free);
            buffer.Add(piece);
            at += piece;
            while (buffer.TryTake(content, out int length))
            {
                taken.Add(content[..length]);
            }
        }

        Assert.False(buffer.IsBroken);
        Assert.Equal(contents.Where(bytes => bytes.Length > 0), taken);
    }

    [Fact]
    public void A_frame_longer_than_any_datagram_breaks_the_stream()
    {
        var buffer = new TcpFrameBuffer();
        Add(buffer, Frame([1, 2]));
        Add(buffer, [(SfuLimits.DatagramBytesMax + 1) >> 8, (SfuLimits.DatagramBytesMax + 1) & 0xFF]);
        byte[] content = new byte[SfuLimits.DatagramBytesMax];

        Assert.True(buffer.TryTake(content, out _));
        Assert.False(buffer.TryTake(content, out _));
        Assert.True(buffer.IsBroken);
    }

    [Fact]
    public void Random_bytes_give_frames_within_bounds_or_break_the_stream()
    {
        byte[] content = new byte[SfuLimits.DatagramBytesMax];
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var buffer = new TcpFrameBuffer();
            for (int piece = 0; piece < 50 && !buffer.IsBroken; piece++)
            {
                byte[] bytes = Bytes(random, random.Next(1, 300));
                bytes[0] &= 0x03;
                var free = buffer.Free();
                int count = Math.Min(free.Length, bytes.Length);
                bytes.AsSpan(0, count).CopyTo(free);
                buffer.Add(count);
                while (buffer.TryTake(content, out int length))
                {
                    Assert.InRange(length, 1, SfuLimits.DatagramBytesMax);
                }
            }
        }
    }

    /// <summary>A frame of <paramref name="content"/>.</summary>
    internal static byte[] Frame(byte[] content)
    {
        byte[] frame = new byte[2 + content.Length];
        BinaryPrimitives.WriteUInt16BigEndian(frame, (ushort)content.Length);
        content.CopyTo(frame, 2);
        return frame;
    }

    private static void Add(TcpFrameBuffer buffer, byte[] bytes)
    {
        bytes.CopyTo(buffer.Free());
        buffer.Add(bytes.Length);
    }

    private static byte[] Bytes(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
