using Dais.Rtc.Rtp;

namespace Dais.Rtc.Tests.Rtp;

public sealed class RedundantPayloadTests
{
    /// <summary>Two older blocks of 2 and 3 bytes, and the present one.</summary>
    private static readonly byte[] Payload = [0x80 | 111, 0x0F, 0x00, 2, 0x80 | 111, 0x07, 0x80, 3, 111, 1, 1, 2, 2, 2, 9, 8, 7];

    [Fact]
    public void Rfc2198_3_the_present_block_is_behind_the_older_ones()
    {
        Assert.True(RedundantPayload.TryFindPrimary(Payload, out int start));
        Assert.Equal([9, 8, 7], Payload[start..]);
        Assert.True(RedundantPayload.TryFindPrimary([111, 5], out start));
        Assert.Equal(1, start);
    }

    [Fact]
    public void Every_block_gets_the_payload_type_and_nothing_else_changes()
    {
        byte[] payload = [.. Payload];
        RedundantPayload.WritePayloadTypes(payload, 96);

        Assert.Equal((0xE0, 0xE0, 96), (payload[0], payload[4], payload[8]));
        RedundantPayload.WritePayloadTypes(payload, 111);
        Assert.Equal(Payload, payload);
    }

    [Fact]
    public void A_payload_cut_anywhere_before_the_present_block_is_refused()
    {
        for (int length = 0; length <= 14; length++)
        {
            Assert.False(RedundantPayload.TryFindPrimary(Payload.AsSpan(0, length), out _), $"{length} bytes");
        }
    }

    [Fact]
    public void Blocks_without_end_are_refused()
    {
        byte[] endless = new byte[1400];
        Array.Fill(endless, (byte)0xFF);
        Assert.False(RedundantPayload.TryFindPrimary(endless, out _));

        Array.Fill(endless, (byte)0x80);
        Assert.False(RedundantPayload.TryFindPrimary(endless, out _));
    }

    [Fact]
    public void Mutated_payloads_never_throw()
    {
        var random = new Random(1);
        for (int i = 0; i < 100_000; i++)
        {
            byte[] payload = [.. Payload];
            payload[random.Next(payload.Length)] = (byte)random.Next(256);
            payload[random.Next(payload.Length)] = (byte)random.Next(256);
            var cut = payload.AsSpan(0, random.Next(payload.Length + 1));
            if (RedundantPayload.TryFindPrimary(cut, out int start))
            {
                RedundantPayload.WritePayloadTypes(cut, 100);
                Assert.InRange(start, 1, cut.Length - 1);
            }
        }
    }
}
