using Dais.Rtc;
using Dais.Rtc.Rtcp;
using Dais.Sfu.Retransmission;

namespace Dais.Sfu.Tests.Retransmission;

public sealed class LossWatchTests
{
    private readonly LossWatch _watch = new();
    private Timestamp _now = new(1_000_000);
    private int _sent;

    [Fact]
    public void What_the_feedback_leaves_out_is_lost_when_something_much_later_has_arrived()
    {
        Send(4);

        Assert.Equal([1], Tell(0, "+-++"));
    }

    [Fact]
    public void What_may_have_been_turned_around_is_lost_when_the_next_feedback_does_not_bring_it_either()
    {
        Send(4, milliseconds: 1);
        Assert.Empty(Tell(0, "+--+"));
        Send(2);

        // The second came after all: a receiver tells so from its place on.
        Assert.Equal([1], Tell(2, "++++"));
    }

    [Fact]
    public void What_was_found_to_be_lost_is_not_found_again()
    {
        Send(8);
        Assert.Equal([1, 2], Tell(0, "+--+++"));

        Assert.Empty(Tell(0, "+--+++"));
        Assert.Empty(Tell(0, "------++"));
        Assert.Empty(Tell(0, "++++++++"));
    }

    [Fact]
    public void What_has_arrived_is_never_lost()
    {
        Send(8);
        Assert.Empty(Tell(0, "++++++"));

        Assert.Empty(Tell(0, "-----+++"));
    }

    [Fact]
    public void Padding_is_of_no_interest()
    {
        Send(1);
        _watch.HandleSent(default, _now);
        _sent++;
        Send(2);

        Assert.Empty(Tell(0, "+-++"));
    }

    [Fact]
    public void What_was_sent_again_is_told_from_the_first_time()
    {
        Send(1);
        _watch.HandleSent(new SentContent(7, 3, 40_000), _now);
        _sent++;
        Send(2, milliseconds: 20);
        Read(0, "+-++");

        Assert.Equal(new SentContent(7, 3, 40_000), Assert.Single(_watch.TakeFound().ToArray()));
        Assert.Empty(_watch.TakeFound().ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_a_receiver_says_nothing_is_lost_twice_nor_without_having_been_sent(int seed)
    {
        var random = new Random(seed);
        int found = 0;
        int most = 0;
        for (int i = 0; i < 3_000; i++)
        {
            Send(random.Next(40), milliseconds: random.Next(2));
            string statuses = string.Concat(Enumerable.Range(0, random.Next(1, 400)).Select(_ => random.Next(8) == 0 ? '+' : '-'));
            int now = Tell((ushort)random.Next(65_536), statuses + "+").Length;
            found += now;
            most = Math.Max(most, now);
        }

        Assert.InRange(found, 1, _sent);
        Assert.InRange(most, 1, LossWatch.FoundMax);
    }

    [Fact]
    public void Everything_lost_is_found_as_far_as_it_is_remembered()
    {
        Send(100_000, milliseconds: 0);

        Assert.Empty(Tell(_sent - 300, new string('-', 299) + "+"));
        Send(1, milliseconds: 20);
        Assert.InRange(Tell(_sent - 1, "+").Length, 1, LossWatch.FoundMax);
        Assert.Empty(Tell(_sent - 1, "+"));
    }

    private void Send(int count, int milliseconds = 20)
    {
        for (int i = 0; i < count; i++)
        {
            _now += TimeSpan.FromMilliseconds(milliseconds);
            _watch.HandleSent(new SentContent(1, 0, (ushort)_sent++), _now);
        }
    }

    /// <summary>A feedback from the packet <paramref name="first"/> on: plus for one that arrived, minus for one that did not.</summary>
    private ushort[] Tell(int first, string statuses)
    {
        Read(first, statuses);
        return [.. _watch.TakeFound().ToArray().Select(content => content.SequenceNumber)];
    }

    private void Read(int first, string statuses)
    {
        long[] arrivals = [.. statuses.Select(status => status == '+' ? 1_000_000L : TransportFeedbackWriter.NotReceived)];
        byte[] buffer = new byte[2000];
        var writer = new RtcpWriter(buffer);
        Assert.True(writer.TryWriteTransportFeedback(1, 2, (ushort)first, 0, arrivals, out int written));
        Assert.Equal(statuses.Length, written);
        Assert.True(RtcpReader.TryParse(writer.Written, out var reader));
        Assert.True(reader.MoveNext());
        Assert.True(reader.Current.TryReadTransportFeedback(out var feedback));
        _watch.HandleFeedback(feedback);
    }
}
