using Dais.Rtc;
using Dais.Sfu.Retransmission;

namespace Dais.Sfu.Tests.Retransmission;

public sealed class NackGeneratorTests
{
    private readonly NackGenerator _nacks = new();
    private Timestamp _now = new(1_000_000);

    [Theory]
    [InlineData(1000ul)]
    [InlineData(32_767ul)]
    [InlineData(65_533ul)]
    [InlineData(65_536ul)]
    public void Asks_for_every_packet_in_the_gap(ulong first)
    {
        Receive(first);
        Receive(first + 4);

        Assert.Equal([(ushort)(first + 1), (ushort)(first + 2), (ushort)(first + 3)], TakeWhenDue());
    }

    [Fact]
    public void Waits_a_moment_for_packets_that_were_turned_around()
    {
        Receive(10);
        Receive(12);
        Assert.Empty(Take());
        _now += TimeSpan.FromMilliseconds(5);
        Receive(11);

        Assert.Empty(TakeWhenDue());
        Assert.Equal(0, _nacks.MissingCount);
    }

    [Fact]
    public void Asks_twice_in_each_round_trip_and_for_ten_of_them()
    {
        Receive(10);
        Receive(12);
        for (int i = 0; i < NackGenerator.RoundsMax; i++)
        {
            Assert.Equal([11], TakeWhenDue());
            _now += TimeSpan.FromMilliseconds(19);
            Assert.Empty(Take());
            _now += TimeSpan.FromMilliseconds(1);
            Assert.Equal([11], Take());
            _now += TimeSpan.FromMilliseconds(79);
            Assert.Empty(Take());
        }

        Assert.Empty(TakeWhenDue(out int givenUp));
        Assert.Equal(1, givenUp);
        Assert.Equal(Timestamp.Never, _nacks.NextTimeout);
    }

    [Fact]
    public void What_is_missing_before_a_keyframe_is_given_up_without_harm()
    {
        Receive(10);
        Receive(12);
        _nacks.HandleKeyframe(12);
        int givenUp = 0;
        for (int i = 0; i <= NackGenerator.RoundsMax * NackGenerator.RequestsPerRound; i++)
        {
            TakeWhenDue(out givenUp);
        }

        Assert.Equal(0, givenUp);
        Assert.Equal(0, _nacks.MissingCount);
    }

    [Fact]
    public void Learns_the_round_trip_from_answers()
    {
        for (ulong i = 10; i < 100; i += 2)
        {
            Receive(i + 2);
            if (i > 10)
            {
                Assert.Single(TakeWhenDue());
                _now += TimeSpan.FromMilliseconds(200);
                Receive(i + 1);
            }
            else
            {
                Receive(i + 1);
            }
        }

        Receive(200);
        Receive(202);
        TakeWhenDue();
        var asked = _now;
        TakeWhenDue();
        Assert.Equal(200, (_nacks.NextTimeout - asked).TotalMilliseconds, 10.0);
    }

    [Fact]
    public void An_outage_is_not_asked_for_packet_by_packet()
    {
        Receive(10);
        Receive(20);
        Assert.False(_nacks.HandlePacket(20 + NackGenerator.MissingMax + 2, _now));

        Assert.Equal(0, _nacks.MissingCount);
        Assert.Equal(Timestamp.Never, _nacks.NextTimeout);
    }

    [Fact]
    public void When_full_what_was_before_the_last_keyframe_makes_room()
    {
        Receive(10);
        Receive(411);
        _nacks.HandleKeyframe(411);

        Assert.True(_nacks.HandlePacket(712, _now));
        Assert.Equal(300, _nacks.MissingCount);
        Assert.False(_nacks.HandlePacket(1100, _now));
    }

    [Fact]
    public void More_than_fits_is_due_again_at_once()
    {
        Receive(10);
        Receive(20);
        _now = _nacks.NextTimeout;
        Span<ushort> few = stackalloc ushort[4];

        Assert.Equal(4, _nacks.Take(few, _now, out _));
        Assert.True(_nacks.NextTimeout <= _now);
        Assert.Equal([15, 16, 17, 18], Take().Take(4));
    }

    [Fact]
    public void Begins_anew_after_a_reset()
    {
        Receive(10);
        Receive(20);
        _nacks.Reset();
        Receive(500);

        Assert.Equal(0, _nacks.MissingCount);
        Assert.Equal(Timestamp.Never, _nacks.NextTimeout);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Never_asks_for_what_came_whatever_the_order(int seed)
    {
        var random = new Random(seed);
        var received = new HashSet<ushort>();
        ulong highest = 60_000;
        Receive(highest);
        for (int i = 0; i < 5000; i++)
        {
            ulong index = random.Next(3) == 0 ? highest - (ulong)random.Next(600) : highest += (ulong)random.Next(1, 6);
            index = random.Next(500) == 0 ? highest += 2000 : index;
            _nacks.HandlePacket(index, _now);
            received.Add((ushort)index);
            for (ulong forget = 1; forget < 100; forget++)
            {
                received.Remove((ushort)(highest + forget));
            }

            _now += TimeSpan.FromMilliseconds(random.Next(8));
            Assert.All(Take(), number => Assert.DoesNotContain(number, received));
            Assert.InRange(_nacks.MissingCount, 0, NackGenerator.MissingMax);
        }
    }

    private void Receive(ulong index) => Assert.True(_nacks.HandlePacket(index, _now));

    private ushort[] TakeWhenDue() => TakeWhenDue(out _);

    private ushort[] TakeWhenDue(out int givenUp)
    {
        _now = _nacks.NextTimeout == Timestamp.Never ? _now : _nacks.NextTimeout > _now ? _nacks.NextTimeout : _now;
        return Take(out givenUp);
    }

    private ushort[] Take() => Take(out _);

    private ushort[] Take(out int givenUp)
    {
        ushort[] numbers = new ushort[NackGenerator.MissingMax];
        return numbers[.._nacks.Take(numbers, _now, out givenUp)];
    }
}
