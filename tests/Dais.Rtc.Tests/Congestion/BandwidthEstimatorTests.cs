using Dais.Rtc.Congestion;
using Dais.Rtc.Rtcp;

namespace Dais.Rtc.Tests.Congestion;

public sealed class BandwidthEstimatorTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(300_000, 30, 0)]
    [InlineData(800_000, 30, 0)]
    [InlineData(2_000_000, 30, 0)]
    [InlineData(5_000_000, 30, 0)]
    [InlineData(2_000_000, 150, 0)]
    [InlineData(2_000_000, 30, 10)]
    [InlineData(2_000_000, 30, 30)]
    public void The_estimate_is_right_within_ten_seconds(double rate, int latency, int jitter)
    {
        var line = new Bottleneck { Rate = rate, Latency = latency, Jitter = jitter };
        var flow = line.AddFlow();

        line.Run(10_000);
        Trace(line, flow);
        var average = new List<double>();
        line.Run(10_000, () => average.Add(flow.Estimator.Bitrate));

        Trace(line, flow);
        Assert.InRange(average.Average() / rate, 0.80, 1.15);
    }

    [Fact]
    public void A_path_that_narrows_to_a_third_is_noticed_within_a_second()
    {
        var line = new Bottleneck { Rate = 3_000_000 };
        var flow = line.AddFlow();
        line.Run(15_000);
        Trace(line, flow);

        line.Rate = 1_000_000;
        double queueMax = 0;
        for (int i = 0; i < 20; i++)
        {
            line.Run(100, () => queueMax = Math.Max(queueMax, line.QueueMilliseconds));
            Trace(line, flow);
            Assert.True(i < 10 || flow.Estimator.Bitrate < 1_100_000);
        }

        line.Run(2000);
        Trace(line, flow);
        output.WriteLine($"queue max {queueMax:F0}");
        Assert.True(line.QueueMilliseconds < 300);
        queueMax = 0;
        line.Run(10_000, () => queueMax = Math.Max(queueMax, line.QueueMilliseconds));
        Trace(line, flow);
        Assert.True(queueMax < 300);
        Assert.InRange(flow.Estimator.Bitrate, 700_000, 1_150_000);
    }

    [Fact]
    public void A_path_that_widens_again_is_used_again()
    {
        var line = new Bottleneck { Rate = 3_000_000 };
        var flow = line.AddFlow();
        line.Run(15_000);
        line.Rate = 1_000_000;
        line.Run(20_000);

        line.Rate = 3_000_000;
        line.Run(15_000);

        Trace(line, flow);
        Assert.InRange(flow.Estimator.Bitrate, 2_300_000, 3_450_000);
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.15)]
    public void Random_loss_does_not_collapse_the_estimate(double loss)
    {
        var line = new Bottleneck { Rate = 2_000_000, Loss = loss };
        var flow = line.AddFlow();

        line.Run(30_000);
        double least = double.MaxValue;
        line.Run(30_000, () => least = Math.Min(least, flow.Estimator.Bitrate));

        Trace(line, flow);
        Assert.True(least > 1_000_000, $"{least}");
    }

    [Fact]
    public void A_short_queue_that_drops_is_found_by_its_losses()
    {
        var line = new Bottleneck { Rate = 1_000_000, QueueBytes = 2_500 };
        var flow = line.AddFlow();

        line.Run(20_000);
        double most = 0;
        line.Run(10_000, () => most = Math.Max(most, flow.Estimator.Bitrate));

        Trace(line, flow);
        Assert.InRange(most, 400_000, 1_600_000);
    }

    [Fact]
    public void Cross_traffic_is_left_its_room()
    {
        var line = new Bottleneck { Rate = 3_000_000, CrossTraffic = 1_500_000 };
        var flow = line.AddFlow();

        line.Run(20_000);
        var average = new List<double>();
        line.Run(10_000, () => average.Add(flow.Estimator.Bitrate));

        Trace(line, flow);
        Assert.InRange(average.Average(), 1_000_000, 1_750_000);
    }

    [Fact]
    public void Two_flows_share_a_line()
    {
        var line = new Bottleneck { Rate = 4_000_000 };
        var first = line.AddFlow();
        line.Run(10_000);
        var second = line.AddFlow();
        line.Run(60_000);
        long firstBefore = first.Arrived;
        long secondBefore = second.Arrived;

        line.Run(30_000);

        double firstRate = (first.Arrived - firstBefore) * 8 / 30.0;
        double secondRate = (second.Arrived - secondBefore) * 8 / 30.0;
        output.WriteLine($"{firstRate:F0} {secondRate:F0} queue {line.QueueMilliseconds:F0}");
        Assert.True(Math.Min(firstRate, secondRate) > 0.25 * 4_000_000);
        Assert.True(firstRate + secondRate > 0.7 * 4_000_000);
    }

    [Fact]
    public void Little_padding_finds_what_media_does_not_use()
    {
        var line = new Bottleneck { Rate = 4_000_000 };
        var flow = line.AddFlow(mediaMax: 500_000);
        flow.Estimator.Goal = 3_000_000;

        line.Run(10_000);

        Trace(line, flow);
        Assert.True(flow.Estimator.Bitrate > 2_400_000);
        line.Run(50_000);
        Trace(line, flow);
        Assert.True(flow.Estimator.Bitrate > 2_400_000);
        Assert.True(flow.PaddingSent < 0.05 * flow.MediaSent, $"{flow.PaddingSent} of {flow.MediaSent}");
    }

    [Fact]
    public void Probes_of_a_full_path_leave_no_long_queue()
    {
        var line = new Bottleneck { Rate = 700_000 };
        var flow = line.AddFlow(mediaMax: 500_000);
        flow.Estimator.Goal = 3_000_000;
        double queueMax = 0;
        line.Run(60_000, () => queueMax = Math.Max(queueMax, line.QueueMilliseconds));

        Trace(line, flow);
        Assert.True(queueMax < 200, $"{queueMax}");
        Assert.InRange(flow.Estimator.Bitrate, 550_000, 850_000);
        Assert.True(flow.PaddingSent < 0.02 * flow.MediaSent);
    }

    [Fact]
    public void Nothing_is_probed_when_nothing_is_to_be_gained()
    {
        var line = new Bottleneck { Rate = 4_000_000 };
        var flow = line.AddFlow(mediaMax: 500_000);
        flow.Estimator.Goal = 500_000;

        line.Run(20_000);

        Assert.Equal(0, flow.PaddingSent);
    }

    [Fact]
    public void A_silent_receiver_is_believed_to_get_less_and_less()
    {
        var line = new Bottleneck { Rate = 3_000_000 };
        var flow = line.AddFlow();
        line.Run(10_000);

        flow.Falsify = _ => [];
        line.Run(10_000);

        Trace(line, flow);
        Assert.True(flow.Estimator.Bitrate < 500_000);
    }

    [Fact]
    public void A_receiver_that_is_heard_again_after_a_silence_and_has_no_queue_is_believed_what_it_was()
    {
        var line = new Bottleneck { Rate = 3_000_000 };
        var flow = line.AddFlow(mediaMax: 1_000_000);
        line.Run(10_000);
        long before = flow.Estimator.Bitrate;
        flow.Falsify = _ => [];
        line.Run(5_000);
        Assert.True(flow.Estimator.Bitrate < 0.5 * before);

        flow.Falsify = null;
        line.Run(600);

        Trace(line, flow);
        Assert.True(flow.Estimator.Bitrate >= 0.8 * before);
    }

    [Fact]
    public void Feedback_that_was_lost_makes_no_queue()
    {
        var line = new Bottleneck { Rate = 3_000_000 };
        var flow = line.AddFlow(mediaMax: 1_000_000);
        int number = 0;
        flow.Falsify = feedback => ++number % 3 == 0 ? [] : feedback;

        line.Run(10_000);
        double longest = 0;
        line.Run(10_000, () => longest = Math.Max(longest, flow.Estimator.Queue.TotalMilliseconds));

        Trace(line, flow);
        Assert.InRange(longest, 0, 60);
        Assert.False(flow.Estimator.IsOverused);
    }

    [Fact]
    public void Nothing_is_proven_before_a_probe_has_passed_or_the_path_was_full()
    {
        var line = new Bottleneck { Rate = 3_000_000 };
        var flow = line.AddFlow(mediaMax: 300_000);
        flow.Estimator.Goal = 0;
        line.Run(2_000);
        Assert.True(flow.Estimator.IsKnown);
        Assert.False(flow.Estimator.IsProvenAt(new Timestamp(line.Now)));

        flow.Estimator.Goal = 2_500_000;
        line.Run(1_000);

        Assert.True(flow.Estimator.IsProvenAt(new Timestamp(line.Now)));
    }

    [Fact]
    public void What_is_sent_at_once_at_the_beginning_tells_of_a_narrow_path_by_the_first_feedback()
    {
        var line = new Bottleneck { Rate = 300_000 };
        var flow = line.AddFlow(mediaMax: 900_000);
        flow.IsElastic = false;

        line.Run(400);

        Trace(line, flow);
        Assert.True(flow.Estimator.IsKnown);
        Assert.InRange(flow.Estimator.SustainableBitrate, 200_000, 345_000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_receiver_that_lies_gains_nothing_beyond_the_bounds(int lie)
    {
        var line = new Bottleneck { Rate = 2_000_000 };
        var flow = line.AddFlow(1_000_000, new CongestionOptions { BitrateMin = 60_000, BitrateMax = 5_000_000 });
        flow.IsElastic = false;
        var random = new Random(lie);
        flow.Falsify = packet =>
        {
            switch (lie)
            {
                case 1:
                    // Any arrival.
                    packet.AsSpan(16, 3).Fill((byte)random.Next());
                    break;
                case 2:
                    // Any packets.
                    random.NextBytes(packet.AsSpan(12, 2));
                    break;
                case 3:
                    random.NextBytes(packet.AsSpan(12));
                    break;
                case 4:
                    // The clock goes back and back.
                    packet[16] = (byte)(random.Next(2) == 0 ? 0x80 : 0x01);
                    break;
            }

            return packet;
        };

        line.Run(30_000, () => Assert.InRange(flow.Estimator.Bitrate, 60_000, 5_000_000));

        Trace(line, flow);
    }

    [Fact]
    public void A_flood_of_feedback_is_not_looked_at()
    {
        var estimator = new BandwidthEstimator();
        byte[] packet = new byte[24];
        // 8191 packets of which none arrived, in one run.
        Convert.FromHexString("8FCD000500000001000000020000" + "1FFF" + "00000100" + "1FFF" + "0000").CopyTo(packet, 0);
        for (int i = 0; i < 1000; i++)
        {
            Assert.True(RtcpReader.TryParse(packet, out var reader) && reader.MoveNext());
            Assert.True(reader.Current.TryReadTransportFeedback(out var feedback));
            estimator.HandleFeedback(feedback, new Timestamp(1_000_000 + i));
        }

        Assert.True(estimator.FeedbackRefused > 990);
        Assert.False(estimator.IsKnown);
        Assert.Equal(2 * 8191, estimator.StatusesUnknown);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_500_000)]
    [InlineData(long.MaxValue)]
    public void A_receivers_own_estimate_counts_within_the_bounds(long said)
    {
        var estimator = new BandwidthEstimator();

        estimator.HandleReceiverEstimate(said, new Timestamp(1_000_000));

        Assert.True(estimator.IsKnown);
        Assert.Equal(Math.Clamp(said, 60_000, 20_000_000), estimator.Bitrate);
    }

    [Fact]
    public void Reported_loss_bounds_a_receivers_own_estimate()
    {
        var estimator = new BandwidthEstimator();
        estimator.HandleReceiverEstimate(2_000_000, new Timestamp(1_000_000));

        for (int i = 1; i < 4; i++)
        {
            estimator.HandleReport(128, TimeSpan.FromMilliseconds(60), new Timestamp(i * 1_000_000));
        }

        Assert.InRange(estimator.Bitrate, 500_000, 1_500_000);
    }

    [Fact]
    public void Sending_and_feedback_allocate_nothing()
    {
        var line = new Bottleneck { Rate = 2_000_000 };
        var flow = line.AddFlow(1_000_000);
        line.Run(5000);
        var estimator = flow.Estimator;
        byte[] buffer = new byte[1200];
        long[] arrivals = [.. Enumerable.Range(0, 100).Select(i => line.Now + (i * 1000L))];
        long allocated = 0;
        for (int i = 0; i < 20; i++)
        {
            ushort first = estimator.NextSequenceNumber;
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int k = 0; k < 100; k++)
            {
                estimator.HandleSent(1200, new Timestamp(line.Now + (i * 100_000)));
            }

            int length = TransportFeedbackWriter.Write(buffer, 1, 2, first, (byte)i, arrivals, out _);
            bool isRead = RtcpReader.TryParse(buffer.AsSpan(0, length), out var reader);
            isRead &= reader.MoveNext() & reader.Current.TryReadTransportFeedback(out var feedback);
            estimator.HandleFeedback(feedback, new Timestamp(line.Now + (i * 100_000) + 50_000));
            Assert.True(isRead);
            allocated += i > 12 ? GC.GetAllocatedBytesForCurrentThread() - before : 0;
        }

        Assert.Equal(0, allocated);
    }

    private void Trace(Bottleneck line, Bottleneck.Flow flow) => output.WriteLine(
        $"{line.Now / 1000} ms: {flow.Estimator.Bitrate} arriving {flow.Estimator.ArrivingBitrate} over {flow.Estimator.IsOverused} "
        + $"queue {line.QueueMilliseconds:F0} seen {flow.Estimator.QueueDelay.TotalMilliseconds:F0} "
        + $"rtt {flow.Estimator.RoundTripTime.TotalMilliseconds:F0} lost {flow.Estimator.FractionLost:P1} "
        + $"probes {flow.Estimator.Prober.Clusters} padding {flow.PaddingSent} of {flow.MediaSent}");
}
