using System.Net;
using System.Net.Sockets;
using Dais.Server.Media;

namespace Dais.Server.Tests.Media;

/// <summary>The whole server with media by TCP, over IPv6, on several addresses, and behind a router that maps addresses one to one.</summary>
public sealed class OtherWaysTests
{
    private const uint Source = 1;

    [Fact]
    public async Task Publishing_and_watching_go_by_TCP()
    {
        using var scene = new UdpScene(tcp: true);
        await using var server = await TestServer.StartAsync(realMedia: true);

        await WatchAsync(server, scene);

        var media = (MediaPlane)server.Parts.GetService(typeof(MediaPlane))!;
        var tcp = media.Figures().Single().Figures.Tcp!;
        Assert.Equal((2, 0), (tcp.Accepted, tcp.Refused));
        Assert.True(tcp.Received > 20 && tcp.Sent > 20);
        Assert.Equal(0, media.Figures().Single().Figures.Datagrams!.Received);
    }

    [Fact]
    public async Task Connections_that_say_nothing_or_nonsense_are_bounded_and_disturb_nobody()
    {
        using var udp = new UdpScene();
        using var tcp = new UdpScene(tcp: true);
        await using var server = await TestServer.StartAsync(realMedia: true);
        await using var host = await server.StartRoomAsync("lobby");
        using var sends = await udp.PublishAsync(host, "hostpub", Source);
        await using var viewer = await server.JoinRoomAsync("lobby", "vera");
        using var sees = await udp.SubscribeAsync(viewer, "viewersub");
        await sees.UntilAsync(peer => UdpScene.Sees(peer, 0, Source));
        var media = (MediaPlane)server.Parts.GetService(typeof(MediaPlane))!;
        var candidate = media.Worker(0).TcpCandidates[0];

        List<Socket> strangers = [];
        var random = new Random(20261121);
        byte[] noise = new byte[4_000];
        for (int i = 0; i < 300; i++)
        {
            var stranger = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            strangers.Add(stranger);
            stranger.Connect(new IPEndPoint(candidate.ToIPAddress(), candidate.Port));
            random.NextBytes(noise);

            // Every third says nothing, the others frames of noise, or noise that is no frame.
            noise[0] = (byte)(i % 3 == 1 ? random.Next(6) : 0xFF);
            stranger.Send(i % 3 == 0 ? [] : noise.AsSpan(0, random.Next(1, noise.Length)), SocketFlags.None, out _);
        }

        int before = 0;
        await sees.UntilAsync(peer => (before = peer.Video(0).Packets.Count) > 0);
        await sees.UntilAsync(peer => peer.Video(0).Packets.Count > before + 50);
        var figures = media.Figures().Single().Figures;
        Assert.InRange(figures.Tcp!.Connections, 0, 64);
        Assert.Equal(0, figures.Failures);

        // Those who come when the strangers have gone are served.
        strangers.ForEach(stranger => stranger.Dispose());
        await using var late = await server.JoinRoomAsync("lobby", "lara");
        await sees.UntilAsync(_ => figures.Tcp.Connections == 0);
        using var lateSees = await tcp.SubscribeAsync(late, "latesub");
        await lateSees.UntilAsync(peer => UdpScene.Sees(peer, 0, Source));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Publishing_and_watching_go_over_IPv6(bool tcp)
    {
        if (!Socket.OSSupportsIPv6)
        {
            return;
        }

        using var scene = new UdpScene(tcp);
        await using var server = await TestServer.StartAsync(new() { ["Dais:Media:AdvertisedAddresses"] = "[::1]" }, realMedia: true);

        await WatchAsync(server, scene);
    }

    [Fact]
    public async Task Without_TCP_there_are_no_candidates_of_it()
    {
        await using var server = await TestServer.StartAsync(new() { ["Dais:Media:Tcp"] = "false" }, realMedia: true);
        await using var host = await server.StartRoomAsync("lobby");

        Assert.Empty((await AnswerAsync(host)).Candidates("tcp"));
    }

    [Fact]
    public async Task The_answer_has_every_address_and_of_those_behind_a_router_the_public_one()
    {
        await using var server = await TestServer.StartAsync(
            new() { ["Dais:Media:AdvertisedAddresses"] = "203.0.113.5=127.0.0.1,127.0.0.2,2001:db8::5=::1" }, realMedia: true);
        await using var host = await server.StartRoomAsync("lobby");
        var answer = await AnswerAsync(host);

        foreach (string protocol in (string[])["udp", "tcp"])
        {
            var candidates = answer.Candidates(protocol);
            Assert.Equal(["203.0.113.5", "127.0.0.2", "2001:db8::5"], candidates.Select(candidate => candidate.Address.ToString()));
            Assert.Equal(answer.Candidate.Port, Assert.Single(candidates.Select(candidate => candidate.Port).Distinct()));
        }
    }

    private static async Task<AnswerText> AnswerAsync(TestClient host)
    {
        var answered = await host.CallAsync("media.publish", new() { ["roomId"] = "lobby", ["offer"] = Offers.Publish() });
        return new AnswerText(answered["answer"]!.GetValue<string>());
    }

    private static async Task WatchAsync(TestServer server, UdpScene scene)
    {
        await using var host = await server.StartRoomAsync("lobby");
        using var sends = await scene.PublishAsync(host, "hostpub", Source);
        await using var viewer = await server.JoinRoomAsync("lobby", "vera");
        using var sees = await scene.SubscribeAsync(viewer, "viewersub");

        await sees.UntilAsync(peer => UdpScene.Sees(peer, 0, Source));
        await sees.UntilAsync(peer => peer.Video(0).Packets[0].Content.IsKeyframe && peer.UnannouncedPackets == 0);
    }
}
