using System.Text;
using Dais.Server.Storage.Journal;

namespace Dais.Server.Tests.Storage;

public sealed class JournalFormatTests
{
    private const uint Salt = 0x5EED;

    public static TheoryData<uint, byte[]> Rfc3720Vectors { get; } = new()
    {
        { 0x8A9136AA, new byte[32] },
        { 0x62A8AB43, [.. Enumerable.Repeat((byte)0xFF, 32)] },
        { 0x46DD794E, [.. Enumerable.Range(0, 32).Select(i => (byte)i)] },
        { 0x113FDB5C, [.. Enumerable.Range(0, 32).Select(i => (byte)(31 - i))] },
        { 0xE3069283, Encoding.ASCII.GetBytes("123456789") },
    };

    [Theory]
    [MemberData(nameof(Rfc3720Vectors))]
    public void Rfc3720_appendix_B4_crc32c(uint expected, byte[] bytes) =>
        Assert.Equal(expected, ~JournalFormat.Crc32C(uint.MaxValue, bytes));

    [Fact]
    public void A_header_says_which_file_it_is()
    {
        byte[] header = new byte[JournalFormat.HeaderBytes];
        JournalFormat.WriteHeader(header, isCheckpoint: false, 7, Salt);

        Assert.True(JournalFormat.TryReadHeader(header, isCheckpoint: false, 7, out uint salt));
        Assert.Equal(Salt, salt);
        Assert.False(JournalFormat.TryReadHeader(header, isCheckpoint: true, 7, out _));
        Assert.False(JournalFormat.TryReadHeader(header, isCheckpoint: false, 8, out _));
    }

    [Fact]
    public void A_header_with_any_bit_flipped_or_any_byte_missing_is_not_one()
    {
        byte[] header = new byte[JournalFormat.HeaderBytes];
        JournalFormat.WriteHeader(header, isCheckpoint: true, 7, Salt);
        for (int bit = 0; bit < header.Length * 8; bit++)
        {
            Assert.False(JournalFormat.TryReadHeader(WithFlippedBit(header, bit), isCheckpoint: true, 7, out _));
        }

        for (int length = 0; length < header.Length; length++)
        {
            Assert.False(JournalFormat.TryReadHeader(header.AsSpan(0, length), isCheckpoint: true, 7, out _));
        }
    }

    [Fact]
    public void A_frame_is_its_length_its_crc_and_its_payload()
    {
        byte[] frame = Frame([3, 1, 4, 1, 5]);

        Assert.Equal(JournalFormat.FrameHeaderBytes + 5, frame.Length);
        Assert.True(JournalFormat.TryReadFrame([.. frame, 0xAA], Salt, out var payload));
        Assert.Equal([3, 1, 4, 1, 5], payload.ToArray());
    }

    [Fact]
    public void A_frame_with_any_bit_flipped_or_any_byte_missing_is_not_one()
    {
        byte[] frame = Frame([3, 1, 4, 1, 5]);
        for (int bit = 0; bit < frame.Length * 8; bit++)
        {
            Assert.False(JournalFormat.TryReadFrame(WithFlippedBit(frame, bit), Salt, out _));
        }

        for (int length = 0; length < frame.Length; length++)
        {
            Assert.False(JournalFormat.TryReadFrame(frame.AsSpan(0, length), Salt, out _));
        }
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData(0xFF)]
    public void Bytes_that_are_all_alike_are_no_frame(byte value) =>
        Assert.False(JournalFormat.TryReadFrame([.. Enumerable.Repeat(value, 64)], Salt, out _));

    [Fact]
    public void A_frame_is_found_wherever_it_begins()
    {
        byte[] frame = Frame([5, 0, 0, 0, 0, 0, 0, 0, 0]);

        Assert.True(JournalFormat.ContainsFrame(frame, Salt));
        Assert.True(JournalFormat.ContainsFrame([1, 2, 3, .. frame, 4], Salt));
        Assert.False(JournalFormat.ContainsFrame([1, 2, 3, .. frame[..^1]], Salt));
        Assert.False(JournalFormat.ContainsFrame([], Salt));
    }

    [Fact]
    public void A_frame_that_somebody_put_into_an_event_is_not_taken_for_one() =>
        Assert.False(JournalFormat.ContainsFrame([1, 2, 3, .. Frame([5, 0, 0, 0, 0, 0, 0, 0, 0])], Salt + 1));

    private static byte[] Frame(byte[] payload)
    {
        byte[] frame = [.. new byte[JournalFormat.FrameHeaderBytes], .. payload];
        JournalFormat.SealFrame(frame, Salt);
        return frame;
    }

    private static byte[] WithFlippedBit(byte[] bytes, int bit)
    {
        byte[] copy = [.. bytes];
        copy[bit / 8] ^= (byte)(1 << (bit % 8));
        return copy;
    }
}
