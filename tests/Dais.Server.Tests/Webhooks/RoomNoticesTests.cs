using System.Text.Json.Nodes;
using Dais.Protocol;
using Dais.Rooms;
using Dais.Rooms.Tests;
using Dais.Server.Webhooks;
using static Dais.Rooms.Tests.Scenario;

namespace Dais.Server.Tests.Webhooks;

public sealed class RoomNoticesTests
{
    private readonly List<PlacedEvent> _log = [];
    private readonly Scenario _room = Unstarted();

    [Fact]
    public void A_room_is_created_before_its_host_joins_and_destroyed_after_everybody_has_left()
    {
        When(Start(), Join("vera"), new RoomCommand.EndRoom(Id("host")));

        Assert.Equal(["101", "103 host", "105 vera", "104 host 1", "106 vera 1", "102"], Told());
    }

    [Fact]
    public void Payloads_are_those_of_the_contract()
    {
        When(Start());
        _room.Pass(12);
        When(Join("vera"));
        _room.Pass(90.7);
        When(Leave("vera"), new RoomCommand.EndRoom(null));

        uint vera = WebhookUserNumber.Of(Id("vera"));
        uint host = WebhookUserNumber.Of(Id("host"));
        string[] payloads = [.. Notices(false).Select(notice => Payload(notice).ToJsonString())];
        Assert.Equal("""{"channelName":"room","ts":1000}""", payloads[0]);
        Assert.Equal(
            $$"""{"channelName":"room","uid":{{vera}},"platform":7,"clientSeq":1012000,"ts":1012,"account":"vera"}""", payloads[2]);
        Assert.Equal(
            $$"""{"channelName":"room","uid":{{vera}},"platform":7,"clientSeq":1102700,"reason":1,"ts":1102,"duration":90,"account":"vera"}""",
            payloads[3]);
        Assert.Equal($$"""{"channelName":"room","ts":1102,"lastUid":{{host}}}""", payloads[5]);
    }

    [Fact]
    public void The_body_has_exactly_the_fields_of_the_contract()
    {
        When(Start());

        var body = JsonNode.Parse(Notices(false)[0].ToBody(1_611_566_412_672))!.AsObject();

        Assert.Equal(["noticeId", "productId", "eventType", "notifyMs", "sid", "payload"], body.Select(field => field.Key));
        Assert.Equal((1, 101, 1_611_566_412_672), (Number(body, "productId"), Number(body, "eventType"), Number(body, "notifyMs")));
    }

    [Fact]
    public void A_guest_becomes_a_broadcaster_on_a_seat_and_audience_when_leaving_it()
    {
        When(Start(), Join("gus"), Apply("gus"), Accept("gus"), new RoomCommand.LeaveSeat(Id("gus")), Leave("gus"));

        Assert.Equal(["111 gus", "112 gus", "106 gus 1"], Told()[3..]);
    }

    [Fact]
    public void Being_taken_off_the_seat_is_becoming_audience()
    {
        When(Start(), Join("gus"), Apply("gus"), Accept("gus"), KickOffSeat("gus"));

        Assert.Equal(["111 gus", "112 gus"], Told()[3..]);
    }

    [Fact]
    public void A_guest_who_leaves_the_room_from_the_seat_leaves_as_a_broadcaster()
    {
        When(Start(), Join("gus"), Apply("gus"), Accept("gus"), Leave("gus"));

        Assert.Equal(["111 gus", "104 gus 1"], Told()[3..]);
    }

    [Fact]
    public void A_guest_who_is_kicked_from_the_room_leaves_as_a_broadcaster()
    {
        When(Start(), Join("gus"), Apply("gus"), Accept("gus"), new RoomCommand.KickMember(Id("host"), Id("gus")));

        Assert.Equal(["111 gus", "104 gus 3"], Told()[3..]);
    }

    [Fact]
    public void Who_does_not_come_back_in_time_has_timed_out()
    {
        When(Start(), Join("gus"), Join("vera"), Apply("gus"), Accept("gus"), Disconnect("gus"), Disconnect("vera"));
        _room.Pass(60);
        When(new RoomCommand.Tick());

        Assert.Equal(["104 gus 2", "106 vera 2"], Told()[5..].Order());
    }

    [Fact]
    public void A_host_who_does_not_come_back_has_timed_out_when_the_room_ends()
    {
        When(Start(), Join("vera"), Disconnect("host"));
        _room.Pass(60);
        When(new RoomCommand.Tick());

        Assert.Equal(["104 host 2", "106 vera 1", "102"], Told()[3..]);
    }

    [Fact]
    public void Whoever_the_backend_ends_the_room_for_is_removed()
    {
        When(Start(), Join("gus"), Apply("gus"), Accept("gus"), new RoomCommand.EndRoom(null));

        Assert.Equal(["104 host 3", "104 gus 3", "102"], Told()[4..]);
    }

    [Fact]
    public void Coming_again_by_a_newer_connection_is_neither_leaving_nor_joining()
    {
        When(Start(), Join("vera"), Join("vera", connection: 2), Disconnect("vera", connection: 2), Join("vera", connection: 3));

        Assert.Equal(["101", "103 host", "105 vera"], Told());
    }

    [Fact]
    public void The_client_sequence_grows_with_every_event_even_when_the_clock_is_put_back()
    {
        When(Start(), Join("vera"));
        _room.Pass(-3_600);
        When(Leave("vera"), Join("vera"), Leave("vera"));

        long[] sequence =
        [
            .. Notices(false).Select(Payload).Where(payload => Text(payload, "account") == "vera").Select(payload => Number(payload, "clientSeq")),
        ];
        Assert.Equal(4, sequence.Length);
        Assert.Equal(sequence.Distinct().Order(), sequence);
    }

    [Fact]
    public void Whoever_reads_again_from_anywhere_makes_the_same_notices()
    {
        When(Start(), Join("gus"), Apply("gus"), Accept("gus"), Join("vera"), Leave("gus"), new RoomCommand.EndRoom(null));

        var all = Notices(true);

        Assert.Equal(all.Select(Whole), Notices(true).Select(Whole));
        Assert.Equal(all.Count, all.Select(notice => notice.NoticeId).Distinct().Count());
        Assert.Single(all.Select(notice => notice.Sid).Distinct());
        static string Whole(Notice notice) => $"{notice.NoticeId} {notice.EventType} {notice.Sid} {Payload(notice).ToJsonString()}";
    }

    [Fact]
    public void The_ids_of_notices_do_not_depend_on_who_wants_extended_events()
    {
        When(Start(), Join("gus"), Apply("gus"), Accept("gus"), Leave("gus"));

        Assert.Equal(
            Notices(false).Select(notice => notice.NoticeId),
            Notices(true).Where(notice => notice.EventType < 1000).Select(notice => notice.NoticeId));
    }

    [Fact]
    public void The_next_life_of_a_room_has_another_sid()
    {
        When(Start(), new RoomCommand.EndRoom(null));
        _room.Pass(1);
        When(Start());

        Assert.Equal(2, Notices(false).Select(notice => notice.Sid).Distinct().Count());
    }

    [Fact]
    public void An_extended_event_has_the_data_of_its_notification_and_where_it_happened()
    {
        When(Start(), Join("gus"), Apply("gus"), Accept("gus"));

        var taken = Payload(Notices(true).Last(notice => notice.EventType == WebhookEventTypes.Extended["seat.changed"]));
        Assert.Equal(("room", "seat.changed"), (Text(taken, "channelName"), Text(taken, "type")));
        Assert.Equal("gus", taken["joined"]![0]!["userId"]!.GetValue<string>());
        Assert.Equal("gus", taken["seats"]![1]!["user"]!["userId"]!.GetValue<string>());
    }

    [Fact]
    public void Every_type_of_notification_has_a_number()
    {
        int[] numbers = [.. Notifications.All.Select(notification => WebhookEventTypes.Extended[notification.Type])];

        Assert.Equal(numbers.Length, numbers.Distinct().Count());
        Assert.All(numbers, number => Assert.True(number > WebhookEventTypes.Test));
    }

    [Theory]
    [InlineData("hana", 1_503_371_866)]
    [InlineData("gus", 1_895_000_259)]
    public void A_user_always_has_the_same_number(string user, uint number) =>
        Assert.Equal(number, WebhookUserNumber.Of(new UserId(user)));

    private static RoomCommand.Start Start() => new(Host, new RoomSettings(), Connection("host"), Dais.Rooms.Audience.ClientPlatform.Web);

    private void When(params RoomCommand[] commands)
    {
        foreach (var command in commands)
        {
            _room.Given(command);
            foreach (var happened in _room.Events)
            {
                _log.Add(new PlacedEvent(_log.Count + 1, _room.Now, happened));
            }
        }
    }

    private List<Notice> Notices(bool extended)
    {
        var notices = new List<Notice>();
        var fold = NoticeFold.Unstarted(_room.Room.Id);
        var events = _log.ToArray();
        for (int i = 0; i < events.Length; i++)
        {
            var after = fold.After(events[i], events.AsSpan(i + 1));
            notices.AddRange(RoomNotices.Of(fold, after, events[i], extended));
            fold = after;
        }

        return notices;
    }

    private string[] Told() =>
    [
        .. Notices(false).Select(notice =>
        {
            var payload = Payload(notice);
            string?[] words = [$"{notice.EventType}", Text(payload, "account"), payload["reason"]?.ToJsonString()];
            return string.Join(' ', words.OfType<string>());
        }),
    ];

    private static JsonObject Payload(Notice notice) => JsonNode.Parse(notice.Payload.Span)!.AsObject();

    private static string? Text(JsonObject payload, string name) => payload[name]?.GetValue<string>();

    private static long Number(JsonObject payload, string name) => payload[name]!.GetValue<long>();
}
