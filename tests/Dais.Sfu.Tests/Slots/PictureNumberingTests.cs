using Dais.Rtc.Rtp;
using Dais.Sfu.Slots;

namespace Dais.Sfu.Tests.Slots;

public sealed class PictureNumberingTests
{
    private PictureNumbering _numbering;

    [Fact]
    public void The_first_source_keeps_its_numbers()
    {
        _numbering.Start();

        Assert.Equal((100, 7), Map(100, 7));
        Assert.Equal((101, 8), Map(101, 8));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(32766)]
    [InlineData(32767)]
    public void The_next_source_goes_on_from_the_last_picture(int first)
    {
        _numbering.Start();
        Map(32767, 255);

        _numbering.Start();

        Assert.Equal((0, 0), Map(first, 40));
        Assert.Equal((1, 1), Map((first + 1) & 0x7FFF, 41));
    }

    [Fact]
    public void Losses_stay_visible_and_late_pictures_get_their_own_number()
    {
        _numbering.Start();
        Map(10, 1);
        _numbering.Start();
        Assert.Equal((11, 2), Map(500, 60));

        Assert.Equal((14, 5), Map(503, 63));
        Assert.Equal((13, 4), Map(502, 62));

        _numbering.Start();
        Assert.Equal((15, 6), Map(9, 9));
    }

    [Fact]
    public void A_source_of_short_numbers_keeps_them_short_and_in_one_run()
    {
        _numbering.Start();
        Map(0x17F, 0);
        _numbering.Start();

        Assert.Equal(0x00, MapShort(5));
        Assert.Equal(0x01, MapShort(6));
    }

    [Fact]
    public void A_source_without_numbers_changes_nothing()
    {
        _numbering.Start();
        Map(10, 1);
        _numbering.Start();
        byte[] payload = [0x10, 0xAB];
        Assert.True(Vp8Descriptor.TryParse(payload, out var descriptor));
        _numbering.Apply(descriptor, payload, 0);
        Assert.Equal([0x10, 0xAB], payload);

        _numbering.Start();
        Assert.Equal((11, 2), Map(77, 77));
    }

    private (int Picture, int Tl0) Map(int picture, int tl0)
    {
        byte[] payload = [0x90, 0xC0, (byte)(0x80 | (picture >> 8)), (byte)picture, (byte)tl0, 0];
        Assert.True(Vp8Descriptor.TryParse(payload, out var descriptor));
        _numbering.Apply(descriptor, payload, 0);
        Assert.True(Vp8Descriptor.TryParse(payload, out var mapped));
        return (mapped.PictureId, mapped.Tl0PictureIndex);
    }

    private int MapShort(int picture)
    {
        byte[] payload = [0x90, 0x80, (byte)picture, 0];
        Assert.True(Vp8Descriptor.TryParse(payload, out var descriptor));
        _numbering.Apply(descriptor, payload, 0);
        return payload[2];
    }
}
