using Dais.Client.Media;
using Dais.Rtc.Rtp;

namespace Dais.Client.Tests.Media;

/// <summary>Headless clients in rooms that are connected.</summary>
public sealed class ConnectedRoomsMediaTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, Codec.Vp8)]
    [InlineData(2, Codec.Vp8)]
    [InlineData(2, Codec.H264)]
    public async Task Frames_of_one_rooms_host_reach_the_other_rooms_viewer_as_they_are_until_the_rooms_part(int workers, Codec codec)
    {
        // With two workers, one of them is at home on each.
        const string Near = "a";
        const string Far = "b";
        await using var server = await ServerUnderTest.StartAsync(new() { ["Dais:Media:Workers"] = $"{workers}" });
        var near = await server.StartRoomAsync("hana", Near);
        var far = await server.StartRoomAsync("finn", Far);
        var viewer = await server.JoinRoomAsync("vera", Far);
        var publication = await near.PublishAsync(new MediaPublicationOptions { Video = codec }, Cancellation);
        using var sender = new SyntheticSender(publication, codec);
        var subscription = await viewer.SubscribeAsync(slots: 2, Cancellation);
        await subscription.WaitConnectedAsync(Cancellation).WaitAsync(ServerUnderTest.Patience, Cancellation);

        // Frames are read from now on: the first may be there before the stage says on which slot.
        var pictures = Enumerable.Range(0, 2).Select(slot => subscription.ReadFrames(slot, TrackKind.Video)).ToList();
        var sounds = Enumerable.Range(0, 2).Select(slot => subscription.ReadFrames(slot, TrackKind.Audio)).ToList();
        await near.RequestHostConnectionAsync([Far], cancellation: Cancellation);
        await far.AcceptHostConnectionAsync(Near, Cancellation);

        await viewer.UntilAsync(state => state.Room.Stage.Any(entry => entry.RoomId == Near));
        int slot = viewer.State.Room.Stage.Single(entry => entry.RoomId == Near).Slot;
        var picture = await TakeAsync(pictures[slot], 31);
        if (picture[1].IsKeyframe)
        {
            // When the keyframe that was stored is an old one, it comes alone, and the stream goes on from the next.
            picture.RemoveAt(0);
        }

        var sound = await TakeAsync(sounds[slot], 30);
        Assert.True(picture[0].IsKeyframe);
        Assert.Equal(sender.Following(picture[0].Data, picture.Count), picture.Select(frame => Convert.ToHexString(frame.Data.Span)));
        Assert.Equal(sender.Following(sound[0].Data, sound.Count), sound.Select(frame => Convert.ToHexString(frame.Data.Span)));
        Assert.All(picture, frame => Assert.Equal((codec, false), (frame.Codec, frame.IsAfterLoss)));

        await far.ExitHostConnectionAsync(Cancellation);
        await viewer.UntilAsync(state => state.Room.Stage.All(entry => entry.RoomId == Far) && state.Room.Connection is null);
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
