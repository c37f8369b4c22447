using System.Net;
using Dais.Rtc.Stun;

namespace Dais.Rtc.Tests.Stun;

public sealed class StunWriterTests
{
    private static readonly byte[] TransactionId = Convert.FromHexString("b7e7a701bc34d686fa87dfae");

    [Fact]
    public void Rfc5769_2_1_the_request_is_written()
    {
        byte[] bytes = new byte[200];
        var writer = new StunWriter(bytes, StunClass.Request, TransactionId);
        writer.Add((StunAttributeType)0x8022, "STUN test client"u8);
        writer.AddPriority(0x6E0001FF);
        writer.AddIceControlled(0x932FF9B151263B36);
        writer.Add(StunAttributeType.Username, "evtj:h6vY"u8);

        // The RFC pads with spaces, which the integrity covers; this writer pads with zeros.
        bytes.AsSpan(writer.Length - 3, 3).Fill((byte)' ');
        writer.AddMessageIntegrity("VOkJxbRl1RmTxUk/WvJxBt"u8);
        writer.AddFingerprint();

        Assert.Equal(
            Convert.FromHexString(
                "000100582112a442b7e7a701bc34d686fa87dfae" + "802200105354554e207465737420636c69656e74" + "002400046e0001ff"
                + "80290008932ff9b151263b36" + "000600096576746a3a68367659202020"
                + "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2" + "80280004e57a3bcf"),
            bytes[..writer.Length]);
    }

    [Theory]
    [InlineData("192.0.2.1", "002000080001a147e112a643")] // §2.2
    [InlineData("2001:db8:1234:5678:11:2233:4455:6677", "002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9")] // §2.3
    public void Rfc5769_2_2_and_2_3_the_mapped_address_is_written(string address, string expected)
    {
        byte[] bytes = new byte[100];
        var writer = new StunWriter(bytes, StunClass.SuccessResponse, TransactionId);
        writer.AddXorMappedAddress(NetworkAddress.From(IPAddress.Parse(address), 32853));

        Assert.Equal(Convert.FromHexString(expected), bytes[StunMessage.HeaderBytes..writer.Length]);
        Assert.Equal([1, 1], bytes[..2]);
    }

    [Theory]
    [InlineData(StunErrorCode.BadRequest)]
    [InlineData(StunErrorCode.Unauthenticated)]
    [InlineData(StunErrorCode.UnknownAttribute)]
    [InlineData(StunErrorCode.RoleConflict)]
    public void Errors_are_read_as_written(int code)
    {
        byte[] bytes = new byte[100];
        var writer = new StunWriter(bytes, StunClass.ErrorResponse, TransactionId);
        writer.AddErrorCode(code);
        writer.AddUnknownAttributes([0x7001, 0x7002, 0x7003]);
        writer.AddMessageIntegrity("a password"u8);
        writer.AddFingerprint();

        Assert.True(StunMessage.TryParse(bytes.AsSpan(0, writer.Length), out var message));
        Assert.Equal(StunClass.ErrorResponse, message.Class);
        Assert.Equal(StunMessage.BindingMethod, message.Method);
        Assert.Equal(code, message.ErrorCode);
        Assert.True(message.HasValidIntegrity("a password"u8));
        Assert.True(message.HasValidFingerprint());
    }

    [Fact]
    public void A_buffer_without_room_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
        {
            var writer = new StunWriter(new byte[24], StunClass.Request, TransactionId);
            writer.AddPriority(1);
        });
}
