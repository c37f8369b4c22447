using Dais.Rtc.Rtp;

namespace Dais.Rtc.Tests.Rtp;

public sealed class PictureHeightTests
{
    [Theory]
    [InlineData("10 10 02 00 9D 01 2A 00 05 D0 02", 720)]
    [InlineData("90 80 05 10 02 00 9D 01 2A 40 01 B4 C0", 180)]
    [InlineData("10 11 02 00 9D 01 2A 00 05 D0 02", 0)]
    [InlineData("00 10 02 00 9D 01 2A 00 05 D0 02", 0)]
    [InlineData("10 10 02 00 9D 01 2B 00 05 D0 02", 0)]
    [InlineData("10 10 02 00 9D 01 2A 00 05 D0", 0)]
    [InlineData("10", 0)]
    [InlineData("", 0)]
    public void Rfc6386_9_1_vp8(string payload, int expected) => Check(Codec.Vp8, Bytes(payload), expected);

    [Theory]
    [InlineData(66, 45, 0, 720)]
    [InlineData(66, 68, 4, 1080)]
    [InlineData(66, 23, 4, 360)]
    [InlineData(100, 12, 6, 180)]
    [InlineData(66, 1, 20, 0)]
    public void H264_says_it_in_its_sequence_parameter_set(int profile, int rows, int cropped, int expected)
    {
        byte[] set = MakeSet(profile, rows, cropped);

        Check(Codec.H264, set, expected);
        // Behind another unit in a STAP-A.
        Check(Codec.H264, [24, 0, 2, 9, 0, 0, (byte)set.Length, .. set, 0, 1, 8], expected);
        Check(Codec.H264, set[..4], 0);
    }

    [Fact]
    public void Whatever_comes_is_read_without_harm()
    {
        var random = new Random(1);
        byte[] bytes = new byte[60];
        for (int i = 0; i < 20_000; i++)
        {
            random.NextBytes(bytes);
            bytes[0] = (byte)(i % 2 == 0 ? 0x67 : 0x78);
            PictureHeight.TryRead(Codec.H264, bytes.AsSpan(0, random.Next(bytes.Length)), out int height);
            Assert.InRange(height, 0, 16_384);
        }
    }

    private static void Check(Codec codec, byte[] payload, int expected)
    {
        Assert.Equal(expected > 0, PictureHeight.TryRead(codec, payload, out int height));
        Assert.Equal(expected, height);
    }

    /// <summary>A set with so many rows of macroblocks, of which the lowest <paramref name="cropped"/> pairs of lines are cut off.</summary>
    private static byte[] MakeSet(int profile, int rows, int cropped)
    {
        var bits = new List<int>();
        void Fixed(uint value, int count)
        {
            for (int i = count - 1; i >= 0; i--)
            {
                bits.Add((int)(value >> i) & 1);
            }
        }

        void Number(uint value)
        {
            int length = 32 - System.Numerics.BitOperations.LeadingZeroCount(value + 1);
            Fixed(value + 1, (2 * length) - 1);
        }

        Fixed(0x67, 8);
        Fixed((uint)profile, 8);
        Fixed(0xC01F, 16);
        Number(0);
        if (profile == 100)
        {
            Number(1);
            Number(0);
            Number(0);
            Fixed(0, 2);
        }

        Number(0);
        Number(2);
        Number(1);
        Fixed(0, 1);
        Number(79);
        Number((uint)rows - 1);
        Fixed(0b11, 2);
        Fixed(cropped > 0 ? 1u : 0u, 1);
        if (cropped > 0)
        {
            Number(0);
            Number(0);
            Number(0);
            Number((uint)cropped);
        }

        Fixed(0b01, 2);
        while (bits.Count % 8 != 0)
        {
            bits.Add(0);
        }

        var bytes = new List<byte>();
        for (int i = 0; i < bits.Count; i += 8)
        {
            byte next = (byte)bits.Skip(i).Take(8).Aggregate(0, (value, bit) => (value << 1) | bit);
            if (next <= 3 && bytes.Count >= 2 && bytes[^1] == 0 && bytes[^2] == 0)
            {
                bytes.Add(3);
            }

            bytes.Add(next);
        }

        return [.. bytes];
    }

    private static byte[] Bytes(string text) => Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal));
}
