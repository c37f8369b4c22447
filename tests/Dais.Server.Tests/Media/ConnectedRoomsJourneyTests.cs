using Dais.Server.Media;
using Dais.Server.Tests.Rooms.Connections;
using Dais.Simulation.Peers;

namespace Dais.Server.Tests.Media;

/// <summary>Connected rooms with media: scripted clients with real ICE, DTLS and SRTP over real UDP.</summary>
public sealed class ConnectedRoomsJourneyTests : IDisposable
{
    private const uint SourceA = 1;
    private const uint SourceB = 2;

    private readonly UdpScene _scene = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task The_audiences_of_both_rooms_see_both_hosts_without_negotiating_again(int workers)
    {
        await using var server = await TestServer.StartAsync(
            new() { ["Dais:Media:Workers"] = $"{workers}" }, realMedia: true);
        var plane = (MediaPlane)server.Parts.GetService(typeof(MediaPlane))!;
        Assert.Equal(workers == 2, plane.HomeOf("a") != plane.HomeOf("b"));
        await using var scene = await HostsScene.OnAsync(server, "a", "b");
        using var hostA = await _scene.PublishAsync(scene["a"].Host, "hostpuba", SourceA, "a");
        using var hostB = await _scene.PublishAsync(scene["b"].Host, "hostpubb", SourceB, "b");
        using var seenInA = await _scene.SubscribeAsync(scene["a"].Viewer, "viewersuba", "a");
        using var seenInB = await _scene.SubscribeAsync(scene["b"].Viewer, "viewersubb", "b");
        await seenInA.UntilAsync(peer => UdpScene.Sees(peer, 0, SourceA));
        await seenInB.UntilAsync(peer => UdpScene.Sees(peer, 0, SourceB));

        await scene.ConnectAsync("a", "b");

        await seenInA.UntilAsync(peer => UdpScene.Sees(peer, 1, SourceB));
        await seenInB.UntilAsync(peer => UdpScene.Sees(peer, 1, SourceA));
        await seenInB.UntilAsync(peer => peer.Video(1).Packets[0].Content.IsKeyframe && peer.UnannouncedPackets == 0);

        // Apart again: only the own host is seen, and that without a break.
        await scene["b"].Host.CallAsync("coHost.exit", scene["b"].In());
        await seenInB.UntilAsync(Quiet(slot: 1, besides: 0));
        await seenInA.UntilAsync(Quiet(slot: 1, besides: 0));
        await seenInA.UntilAsync(peer => peer.Video(0).MissingCount == 0 && peer.Video(0).Sources is [SourceA]);
        Assert.DoesNotContain(server.Log.OwnLines, line => line.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
    }

    /// <inheritdoc/>
    public void Dispose() => _scene.Dispose();

    private static Func<ScriptedSubscriber, bool> Quiet(int slot, int besides)
    {
        int packets = -1;
        int others = 0;
        return peer =>
        {
            if (peer.Video(slot).Packets.Count + peer.Audio(slot).Packets.Count is var count && count != packets)
            {
                (packets, others) = (count, peer.Video(besides).Packets.Count);
            }

            return peer.Video(besides).Packets.Count >= others + 40;
        };
    }
}
