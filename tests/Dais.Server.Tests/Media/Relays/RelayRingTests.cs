using System.Buffers.Binary;
using Dais.Server.Media.Relays;
using Dais.Sfu;
using Dais.Sfu.Relays;

namespace Dais.Server.Tests.Media.Relays;

public sealed class RelayRingTests
{
    [Fact]
    public void Gives_what_was_written_in_order_and_no_more_than_was_looked_at()
    {
        var ring = new RelayRing(4);
        Assert.True(ring.TryWrite(Message(1), [1, 2, 3]));
        Assert.True(ring.TryWrite(Message(2), []));
        long end = ring.Written;
        Assert.True(ring.TryWrite(Message(3), [9]));

        Assert.True(ring.TryPeek(end, out var message, out var packet));
        Assert.Equal(1ul, message.PacketIndex);
        Assert.Equal([1, 2, 3], packet.ToArray());
        ring.Release();
        Assert.True(ring.TryPeek(end, out message, out packet));
        Assert.Equal(2ul, message.PacketIndex);
        Assert.True(packet.IsEmpty);
        ring.Release();
        Assert.False(ring.TryPeek(end, out _, out _));
        Assert.True(ring.TryPeek(ring.Written, out message, out _));
        Assert.Equal(3ul, message.PacketIndex);
    }

    [Fact]
    public void A_full_ring_takes_nothing_until_the_reader_gives_a_slot_back()
    {
        var ring = new RelayRing(2);
        Assert.True(ring.TryWrite(Message(1), []));
        Assert.True(ring.TryWrite(Message(2), []));
        Assert.False(ring.TryWrite(Message(3), []));

        Assert.True(ring.TryPeek(ring.Written, out _, out _));
        Assert.False(ring.TryWrite(Message(3), []));
        ring.Release();

        Assert.True(ring.TryWrite(Message(3), []));
        Assert.False(ring.TryWrite(Message(4), []));
    }

    [Fact]
    public void The_largest_datagram_fits_and_a_larger_one_is_refused()
    {
        var ring = new RelayRing(2);
        byte[] largest = new byte[SfuLimits.DatagramBytesMax];
        new Random(1).NextBytes(largest);

        Assert.True(ring.TryWrite(Message(1), largest));
        Assert.False(ring.TryWrite(Message(2), new byte[SfuLimits.DatagramBytesMax + 1]));

        Assert.True(ring.TryPeek(ring.Written, out _, out var packet));
        Assert.Equal(largest, packet);
    }

    [Fact]
    public void Two_threads_pass_a_million_messages_without_a_loss_or_a_mix_up()
    {
        const int Count = 1_000_000;
        var ring = new RelayRing(256);
        var writer = new Thread(WriteAll) { IsBackground = true };
        writer.Start();

        long wrong = 0;
        for (long i = 0; i < Count;)
        {
            long end = ring.Written;
            if (!ring.TryPeek(end, out _, out _))
            {
                Thread.Yield();
                continue;
            }

            for (; ring.TryPeek(end, out var message, out var packet); i++)
            {
                bool isRight = message.PacketIndex == (ulong)i
                    && packet.Length == 8 + (int)(i % 57)
                    && BinaryPrimitives.ReadInt64LittleEndian(packet) == i
                    && packet[8..].IndexOfAnyExcept((byte)i) < 0;
                wrong += isRight ? 0 : 1;
                packet.Clear();
                ring.Release();
            }
        }

        Assert.True(writer.Join(TimeSpan.FromSeconds(10)));
        Assert.Equal(0, wrong);
        Assert.Equal(Count, ring.Written);
        Assert.False(ring.TryPeek(ring.Written, out _, out _));

        void WriteAll()
        {
            Span<byte> packet = stackalloc byte[64];
            for (long i = 0; i < Count;)
            {
                int length = 8 + (int)(i % 57);
                packet[..length].Fill((byte)i);
                BinaryPrimitives.WriteInt64LittleEndian(packet, i);
                if (ring.TryWrite(Message((ulong)i), packet[..length]))
                {
                    i++;
                }
                else
                {
                    Thread.Yield();
                }
            }
        }
    }

    [Fact]
    public void Passing_a_message_allocates_nothing()
    {
        var ring = new RelayRing(16);
        byte[] packet = new byte[1200];
        Pass(100);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Pass(10_000);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Pass(int count)
        {
            for (int i = 0; i < count; i++)
            {
                ring.TryWrite(Message((ulong)i), packet);
                ring.TryPeek(ring.Written, out _, out _);
                ring.Release();
            }
        }
    }

    private static RelayMessage Message(ulong index) =>
        new() { Kind = RelayMessageKind.Packet, Relay = new RelayId(1), PacketIndex = index };
}
