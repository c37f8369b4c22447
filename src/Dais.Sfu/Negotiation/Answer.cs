using System.Collections.Immutable;
using System.Globalization;
using Dais.Rtc;
using Dais.Rtc.Sdp;

namespace Dais.Sfu.Negotiation;

/// <summary>What the answer says about one section of the offer.</summary>
/// <param name="Offered">The section.</param>
internal sealed record AnswerSection(MediaDescription Offered)
{
    /// <summary>Which way media flows, seen from us.</summary>
    public MediaDirection Direction { get; init; } = MediaDirection.Inactive;

    /// <summary>The formats taken; none rejects the section.</summary>
    public ImmutableArray<CodecChoice> Codecs { get; init; } = [];

    /// <summary>The header extensions taken.</summary>
    public ImmutableArray<HeaderExtension> Extensions { get; init; } = [];

    /// <summary>Kinds of RTCP feedback wanted, of those the offer has.</summary>
    public ImmutableArray<string> Feedback { get; init; } = [];

    /// <summary>The encodings taken, by their rids, lowest first (RFC 8853 §5.1); none where a source comes in one.</summary>
    public ImmutableArray<string> Rids { get; init; } = [];

    /// <summary>The media stream and track we send, as in the msid attribute.</summary>
    public string? Msid { get; init; }

    /// <summary>The source we send.</summary>
    public uint Ssrc { get; init; }

    /// <summary>The source in which we send packets of it again; null when there is none.</summary>
    public uint? RetransmissionSsrc { get; init; }

    public bool IsAccepted => !Codecs.IsEmpty;

    /// <summary>
    /// By what the receiver tells how fast it may be sent to: feedback where packets are numbered for it, else, towards a subscriber, its own
    /// estimate (REMB).
    /// </summary>
    public string? CongestionFeedback =>
        ExtensionChoice.HasTransportFeedback(Extensions) ? ExtensionChoice.TransportFeedback
        : Direction == MediaDirection.SendOnly ? "goog-remb"
        : null;
}

/// <summary>
/// Writes an answer: ICE-lite, DTLS passive, everything on one transport (RFC 8829 §5.3). Nothing of the offer goes
/// into it but mids and kinds, which the parser holds to be tokens, protocols, names of feedback that are compared, and
/// ids.
/// </summary>
internal static class Answer
{
    /// <summary>Type preference of host candidates (RFC 8445 §5.1.2.2).</summary>
    private const uint HostPreference = 126;

    /// <summary>
    /// Type preference of TCP candidates: less than that of every UDP one, also of relayed ones of the client (RFC 6544 §4.2).
    /// </summary>
    private const uint TcpPreference = 90;

    /// <summary>Direction preference of a passive host candidate (RFC 6544 §4.2).</summary>
    private const uint PassivePreference = 4;

    public static string Write(LocalTransport local, ImmutableArray<AnswerSection> sections)
    {
        var sdp = new SdpWriter(local.SessionId, local.SessionVersion);
        sdp.WriteAttribute("ice-lite");
        var mids = sections.Where(section => section.IsAccepted).Select(section => " " + section.Offered.Mid);
        sdp.WriteAttribute("group:BUNDLE" + string.Concat(mids));
        sdp.WriteAttribute("msid-semantic: WMS *");

        bool first = true;
        foreach (var section in sections)
        {
            if (!section.IsAccepted)
            {
                WriteRejected(sdp, section);
                continue;
            }

            WriteAccepted(sdp, local, section);
            if (first)
            {
                // The transport of the whole bundle is described where it is tagged (RFC 9143 §7.3.1).
                WriteCandidates(sdp, local);
                first = false;
            }
        }

        return sdp.ToString();
    }

    private static void WriteRejected(SdpWriter sdp, AnswerSection section)
    {
        string format = section.Offered.Formats switch
        {
            [var first, ..] => first.PayloadType.ToString(CultureInfo.InvariantCulture),
            _ when section.Offered.Kind == "application" => "webrtc-datachannel",
            _ => "0",
        };
        sdp.BeginMedia(section.Offered.Kind, NetworkAddress.FromIPv4(0, 0), section.Offered.Protocol, format);
        WriteMid(sdp, section);
        sdp.WriteAttribute("inactive");
    }

    private static void WriteAccepted(SdpWriter sdp, LocalTransport local, AnswerSection section)
    {
        string formats = string.Join(' ', section.Codecs.SelectMany(PayloadTypes));
        sdp.BeginMedia(section.Offered.Kind, local.Candidates[0], section.Offered.Protocol, formats);
        WriteMid(sdp, section);
        sdp.WriteAttribute("ice-ufrag:" + local.Ice.UsernameFragment);
        sdp.WriteAttribute("ice-pwd:" + local.Ice.Password);
        sdp.WriteAttribute("fingerprint:sha-256 " + local.Fingerprint.Value);
        sdp.WriteAttribute("setup:passive");
        sdp.WriteAttribute("rtcp-mux");
        if (section.Offered.HasReducedSizeRtcp)
        {
            sdp.WriteAttribute("rtcp-rsize");
        }

        foreach (var extension in section.Extensions)
        {
            sdp.WriteAttribute($"extmap:{extension.Id}{Reverse(extension.Direction)} {extension.Uri}");
        }

        sdp.WriteAttribute(Name(section.Direction));
        WriteFormats(sdp, section);
        WriteEncodings(sdp, section);
        if (section.Msid is { } msid)
        {
            sdp.WriteAttribute("msid:" + msid);
            if (section.RetransmissionSsrc is { } retransmission)
            {
                // The second repairs the first (RFC 4588 §8.1, RFC 5576 §4.2).
                sdp.WriteAttribute($"ssrc-group:FID {section.Ssrc} {retransmission}");
                sdp.WriteAttribute($"ssrc:{section.Ssrc} cname:{local.CanonicalName}");
                sdp.WriteAttribute($"ssrc:{retransmission} cname:{local.CanonicalName}");
            }
            else
            {
                sdp.WriteAttribute($"ssrc:{section.Ssrc} cname:{local.CanonicalName}");
            }
        }
    }

    private static void WriteEncodings(SdpWriter sdp, AnswerSection section)
    {
        if (section.Rids.IsEmpty)
        {
            return;
        }

        foreach (string rid in section.Rids)
        {
            sdp.WriteAttribute($"rid:{rid} recv");
        }

        sdp.WriteAttribute("simulcast:recv " + string.Join(';', section.Rids));
    }

    private static IEnumerable<byte> PayloadTypes(CodecChoice codec)
    {
        // First, for what comes first is what is sent.
        if (codec.Redundancy is { } redundancy)
        {
            yield return redundancy.PayloadType;
        }

        yield return codec.Format.PayloadType;
        if (codec.Retransmission is { } retransmission)
        {
            yield return retransmission.PayloadType;
        }
    }

    private static void WriteFormats(SdpWriter sdp, AnswerSection section)
    {
        foreach (var codec in section.Codecs)
        {
            var format = codec.Format;
            string channels = format.Channels > 1 ? $"/{format.Channels}" : "";
            sdp.WriteAttribute($"rtpmap:{format.PayloadType} {format.EncodingName}/{format.ClockRate}{channels}");
            if (codec.Parameters is { } parameters)
            {
                sdp.WriteAttribute($"fmtp:{format.PayloadType} {parameters}");
            }

            foreach (string feedback in section.Feedback)
            {
                if (format.HasFeedback(feedback))
                {
                    sdp.WriteAttribute($"rtcp-fb:{format.PayloadType} {feedback}");
                }
            }

            if (section.CongestionFeedback is { } congestion && format.HasFeedback(congestion))
            {
                sdp.WriteAttribute($"rtcp-fb:{format.PayloadType} {congestion}");
            }

            if (codec.Redundancy is { } redundancy)
            {
                sdp.WriteAttribute($"rtpmap:{redundancy.PayloadType} red/{redundancy.ClockRate}{channels}");
                sdp.WriteAttribute($"fmtp:{redundancy.PayloadType} {format.PayloadType}/{format.PayloadType}");
            }

            if (codec.Retransmission is { } retransmission)
            {
                sdp.WriteAttribute($"rtpmap:{retransmission.PayloadType} rtx/{retransmission.ClockRate}");
                sdp.WriteAttribute($"fmtp:{retransmission.PayloadType} apt={format.PayloadType}");
            }
        }
    }

    private static void WriteCandidates(SdpWriter sdp, LocalTransport local)
    {
        for (int i = 0; i < local.Candidates.Length; i++)
        {
            // RFC 8445 §5.1.2.1, component 1.
            uint priority = (HostPreference << 24) | ((uint)(ushort.MaxValue - i) << 8) | 255;
            var address = local.Candidates[i];
            sdp.WriteAttribute($"candidate:{i + 1} 1 udp {priority} {address.ToIPAddress()} {address.Port} typ host");
        }

        for (int i = 0; i < local.TcpCandidates.Length; i++)
        {
            uint preference = (PassivePreference << 13) | (uint)(8191 - i);
            uint priority = (TcpPreference << 24) | (preference << 8) | 255;
            var address = local.TcpCandidates[i];
            int foundation = local.Candidates.Length + i + 1;
            sdp.WriteAttribute(
                $"candidate:{foundation} 1 tcp {priority} {address.ToIPAddress()} {address.Port} typ host tcptype passive");
        }

        sdp.WriteAttribute("end-of-candidates");
    }

    private static void WriteMid(SdpWriter sdp, AnswerSection section)
    {
        if (section.Offered.Mid is { } mid)
        {
            sdp.WriteAttribute("mid:" + mid);
        }
    }

    private static string Name(MediaDirection direction) => direction switch
    {
        MediaDirection.SendOnly => "sendonly",
        MediaDirection.ReceiveOnly => "recvonly",
        MediaDirection.Inactive => "inactive",
        _ => "sendrecv",
    };

    /// <summary>
    /// The direction of an extension as the answerer says it (RFC 8285 §6); nothing when the offer says none.
    /// </summary>
    private static string Reverse(MediaDirection direction) => direction switch
    {
        MediaDirection.SendOnly => "/recvonly",
        MediaDirection.ReceiveOnly => "/sendonly",
        _ => "",
    };
}
