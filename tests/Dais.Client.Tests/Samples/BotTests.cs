using Dais.Rtc.Rtp;
using Dais.Samples.StageBot;

namespace Dais.Client.Tests.Samples;

public sealed class BotTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_bot_asks_for_a_seat_plays_while_it_sits_and_leaves_when_it_is_taken_off()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var host = await server.StartRoomAsync("hana");
        var subscription = await host.SubscribeAsync(cancellation: Cancellation);
        await subscription.WaitConnectedAsync(Cancellation).WaitAsync(ServerUnderTest.Patience, Cancellation);
        byte[] keyframe = [0x50, 1, 2, 3, 4];
        byte[] sound = [0x78, 5, 6, 7];
        var media = new BotMedia(
            () => new MemoryStream(Containers.Ogg(sound, sound, sound)), () => new MemoryStream(Containers.Ivf(keyframe, [0x51, 9])));
        var log = new StringWriter();
        var running = new Bot(await server.ConnectAsync("bot"), media, log).RunAsync("lobby", Cancellation);

        await host.UntilAsync(state => state.Room.Applications is [{ User.UserId: "bot" }]);
        var pictures = subscription.ReadFrames(1, TrackKind.Video);
        var sounds = subscription.ReadFrames(1, TrackKind.Audio);
        await host.AcceptApplicationAsync("bot", Cancellation);
        Assert.Equal(keyframe, await FirstAsync(pictures));
        Assert.Equal(sound, await FirstAsync(sounds));

        await host.KickFromSeatAsync("bot", Cancellation);
        await running.WaitAsync(ServerUnderTest.Patience, Cancellation);
        await host.UntilAsync(state => state.Room.AudienceCount == 0);
        Assert.Contains("On stage, on seat 1.", log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_bot_leaves_when_it_is_declined()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var host = await server.StartRoomAsync("hana");
        var media = new BotMedia(() => new MemoryStream(), () => new MemoryStream());
        var running = new Bot(await server.ConnectAsync("bot"), media, TextWriter.Null).RunAsync("lobby", Cancellation);
        await host.UntilAsync(state => state.Room.Applications.Length == 1);

        await host.RejectApplicationAsync("bot", Cancellation);

        await running.WaitAsync(ServerUnderTest.Patience, Cancellation);
        await host.UntilAsync(state => state.Room.AudienceCount == 0);
    }

    [Fact]
    public async Task The_bot_says_when_there_is_nothing_to_play()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var host = await server.StartRoomAsync("hana");
        var media = new BotMedia(() => new MemoryStream(), () => new MemoryStream());
        var running = new Bot(await server.ConnectAsync("bot"), media, TextWriter.Null).RunAsync("lobby", Cancellation);
        await host.UntilAsync(state => state.Room.Applications.Length == 1);

        await host.AcceptApplicationAsync("bot", Cancellation);

        await Assert.ThrowsAsync<InvalidDataException>(() => running.WaitAsync(ServerUnderTest.Patience, Cancellation));
    }

    private static async Task<byte[]> FirstAsync(IAsyncEnumerable<Dais.Client.Media.MediaFrame> frames)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(ServerUnderTest.Patience);
        await foreach (var frame in frames.WithCancellation(patience.Token))
        {
            return frame.Data.ToArray();
        }

        return [];
    }
}
