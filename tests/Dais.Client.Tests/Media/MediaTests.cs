using Dais.Client.Media;
using Dais.Protocol;
using Dais.Rtc.Rtp;

namespace Dais.Client.Tests.Media;

public sealed class MediaTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Codec.Vp8)]
    [InlineData(Codec.H264)]
    public async Task Frames_of_one_headless_client_reach_another_through_the_server_as_they_are(Codec codec)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var host = await server.StartRoomAsync("hana");
        var viewer = await server.JoinRoomAsync("vera");
        var subscription = await viewer.SubscribeAsync(slots: 2, Cancellation);
        // Whoever comes later is sent what there is since the last keyframe, and faster than it was taken.
        await subscription.WaitConnectedAsync(Cancellation).WaitAsync(ServerUnderTest.Patience, Cancellation);
        int slot = host.State.OwnStageEntry!.Slot;
        var pictures = subscription.ReadFrames(slot, TrackKind.Video);
        var sounds = subscription.ReadFrames(slot, TrackKind.Audio);
        var publication = await host.PublishAsync(new MediaPublicationOptions { Video = codec }, Cancellation);
        using var sender = new SyntheticSender(publication, codec);

        var picture = await TakeAsync(pictures, 30);
        var sound = await TakeAsync(sounds, 30);

        Assert.True(picture[0].IsKeyframe);
        Assert.Equal(sender.Following(picture[0].Data, picture.Count), picture.Select(frame => Convert.ToHexString(frame.Data.Span)));
        Assert.Equal(sender.Following(sound[0].Data, sound.Count), sound.Select(frame => Convert.ToHexString(frame.Data.Span)));
        Assert.All(picture, frame => Assert.Equal((codec, false), (frame.Codec, frame.IsAfterLoss)));
        Assert.All(sound, frame => Assert.Equal((Codec.Opus, false), (frame.Codec, frame.IsAfterLoss)));
        Assert.All(picture.Zip(picture.Skip(1)), pair => Assert.Equal(SyntheticSender.VideoTicks, pair.Second.Timestamp - pair.First.Timestamp));
        Assert.Equal(0, subscription.FramesDropped);
        Assert.True(publication.BitrateMax > 0);
    }

    [Fact]
    public async Task A_guest_is_received_on_a_slot_of_its_own_from_a_keyframe_and_no_longer_when_off_stage()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var host = await server.StartRoomAsync("hana");
        var hostSees = await host.SubscribeAsync(cancellation: Cancellation);
        await hostSees.WaitConnectedAsync(Cancellation).WaitAsync(ServerUnderTest.Patience, Cancellation);
        var guest = await server.JoinRoomAsync("gus");

        // Prepared while nobody receives it.
        var publication = await guest.PublishAsync(cancellation: Cancellation);
        var requests = new EventLog();
        publication.KeyframeRequested += () => requests.Add("keyframe");
        using var sender = new SyntheticSender(publication, Codec.Vp8);
        await publication.WaitConnectedAsync(Cancellation).WaitAsync(ServerUnderTest.Patience, Cancellation);
        var pictures = hostSees.ReadFrames(1, TrackKind.Video);

        await guest.ApplyForSeatAsync(cancellation: Cancellation);
        await host.AcceptApplicationAsync("gus", Cancellation);

        await requests.UntilAsync("keyframe");
        Assert.True((await TakeAsync(pictures, 3))[0].IsKeyframe);
        Assert.Equal(DeviceState.On, guest.State.OwnSeat!.Camera);

        await guest.UnpublishAsync(Cancellation);
        Assert.Equal(MediaStatus.Closed, publication.Status);
        await host.UntilAsync(state => state.Room.Seats[1].Camera == DeviceState.Off);
    }

    [Fact]
    public async Task Media_comes_back_after_a_cut_connection()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var host = await server.StartRoomAsync("hana");
        var publication = await host.PublishAsync(cancellation: Cancellation);
        using var sender = new SyntheticSender(publication, Codec.Vp8);
        var viewer = await server.JoinRoomAsync("vera");
        var subscription = await viewer.SubscribeAsync(cancellation: Cancellation);
        await TakeAsync(subscription.ReadFrames(0, TrackKind.Video), 3);

        server.Cut("vera");
        server.Cut("hana");

        await viewer.UntilAsync(state => state.Room.Phase == RoomPhase.Live && state.Room.AudienceCount == 1);
        await TakeAsync(subscription.ReadFrames(0, TrackKind.Video), 60);
    }

    [Fact]
    public async Task The_end_of_the_room_ends_what_is_sent_and_received()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var host = await server.StartRoomAsync("hana");
        var publication = await host.PublishAsync(cancellation: Cancellation);
        var viewer = await server.JoinRoomAsync("vera");
        var subscription = await viewer.SubscribeAsync(cancellation: Cancellation);
        var frames = subscription.ReadFrames(0, TrackKind.Audio);

        await host.EndAsync(Cancellation);

        await foreach (var _ in frames)
        {
            // Until the stream ends.
        }

        await host.Closed;
        Assert.Equal((MediaStatus.Closed, MediaStatus.Closed), (publication.Status, subscription.Status));
        await Assert.ThrowsAsync<DaisException>(() => viewer.SubscribeAsync(cancellation: Cancellation));
    }

    [Fact]
    public async Task What_cannot_be_a_frame_or_was_not_published_is_a_mistake_of_the_caller()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var host = await server.StartRoomAsync("hana");
        var publication = await host.PublishAsync(new MediaPublicationOptions { Video = null }, Cancellation);

        Assert.Throws<InvalidOperationException>(() => publication.SendVideo(new byte[1], TimeSpan.Zero));
        Assert.Throws<ArgumentException>(() => publication.SendAudio(default, TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MediaPublicationOptions { Video = Codec.Av1 });
        await Assert.ThrowsAsync<ArgumentException>(
            () => host.PublishAsync(new MediaPublicationOptions { HasAudio = false, Video = null }, Cancellation));
    }

    private static async Task<List<MediaFrame>> TakeAsync(IAsyncEnumerable<MediaFrame> frames, int count)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(ServerUnderTest.Patience);
        List<MediaFrame> taken = [];
        await foreach (var frame in frames.WithCancellation(patience.Token))
        {
            taken.Add(frame);
            if (taken.Count == count)
            {
                break;
            }
        }

        return taken;
    }
}
