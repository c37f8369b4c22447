using Dais.Rooms;
using Dais.Rooms.Audience;
using Dais.Server.Hosting;
using Dais.Server.Rooms.Log;
using Dais.Server.Storage;
using Dais.Server.Webhooks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dais.Server.Tests.Webhooks;

/// <summary>What happens when more waits than may: each bound is reached, and said.</summary>
public sealed class WebhookBoundsTests : IAsyncDisposable
{
    private const int NoticeBytes = 900 << 10;

    private readonly MemoryLog _events = new();
    private readonly ManualTime _time = new();
    private Room _room = Room.Unstarted(new RoomId("lobby"), new RoomOptions());
    private long _head;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _events.DisposeAsync();

    [Fact]
    public async Task What_is_too_much_is_parked_untried_and_the_oldest_parked_are_discarded()
    {
        await using var receiver = await FailingAsync();
        await using var dispatcher = await StartAsync(receiver);
        await FillAsync(dispatcher, 40);
        await Eventually.IsTrueAsync(() => dispatcher.Counters.Failed == 1);

        // The first is tried once more, and then there is too much behind it.
        await Eventually.IsTrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return dispatcher.Counters.Parked >= 10;
        });

        var parked = dispatcher.Find("a")!.Parked;
        Assert.Contains(parked.All, each => each.Failure == "too much waits");
        Assert.True(dispatcher.Counters.Discarded > 0);
        Assert.True(parked.All.Sum(each => each.Notice.Payload.Length) <= ParkedNotices.BytesMax);
        Assert.Equal(0, dispatcher.Counters.Lost);
    }

    [Fact]
    public async Task A_room_goes_on_when_an_endpoint_is_too_far_behind_and_what_is_lost_is_counted()
    {
        await using var receiver = await FailingAsync();
        await using var dispatcher = await StartAsync(receiver);
        var watched = new WatchedLog(_events, dispatcher.Feeds);
        await FillAsync(dispatcher, 50);
        await Eventually.IsTrueAsync(() => dispatcher.Counters.Failed == 1);
        Assert.Equal(0, dispatcher.Feeds.KeepAfter("room:lobby", _head));
        await FillAsync(dispatcher, 8);
        Assert.Equal(_head, dispatcher.Feeds.KeepAfter("room:lobby", _head));

        await watched.SaveSnapshotAsync(
            "room:lobby", new Snapshot(_head, RoomStateFormat.Version, RoomStateFormat.ToStored(_room)), _head, Cancelled);
        await Eventually.IsTrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return dispatcher.Counters.Lost > 0;
        });

        receiver.Answer = (_, _) => Task.CompletedTask;
        await FillAsync(dispatcher, 1);
        await Eventually.IsTrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            return dispatcher.Counters.Delivered == 1;
        });
    }

    [Fact]
    public async Task Parked_notices_are_there_after_a_restart_and_gone_when_they_are_removed()
    {
        using (var parked = new ParkedNotices(_events, "a"))
        {
            await parked.LoadAsync(Cancelled);
            for (int i = 0; i < 5; i++)
            {
                await parked.ParkAsync(Parked($"{i}"));
            }

            await parked.ParkAsync(Parked("2"));
            await parked.RemoveAsync("3", _time.GetUtcNow());
            await parked.RemoveAsync("nobody", _time.GetUtcNow());
        }

        using var again = new ParkedNotices(_events, "a");
        await again.LoadAsync(Cancelled);
        Assert.Equal(["0", "1", "4", "2"], again.All.Select(each => each.Notice.NoticeId));
        var first = again.All[0];
        Assert.Equal((105, "sid", "lobby", "status 500"), (first.Notice.EventType, first.Notice.Sid, first.Notice.RoomId, first.Failure));
        Assert.Equal("""{"a":"花"}""", System.Text.Encoding.UTF8.GetString(first.Notice.Payload.Span));

        foreach (string id in new[] { "0", "1", "2", "4" })
        {
            await again.RemoveAsync(id, _time.GetUtcNow());
        }

        using var empty = new ParkedNotices(_events, "a");
        await empty.LoadAsync(Cancelled);
        Assert.Empty(empty.All);
        await empty.DeleteAsync();
        Assert.Equal(0, (await _events.LoadAsync("parked:a", Cancelled)).Head);
    }

    private ParkedNotice Parked(string id) =>
        new(new Notice(id, 105, "sid", "lobby", """{"a":"花"}"""u8.ToArray()), _time.GetUtcNow(), "status 500");

    private static async Task<WebhookReceiver> FailingAsync()
    {
        var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = (context, _) =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        return receiver;
    }

    private async Task<WebhookDispatcher> StartAsync(WebhookReceiver receiver)
    {
        Assert.True(WebhookEventFilter.TryParse(["room.updated"], out var events, out _));
        var endpoint = new WebhookEndpoint("a", new Uri(receiver.Url), WebhookReceiver.Secret, events, IsFromSettings: true);
        var dispatcher = new WebhookDispatcher(
            new WebhookOptions { AllowPrivateTargets = true, Endpoints = [endpoint] },
            _events,
            _time,
            new ServerLog(NullLogger<ServerLog>.Instance));
        await dispatcher.StartAsync(Cancelled);
        return dispatcher;
    }

    /// <summary>A room whose host writes and writes.</summary>
    private async Task FillAsync(WebhookDispatcher dispatcher, int count)
    {
        var watched = new WatchedLog(_events, dispatcher.Feeds);
        if (_head == 0)
        {
            var owner = new User(new UserId("hana"), "", "");
            await AppendAsync(watched, new RoomEvent.Started(owner, new RoomSettings(), new WallClockTime(1)));
        }

        for (int i = 0; i < count; i++)
        {
            await AppendAsync(watched, new RoomEvent.Updated(new RoomChanges { Notice = new string('x', NoticeBytes) }));
        }
    }

    private async Task AppendAsync(WatchedLog log, RoomEvent happened)
    {
        var at = new WallClockTime(_time.GetUtcNow().ToUnixTimeMilliseconds());
        var result = await log.AppendAsync(
            [new StreamAppend("room:lobby", _head, [RoomEventFormat.ToStored(happened, at)])], Cancelled);
        Assert.True(result.IsAppended);
        _room = _room.Apply(happened);
        _head++;
    }
}
