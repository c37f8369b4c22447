using Dais.Rtc.Rtcp;
using Dais.Sfu.Publications;

namespace Dais.Sfu.Relays;

/// <summary>What one other worker wants of one publisher of this one, and the way there.</summary>
internal sealed class OutboundRelay(int worker, RelayId id, TransportId publisherId, IRelaySink sink, SfuStatistics statistics)
{
    private Publisher? _publisher;
    private uint _tracks;

    /// <summary>The worker that wants it.</summary>
    public int Worker { get; } = worker;

    /// <summary>The transport of the publisher, open or not.</summary>
    public TransportId PublisherId { get; } = publisherId;

    /// <summary>The publisher whose tracks are sent; null while its transport is not open.</summary>
    public Publisher? Publisher
    {
        get => _publisher;
        set
        {
            Carry(_tracks, 0);
            _publisher = value;
            Carry(0, _tracks);
        }
    }

    /// <summary>The tracks wanted: bit k is the k-th of the publisher.</summary>
    public uint Tracks
    {
        get => _tracks;
        set
        {
            Carry(_tracks, value);
            _tracks = value;
        }
    }

    /// <summary>Sends a packet; false when the other worker has no room for it.</summary>
    public bool TrySendPacket(Publication publication, ReadOnlySpan<byte> packet, ulong packetIndex)
    {
        var message = new RelayMessage
        {
            Kind = RelayMessageKind.Packet,
            Relay = id,
            Track = publication.Index,
            Epoch = publication.Epoch,
            PacketIndex = packetIndex,
        };
        if (!sink.TrySend(Worker, message, packet))
        {
            statistics.Drop(DropReason.RelayFull);
            return false;
        }

        statistics.PacketsRelayed++;
        return true;
    }

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

    private void Carry(uint before, uint after)
    {
        if (_publisher is null)
        {
            return;
        }

        foreach (var publication in _publisher.Publications)
        {
            uint bit = 1u << publication.Index;
            if ((after & bit & ~before) != 0)
            {
                publication.AddRelay(this);
            }
            else if ((before & bit & ~after) != 0)
            {
                publication.RemoveRelay(this);
            }
        }
    }
}
