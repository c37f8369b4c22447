using Dais.Rtc;
using Dais.Sfu.Retransmission;

namespace Dais.Sfu.Tests.Retransmission;

public sealed class PacketStoreTests
{
    private const int PacketBytes = 1000;

    private static readonly PacketStoreLimits Limits = new(16, 64, 4 * PacketBytes, 32 * PacketBytes, TimeSpan.FromSeconds(1));

    private readonly PacketStore _store = new(Limits);
    private Timestamp _now = new(1_000_000);

    [Fact]
    public void An_empty_store_has_nothing()
    {
        Assert.True(_store.IsEmpty);
        Assert.False(_store.TryGet(0, out _, out _));
        Assert.Equal(0, _store.Capacity);
    }

    [Theory]
    [InlineData(0ul)]
    [InlineData(65_535ul)]
    [InlineData(0xFFFF_FFFFul)]
    [InlineData(0xFFFF_FFFF_FFF0ul)]
    public void Gives_what_it_took_byte_for_byte_with_the_time_it_came(ulong first)
    {
        for (ulong i = 0; i < 5; i++)
        {
            Add(first + i);
            _now += TimeSpan.FromMilliseconds(1);
        }

        for (ulong i = 0; i < 5; i++)
        {
            Assert.True(_store.TryGet(first + i, out var packet, out var arrivedAt));
            Assert.Equal(Packet(first + i), packet.ToArray());
            Assert.Equal(1_000_000 + (1000 * (long)i), arrivedAt.Microseconds);
        }

        Assert.Equal(first + 4, _store.Highest);
    }

    [Fact]
    public void A_late_packet_finds_its_place()
    {
        Add(10);
        Add(12);
        Assert.False(_store.TryGet(11, out _, out _));
        Add(11);

        Assert.Equal([10ul, 11, 12], Held(0, 20));
        Assert.Equal(12ul, _store.Highest);
    }

    [Fact]
    public void What_is_there_already_is_not_taken_again()
    {
        Add(10);
        _store.Add(10, new byte[5], _now);

        Assert.True(_store.TryGet(10, out var packet, out _));
        Assert.Equal(Packet(10), packet.ToArray());
    }

    [Fact]
    public void A_fast_stream_grows_the_store_to_its_limit_and_no_further()
    {
        for (ulong i = 0; i < 500; i++)
        {
            Add(i);
        }

        Assert.Equal(Limits.BytesMax, _store.Capacity);
        Assert.Equal(Enumerable.Range(468, 32).Select(i => (ulong)i), Held(0, 500));
    }

    [Fact]
    public void A_slow_stream_keeps_what_is_young_enough_in_little_memory()
    {
        for (ulong i = 0; i < 500; i++)
        {
            Add(i);
            _now += TimeSpan.FromMilliseconds(400);
        }

        Assert.Equal(Limits.BytesMin, _store.Capacity);
        Assert.Equal([496ul, 497, 498, 499], Held(0, 500));
    }

    [Fact]
    public void A_lap_that_ends_short_of_the_end_loses_nothing_that_is_not_written_over()
    {
        // Packets that do not divide the ring, of a stream slow enough for it not to grow.
        for (ulong i = 0; i < 100; i++)
        {
            _store.Add(i, new byte[700], _now);
            _now += TimeSpan.FromSeconds(1);
        }

        ulong[] held = [.. Held(0, 100)];
        Assert.Equal(99ul, held[^1]);
        Assert.InRange(held.Length, 5, 6);
        Assert.Equal(held.Length, (int)(held[^1] - held[0]) + 1);
    }

    [Fact]
    public void Small_packets_are_bounded_by_their_number()
    {
        for (ulong i = 0; i < 1000; i++)
        {
            _store.Add(i, [1, 2, 3], _now);
        }

        Assert.Equal(64, Held(0, 1000).Count());
        Assert.Equal(936ul, Held(0, 1000).First());
    }

    [Fact]
    public void A_number_far_behind_does_not_push_out_a_newer_one()
    {
        Add(1000);
        Add(1000 - 64);

        Assert.Equal([1000ul], Held(900, 1001));
    }

    [Fact]
    public void Once_grown_it_allocates_nothing()
    {
        byte[] packet = Packet(0);
        for (ulong i = 0; i < 200; i++)
        {
            _store.Add(i, packet, _now);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (ulong i = 200; i < 1200; i++)
        {
            _store.Add(i, packet, _now);
            _store.TryGet(i, out _, out _);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void What_is_forgotten_is_not_given()
    {
        Add(10);
        _store.Clear();
        Assert.Empty(Held(0, 20));
        Add(11);
        Assert.Equal([11ul], Held(0, 20));

        _store.Release();
        Assert.Empty(Held(0, 20));
        Assert.Equal(0, _store.Capacity);
        Add(12);
        Assert.Equal([12ul], Held(0, 20));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_comes_what_is_given_is_what_was_taken(int seed)
    {
        var random = new Random(seed);
        ulong highest = 1000;
        var taken = new Dictionary<ulong, byte[]>();
        for (int i = 0; i < 20_000; i++)
        {
            ulong index = random.Next(10) == 0 ? highest - (ulong)random.Next(100) : highest += (ulong)random.Next(1, 4);
            byte[] packet = new byte[random.Next(1, 1500)];
            random.NextBytes(packet);
            _now += TimeSpan.FromMilliseconds(random.Next(random.Next(2) * 200));
            if (!_store.TryGet(index, out _, out _))
            {
                taken[index] = packet;
            }

            _store.Add(index, packet, _now);
            foreach (ulong held in Held(highest - 80, highest + 1))
            {
                Assert.True(_store.TryGet(held, out var given, out _));
                Assert.True(given.SequenceEqual(taken[held]), $"Packet {held} is another (seed {seed}, step {i}).");
            }
        }
    }

    private static byte[] Packet(ulong index)
    {
        byte[] packet = new byte[PacketBytes];
        Array.Fill(packet, (byte)(index * 7));
        return packet;
    }

    private void Add(ulong index) => _store.Add(index, Packet(index), _now);

    private IEnumerable<ulong> Held(ulong from, ulong to)
    {
        for (ulong i = from; i < to; i++)
        {
            if (_store.TryGet(i, out _, out _))
            {
                yield return i;
            }
        }
    }
}
