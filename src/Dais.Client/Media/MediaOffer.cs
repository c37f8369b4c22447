using System.Collections.Immutable;
using Dais.Rtc;
using Dais.Rtc.Dtls;
using Dais.Rtc.Ice;
using Dais.Rtc.Rtp;
using Dais.Rtc.Sdp;

namespace Dais.Client.Media;

/// <summary>A track in an offer to publish.</summary>
/// <param name="Codec">What it is encoded with.</param>
/// <param name="Ssrc">The source it is sent as.</param>
internal sealed record OfferedTrack(Codec Codec, uint Ssrc);

/// <summary>
/// Writes offers (RFC 8829 §5.2): everything on one transport, no candidates, since the server answers whoever asks it.
/// </summary>
internal static class MediaOffer
{
    private const string Protocol = "UDP/TLS/RTP/SAVPF";
    private const string CanonicalName = "dais-client";

    /// <summary>What is received when it is on offer: the codecs this client can put frames together of.</summary>
    private static readonly ImmutableArray<Codec> ReceivedVideo = [Codec.Vp8, Codec.H264];

    /// <summary>The payload type this client gives a codec.</summary>
    public static byte PayloadType(Codec codec) => codec switch
    {
        Codec.Opus => 111,
        Codec.Vp8 => 96,
        Codec.H264 => 102,
        _ => throw new ArgumentOutOfRangeException(nameof(codec), codec, "Only Opus, VP8 and H.264 can be sent."),
    };

    /// <summary>The codec of a format in the answer; null for one that was not offered.</summary>
    public static Codec? CodecOf(byte payloadType) => payloadType switch
    {
        111 => Codec.Opus,
        96 => Codec.Vp8,
        102 => Codec.H264,
        _ => null,
    };

    /// <summary>An offer to send <paramref name="tracks"/>, at most one of each kind.</summary>
    public static string Publish(IceCredentials ice, DtlsFingerprint fingerprint, ImmutableArray<OfferedTrack> tracks)
    {
        var sdp = Begin(tracks.Length);
        for (int i = 0; i < tracks.Length; i++)
        {
            BeginSection(sdp, i, tracks[i].Codec == Codec.Opus ? [Codec.Opus] : [tracks[i].Codec], "sendonly", ice, fingerprint);
            sdp.WriteAttribute("msid:- " + (tracks[i].Codec == Codec.Opus ? "audio" : "video"));
            sdp.WriteAttribute($"ssrc:{tracks[i].Ssrc} cname:{CanonicalName}");
        }

        return sdp.ToString();
    }

    /// <summary>An offer to receive on <paramref name="slots"/> slots: for each a section of sound and one of pictures.</summary>
    public static string Subscribe(IceCredentials ice, DtlsFingerprint fingerprint, int slots)
    {
        var sdp = Begin(2 * slots);
        for (int slot = 0; slot < slots; slot++)
        {
            BeginSection(sdp, 2 * slot, [Codec.Opus], "recvonly", ice, fingerprint);
            BeginSection(sdp, (2 * slot) + 1, ReceivedVideo, "recvonly", ice, fingerprint);
        }

        return sdp.ToString();
    }

    private static SdpWriter Begin(int sections)
    {
        var sdp = new SdpWriter(1, 1);
        sdp.WriteAttribute("group:BUNDLE" + string.Concat(Enumerable.Range(0, sections).Select(mid => $" {mid}")));
        return sdp;
    }

    private static void BeginSection(
        SdpWriter sdp, int mid, ImmutableArray<Codec> codecs, string direction, IceCredentials ice, DtlsFingerprint fingerprint)
    {
        bool isAudio = codecs[0] == Codec.Opus;

        // Port 9 stands for "not known yet" (RFC 8829 §5.2.1).
        sdp.BeginMedia(
            isAudio ? "audio" : "video",
            NetworkAddress.FromIPv4(0, 9),
            Protocol,
            string.Join(' ', codecs.Select(codec => $"{PayloadType(codec)}")));
        sdp.WriteAttribute($"mid:{mid}");
        sdp.WriteAttribute("ice-ufrag:" + ice.UsernameFragment);
        sdp.WriteAttribute("ice-pwd:" + ice.Password);
        sdp.WriteAttribute("fingerprint:sha-256 " + fingerprint.Value);
        sdp.WriteAttribute("setup:actpass");
        sdp.WriteAttribute("rtcp-mux");
        sdp.WriteAttribute("rtcp-rsize");
        sdp.WriteAttribute(direction);
        foreach (var codec in codecs)
        {
            WriteFormat(sdp, codec);
        }
    }

    private static void WriteFormat(SdpWriter sdp, Codec codec)
    {
        byte payloadType = PayloadType(codec);
        (string map, string? parameters) = codec switch
        {
            Codec.Opus => ("opus/48000/2", "minptime=10;useinbandfec=1"),
            Codec.H264 => ("H264/90000", "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"),
            _ => ("VP8/90000", null),
        };
        sdp.WriteAttribute($"rtpmap:{payloadType} {map}");
        if (parameters is not null)
        {
            sdp.WriteAttribute($"fmtp:{payloadType} {parameters}");
        }

        if (codec != Codec.Opus)
        {
            sdp.WriteAttribute($"rtcp-fb:{payloadType} goog-remb");
            sdp.WriteAttribute($"rtcp-fb:{payloadType} ccm fir");
            sdp.WriteAttribute($"rtcp-fb:{payloadType} nack pli");
        }
    }
}
