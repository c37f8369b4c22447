using System.Net;
using Dais.Rtc.Ice;
using Dais.Server.Tests.Media;

namespace Dais.Server.Tests.Whip;

/// <summary>The whole way: offers over real HTTP, then real ICE, DTLS and SRTP over real UDP.</summary>
public sealed class WhipJourneyTests : IDisposable
{
    private const uint HostSource = 1;
    private const uint GuestSource = 2;

    private readonly UdpScene _udp = new();

    [Fact]
    public async Task What_is_published_by_whip_is_seen_by_whep_and_by_signalling_through_an_ice_restart()
    {
        await using var scene = await WhipScene.StartAsync(realMedia: true);
        WhipAnswered? publishing = null;
        WhipAnswered? watching = null;
        using var host = await _udp.PublishAsync(
            async offer => (publishing = (await scene.PostAsync("/whip/lobby?userId=hana", offer: offer)).Is(HttpStatusCode.Created)).Text, "hostpub", HostSource);
        using var player = await _udp.SubscribeAsync(
            async offer => (watching = (await scene.PostAsync("/whep/lobby?userId=vera", offer: offer)).Is(HttpStatusCode.Created)).Text, "player", slotCount: 1);
        await using var browser = await scene.Server.JoinRoomAsync("lobby", "gus");
        using var browserSees = await _udp.SubscribeAsync(browser, "browser");
        await player.UntilAsync(peer => UdpScene.Sees(peer, 0, HostSource) && peer.Video(0).Packets[0].Content.IsKeyframe);
        await browserSees.UntilAsync(peer => UdpScene.Sees(peer, 0, HostSource));

        // New credentials by PATCH; both sides go on without a break.
        string fragment = $"a=ice-ufrag:hostagain\r\na=ice-pwd:{Offers.Password}\r\n";
        var restarted = (await scene.PatchAsync(publishing!.Location, fragment, "*")).Is(HttpStatusCode.OK);
        var local = new AnswerText(restarted.Text).Ice;
        await host.DoAsync((peer, now) => peer.Transport.RestartIce(new IceCredentials("hostagain", Offers.Password), local, 99, now));
        int before = 0;
        await player.UntilAsync(peer => (before = peer.Video(0).Packets.Count) > 0);
        await player.UntilAsync(peer => peer.Video(0).Packets.Count > before + 50 && peer.Video(0).MissingCount == 0);

        // A guest comes on stage: the player still sees the host and nobody else.
        await scene.Server.InRoomAsync("lobby", room => room.Execute(new Dais.Rooms.RoomCommand.PickForSeat(new("gus"), 1)));
        using var guest = await _udp.PublishAsync(browser, "guestpub", GuestSource);
        using var other = await _udp.SubscribeAsync(
            async offer => (await scene.PostAsync("/whep/lobby?seat=1", offer: offer)).Is(HttpStatusCode.Created).Text, "other", slotCount: 1);
        await other.UntilAsync(peer => UdpScene.Sees(peer, 0, GuestSource));
        await player.UntilAsync(peer => peer.Video(0).Sources is [HostSource]);

        // The end of a session ends its transport.
        (await scene.DeleteAsync(watching!.Location)).Is(HttpStatusCode.OK);
        await player.UntilAsync(peer => peer.Transport.IsClosed);
        (await scene.DeleteAsync(publishing.Location)).Is(HttpStatusCode.OK);
        await host.UntilAsync(peer => peer.Transport.IsClosed);
        Assert.DoesNotContain(scene.Server.Log.OwnLines, line => line.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
    }

    /// <inheritdoc/>
    public void Dispose() => _udp.Dispose();
}
