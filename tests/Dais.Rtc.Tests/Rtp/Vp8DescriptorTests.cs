using Dais.Rtc.Rtp;

namespace Dais.Rtc.Tests.Rtp;

public sealed class Vp8DescriptorTests
{
    [Theory]
    [InlineData("10 00", false, 0, 0, false, 0)]
    [InlineData("90 80 05 00", true, 5, 0x7F, false, 0)]
    [InlineData("90 80 FF FF 00", true, 0x7FFF, 0x7FFF, false, 0)]
    [InlineData("90 40 2A 00", false, 0, 0, true, 0x2A)]
    [InlineData("90 E0 81 02 FE 60 00", true, 0x102, 0x7FFF, true, 0xFE)]
    [InlineData("90 F0 05 01 23 00", true, 5, 0x7F, true, 1)]
    [InlineData("80 30 23 00", false, 0, 0, false, 0)]
    public void Rfc7741_4_2_reads_the_counters(string payload, bool hasPicture, int picture, int mask, bool hasTl0, int tl0)
    {
        Assert.True(Vp8Descriptor.TryParse(Bytes(payload), out var descriptor));

        Assert.Equal((hasPicture, hasTl0), (descriptor.HasPictureId, descriptor.HasTl0PictureIndex));
        Assert.Equal(tl0, descriptor.Tl0PictureIndex);
        if (hasPicture)
        {
            Assert.Equal((picture, mask), (descriptor.PictureId, descriptor.PictureIdMask));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("80")]
    [InlineData("90 80")]
    [InlineData("90 80 80")]
    [InlineData("90 C0 05")]
    [InlineData("90 E0 81 02 FE")]
    public void One_that_is_cut_off_is_refused(string payload) => Assert.False(Vp8Descriptor.TryParse(Bytes(payload), out _));

    [Theory]
    [InlineData("10 AA", "10 AA")]
    [InlineData("90 80 05 AA", "90 80 34 AA")]
    [InlineData("90 80 80 05 AA", "90 80 92 34 AA")]
    [InlineData("90 40 2A AA", "90 40 07 AA")]
    [InlineData("90 E0 81 02 FE 60 AA", "90 E0 92 34 07 60 AA")]
    [InlineData("90 F0 81 02 FE 63 AA", "90 F0 92 34 07 7E AA")]
    [InlineData("90 10 03 AA", "90 10 1E AA")]
    public void Other_numbers_take_the_place_of_those_that_are_there(string before, string after)
    {
        byte[] payload = Bytes(before);
        Assert.True(Vp8Descriptor.TryParse(payload, out var descriptor));

        descriptor.Write(payload, 0x1234, 7, 0x1E);

        Assert.Equal(Bytes(after), payload);
    }

    [Theory]
    [InlineData("10 00", false, 0, false, false, 0)]
    [InlineData("90 20 E3 00", true, 3, true, false, 0)]
    [InlineData("90 E0 81 02 FE 40 00", true, 1, false, false, 0)]
    [InlineData("90 10 E3 00", false, 0, false, true, 3)]
    [InlineData("90 F0 05 01 A4 00", true, 2, true, true, 4)]
    public void Rfc7741_4_2_reads_the_temporal_layer(string payload, bool hasTid, int tid, bool sync, bool hasKeyIndex, int keyIndex)
    {
        Assert.True(Vp8Descriptor.TryParse(Bytes(payload), out var descriptor));

        Assert.Equal((hasTid, tid, sync), (descriptor.HasTemporalId, (int)descriptor.TemporalId, descriptor.IsLayerSync));
        Assert.Equal((hasKeyIndex, keyIndex), (descriptor.HasKeyIndex, (int)descriptor.KeyIndex));
    }

    private static byte[] Bytes(string text) => Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal));
}
