using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Dais.Rtc;
using Dais.Rtc.Dtls;
using Dais.Rtc.Dtls.OpenSsl;
using Dais.Rtc.Ice;
using Dais.Rtc.Rtcp;
using Dais.Rtc.Rtp;
using Dais.Sfu;
using Dais.Simulation.Peers;

namespace Dais.Server.Tests.Media;

/// <summary>Scripted clients with real ICE, DTLS and SRTP over real UDP or TCP, in the room "lobby" unless another is named.</summary>
/// <param name="tcp">Whether media goes by TCP.</param>
public sealed class UdpScene(bool tcp = false) : IDisposable
{
    private readonly OpenSslDtlsSessionFactory _dtls = new(DtlsCertificate.Create(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1)));
    private readonly long _start = TimeProvider.System.GetTimestamp();

    /// <summary>What the clients' DTLS is made of.</summary>
    public IDtlsSessionFactory Dtls => _dtls;

    /// <summary>Whether a client has got more than a few packets of sound and picture of someone.</summary>
    public static bool Sees(ScriptedSubscriber peer, int slot, uint source) =>
        peer.Video(slot).From(source).Count() > 10 && peer.Audio(slot).From(source).Count() > 10;

    /// <summary>Publishes sound and picture that say <paramref name="source"/>.</summary>
    public Task<UdpPeer<ScriptedPublisher>> PublishAsync(TestClient client, string ufrag, uint source, string room = "lobby") =>
        PublishAsync(offer => AnswerAsync(client, "media.publish", offer, room), ufrag, source);

    /// <summary>Publishes sound and picture that say <paramref name="source"/>, given who answers offers.</summary>
    public async Task<UdpPeer<ScriptedPublisher>> PublishAsync(Func<string, Task<string>> exchange, string ufrag, uint source)
    {
        var answer = new AnswerText(await exchange(Offers.Publish(ufrag, _dtls.LocalFingerprint.Value)));
        return new UdpPeer<ScriptedPublisher>(CandidateOf(answer), _start, now => new ScriptedPublisher(
            default,
            default,
            Transport(ufrag, answer, now),
            [Track(TrackKind.Audio, "0", Codec.Opus, 111, 1001, source), Track(TrackKind.Video, "1", Codec.Vp8, 96, 1002, source)],
            new NtpTimestamp(0xE000_0000_0000_0000)), tcp);
    }

    /// <summary>Subscribes to two slots.</summary>
    public Task<UdpPeer<ScriptedSubscriber>> SubscribeAsync(TestClient client, string ufrag, string room = "lobby") =>
        SubscribeAsync(offer => AnswerAsync(client, "media.subscribe", offer, room), ufrag);

    /// <summary>Subscribes to slots, given who answers offers.</summary>
    public async Task<UdpPeer<ScriptedSubscriber>> SubscribeAsync(Func<string, Task<string>> exchange, string ufrag, int slotCount = 2)
    {
        var answer = new AnswerText(await exchange(Offers.Subscribe(ufrag, _dtls.LocalFingerprint.Value, slotCount)));
        SubscriberSlot[] slots =
        [
            .. answer.Ssrcs.Chunk(2).Select((pair, slot) => new SubscriberSlot(
                slot,
                new SlotTrack($"{2 * slot}", pair[0], ImmutableDictionary<Codec, byte>.Empty.Add(Codec.Opus, 111), default),
                new SlotTrack($"{(2 * slot) + 1}", pair[1], ImmutableDictionary<Codec, byte>.Empty.Add(Codec.Vp8, 96), default))),
        ];
        return new UdpPeer<ScriptedSubscriber>(
            CandidateOf(answer), _start, now => new ScriptedSubscriber(default, Transport(ufrag, answer, now), slots), tcp);
    }

    /// <summary>Restarts ICE of what <paramref name="client"/> publishes.</summary>
    public Task RestartAsync(TestClient client, UdpPeer<ScriptedPublisher> peer, string ufrag) => RestartAsync(
        client, "media.publish", Offers.Publish(ufrag, _dtls.LocalFingerprint.Value), peer, published => published.Transport);

    /// <summary>Restarts ICE of what <paramref name="client"/> receives.</summary>
    public Task RestartAsync(TestClient client, UdpPeer<ScriptedSubscriber> peer, string ufrag) => RestartAsync(
        client, "media.subscribe", Offers.Subscribe(ufrag, _dtls.LocalFingerprint.Value), peer, subscribed => subscribed.Transport);

    /// <inheritdoc/>
    public void Dispose() => _dtls.Dispose();

    private static async Task RestartAsync<TPeer>(
        TestClient client, string method, string offer, UdpPeer<TPeer> peer, Func<TPeer, ScriptedTransport> transportOf)
        where TPeer : class, IScriptedPeer, IDisposable
    {
        var answer = new AnswerText(await AnswerAsync(client, method, offer, "lobby"));
        string ufrag = offer.Split("a=ice-ufrag:")[1].Split("\r\n")[0];
        await peer.DoAsync((restarted, now) => transportOf(restarted).RestartIce(
            new IceCredentials(ufrag, Offers.Password), answer.Ice, ufrag.Length, now));
    }

    private static async Task<string> AnswerAsync(TestClient client, string method, string offer, string room) =>
        (await client.CallAsync(method, Offer(offer, room)))["answer"]!.GetValue<string>();

    private System.Net.IPEndPoint CandidateOf(AnswerText answer) => tcp ? answer.TcpCandidate : answer.Candidate;

    private ScriptedTransport Transport(string ufrag, AnswerText answer, Timestamp now) => new(
        new IceCredentials(ufrag, Offers.Password), answer.Ice, _dtls, answer.Fingerprint, ufrag.Length, now);

    private static ScriptedTrack Track(TrackKind kind, string mid, Codec codec, byte payloadType, uint ssrc, uint source) =>
        new(new PublishedTrack(kind, mid, codec, payloadType, ssrc, default), source, ssrc, new ScriptedTrackOptions());

    private static JsonObject Offer(string offer, string room) => new() { ["roomId"] = room, ["offer"] = offer };
}
