using Dais.Rtc;
using Dais.Rtc.Rtcp;
using Dais.Sfu.Publications;

namespace Dais.Sfu.Relays;

/// <summary>What one other worker wants of one publisher of this one, and the way there.</summary>
internal sealed class OutboundRelay(int worker, RelayId id, TransportId publisherId, IRelaySink sink, SfuStatistics statistics)
{
    /// <summary>
    /// So long after everything since the last keyframe was sent a wish for a keyframe is one that had not met it yet.
    /// </summary>
    private static readonly TimeSpan RunTime = TimeSpan.FromMilliseconds(200);

    private readonly Timestamp[] _runSentAt = new Timestamp[SfuLimits.TracksMax];
    private uint _tracks;

    /// <summary>The worker that wants it.</summary>
    public int Worker { get; } = worker;

    /// <summary>The transport of the publisher, open or not.</summary>
    public TransportId PublisherId { get; } = publisherId;

    /// <summary>The publisher whose tracks are sent; null while its transport is not open.</summary>
    public Publisher? Publisher { get; private set; }

    /// <summary>The publisher opened or, with null, closed.</summary>
    public void SetPublisher(Publisher? publisher, Timestamp now)
    {
        Carry(_tracks, 0, now);
        Publisher = publisher;
        Carry(0, _tracks, now);
    }

    /// <summary>Says which tracks are wanted: bit k is the k-th of the publisher.</summary>
    public void SetTracks(uint tracks, Timestamp now)
    {
        Carry(_tracks, tracks, now);
        _tracks = tracks;
    }

    /// <summary>Sends a packet; false when the other worker has no room for it.</summary>
    public bool TrySendPacket(Publication publication, ReadOnlySpan<byte> packet, ulong packetIndex) =>
        TrySend(RelayMessageKind.Packet, publication, packet, packetIndex, isLast: false);

    /// <summary>Sends a packet from before the relay began; false when the other worker has no room for it.</summary>
    public bool TrySendStored(Publication publication, ReadOnlySpan<byte> packet, ulong packetIndex, bool isLast) =>
        TrySend(RelayMessageKind.StoredPacket, publication, packet, packetIndex, isLast);

    /// <summary>Everything since the last keyframe of a track has been sent.</summary>
    public void HandleRunSent(byte track, Timestamp now) => _runSentAt[track] = now;

    /// <summary>Whether a wish for a keyframe of a track is still one after what was sent.</summary>
    public bool IsKeyframeWanted(byte track, Timestamp now) => _runSentAt[track] == default || now - _runSentAt[track] > RunTime;

    /// <summary>Tells what a sender report told; one that finds no room is followed by the next.</summary>
    public void SendClock(Publication publication, NtpTimestamp publisherTime, NtpTimestamp serverTime, uint rtpTimestamp) =>
        sink.TrySend(
            Worker,
            new RelayMessage
            {
                Kind = RelayMessageKind.Clock,
                Relay = id,
                Track = publication.Index,
                Epoch = publication.Epoch,
                PublisherTime = publisherTime,
                ServerTime = serverTime,
                RtpTimestamp = rtpTimestamp,
            },
            []);

    private bool TrySend(
        RelayMessageKind kind, Publication publication, ReadOnlySpan<byte> packet, ulong packetIndex, bool isLast)
    {
        var message = new RelayMessage
        {
            Kind = kind,
            Relay = id,
            Track = publication.Index,
            Epoch = publication.Epoch,
            PacketIndex = packetIndex,
            IsLast = isLast,
        };
        if (!sink.TrySend(Worker, message, packet))
        {
            statistics.Drop(DropReason.RelayFull);
            return false;
        }

        statistics.PacketsRelayed++;
        return true;
    }

    private void Carry(uint before, uint after, Timestamp now)
    {
        if (Publisher is null)
        {
            return;
        }

        foreach (var publication in Publisher.Publications)
        {
            uint bit = 1u << publication.Index;
            if ((after & bit & ~before) != 0)
            {
                publication.AddRelay(this, now);
            }
            else if ((before & bit & ~after) != 0)
            {
                publication.RemoveRelay(this);
            }
        }
    }
}
