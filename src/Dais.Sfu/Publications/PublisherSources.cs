using System.Text;
using Dais.Rtc.Rtp;

namespace Dais.Sfu.Publications;

/// <summary>Which of a publisher's publications a packet belongs to: by SSRCs that were announced, or are learnt from what packets say.</summary>
internal sealed class PublisherSources(Publication[] publications)
{
    private readonly byte[][] _mids = [.. publications.Select(publication => Encoding.ASCII.GetBytes(publication.Track.Mid))];
    private readonly byte[][] _rids = [.. publications.Select(publication => Encoding.ASCII.GetBytes(publication.Track.Rid ?? ""))];

    /// <summary>
    /// Whether a packet may be of one of the publications, as far as can be told before it is authenticated: its SSRC is known, or a track
    /// of its payload type has none yet. Everything else is not worth its decryption.
    /// </summary>
    public bool MayExpect(uint ssrc, byte payloadType)
    {
        foreach (var publication in publications)
        {
            if (publication.Ssrc == ssrc
                || publication.RetransmissionSsrc == ssrc
                || (publication.Ssrc is null && publication.Track.Has(payloadType))
                || (publication.RetransmissionSsrc is null && publication.Track.Retransmission?.PayloadType == payloadType))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Finds the publication of an authentic packet; learns a track's SSRC from the mid extension (RFC 9143 §9.2).</summary>
    public Publication? Find(in RtpPacket packet, out bool isLearnt)
    {
        isLearnt = false;
        uint ssrc = packet.Ssrc;
        if (Find(ssrc) is { } known)
        {
            return known;
        }

        for (int i = 0; i < publications.Length; i++)
        {
            var publication = publications[i];
            if (publication.Ssrc is null
                && publication.Track.Has(packet.PayloadType)
                && packet.TryGetExtension(publication.Track.Extensions.Mid, out var mid)
                && mid.SequenceEqual(_mids[i])
                && IsOf(packet, publication.Track.Extensions.RtpStreamId, _rids[i]))
            {
                publication.Learn(ssrc);
                isLearnt = true;
                return publication;
            }
        }

        return null;
    }

    /// <summary>
    /// Finds the publication of which an authentic packet sends something again; learns the SSRC from the mid extension.
    /// </summary>
    public Publication? FindRepaired(in RtpPacket packet)
    {
        uint ssrc = packet.Ssrc;
        for (int i = 0; i < publications.Length; i++)
        {
            var publication = publications[i];
            if (publication.Track.Retransmission?.PayloadType != packet.PayloadType)
            {
                continue;
            }

            if (publication.RetransmissionSsrc == ssrc)
            {
                return publication;
            }

            if (publication.RetransmissionSsrc is null
                && packet.TryGetExtension(publication.Track.Extensions.Mid, out var mid)
                && mid.SequenceEqual(_mids[i])
                && IsOf(packet, publication.Track.Extensions.RepairedRtpStreamId, _rids[i]))
            {
                publication.LearnRetransmission(ssrc);
                return publication;
            }
        }

        return null;
    }

    /// <summary>The publication with an SSRC; null when none has it.</summary>
    public Publication? Find(uint ssrc)
    {
        foreach (var publication in publications)
        {
            if (publication.Ssrc == ssrc)
            {
                return publication;
            }
        }

        return null;
    }

    /// <summary>Whether a packet is of the encoding that has a rid (RFC 8852 §3); of a track without one every packet is.</summary>
    private static bool IsOf(in RtpPacket packet, byte extension, ReadOnlySpan<byte> rid) =>
        rid.IsEmpty || (packet.TryGetExtension(extension, out var told) && told.SequenceEqual(rid));
}
