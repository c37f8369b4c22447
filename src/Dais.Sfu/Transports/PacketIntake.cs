using System.Buffers.Binary;
using Dais.Rtc;
using Dais.Rtc.Rtcp;
using Dais.Rtc.Rtp;
using Dais.Rtc.Srtp;
using Dais.Sfu.Publications;

namespace Dais.Sfu.Transports;

/// <summary>Decrypts what comes by a transport and hands it to the track or the role it is for; what is for none, or forged, goes no further.</summary>
internal sealed class PacketIntake(TransportTable transports, Queue<SfuEvent> events, SfuStatistics statistics)
{
    /// <summary>Takes one RTP packet; it is decrypted in place.</summary>
    public void HandleRtp<TSink>(Transport transport, Span<byte> datagram, Timestamp now, ref TSink sink)
        where TSink : ITransmitSink, allows ref struct
    {
        if (!RtpPacket.TryMeasureHeader(datagram, out _))
        {
            statistics.Drop(DropReason.Malformed);
            return;
        }

        uint ssrc = BinaryPrimitives.ReadUInt32BigEndian(datagram[8..]);
        if (transport.Publisher is not { } publisher || !publisher.MayExpect(ssrc, (byte)(datagram[1] & 0x7F)))
        {
            statistics.Drop(DropReason.UnknownSource);
            return;
        }

        if (!TryUnprotectRtp(transport, datagram, out int length, out ulong index))
        {
            return;
        }

        if (!RtpPacket.TryParse(datagram[..length], out var packet))
        {
            statistics.Drop(DropReason.Malformed);
            return;
        }

        publisher.HandleArrival(packet, now);
        if (publisher.FindRepaired(packet) is { } repaired)
        {
            Restore(repaired, transport.Receiver!, datagram[..length], now, ref sink);
        }
        else if (publisher.Find(packet) is not { } publication)
        {
            statistics.Drop(DropReason.UnknownSource);
        }
        else if (!publication.Track.Has(packet.PayloadType))
        {
            statistics.Drop(DropReason.UnknownPayloadType);
        }
        else
        {
            Forward(publication, datagram[..length], packet, index, isRepair: false, now, ref sink);
        }
    }

    /// <summary>Takes one datagram of RTCP; it is decrypted in place.</summary>
    public void HandleRtcp<TSink>(Transport transport, Span<byte> datagram, Timestamp now, ref TSink sink)
        where TSink : ITransmitSink, allows ref struct
    {
        if (transport.Receiver is not { } receiver)
        {
            statistics.Drop(DropReason.NoKeys);
            return;
        }

        if (!receiver.TryUnprotectRtcp(datagram, out int length))
        {
            statistics.Drop(DropReason.NotAuthentic);
            return;
        }

        if (!RtcpReader.TryParse(datagram[..length], out var reader))
        {
            statistics.Drop(DropReason.Malformed);
            return;
        }

        while (reader.MoveNext())
        {
            transport.Publisher?.HandleRtcp(reader.Current, now);
            transport.Subscriber?.HandleRtcp(reader.Current, now, ref sink);
        }
    }

    /// <summary>Forwards what a packet of a retransmission stream carries, if it has not come yet, as if it came late (RFC 4588 §4).</summary>
    private void Restore<TSink>(Publication publication, SrtpReceiver receiver, Span<byte> bytes, Timestamp now, ref TSink sink)
        where TSink : ITransmitSink, allows ref struct
    {
        // Admitted once and only once: slots rely on no index coming twice.
        if (publication.Ssrc is not { } ssrc
            || !RetransmittedPacket.TryRestore(bytes, publication.Track.PayloadType, ssrc, out var original, out ushort sequenceNumber)
            || !receiver.TryAdmit(ssrc, sequenceNumber, out ulong index))
        {
            statistics.Drop(DropReason.NotMissing);
        }
        else if (!RtpPacket.TryParse(original, out var packet))
        {
            statistics.Drop(DropReason.Malformed);
        }
        else
        {
            statistics.PacketsRestored++;
            Forward(publication, original, packet, index, isRepair: true, now, ref sink);
        }
    }

    private void Forward<TSink>(
        Publication publication, Span<byte> bytes, in RtpPacket packet, ulong index, bool isRepair, Timestamp now, ref TSink sink)
        where TSink : ITransmitSink, allows ref struct
    {
        if (!publication.HasStarted)
        {
            events.Enqueue(new SfuEvent.TrackStarted(publication.Publisher.Id, publication.Track.Kind));
            transports.Find(publication.Publisher.Id)?.HastenReport(now);
        }

        publication.HandlePacket(bytes, packet, index, isRepair, now, ref sink);
    }

    private bool TryUnprotectRtp(Transport transport, Span<byte> datagram, out int length, out ulong index)
    {
        length = 0;
        index = 0;
        if (transport.Receiver is not { } receiver)
        {
            statistics.Drop(DropReason.NoKeys);
            return false;
        }

        if (!receiver.TryUnprotectRtp(datagram, out length, out index))
        {
            statistics.Drop(DropReason.NotAuthentic);
            return false;
        }

        return true;
    }
}
