using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Dais.Rtc;
using Dais.Rtc.Dtls;
using Dais.Server.Media;
using Dais.Simulation.Peers;

namespace Dais.Server.Tests.Media;

/// <summary>The whole server with media: scripted clients with real ICE, DTLS and SRTP over real UDP.</summary>
public sealed class UdpJourneyTests : IDisposable
{
    private const uint HostSource = 1;
    private const uint GuestSource = 2;

    private readonly UdpScene _scene = new();

    [Fact]
    public async Task A_guest_comes_on_stage_and_everybody_sees_and_hears_both_without_negotiating_again()
    {
        await using var server = await TestServer.StartAsync(realMedia: true);
        await using var host = await server.StartRoomAsync("lobby");
        using var hostSends = await _scene.PublishAsync(host, "hostpub", HostSource);
        using var hostSees = await _scene.SubscribeAsync(host, "hostsub");
        await using var guest = await server.JoinRoomAsync("lobby", "gus");
        using var guestSees = await _scene.SubscribeAsync(guest, "guestsub");
        await using var viewer = await server.JoinRoomAsync("lobby", "vera");
        using var viewerSees = await _scene.SubscribeAsync(viewer, "viewersub");
        await viewerSees.UntilAsync(peer => UdpScene.Sees(peer, 0, HostSource));
        await guestSees.UntilAsync(peer => UdpScene.Sees(peer, 0, HostSource));

        // Prepared while the application is open: connected, but nothing of it goes anywhere.
        using var guestSends = await _scene.PublishAsync(guest, "guestpub", GuestSource);
        await guestSends.UntilAsync(peer => peer.Video.NextNumber > 5);
        await guest.CallAsync("seat.apply", Lobby());
        await host.CallAsync("seat.acceptApplication", new() { ["roomId"] = "lobby", ["userId"] = "gus" });

        await viewerSees.UntilAsync(peer => UdpScene.Sees(peer, 1, GuestSource));
        await hostSees.UntilAsync(peer => UdpScene.Sees(peer, 1, GuestSource));
        await viewerSees.UntilAsync(peer => peer.Video(1).Packets[0].Content.IsKeyframe && peer.UnannouncedPackets == 0);
        await guestSees.UntilAsync(peer => peer.Video(1).Packets.Count == 0 && peer.Audio(1).Packets.Count == 0);

        // Off stage again: the slot falls silent while the host's goes on.
        await host.CallAsync("seat.kick", new() { ["roomId"] = "lobby", ["userId"] = "gus" });
        await viewerSees.UntilAsync(Silence(slot: 1, besides: 0));

        await host.CallAsync("room.end", Lobby());
        await viewerSees.UntilAsync(peer => peer.Transport.IsClosed);
        await hostSends.UntilAsync(peer => peer.Transport.IsClosed);
    }

    [Fact]
    public async Task Muting_stops_the_forwarding_on_the_server()
    {
        await using var server = await TestServer.StartAsync(realMedia: true);
        await using var host = await server.StartRoomAsync("lobby");
        using var hostSends = await _scene.PublishAsync(host, "hostpub", HostSource);
        await using var viewer = await server.JoinRoomAsync("lobby", "vera");
        using var viewerSees = await _scene.SubscribeAsync(viewer, "viewersub");
        await viewerSees.UntilAsync(peer => UdpScene.Sees(peer, 0, HostSource));

        await host.CallAsync("media.setMuted", new() { ["roomId"] = "lobby", ["camera"] = true });

        int before = 0;
        int sound = 0;
        bool isQuiet = false;
        await viewerSees.UntilAsync(peer =>
        {
            // Thirty packets of sound, more than half a second, without one of the picture.
            isQuiet = peer.Video(0).Packets.Count == before && peer.Audio(0).Packets.Count >= sound + 30;
            sound = peer.Video(0).Packets.Count == before ? sound : peer.Audio(0).Packets.Count;
            before = peer.Video(0).Packets.Count;
            return isQuiet;
        });
    }

    [Fact]
    public async Task Random_datagrams_and_a_ClientHello_from_nowhere_get_silence_and_the_server_lives()
    {
        await using var server = await TestServer.StartAsync(realMedia: true);
        await using var host = await server.StartRoomAsync("lobby");
        using var hostSends = await _scene.PublishAsync(host, "hostpub", HostSource);
        await hostSends.UntilAsync(peer => peer.Transport.IsConnected);
        using var stranger = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        var media = (MediaPlane)server.Parts.GetService(typeof(MediaPlane))!;
        var candidate = media.Worker(0).Candidates[0];
        stranger.Connect(new IPEndPoint(candidate.ToIPAddress(), candidate.Port));

        var random = new Random(20261121);
        byte[] noise = new byte[1500];
        for (int datagram = 0; datagram < 2_000; datagram++)
        {
            random.NextBytes(noise);

            // Every other one looks like STUN, DTLS, RTP or RTCP at first sight.
            noise[0] = (datagram % 5) switch { 0 => 0, 1 => 22, 2 => 128, 3 => 144, _ => noise[0] };
            stranger.Send(noise.AsSpan(0, random.Next(0, 1500)));
        }

        using (var hello = _scene.Dtls.CreateActive(new DtlsFingerprint(Offers.Fingerprint), new Timestamp(1)))
        {
            while (hello.TryDequeue(noise, out int length))
            {
                stranger.Send(noise.AsSpan(0, length));
            }
        }

        // Whoever comes after all that is served, by the same thread.
        await using var viewer = await server.JoinRoomAsync("lobby", "vera");
        using var viewerSees = await _scene.SubscribeAsync(viewer, "viewersub");
        await viewerSees.UntilAsync(peer => UdpScene.Sees(peer, 0, HostSource));
        Assert.Equal(0, stranger.Available);
        Assert.True(media.IsRunning);
        Assert.DoesNotContain(server.Log.OwnLines, line => line.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
    }

    /// <inheritdoc/>
    public void Dispose() => _scene.Dispose();

    private static Func<ScriptedSubscriber, bool> Silence(int slot, int besides)
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

    private static JsonObject Lobby() => new() { ["roomId"] = "lobby" };
}
