using Dais.Rtc.Rtcp;

namespace Dais.Rtc.Tests.Rtcp;

public sealed class TransportFeedbackTests
{
    private const long Missing = TransportFeedbackWriter.NotReceived;

    /// <summary>As a browser sent it: one packet, padded by one byte.</summary>
    private static readonly byte[] OfABrowser = Convert.FromHexString("AFCD0005FA17FA1743032FA0009900013DE8021720019401");

    [Fact]
    public void A_browsers_feedback_is_read()
    {
        var feedback = Read(OfABrowser);

        Assert.Equal(0xFA17FA17, feedback.SenderSsrc);
        Assert.Equal(0x43032FA0u, feedback.MediaSsrc);
        Assert.Equal(153, feedback.BaseSequenceNumber);
        Assert.Equal(4057090, feedback.ReferenceTime);
        Assert.Equal(23, feedback.FeedbackCount);
        Assert.Equal([new TransportFeedback.PacketStatus(153, true, 0x94)], Statuses(feedback));
    }

    [Fact]
    public void Every_form_of_chunk_is_read()
    {
        // Three missing; one bit: 10000000000001; two bits: small, large, missing, small, missing, missing, missing of which two count.
        byte[] bytes = Packet(65530, 3 + 14 + 4, "0003" + "A001" + "D840", "0A" + "14" + "01" + "FFFE" + "05");

        var received = Statuses(Read(bytes)).Where(status => status.IsReceived).ToArray();

        Assert.Equal(
            [(65533, 10), (10, 30), (11, 31), (12, 29), (14, 34)],
            received.Select(status => ((int)status.SequenceNumber, status.ArrivalTicks)));
        Assert.Equal(21, Statuses(Read(bytes)).Length);
    }

    [Theory]
    [InlineData(0, "2001", "01")]
    [InlineData(8193, "1FFF1FFF", "")]
    [InlineData(2, "2001", "01")]
    [InlineData(2, "2002", "")]
    [InlineData(5, "4005", "0001000100010001")]
    [InlineData(1, "6001", "000000")]
    [InlineData(1, "F000", "000000")]
    [InlineData(3, "0000", "0000")]
    public void Feedback_that_lies_about_itself_is_refused(int count, string chunks, string deltas) =>
        Assert.False(TryRead(Packet(1, count, chunks, deltas), out _));

    [Fact]
    public void Distances_of_statuses_beyond_the_count_are_not_missed() =>
        Assert.True(TryRead(Packet(1, 2, "BFFF", "0102"), out _));

    [Fact]
    public void Half_a_header_is_refused()
    {
        for (int length = 4; length < OfABrowser.Length; length += 4)
        {
            byte[] bytes = OfABrowser[..length];
            bytes[0] = 0x8F;
            bytes[3] = (byte)((length / 4) - 1);
            Assert.False(TryRead(bytes, out _));
        }
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        long[] arrivals = [10_000_000, 10_000_300, Missing, Missing, 9_999_000, 10_100_000, 10_100_000];

        Assert.Equal(7, RoundTrip(65534, arrivals));
    }

    [Fact]
    public void A_single_packet_is_written_as_browsers_do()
    {
        byte[] bytes = new byte[100];
        long arrival = (4057090L * 64_000) + (0x94 * 250) + 100;

        int length = TransportFeedbackWriter.Write(bytes, 0xFA17FA17, 0x43032FA0, 153, 23, [arrival], out _);

        Assert.Equal(OfABrowser, bytes[..length]);
    }

    [Fact]
    public void A_packet_ends_before_an_arrival_too_far_away() => Assert.Equal(2, RoundTrip(1, [1_000_000, 1_000_000, Missing, 30_000_000]));

    [Fact]
    public void A_packet_ends_where_the_buffer_does()
    {
        long[] arrivals = [.. Enumerable.Range(0, 500).Select(i => 1_000_000L + (i * 100_000))];

        int written = RoundTrip(1, arrivals, room: 103);

        Assert.InRange(written, 30, 40);
    }

    [Fact]
    public void Nothing_is_written_of_nothing() => Assert.Equal(0, RoundTrip(1, [Missing, Missing]));

    [Fact]
    public void Whatever_arrives_is_read_back()
    {
        var random = new Random(5);
        for (int run = 0; run < 2000; run++)
        {
            double loss = random.NextDouble();
            int spread = random.Next(1, 200_000);
            long arrival = 1_000_000_000;
            long[] arrivals = new long[random.Next(1, 600)];
            for (int i = 0; i < arrivals.Length; i++)
            {
                arrival += random.Next(-spread / 4, spread);
                arrivals[i] = random.NextDouble() < loss ? Missing : arrival;
            }

            RoundTrip((ushort)random.Next(), arrivals, random.Next(24, 1200));
        }
    }

    [Fact]
    public void Random_bytes_are_read_without_harm()
    {
        var random = new Random(6);
        int readable = 0;
        for (int run = 0; run < 20_000; run++)
        {
            byte[] bytes = new byte[20 + (4 * random.Next(0, 20))];
            random.NextBytes(bytes);
            bytes[0] = 0x8F;
            bytes[1] = 205;
            bytes[2] = 0;
            bytes[3] = (byte)((bytes.Length / 4) - 1);
            bytes[14] = 0;
            bytes[15] &= 0x3F;
            if (TryRead(bytes, out var feedback))
            {
                readable++;
                Assert.Equal(feedback.StatusCount, Statuses(feedback).Length);
            }
        }

        Assert.InRange(readable, 100, 20_000);
    }

    private static int RoundTrip(ushort first, long[] arrivals, int room = 1200)
    {
        byte[] bytes = new byte[room + 8];
        bytes.AsSpan(room).Fill(0xEE);
        int length = TransportFeedbackWriter.Write(bytes.AsSpan(0, room), 1, 2, first, 3, arrivals, out int written);
        Assert.True(bytes.AsSpan(room).IndexOfAnyExcept((byte)0xEE) < 0);
        if (written == 0)
        {
            Assert.Equal(0, length);
            return 0;
        }

        var feedback = Read(bytes[..length]);
        var statuses = Statuses(feedback);
        Assert.Equal(written, statuses.Length);
        for (int i = 0; i < written; i++)
        {
            Assert.Equal((ushort)(first + i), statuses[i].SequenceNumber);
            Assert.Equal(arrivals[i] != Missing, statuses[i].IsReceived);
            if (statuses[i].IsReceived)
            {
                Assert.Equal(arrivals[i] / 250, (feedback.ReferenceTime * 256L) + statuses[i].ArrivalTicks);
            }
        }

        return written;
    }

    private static TransportFeedback.PacketStatus[] Statuses(TransportFeedback feedback)
    {
        var statuses = new List<TransportFeedback.PacketStatus>();
        foreach (var status in feedback)
        {
            statuses.Add(status);
        }

        return [.. statuses];
    }

    private static TransportFeedback Read(byte[] bytes)
    {
        Assert.True(TryRead(bytes, out var feedback));
        return feedback;
    }

    private static bool TryRead(byte[] bytes, out TransportFeedback feedback)
    {
        feedback = default;
        return RtcpReader.TryParse(bytes, out var reader) && reader.MoveNext() && reader.Current.TryReadTransportFeedback(out feedback);
    }

    private static byte[] Packet(ushort first, int count, string chunks, string deltas)
    {
        byte[] rest = Convert.FromHexString(chunks + deltas);
        int length = 20 + rest.Length;
        int padding = (4 - (length % 4)) % 4;
        byte[] bytes = new byte[length + padding];
        bytes[0] = (byte)(padding > 0 ? 0xAF : 0x8F);
        bytes[1] = 205;
        bytes[3] = (byte)((bytes.Length / 4) - 1);
        bytes[12] = (byte)(first >> 8);
        bytes[13] = (byte)first;
        bytes[14] = (byte)(count >> 8);
        bytes[15] = (byte)count;
        rest.CopyTo(bytes, 20);
        if (padding > 0)
        {
            bytes[^1] = (byte)padding;
        }

        return bytes;
    }
}
