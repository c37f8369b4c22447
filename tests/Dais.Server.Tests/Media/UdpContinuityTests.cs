using System.Text.Json.Nodes;
using Dais.Simulation.Peers;

namespace Dais.Server.Tests.Media;

/// <summary>Media goes on while other things break: signalling, addresses, both.</summary>
public sealed class UdpContinuityTests : IDisposable
{
    private const uint HostSource = 1;

    private readonly UdpScene _scene = new();

    [Fact]
    public async Task Media_goes_on_while_the_signalling_of_both_sides_is_away()
    {
        await using var server = await TestServer.StartAsync(realMedia: true);
        await using var host = await server.OpenAsync("hana");
        long hostSeq = (await host.CallAsync("room.start", Lobby()))["seq"]!.GetValue<long>();
        using var hostSends = await _scene.PublishAsync(host, "hostpub", HostSource);
        await using var viewer = await server.OpenAsync("vera");
        long viewerSeq = (await viewer.CallAsync("room.join", Lobby()))["seq"]!.GetValue<long>();
        using var viewerSees = await _scene.SubscribeAsync(viewer, "viewersub");
        await viewerSees.UntilAsync(peer => UdpScene.Sees(peer, 0, HostSource));

        viewer.Drop();
        host.Drop();
        await server.UntilAwayAsync("lobby", "vera");
        await server.UntilAwayAsync("lobby", "hana");
        await MoreAsync(viewerSees);
        var (hostAgain, _) = await server.ResumeAsync(host.Session, ("lobby", hostSeq));
        var (viewerAgain, opened) = await server.ResumeAsync(viewer.Session, ("lobby", viewerSeq));

        Assert.True(opened["resumed"]!.GetValue<bool>());
        await MoreAsync(viewerSees);
        await viewerSees.UntilAsync(peer => peer.Video(0).MissingCount == 0 && peer.Audio(0).MissingCount == 0);
        await viewerAgain.DisposeAsync();
        await hostAgain.DisposeAsync();
    }

    [Fact]
    public async Task A_viewer_in_another_network_resumes_and_restarts_ICE_and_the_streams_continue()
    {
        await using var server = await TestServer.StartAsync(realMedia: true);
        await using var host = await server.StartRoomAsync("lobby");
        using var hostSends = await _scene.PublishAsync(host, "hostpub", HostSource);
        await using var viewer = await server.OpenAsync("vera");
        long seq = (await viewer.CallAsync("room.join", Lobby()))["seq"]!.GetValue<long>();
        using var viewerSees = await _scene.SubscribeAsync(viewer, "viewersub");
        await viewerSees.UntilAsync(peer => UdpScene.Sees(peer, 0, HostSource));

        viewer.Drop();
        await viewerSees.MoveAsync();
        var (again, _) = await server.ResumeAsync(viewer.Session, ("lobby", seq));
        await _scene.RestartAsync(again, viewerSees, "viewersub2");

        await MoreAsync(viewerSees);
        await viewerSees.UntilAsync(ContinuesWithoutANewBeginning);

        // One handshake each, the host's and the viewer's.
        Assert.Equal(2, server.Log.OwnLines.Count(line => line.Id == 30));
        await again.DisposeAsync();
    }

    [Fact]
    public async Task A_host_in_another_network_restarts_ICE_and_the_viewers_streams_continue()
    {
        await using var server = await TestServer.StartAsync(realMedia: true);
        await using var host = await server.StartRoomAsync("lobby");
        using var hostSends = await _scene.PublishAsync(host, "hostpub", HostSource);
        await using var viewer = await server.JoinRoomAsync("lobby", "vera");
        using var viewerSees = await _scene.SubscribeAsync(viewer, "viewersub");
        await viewerSees.UntilAsync(peer => UdpScene.Sees(peer, 0, HostSource));

        await hostSends.MoveAsync();
        await _scene.RestartAsync(host, hostSends, "hostpub2");

        await MoreAsync(viewerSees);
        await viewerSees.UntilAsync(ContinuesWithoutANewBeginning);
    }

    /// <inheritdoc/>
    public void Dispose() => _scene.Dispose();

    /// <summary>
    /// What was sent between the two addresses is lost, and shows as that: a small gap, in the same numbers.
    /// </summary>
    private static bool ContinuesWithoutANewBeginning(ScriptedSubscriber peer) =>
        peer.Video(0).MissingCount < 300 && peer.Audio(0).MissingCount < 300 && peer.UnannouncedPackets == 0;

    private static async Task MoreAsync(UdpPeer<ScriptedSubscriber> viewer)
    {
        int video = -1;
        int audio = -1;
        await viewer.UntilAsync(peer =>
        {
            video = video < 0 ? peer.Video(0).Packets.Count : video;
            audio = audio < 0 ? peer.Audio(0).Packets.Count : audio;
            return peer.Video(0).Packets.Count > video + 20 && peer.Audio(0).Packets.Count > audio + 20;
        });
    }

    private static JsonObject Lobby() => new() { ["roomId"] = "lobby" };
}
