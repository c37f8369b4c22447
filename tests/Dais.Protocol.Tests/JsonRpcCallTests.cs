using System.Text;

namespace Dais.Protocol.Tests;

public sealed class JsonRpcCallTests
{
    [Theory]
    [InlineData("7")]
    [InlineData("1.50")]
    [InlineData("9007199254740993")]
    [InlineData("\"a\\u00e9\\n\"")]
    [InlineData("\"\"")]
    [InlineData("null")]
    public void The_id_is_kept_exactly_as_it_was_written(string id)
    {
        Assert.True(Read($$"""{"jsonrpc":"2.0", "id" : {{id}} ,"method":"session.ping"}""", out var call, out _));

        Assert.Equal(id, Text(call.Id!.Value));
    }

    [Fact]
    public void A_call_without_an_id_wants_no_answer()
    {
        Assert.True(Read("""{"jsonrpc":"2.0","method":"session.ping"}""", out var call, out _));

        Assert.Null(call.Id);
        Assert.Equal("session.ping", call.Method);
    }

    [Fact]
    public void Members_come_in_any_order_and_unknown_ones_are_ignored()
    {
        Assert.True(Read("""{"x":[{"id":5}],"params":{"roomId":"a"},"method":"room.leave","id":1,"jsonrpc":"2.0"}""", out var call, out _));

        Assert.Equal(("room.leave", "1"), (call.Method, Text(call.Id!.Value)));
        Assert.Equal("a", call.Params.GetProperty("roomId").GetString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[{]")]
    [InlineData("hello")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"method\":\"a\"} x")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"method\":\"\\ud800\"}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"method\":\"a\",}")]
    public void What_is_not_JSON_is_a_parse_error_with_a_null_id(string text)
    {
        Assert.False(Read(text, out var call, out var error));

        Assert.Equal(ErrorCodes.ParseError, error);
        Assert.Equal("null", Text(call.Id!.Value));
    }

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_a_parse_error()
    {
        Assert.False(JsonRpcCall.TryRead([.. "{\"jsonrpc\":\"2.0\",\"method\":\""u8, 0xC3, 0x28, .. "\"}"u8], out _, out var error));

        Assert.Equal(ErrorCodes.ParseError, error);
    }

    [Fact]
    public void Nesting_beyond_reason_is_a_parse_error()
    {
        Assert.False(Read(new string('[', 1000), out _, out var error));

        Assert.Equal(ErrorCodes.ParseError, error);
    }

    [Theory]
    [InlineData("""[{"jsonrpc":"2.0","id":1,"method":"session.ping"}]""", "null")]
    [InlineData("[]", "null")]
    [InlineData("5", "null")]
    [InlineData("{}", "null")]
    [InlineData("""{"id":3,"method":"session.ping"}""", "3")]
    [InlineData("""{"jsonrpc":"1.0","id":3,"method":"session.ping"}""", "3")]
    [InlineData("""{"jsonrpc":2.0,"id":3,"method":"session.ping"}""", "3")]
    [InlineData("""{"jsonrpc":"2.0","id":3}""", "3")]
    [InlineData("""{"jsonrpc":"2.0","id":3,"method":{"a":1}}""", "3")]
    [InlineData("""{"jsonrpc":"2.0","id":3,"method":""}""", "3")]
    [InlineData("""{"jsonrpc":"2.0","id":{"a":1},"method":"session.ping"}""", "null")]
    [InlineData("""{"jsonrpc":"2.0","id":true,"method":"session.ping"}""", "null")]
    [InlineData("""{"jsonrpc":"2.0","id":3,"method":"session.ping","params":"a"}""", "3")]
    public void What_is_not_a_call_is_an_invalid_request_with_the_id_where_there_is_one(string text, string id)
    {
        Assert.False(Read(text, out var call, out var error));

        Assert.Equal(ErrorCodes.InvalidRequest, error);
        Assert.Equal(id, Text(call.Id!.Value));
    }

    [Fact]
    public void An_id_or_method_of_absurd_length_is_an_invalid_request()
    {
        string longText = new('x', 200);
        Assert.False(Read($$"""{"jsonrpc":"2.0","id":"{{longText}}","method":"a"}""", out _, out var error));
        Assert.Equal(ErrorCodes.InvalidRequest, error);
        Assert.False(Read($$"""{"jsonrpc":"2.0","id":1,"method":"{{longText}}"}""", out _, out error));
        Assert.Equal(ErrorCodes.InvalidRequest, error);
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        byte[] call = [.. """{"jsonrpc":"2.0","id":"a\u00e9","method":"room.join","params":{"roomId":"demo","x":[1,2]}}"""u8];
        var random = new Random(1);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] mutated = [.. call];
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
            }

            bool isCall = JsonRpcCall.TryRead(mutated.AsSpan(0, random.Next(mutated.Length + 1)), out _, out var error);
            Assert.Equal(isCall, error is null);
        }
    }

    private static bool Read(string text, out JsonRpcCall call, out ErrorCode? error) =>
        JsonRpcCall.TryRead(Encoding.UTF8.GetBytes(text), out call, out error);

    private static string Text(JsonRpcId id) => Encoding.UTF8.GetString(id.Raw.Span);
}
