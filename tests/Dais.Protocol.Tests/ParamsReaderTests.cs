using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Dais.Protocol.Tests;

public sealed class ParamsReaderTests
{
    [Fact]
    public void What_is_left_out_has_its_default()
    {
        var apply = Read("""{"roomId":"a"}""", WireJson.Default.SeatApplyParams);
        Assert.Equal(new SeatApplyParams("a", -1, 60, ""), apply);

        var start = Read("""{"roomId":"a","unknown":[1]}""", WireJson.Default.RoomStartParams);
        Assert.Equal(new RoomStartParams("a", "", "", "", 600, 10, SeatMode.Apply, true, true, true, null), start);
    }

    [Theory]
    [InlineData("{}", "roomId")]
    [InlineData("""{"roomId":null}""", "roomId")]
    [InlineData("""{"roomId":5}""", "roomId")]
    [InlineData("""{"roomId":""}""", "roomId")]
    [InlineData("""{"roomId":"caf\u00e9"}""", "roomId")]
    [InlineData("""{"roomId":"a\ud800"}""", "roomId")]
    [InlineData("""{"roomId":"1234567890123456789012345678901234567890123456789"}""", "roomId")]
    [InlineData("""{"roomId":"a","seatIndex":-2}""", "seatIndex")]
    [InlineData("""{"roomId":"a","seatIndex":100}""", "seatIndex")]
    [InlineData("""{"roomId":"a","seatIndex":"1"}""", "seatIndex")]
    [InlineData("""{"roomId":"a","timeout":-1}""", "timeout")]
    [InlineData("""{"roomId":"a","timeout":1801}""", "timeout")]
    [InlineData("""{"roomId":"a","timeout":1.5}""", "timeout")]
    [InlineData("""{"roomId":"a","timeout":99999999999}""", "timeout")]
    [InlineData("""{"roomId":"a","extraInfo":null}""", "extraInfo")]
    [InlineData("""[]""", "params")]
    public void A_missing_or_wrong_field_is_named(string json, string field) =>
        Refuses(json, WireJson.Default.SeatApplyParams, field);

    [Fact]
    public void An_attachment_is_measured_in_bytes()
    {
        string fits = new('é', 512);
        Assert.Equal(fits, Read($$"""{"roomId":"a","extraInfo":"{{fits}}"}""", WireJson.Default.SeatApplyParams).ExtraInfo);
        Refuses($$"""{"roomId":"a","extraInfo":"{{fits}}x"}""", WireJson.Default.SeatApplyParams, "extraInfo");
    }

    [Theory]
    [InlineData("""{"roomId":"a","seatMode":"Free"}""", "seatMode")]
    [InlineData("""{"roomId":"a","seatMode":1}""", "seatMode")]
    [InlineData("""{"roomId":"a","maxSeats":0}""", "maxSeats")]
    [InlineData("""{"roomId":"a","isPublic":"true"}""", "isPublic")]
    [InlineData("""{"roomId":"a","metadata":{"k":5}}""", "metadata.k")]
    [InlineData("""{"roomId":"a","metadata":{"k":null}}""", "metadata.k")]
    [InlineData("""{"roomId":"a","metadata":[]}""", "metadata")]
    public void The_settings_of_a_room_are_checked(string json, string field) =>
        Refuses(json, WireJson.Default.RoomStartParams, field);

    [Fact]
    public void The_orders_of_seats_have_their_defaults()
    {
        Assert.Equal(
            new SeatInviteParams("a", "b", -1, 60, ""), Read("""{"roomId":"a","userId":"b"}""", WireJson.Default.SeatInviteParams));
        Assert.Equal(
            new SeatMoveParams("a", 1, null, MovePolicy.Abort), Read("""{"roomId":"a","seatIndex":1}""", WireJson.Default.SeatMoveParams));
        Assert.Equal(
            new SeatSetDeviceParams("a", "b", null, DeviceOrder.Unlocked),
            Read("""{"roomId":"a","userId":"b","camera":"unlocked"}""", WireJson.Default.SeatSetDeviceParams));
    }

    [Theory]
    [InlineData("""{"platform":3}""", "platform")]
    [InlineData("""{"userId":""}""", "userId")]
    [InlineData("""{"token":5}""", "token")]
    [InlineData("""{"resume":"s"}""", "resume")]
    [InlineData("""{"resume":{"sessionId":5,"key":"k"}}""", "resume.sessionId")]
    [InlineData("""{"resume":{"sessionId":"s","key":"k","seqs":{"room":-1}}}""", "resume.seqs")]
    [InlineData("""{"resume":{"sessionId":"s","key":"k","seqs":{"":1}}}""", "resume.seqs")]
    [InlineData("""{"resume":{"sessionId":"s","key":"k","seqs":{"room":"1"}}}""", "resume.seqs.room")]
    public void The_opening_of_a_session_is_checked(string json, string field) =>
        Refuses(json, WireJson.Default.SessionOpenParams, field);

    [Fact]
    public void A_resumption_names_its_rooms()
    {
        var resume = Read("""{"resume":{"sessionId":"s","key":"k","seqs":{"a":7,"b":0}}}""", WireJson.Default.SessionOpenParams).Resume!;

        Assert.Equal(("s", "k", 7, 0), (resume.SessionId, resume.Key, resume.Seqs!["a"], resume.Seqs["b"]));
    }

    [Fact]
    public void Null_stands_for_an_optional_field_that_is_left_out() =>
        Assert.Equal(new SessionOpenParams(), Read("""{"token":null,"userId":null}""", WireJson.Default.SessionOpenParams));

    [Fact]
    public void No_parameters_are_an_empty_object()
    {
        Assert.True(ParamsReader.TryRead(default, WireJson.Default.NoParams, out _, out _));
        Assert.False(ParamsReader.TryRead(default, WireJson.Default.RoomParams, out _, out string? field));
        Assert.Equal("roomId", field);
    }

    private static TParams Read<TParams>(string json, JsonTypeInfo<TParams> type)
        where TParams : class, IParams
    {
        Assert.True(ParamsReader.TryRead(JsonElement.Parse(json), type, out var value, out _));
        return value!;
    }

    private static void Refuses<TParams>(string json, JsonTypeInfo<TParams> type, string field)
        where TParams : class, IParams
    {
        Assert.False(ParamsReader.TryRead(JsonElement.Parse(json), type, out var value, out string? named));
        Assert.Equal(field, named);
        Assert.Null(value);
    }
}
