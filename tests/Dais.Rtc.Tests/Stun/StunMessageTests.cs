using System.Net;
using System.Text;
using Dais.Rtc.Stun;

namespace Dais.Rtc.Tests.Stun;

public sealed class StunMessageTests
{
    private const string Request = "000100582112a442b7e7a701bc34d686fa87dfae" + "802200105354554e207465737420636c69656e74"
        + "002400046e0001ff" + "80290008932ff9b151263b36" + "000600096576746a3a68367659202020"
        + "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2" + "80280004e57a3bcf";
    private const string ResponseIPv4 = "0101003c2112a442b7e7a701bc34d686fa87dfae" + "8022000b7465737420766563746f7220"
        + "002000080001a147e112a643" + "000800142b91f599fd9e90c38c7489f92af9ba53f06be7d7" + "80280004c07d4c96";
    private const string ResponseIPv6 = "010100482112a442b7e7a701bc34d686fa87dfae" + "8022000b7465737420766563746f7220"
        + "002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9" + "00080014a382954e4be67bf11784c97c8292c275bfe3ed41"
        + "80280004c8fb0b4c";

    private static readonly byte[] TransactionId = Convert.FromHexString("b7e7a701bc34d686fa87dfae");
    private static readonly byte[] Password = Encoding.ASCII.GetBytes("VOkJxbRl1RmTxUk/WvJxBt");

    [Fact]
    public void Rfc5769_2_1_the_request_is_read()
    {
        Assert.True(StunMessage.TryParse(Bytes(Request), out var message));

        Assert.Equal(StunClass.Request, message.Class);
        Assert.Equal(StunMessage.BindingMethod, message.Method);
        Assert.Equal(TransactionId, message.TransactionId);
        Assert.Equal("evtj:h6vY"u8, message.Username);
        Assert.Equal(0x6E0001FFu, message.Priority);
        Assert.Equal(0x932FF9B151263B36ul, message.IceControlled);
        Assert.Null(message.IceControlling);
        Assert.False(message.HasUseCandidate);
        Assert.False(message.HasUnknownRequired);
        Assert.True(message.HasValidIntegrity(Password));
        Assert.False(message.HasValidIntegrity("another password"u8));
        Assert.True(message.HasValidFingerprint());
    }

    [Theory]
    [InlineData(ResponseIPv4, "192.0.2.1")] // §2.2
    [InlineData(ResponseIPv6, "2001:db8:1234:5678:11:2233:4455:6677")] // §2.3
    public void Rfc5769_2_2_and_2_3_the_responses_are_read(string response, string address)
    {
        Assert.True(StunMessage.TryParse(Bytes(response), out var message));

        Assert.Equal(StunClass.SuccessResponse, message.Class);
        Assert.True(message.TryGetXorMappedAddress(out var mapped));
        Assert.Equal(NetworkAddress.From(IPAddress.Parse(address), 32853), mapped);
        Assert.True(message.HasValidIntegrity(Password));
        Assert.True(message.HasValidFingerprint());
    }

    [Fact]
    public void Finds_the_local_fragment_of_a_request()
    {
        Assert.True(StunMessage.TryReadLocalFragment(Bytes(Request), out var fragment));
        Assert.Equal("evtj"u8, fragment);
        Assert.False(StunMessage.TryReadLocalFragment(Bytes(ResponseIPv4), out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData(":abcd")]
    [InlineData("abcd")]
    public void A_user_name_without_a_local_fragment_leads_nowhere(string username)
    {
        Span<byte> bytes = stackalloc byte[100];
        var writer = new StunWriter(bytes, StunClass.Request, TransactionId);
        writer.Add(StunAttributeType.Username, Encoding.ASCII.GetBytes(username));

        Assert.False(StunMessage.TryReadLocalFragment(bytes[..writer.Length], out _));
    }

    [Theory]
    [InlineData(Request)]
    [InlineData(ResponseIPv4)]
    [InlineData(ResponseIPv6)]
    public void Refuses_a_message_cut_anywhere_or_with_bytes_behind_it(string hex)
    {
        byte[] whole = Bytes(hex);
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.False(StunMessage.TryParse(whole.AsSpan(0, length), out _));
            Assert.False(StunMessage.TryReadUsername(whole.AsSpan(0, length), out _));
        }

        Assert.False(StunMessage.TryParse([.. whole, 0], out _));
        Assert.False(StunMessage.TryParse([.. whole, 0, 0, 0, 0], out _));
    }

    [Fact]
    public void Every_changed_byte_shows_in_the_fingerprint_or_the_parse()
    {
        byte[] whole = Bytes(Request);
        for (int position = 0; position < whole.Length; position++)
        {
            byte[] changed = [.. whole];
            changed[position] ^= 0x10;
            Assert.False(StunMessage.TryParse(changed, out var message) && message.HasValidFingerprint(), $"byte {position}");
        }
    }

    [Theory]
    [InlineData("0024ffff6e0001ff", "a length beyond the end")]
    [InlineData("002400056e0001ff", "padding beyond the end")]
    [InlineData("002400026e010000", "a priority of two bytes")]
    [InlineData("00080004aabbccdd", "an integrity of four bytes")]
    [InlineData("8028000401020304" + "00250000", "an attribute behind the fingerprint")]
    [InlineData("0025000401020304", "a nomination with a value")]
    [InlineData("802a000401020304", "a tie breaker of four bytes")]
    public void Refuses_malformed_attributes(string attributes, string why) =>
        Assert.False(StunMessage.TryParse(Message(attributes), out _), why);

    [Theory]
    [InlineData(0, 0x40)]
    [InlineData(0, 0x80)]
    [InlineData(3, 0x01)]
    [InlineData(4, 0x22)]
    public void Refuses_what_is_not_STUN(int position, byte value)
    {
        byte[] bytes = Bytes(ResponseIPv4);
        bytes[position] = value;

        Assert.False(StunMessage.TryParse(bytes, out _));
    }

    [Fact]
    public void Refuses_a_message_longer_than_a_frame()
    {
        Assert.True(StunMessage.TryParse(Message("8022" + "05C4" + new string('0', 2 * 0x5C4)), out _));
        Assert.False(StunMessage.TryParse(Message("8022" + "05C8" + new string('0', 2 * 0x5C8)), out _));
    }

    [Fact]
    public void Names_the_attributes_it_must_understand_and_does_not()
    {
        ushort[] unknown = new ushort[2];
        Assert.True(StunMessage.TryParse(Message("70010000" + "c0570000" + "002400046e0001ff" + "7fff00010a000000" + "70020000"), out var message));

        Assert.True(message.HasUnknownRequired);
        Assert.Equal(2, message.CopyUnknownRequired(unknown));
        Assert.Equal<ushort>([0x7001, 0x7FFF], unknown);
    }

    [Fact]
    public void Ignores_what_stands_behind_the_integrity_and_repetitions()
    {
        string integrity = "00080014" + new string('0', 40);
        Assert.True(StunMessage.TryParse(Message("0024000400000001" + "0024000400000002" + integrity + "00250000" + "70010000"), out var message));

        Assert.Equal(1u, message.Priority);
        Assert.False(message.HasUseCandidate);
        Assert.False(message.HasUnknownRequired);
    }

    [Theory]
    [InlineData("0003a147e112a643")]
    [InlineData("0001a147e112a64301020304")]
    [InlineData("0002a147e112a643")]
    [InlineData("0001")]
    [InlineData("")]
    public void A_malformed_mapped_address_is_none(string value)
    {
        int length = value.Length / 2;
        Assert.True(StunMessage.TryParse(Message($"0020{length:x4}{value.PadRight(((length + 3) & ~3) * 2, '0')}"), out var message));

        Assert.False(message.TryGetXorMappedAddress(out _));
    }

    [Fact]
    public void Random_and_changed_bytes_never_throw()
    {
        var random = new Random(5769);
        ushort[] unknown = new ushort[1];
        byte[][] seeds = [Bytes(Request), Bytes(ResponseIPv4), Bytes(ResponseIPv6)];
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = [.. seeds[i % 3]];
            for (int changes = random.Next(1, 6); changes > 0; changes--)
            {
                bytes[random.Next(StunMessage.HeaderBytes, bytes.Length)] = (byte)random.Next(256);
            }

            StunMessage.TryReadLocalFragment(bytes, out _);
            if (StunMessage.TryParse(bytes, out var message))
            {
                message.HasValidIntegrity(Password);
                message.HasValidFingerprint();
                message.TryGetXorMappedAddress(out _);
                message.CopyUnknownRequired(unknown);
                _ = message.ErrorCode;
            }
        }
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex);

    /// <summary>A binding request with these attributes.</summary>
    private static byte[] Message(string attributes) =>
        Bytes($"0001{attributes.Length / 2:x4}2112a442b7e7a701bc34d686fa87dfae{attributes}");
}
