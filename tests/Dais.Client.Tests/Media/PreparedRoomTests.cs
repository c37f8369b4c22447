using Dais.Client.Media;
using Dais.Rtc.Rtp;

namespace Dais.Client.Tests.Media;

public sealed class PreparedRoomTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_prepared_receives_the_stage_from_a_keyframe_once_the_room_is_joined_and_nothing_before()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var host = await server.StartRoomAsync("hana");
        var publication = await host.PublishAsync(cancellation: Cancellation);
        using var sender = new SyntheticSender(publication, Codec.Vp8);
        await publication.WaitConnectedAsync(Cancellation).WaitAsync(ServerUnderTest.Patience, Cancellation);
        var viewer = await server.ConnectAsync("vera");

        var prepared = await viewer.PrepareRoomAsync("lobby", slots: 2, Cancellation);
        await prepared.WaitConnectedAsync(Cancellation).WaitAsync(ServerUnderTest.Patience, Cancellation);
        var frames = prepared.ReadFrames(0, TrackKind.Video);
        await using var reader = frames.GetAsyncEnumerator(Cancellation);
        var first = reader.MoveNextAsync();
        Assert.Empty(viewer.Rooms);
        Assert.False(first.IsCompleted);

        var room = await viewer.JoinRoomAsync("lobby", Cancellation);

        Assert.Same(prepared, room.Subscription);
        Assert.True(await first.AsTask().WaitAsync(ServerUnderTest.Patience, Cancellation));
        Assert.True(reader.Current.IsKeyframe);
        await room.LeaveAsync(Cancellation);
        Assert.Equal(MediaStatus.Closed, prepared.Status);
    }

    [Fact]
    public async Task What_the_server_has_dropped_is_made_anew_with_the_join()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var host = await server.StartRoomAsync("hana");
        await server.StartRoomAsync("ben", "second");
        await server.StartRoomAsync("cid", "third");
        var publication = await host.PublishAsync(cancellation: Cancellation);
        using var sender = new SyntheticSender(publication, Codec.Vp8);
        var viewer = await server.ConnectAsync("vera");
        var prepared = await viewer.PrepareRoomAsync("lobby", cancellation: Cancellation);
        await viewer.PrepareRoomAsync("second", cancellation: Cancellation);
        await viewer.PrepareRoomAsync("third", cancellation: Cancellation);

        var room = await viewer.JoinRoomAsync("lobby", Cancellation);

        Assert.Same(prepared, room.Subscription);
        await foreach (var frame in prepared.ReadFrames(0, TrackKind.Video).WithCancellation(Cancellation))
        {
            Assert.Equal(0, frame.Slot);
            break;
        }
    }

    [Fact]
    public async Task What_is_refused_is_thrown_and_joining_works_without()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var viewer = await server.ConnectAsync("vera");

        var refusal = await Assert.ThrowsAsync<DaisException>(() => viewer.PrepareRoomAsync("lobby", cancellation: Cancellation));
        Assert.Equal(100004, refusal.Code);

        await server.StartRoomAsync("hana");
        var room = await viewer.JoinRoomAsync("lobby", Cancellation);
        Assert.Null(room.Subscription);
    }

    [Fact]
    public async Task In_the_room_already_preparing_is_subscribing()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.StartRoomAsync("hana");
        var viewer = await server.ConnectAsync("vera");
        var room = await viewer.JoinRoomAsync("lobby", Cancellation);

        var subscription = await viewer.PrepareRoomAsync("lobby", cancellation: Cancellation);

        Assert.Same(subscription, room.Subscription);
        Assert.Same(subscription, await viewer.PrepareRoomAsync("lobby", cancellation: Cancellation));
    }
}
