using Dais.Samples.StageBot;

namespace Dais.Client.Tests.Samples;

public sealed class ReaderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public void Packets_come_out_of_ogg_in_whatever_pieces_it_arrives(int pieceBytes)
    {
        byte[][] packets = [[0x78, 1], [0xF8, .. new byte[254]], [0xFB, 3, .. new byte[600]], [0x78, 2]];

        var frames = Read(new OggOpusReader(), Containers.Ogg(packets), pieceBytes);

        Assert.Equal(packets, frames.Select(frame => frame.Data));
        Assert.Equal([0, 20, 40, 100], frames.Select(frame => frame.Timestamp.TotalMilliseconds));
    }

    [Fact]
    public void Rfc3533_6_a_packet_goes_on_in_the_next_page()
    {
        byte[] packet = [0x78, .. new byte[400]];
        byte[] first = [.. "OggS"u8, .. new byte[22], 1, 255, .. packet[..255]];
        byte[] second = [.. "OggS"u8, .. new byte[22], 1, 146, .. packet[255..]];

        var frames = Read(new OggOpusReader(), [.. Containers.Ogg(), .. first, .. second], 64);

        Assert.Equal(packet, Assert.Single(frames).Data);
    }

    [Theory]
    [InlineData("00", 10)]
    [InlineData("18", 60)]
    [InlineData("60", 10)]
    [InlineData("68", 20)]
    [InlineData("80", 2.5)]
    [InlineData("F9", 40)]
    [InlineData("FB03", 60)]
    [InlineData("FB", 0)]
    [InlineData("", 0)]
    public void Rfc6716_3_1_the_first_bytes_say_how_long_a_packet_is(string packet, double milliseconds) =>
        Assert.Equal(milliseconds, OggOpusReader.DurationOf(Convert.FromHexString(packet)).TotalMilliseconds);

    [Theory]
    [InlineData(1)]
    [InlineData(100_000)]
    public void Frames_come_out_of_ivf_in_whatever_pieces_it_arrives(int pieceBytes)
    {
        byte[][] pictures = [[0x50, 1, 2], [0x51], [0x51, .. new byte[9000]]];

        var frames = Read(new IvfReader(), Containers.Ivf(pictures), pieceBytes);

        Assert.Equal(pictures, frames.Select(frame => frame.Data));
        Assert.Equal(1 / 30.0, frames[1].Timestamp.TotalSeconds, 0.0001);
    }

    [Fact]
    public void What_is_another_container_is_said_to_be()
    {
        byte[] junk = [.. Enumerable.Repeat((byte)'x', 64)];

        Assert.Throws<InvalidDataException>(() => Read(new OggOpusReader(), junk, 64));
        Assert.Throws<InvalidDataException>(() => Read(new IvfReader(), junk, 64));
        Assert.Throws<InvalidDataException>(() => Read(new OggOpusReader(), Containers.Page([.. "vorbis"u8]), 64));
    }

    private static List<EncodedFrame> Read(IFrameReader reader, byte[] file, int pieceBytes)
    {
        List<EncodedFrame> frames = [];
        foreach (byte[] piece in file.Chunk(pieceBytes))
        {
            reader.Add(piece);
            while (reader.TryTake(out var frame))
            {
                frames.Add(frame);
            }
        }

        return frames;
    }
}
