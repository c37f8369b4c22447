using System.Collections.Immutable;
using System.Globalization;
using Dais.Rtc.Rtp;
using Dais.Rtc.Sdp;

namespace Dais.Sfu.Negotiation;

/// <summary>A codec and the payload format of the offer that carries it.</summary>
/// <param name="Codec">The codec.</param>
/// <param name="Format">The format, with the offer's payload type.</param>
/// <param name="Retransmission">The format of the offer that repairs it (RFC 4588 §8.6); null when there is none.</param>
internal readonly record struct CodecChoice(Codec Codec, PayloadFormat Format, PayloadFormat? Retransmission)
{
    /// <summary>The format of the offer that carries older sound of the codec as well (RFC 2198); null when there is none.</summary>
    public PayloadFormat? Redundancy { get; init; }

    private static readonly ImmutableArray<Codec> AudioPreference = [Codec.Opus];

    /// <summary>
    /// Codecs of pictures as the server prefers them: VP8 first, because every browser encodes and decodes it cheaply.
    /// </summary>
    private static readonly ImmutableArray<Codec> VideoPreference = [Codec.Vp8, Codec.H264, Codec.Vp9, Codec.Av1];

    /// <summary>
    /// Profiles of H.264 every browser decodes: constrained baseline, and baseline as Chromium names it, at level 3.1.
    /// </summary>
    private static readonly ImmutableArray<string> H264Profiles = ["42e01f", "42001f"];

    /// <summary>
    /// Every codec of <paramref name="media"/> that can be forwarded, once each, in the server's order of preference.
    /// </summary>
    public static ImmutableArray<CodecChoice> All(MediaDescription media)
    {
        var choices = ImmutableArray.CreateBuilder<CodecChoice>();
        foreach (var codec in media.Kind == "audio" ? AudioPreference : VideoPreference)
        {
            if (Find(media, codec) is { } format)
            {
                choices.Add(new CodecChoice(codec, format, FindRetransmission(media, format)) { Redundancy = FindRedundancy(media, format) });
            }
        }

        return choices.ToImmutable();
    }

    /// <summary>
    /// What the answer says in fmtp; null for nothing. Only what the other side cannot assume: for H.264 without
    /// packetization-mode=1 frames would have to fit into one packet (RFC 6184 §8.1); the others' defaults are what we
    /// want.
    /// </summary>
    public string? Parameters => Codec switch
    {
        Codec.Opus => "minptime=10;useinbandfec=1",
        Codec.H264 => $"level-asymmetry-allowed=1;packetization-mode=1;profile-level-id={Profile(Format)}",
        _ => null,
    };

    private static PayloadFormat? Find(MediaDescription media, Codec codec)
    {
        PayloadFormat? found = null;
        foreach (var format in media.Formats)
        {
            bool better = codec switch
            {
                Codec.Opus => found is null && format.Is("opus", 48_000) && format.Channels == 2,
                Codec.Vp8 => found is null && format.Is("VP8", 90_000),
                Codec.Vp9 => found is null
                    && format.Is("VP9", 90_000)
                    && format.GetParameter("profile-id") is null or "0",
                Codec.Av1 => found is null
                    && format.Is("AV1", 90_000)
                    && format.GetParameter("profile") is null or "0",
                Codec.H264 => IsH264(format) && Rank(format) < Rank(found),
                _ => false,
            };
            if (better)
            {
                found = format;
            }
        }

        return found;
    }

    /// <summary>All blocks are to be of the codec itself: its payload type, once for each (RFC 2198 §5).</summary>
    private static PayloadFormat? FindRedundancy(MediaDescription media, PayloadFormat codec)
    {
        string type = codec.PayloadType.ToString(CultureInfo.InvariantCulture);
        foreach (var format in media.Formats)
        {
            if (media.Kind == "audio"
                && format.Is("red", codec.ClockRate)
                && format.Channels == codec.Channels
                && format.Parameters.Length > 0
                && format.Parameters.Split('/').All(block => block.Trim() == type))
            {
                return format;
            }
        }

        return null;
    }

    private static PayloadFormat? FindRetransmission(MediaDescription media, PayloadFormat repaired)
    {
        // It repairs what is asked for by NACK, and nothing else.
        if (!repaired.HasFeedback("nack"))
        {
            return null;
        }

        string type = repaired.PayloadType.ToString(CultureInfo.InvariantCulture);
        foreach (var format in media.Formats)
        {
            if (format.Is("rtx", repaired.ClockRate) && format.GetParameter("apt") == type)
            {
                return format;
            }
        }

        return null;
    }

    private static bool IsH264(PayloadFormat format) =>
        format.Is("H264", 90_000) && format.GetParameter("packetization-mode") == "1" && Rank(format) < int.MaxValue;

    /// <summary>How well the profile suits, 0 best.</summary>
    private static int Rank(PayloadFormat? format)
    {
        int index = format is null ? -1 : H264Profiles.IndexOf(Profile(format));
        return index < 0 ? int.MaxValue : index;
    }

    private static string Profile(PayloadFormat format) =>
        format.GetParameter("profile-level-id")?.ToLowerInvariant() ?? "";
}
