using Dais.Server.Media.Tcp;

namespace Dais.Server.Tests.Media.Tcp;

public sealed class TcpSendBufferTests
{
    private const int BytesMax = 32 * 1024;

    [Fact]
    public void Bytes_leave_in_order_while_the_ring_turns_and_grows()
    {
        var random = new Random(1);
        var queue = new TcpSendBuffer(BytesMax);
        List<byte> expected = [];
        List<byte> sent = [];
        for (int round = 0; round < 2_000; round++)
        {
            byte[] content = new byte[random.Next(1, 1_400)];
            random.NextBytes(content);
            if (queue.TryAdd(content))
            {
                expected.AddRange(TcpFrameBufferTests.Frame(content));
            }

            // What is being sent keeps its place while more comes.
            var first = queue.First();
            int count = random.Next(0, Math.Min(first.Length, 1_500) + 1);
            queue.TryAdd([]);
            expected.AddRange(TcpFrameBufferTests.Frame([]));
            sent.AddRange(first.Span[..count]);
            queue.Remove(count);
        }

        while (queue.Count > 0)
        {
            var first = queue.First();
            sent.AddRange(first.Span);
            queue.Remove(first.Length);
        }

        Assert.Equal(expected, sent);
    }

    [Fact]
    public void A_full_queue_takes_whole_frames_or_nothing_and_keeps_room_for_small_ones()
    {
        var queue = new TcpSendBuffer(BytesMax);
        byte[] picture = new byte[1_200];
        while (queue.TryAdd(picture))
        {
        }

        int full = queue.Count;
        Assert.Equal(0, full % 1_202);
        Assert.InRange(full, BytesMax - 4096 - 1_202, BytesMax - 4096);
        for (int i = 0; i < 40; i++)
        {
            Assert.True(queue.TryAdd(new byte[100]));
        }

        while (queue.TryAdd(new byte[100]))
        {
        }

        Assert.InRange(queue.Count, 0, BytesMax);
    }
}
