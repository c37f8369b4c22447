using System.Text;

namespace Dais.Server.Tests.Media;

/// <summary>Offers as a browser makes them, as short as they can be.</summary>
public static class Offers
{
    /// <summary>The ICE password in every offer.</summary>
    public const string Password = "ThePasswordOfTheBrowser1";

    /// <summary>The fingerprint offers have unless a test says otherwise.</summary>
    public static string Fingerprint { get; } = string.Join(':', Enumerable.Repeat("AB", 32));

    /// <summary>An offer to send sound and picture, the picture in one encoding or in those of <paramref name="rids"/>, divided by semicolons.</summary>
    public static string Publish(string ufrag = "pub1", string? fingerprint = null, bool audio = true, bool video = true, string? rids = null)
    {
        var sdp = Begin(audio && video ? 2 : 1);
        int mid = 0;
        if (audio)
        {
            AddAudio(sdp, mid++, "sendonly", ufrag, fingerprint).Append("a=ssrc:1001 cname:x\r\n");
        }

        if (video)
        {
            AddVideo(sdp, mid, "sendonly", ufrag, fingerprint).Append("a=ssrc:1002 cname:x\r\n");
            AddEncodings(sdp, rids);
        }

        return sdp.ToString();
    }

    /// <summary>An offer to receive <paramref name="slots"/> people.</summary>
    public static string Subscribe(string ufrag = "sub1", string? fingerprint = null, int slots = 2)
    {
        var sdp = Begin(2 * slots);
        for (int slot = 0; slot < slots; slot++)
        {
            AddAudio(sdp, 2 * slot, "recvonly", ufrag, fingerprint);
            AddVideo(sdp, (2 * slot) + 1, "recvonly", ufrag, fingerprint);
        }

        return sdp.ToString();
    }

    private static StringBuilder Begin(int sections) => new StringBuilder()
        .Append("v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE")
        .AppendJoin("", Enumerable.Range(0, sections).Select(mid => $" {mid}"))
        .Append("\r\n");

    private static StringBuilder AddAudio(StringBuilder sdp, int mid, string direction, string ufrag, string? fingerprint) =>
        AddTransport(sdp.Append("m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\n"), mid, direction, ufrag, fingerprint)
            .Append("a=rtpmap:111 opus/48000/2\r\n");

    private static StringBuilder AddVideo(StringBuilder sdp, int mid, string direction, string ufrag, string? fingerprint) =>
        AddTransport(sdp.Append("m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\n"), mid, direction, ufrag, fingerprint)
            .Append("a=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack pli\r\na=rtcp-fb:96 ccm fir\r\n");

    private static void AddEncodings(StringBuilder sdp, string? rids)
    {
        if (rids is not null)
        {
            sdp.Append("a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid\r\na=extmap:2 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\r\n")
                .AppendJoin("", rids.Split(';').Select(rid => $"a=rid:{rid} send\r\n"))
                .Append($"a=simulcast:send {rids}\r\n");
        }
    }

    private static StringBuilder AddTransport(StringBuilder sdp, int mid, string direction, string ufrag, string? fingerprint) => sdp
        .Append($"a=mid:{mid}\r\na=ice-ufrag:{ufrag}\r\na=ice-pwd:{Password}\r\n")
        .Append($"a=fingerprint:sha-256 {fingerprint ?? Fingerprint}\r\na=setup:actpass\r\na={direction}\r\na=rtcp-mux\r\n");
}
