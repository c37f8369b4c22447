using System.Collections.Immutable;
using Dais.Rtc.Rtp;
using Dais.Rtc.Sdp;

namespace Dais.Sfu.Negotiation;

/// <summary>The encodings in which a picture is offered at once (RFC 8853 §5), and which of them are taken.</summary>
internal static class EncodingChoice
{
    private const string RtpStreamId = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id";
    private const string Mid = "urn:ietf:params:rtp-hdrext:sdes:mid";

    /// <summary>How encodings are named from the lowest on: by quarter, half and full, or by low, middle and high.</summary>
    private static readonly ImmutableArray<ImmutableArray<string>> KnownNames = [["q", "h", "f"], ["l", "m", "h"], ["0", "1", "2"]];

    /// <summary>
    /// The rids of the encodings, lowest first; none when the offer has one encoding, or the encodings could not be told apart or forwarded.
    /// </summary>
    public static ImmutableArray<string> Read(MediaDescription media, Codec codec)
    {
        if (codec is not (Codec.Vp8 or Codec.H264) || !Has(media, Mid) || !Has(media, RtpStreamId))
        {
            return [];
        }

        var rids = ImmutableArray.CreateBuilder<string>();
        foreach (string alternatives in Sent(media.Simulcast).Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            // Of alternatives the first is preferred; one that begins paused may be resumed (RFC 8853 §5.1).
            string rid = alternatives.Split(',')[0].TrimStart('~');
            if (rids.Count < SfuLimits.LayersMax
                && rid.Length is > 0 and <= SfuLimits.RidLengthMax
                && !rids.Contains(rid)
                && media.Rids.Any(known => known.IsSend && known.Id == rid))
            {
                rids.Add(rid);
            }
        }

        return rids.Count > 1 ? Sort(rids.ToImmutable()) : [];
    }

    /// <summary>What the attribute says of the way from the offerer: the words behind "send".</summary>
    private static string Sent(string? simulcast)
    {
        string[] words = (simulcast ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        int send = Array.IndexOf(words, "send");
        return send >= 0 && send + 1 < words.Length ? words[send + 1] : "";
    }

    /// <summary>Puts encodings with names everybody uses in their order; others are in the offer's, which should be from the lowest on.</summary>
    private static ImmutableArray<string> Sort(ImmutableArray<string> rids)
    {
        foreach (var names in KnownNames)
        {
            if (rids.All(rid => names.Contains(rid)))
            {
                return rids.Sort((left, right) => names.IndexOf(left).CompareTo(names.IndexOf(right)));
            }
        }

        return rids;
    }

    private static bool Has(MediaDescription media, string uri) =>
        media.Extensions.Any(extension => extension.Uri == uri
            && extension.Id <= ExtensionChoice.IdMax
            && extension.Direction is MediaDirection.SendReceive or MediaDirection.SendOnly);
}
