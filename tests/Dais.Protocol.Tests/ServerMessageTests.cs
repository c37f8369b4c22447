using System.Buffers;
using System.Text;

namespace Dais.Protocol.Tests;

public sealed class ServerMessageTests
{
    [Fact]
    public void A_result_carries_the_id_of_its_call()
    {
        var result = Assert.IsType<ServerMessage.Result>(Read("""{"jsonrpc":"2.0","id":7,"result":{"serverTime":5}}"""));

        Assert.Equal(7, result.Id);
        Assert.True(ClientJson.TryRead(result.Value, WireJson.Default.SessionPingResult, out var ping));
        Assert.Equal(5, ping!.ServerTime);
    }

    [Fact]
    public void A_refusal_carries_everything_the_server_says()
    {
        var refusal = Assert.IsType<ServerMessage.Refusal>(Read(
            """{"id":8,"error":{"code":1004,"message":"Too many calls","data":{"name":"rateLimited","retryable":true,"retryAfterMs":50}}}"""));

        Assert.Equal(new WireError(1004, "rateLimited", "Too many calls", true, null, 50), refusal.Error);
    }

    [Theory]
    [InlineData("""{"id":null,"error":5}""")]
    [InlineData("""{"error":{"code":"x","data":[]}}""")]
    [InlineData("""{"id":1.5,"error":{}}""")]
    public void A_refusal_that_says_little_is_one_all_the_same(string text)
    {
        var refusal = Assert.IsType<ServerMessage.Refusal>(Read(text));

        Assert.Null(refusal.Id);
        Assert.Equal(ErrorCodes.InternalError.Code, refusal.Error.Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"id":1}""")]
    [InlineData("""{"id":"1","result":{}}""")]
    [InlineData("""{"method":5,"params":{}}""")]
    [InlineData("""{"method":"room.event"}""")]
    [InlineData("""{"method":"\ud800","params":{}}""")]
    public void What_is_no_message_of_the_contract_is_refused(string text) => Assert.Null(Read(text));

    [Theory]
    [InlineData("""{"roomId":"lobby","seq":1,"at":2,"type":"room.phase","data":{}}""", true)]
    [InlineData("""{"roomId":"lobby","seq":1,"at":2,"type":"room.phase"}""", false)]
    [InlineData("""{"roomId":null,"seq":1,"at":2,"type":"room.phase","data":{}}""", false)]
    [InlineData("""{"roomId":"lobby","seq":"1","at":2,"type":"room.phase","data":{}}""", false)]
    [InlineData("""{"roomId":"lobby","seq":1.5,"at":2,"type":"room.phase","data":{}}""", false)]
    [InlineData("[]", false)]
    public void An_event_of_a_room_has_all_its_parts(string parameters, bool expected)
    {
        var notification = Assert.IsType<ServerMessage.Notification>(Read($$"""{"method":"room.event","params":{{parameters}}}"""));

        Assert.Equal(expected, ClientJson.TryReadRoomEvent(notification.Params, out _));
    }

    [Fact]
    public void What_a_client_writes_is_a_call_the_server_reads()
    {
        var output = new ArrayBufferWriter<byte>();
        ClientJson.WriteCall(output, 7, Methods.SeatApply, new SeatApplyParams("lobby", Timeout: 30));

        Assert.True(JsonRpcCall.TryRead(output.WrittenSpan, out var call, out _));
        Assert.Equal(("7", "seat.apply"), (Encoding.UTF8.GetString(call.Id!.Value.Raw.Span), call.Method));
        Assert.True(ParamsReader.TryRead(call.Params, Methods.SeatApply.Params, out var parameters, out _));
        Assert.Equal(new SeatApplyParams("lobby", Timeout: 30), parameters);
    }

    private static ServerMessage? Read(string text) => ServerMessage.TryRead(Encoding.UTF8.GetBytes(text), out var message) ? message : null;
}
