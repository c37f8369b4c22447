using Dais.Protocol;
using Dais.Rtc.Rtp;

namespace Dais.Client.Tests.Media;

/// <summary>The hosts of connected rooms are received like anybody on stage.</summary>
public sealed class RemoteHostTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_headless_viewer_receives_the_host_of_a_connected_room_on_its_slot_like_anybody_on_stage()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var hana = await server.StartRoomAsync("hana");
        var ben = await server.StartRoomAsync("ben", "cellar");
        var publication = await ben.PublishAsync(cancellation: Cancellation);
        using var sender = new SyntheticSender(publication, Codec.Vp8);
        var viewer = await server.JoinRoomAsync("vera");
        var subscription = await viewer.SubscribeAsync(cancellation: Cancellation);
        await subscription.WaitConnectedAsync(Cancellation).WaitAsync(ServerUnderTest.Patience, Cancellation);

        // Listened to beforehand, so that the first picture is not missed: the lowest free slot will be the other host's.
        var pictures = subscription.ReadFrames(1, TrackKind.Video);
        await hana.RequestHostConnectionAsync(["cellar"], cancellation: Cancellation);
        await ben.UntilAsync(state => state.Room.ReceivedHostRequests.Length == 1);
        await ben.AcceptHostConnectionAsync("lobby", Cancellation);

        await viewer.UntilAsync(state => state.Room.Stage.Any(entry => entry is { RoomId: "cellar", Camera: DeviceState.On }));
        Assert.Equal(1, viewer.State.Room.Stage.Single(entry => entry.RoomId == "cellar").Slot);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(ServerUnderTest.Patience);
        await foreach (var picture in pictures.WithCancellation(patience.Token))
        {
            Assert.True(picture.IsKeyframe);
            break;
        }
    }
}
