using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Dais.Protocol.Tests;

/// <summary>The exact bytes of messages: a change here is a change of the contract.</summary>
public sealed class GoldenMessageTests
{
    private static readonly User Ann = new("ann", "Ann", "");
    private static readonly User Host = new("host", "Host", "https://example.test/h.png");
    private static readonly SeatRequest Request = new("r1", Ann, null, -1, 1000, null, "");

    [Fact]
    public void A_result() => Assert.Equal(
        """{"jsonrpc":"2.0","id":"x","result":{"requestId":null,"seated":true}}""",
        Written(output => JsonRpcWriter.WriteResult(output, Id("\"x\""), new SeatApplyResult(null, true), Methods.SeatApply.Result)));

    [Fact]
    public void An_empty_result() => Assert.Equal(
        """{"jsonrpc":"2.0","id":1,"result":{}}""",
        Written(output => JsonRpcWriter.WriteResult(output, Id("1"), EmptyResult.Value, Methods.RoomLeave.Result)));

    [Fact]
    public void An_error() => Assert.Equal(
        """{"jsonrpc":"2.0","id":1,"error":{"code":100205,"message":"All seats are occupied","data":{"name":"allSeatsOccupied","retryable":true}}}""",
        Written(output => JsonRpcWriter.WriteError(output, Id("1"), ErrorCodes.AllSeatsOccupied)));

    [Fact]
    public void An_error_of_parameters_names_the_field() => Assert.Equal(
        """{"jsonrpc":"2.0","id":null,"error":{"code":-32602,"message":"Invalid parameters: timeout","data":{"name":"invalidParams","retryable":false,"field":"timeout"}}}""",
        Written(output => JsonRpcWriter.WriteError(output, JsonRpcId.Null, ErrorCodes.InvalidParams, "timeout")));

    [Fact]
    public void An_error_of_rate_says_how_long_to_wait() => Assert.Equal(
        """{"jsonrpc":"2.0","id":1,"error":{"code":1004,"message":"Too many calls","data":{"name":"rateLimited","retryable":true,"retryAfterMs":250}}}""",
        Written(output => JsonRpcWriter.WriteError(output, Id("1"), ErrorCodes.RateLimited, retryAfterMs: 250)));

    [Fact]
    public void The_end_of_an_application() => Assert.Equal(
        """{"jsonrpc":"2.0","method":"room.event","params":{"roomId":"demo","seq":12,"at":2000,"type":"seat.applicationEnded","data":{"request":{"requestId":"r1","user":{"userId":"ann","userName":"Ann","avatarUrl":""},"inviter":null,"seatIndex":-1,"createdAt":1000,"expiresAt":null,"extraInfo":""},"outcome":"timedOut","by":null,"code":0,"message":""}}}""",
        Written(output => JsonRpcWriter.WriteRoomEvent(
            output, "demo", 12, 2000, Notifications.SeatApplicationEnded, new(Request, RequestOutcome.TimedOut, null, 0, ""))));

    [Fact]
    public void A_change_of_seats() => Assert.Equal(
        """{"jsonrpc":"2.0","method":"room.event","params":{"roomId":"demo","seq":13,"at":2000,"type":"seat.changed","data":{"seats":[{"index":0,"locked":true,"user":null,"microphone":"off","camera":"locked","reconnecting":false}],"joined":[],"left":[{"user":{"userId":"ann","userName":"Ann","avatarUrl":""},"seatIndex":0,"reason":"roomLeft","by":null}]}}}""",
        Written(output => JsonRpcWriter.WriteRoomEvent(output, "demo", 13, 2000, Notifications.SeatChanged, new(
            [new Seat(0, true, null, DeviceState.Off, DeviceState.Locked, false)],
            [],
            [new SeatLeaver(Ann, 0, SeatLeaveReason.RoomLeft, null)]))));

    [Fact]
    public void A_change_of_the_stage() => Assert.Equal(
        """{"jsonrpc":"2.0","method":"room.event","params":{"roomId":"demo","seq":14,"at":2000,"type":"stage.changed","data":{"stage":[{"slot":0,"roomId":"demo","seatIndex":0,"user":{"userId":"host","userName":"Host","avatarUrl":"https://example.test/h.png"},"microphone":"on","camera":"on","region":{"x":0,"y":0.25,"width":1,"height":0.5,"zOrder":0}}],"canvas":{"width":720,"height":1280}}}}""",
        Written(output => JsonRpcWriter.WriteRoomEvent(output, "demo", 14, 2000, Notifications.StageChanged, new(
            [new StageEntry(0, "demo", 0, Host, DeviceState.On, DeviceState.On, new Region(0, 0.25, 1, 0.5, 0))],
            new Canvas(720, 1280)))));

    [Fact]
    public void An_update_holds_nothing_but_what_has_changed() => Assert.Equal(
        """{"jsonrpc":"2.0","method":"room.event","params":{"roomId":"demo","seq":15,"at":2000,"type":"room.updated","data":{"notice":"Back soon","seatMode":"free"}}}""",
        Written(output => JsonRpcWriter.WriteRoomEvent(
            output, "demo", 15, 2000, Notifications.RoomUpdated, new(Notice: "Back soon", SeatMode: SeatMode.Free))));

    [Theory]
    [InlineData(RoomEndReason.Host, "host")]
    [InlineData(RoomEndReason.Server, "server")]
    [InlineData(RoomEndReason.HostTimeout, "hostTimeout")]
    public void The_end_of_a_room(RoomEndReason reason, string text) => Assert.Equal(
        $$$$"""{"jsonrpc":"2.0","method":"room.event","params":{"roomId":"demo","seq":16,"at":2000,"type":"room.ended","data":{"reason":"{{{{text}}}}"}}}""",
        Written(output => JsonRpcWriter.WriteRoomEvent(output, "demo", 16, 2000, Notifications.RoomEnded, new(reason))));

    [Fact]
    public void A_request_of_another_room() => Assert.Equal(
        """{"jsonrpc":"2.0","method":"room.event","params":{"roomId":"demo","seq":17,"at":2000,"type":"coHost.requestEnded","data":{"request":{"requestId":"r1","from":{"roomId":"demo","host":{"userId":"hana","userName":"Hana","avatarUrl":""}},"to":{"roomId":"attic","host":{"userId":"ann","userName":"","avatarUrl":""}},"layoutTemplateId":600,"extraInfo":"","expiresAt":null},"outcome":"roomEnded","code":0}}}""",
        Written(output => JsonRpcWriter.WriteRoomEvent(output, "demo", 17, 2000, Notifications.CoHostRequestEnded, new(
            new HostRequest(
                "r1",
                new RoomHost("demo", new User("hana", "Hana", "")),
                new RoomHost("attic", new User("ann", "", "")),
                600,
                "",
                null),
            RequestOutcome.RoomEnded,
            0))));

    [Fact]
    public void The_end_of_a_connection() => Assert.Equal(
        """{"jsonrpc":"2.0","method":"room.event","params":{"roomId":"demo","seq":18,"at":2000,"type":"coHost.changed","data":{"connection":null,"joined":[],"left":[{"roomId":"attic","host":{"userId":"ann","userName":"","avatarUrl":""},"reason":"hostTimeout"}]}}}""",
        Written(output => JsonRpcWriter.WriteRoomEvent(output, "demo", 18, 2000, Notifications.CoHostChanged, new(
            null, [], [new DepartedHost("attic", new User("ann", "", ""), HostLeaveReason.HostTimeout)]))));

    [Fact]
    public void A_fresh_snapshot()
    {
        string text = Written(output => JsonRpcWriter.WriteRoomSync(output, new RoomSyncParams("demo", 9, Snapshot())));

        var room = JsonElement.Parse(text).GetProperty("params").GetProperty("room");
        Assert.StartsWith("""{"jsonrpc":"2.0","method":"room.sync","params":{"roomId":"demo","seq":9,"room":{"roomId":"demo",""", text, StringComparison.Ordinal);
        Assert.Equal(
            "roomId name notice coverUrl owner createdAt phase seatLayoutTemplateId canvas seatMode maxSeats seats stage "
            + "audienceCount audience metadata role applications invitations "
            + "connection sentHostRequests receivedHostRequests",
            string.Join(' ', room.EnumerateObject().Select(property => property.Name)));
        Assert.Equal("hostAway", room.GetProperty("phase").GetString());
    }

    [Fact]
    public void A_room_the_client_is_not_in_any_more() => Assert.Equal(
        """{"jsonrpc":"2.0","method":"room.sync","params":{"roomId":"demo","seq":9,"room":null}}""",
        Written(output => JsonRpcWriter.WriteRoomSync(output, new RoomSyncParams("demo", 9, null))));

    [Fact]
    public void A_room_that_is_entered_without_an_offer_has_no_answer()
    {
        string text = JsonSerializer.Serialize(new RoomEntered(Snapshot(), 9), WireJson.Default.RoomEntered);

        Assert.False(JsonElement.Parse(text).TryGetProperty("answer", out _));
    }

    private static RoomSnapshot Snapshot() => new(
        "demo", "Demo", "", "", Host, 1000, RoomPhase.HostAway, 600, new Canvas(720, 1280), SeatMode.Apply, 10, [], [], 1, [Ann],
        ImmutableSortedDictionary<string, string>.Empty, Role.Audience, [Request], [],
        null, [], []);

    private static JsonRpcId Id(string raw) => new(Encoding.UTF8.GetBytes(raw));

    private static string Written(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
