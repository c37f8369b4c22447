using System.Buffers.Binary;
using Dais.Rtc;
using Dais.Rtc.Rtp;
using Dais.Rtc.Srtp;
using Dais.Sfu.Congestion;
using Dais.Sfu.Slots;

namespace Dais.Sfu.Retransmission;

/// <summary>
/// Sends packets of one section of a slot again: in the stream of RFC 4588 where the subscriber takes one, else each as it was.
/// </summary>
/// <remarks>
/// A packet that is sent again as it was has the same packet index, and SRTP must never see one index with different bytes: with AES-GCM
/// that would give the authentication key away (RFC 7714 §9.1). So everything in it has to come out as it did at first: the number and the
/// timestamp by the <see cref="SlotMapping"/> of its run, the picture's counters by the numbering of that time, and the absolute send time of
/// then. What is different each time it is sent (as a transport-wide number is) cannot be in a section that answers in this way.
/// In a stream of its own each repeat has an index of its own, and tells when it is sent.
/// </remarks>
internal sealed class SlotRepeater
{
    private const byte NotAccepted = 0xFF;
    private const int OriginalNumberLength = 2;

    /// <summary>A round trip as long as none is known.</summary>
    private static readonly TimeSpan RoundTripDefault = TimeSpan.FromMilliseconds(100);

    /// <summary>Whatever a viewer claims: below, a repeat would overtake the first answer's way; above, nobody would get one.</summary>
    private static readonly TimeSpan RoundTripMin = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan RoundTripMax = TimeSpan.FromMilliseconds(400);

    /// <summary>How long at most a viewer that asked for a keyframe gets no old packets.</summary>
    private static readonly TimeSpan KeyframeWaitMax = TimeSpan.FromSeconds(1);

    private readonly SlotSender _slot;
    private readonly SlotTrack _track;
    private readonly TrackKind _kind;
    private readonly SfuStatistics _statistics;
    private readonly byte[] _payloadTypes = [];
    private RepeatTable? _repeats;
    private ulong _nextIndex;
    private ulong _servableFrom;
    private Timestamp _awaitsKeyframeUntil;

    public SlotRepeater(SlotSender slot, SlotTrack track, TrackKind kind, SfuStatistics statistics)
    {
        _slot = slot;
        _track = track;
        _kind = kind;
        _statistics = statistics;
        if (track.Retransmission is { } retransmission)
        {
            // As for the section's own stream: different from section to section, and in the lower half (RFC 3711 §3.3.1).
            _nextIndex = (retransmission.Ssrc * 2654435761u) >> 17;
            _payloadTypes = new byte[(int)Codec.Av1 + 1];
            Array.Fill(_payloadTypes, NotAccepted);
            foreach (var (codec, payloadType) in retransmission.PayloadTypes)
            {
                _payloadTypes[(int)codec] = payloadType;
            }
        }
    }

    /// <summary>The runs of packets the slot has sent.</summary>
    public SlotHistory History { get; } = new();

    /// <summary>Whether the viewer asked for a keyframe that has not been sent yet.</summary>
    public bool AwaitsKeyframe => _awaitsKeyframeUntil != default;

    /// <summary>The viewer asked for a keyframe: what it misses of before is no use to it any more.</summary>
    public void HandleKeyframeWish(Timestamp now) => _awaitsKeyframeUntil = now + KeyframeWaitMax;

    /// <summary>The keyframe is sent, from <paramref name="index"/> on.</summary>
    public void HandleKeyframe(ulong index)
    {
        _awaitsKeyframeUntil = default;
        _servableFrom = index;
    }

    /// <summary>The viewer asks for the packet of <paramref name="sequenceNumber"/>: sends it again if it is there and may be; returns whether it was.</summary>
    public bool TryRepeat<TSink>(ushort sequenceNumber, SrtpSender srtp, Timestamp now, ref TSink sink)
        where TSink : ITransmitSink, allows ref struct =>
        TryFindIndex(sequenceNumber, now, out ulong index)
        && _repeats?.MayRepeat(index, RoundTrip, now) != false
        && TryRepeat(index, srtp, now, ref sink);

    /// <summary>The viewer's feedback shows that <paramref name="lost"/> did not arrive: sends it again unless more of it is underway; returns whether it was.</summary>
    public bool TryRepeatLost<TSink>(SentContent lost, SrtpSender srtp, Timestamp now, ref TSink sink)
        where TSink : ITransmitSink, allows ref struct =>
        TryFindIndex(lost.SequenceNumber, now, out ulong index)
        && (_repeats?.HandleLost(index, lost.Try) ?? lost.Try == 0)
        && TryRepeat(index, srtp, now, ref sink);

    /// <summary>Sends one packet that is all padding (RFC 3550 §5.1) in the stream for repeats, which takes any number of them at any time.</summary>
    public bool TrySendPadding<TSink>(Codec codec, SrtpSender srtp, Timestamp now, ref TSink sink)
        where TSink : ITransmitSink, allows ref struct
    {
        if (!TryFindPayloadType(codec, out byte payloadType))
        {
            return false;
        }

        var buffer = sink.GetBuffer();
        ulong index = _nextIndex++;
        uint timestamp = _slot.Timeline.TimestampAt(now);
        var header = new RtpHeaderWriter(buffer, false, payloadType, (ushort)index, timestamp, _track.Retransmission!.Ssrc);
        var congestion = _slot.Subscriber.Congestion;
        congestion.TryStamp(ref header, _track.Extensions.TransportSequenceNumber);
        int length = PaddingPacket.Protect(buffer, header.Complete(), srtp, index);
        sink.Commit(_slot.Subscriber.Transport.Path, length);
        congestion.HandlePaddingSent(length, now);
        return true;
    }

    private TimeSpan RoundTrip
    {
        get
        {
            var reported = _slot.Feedback?.RoundTripTime ?? RoundTripDefault;
            return reported < RoundTripMin ? RoundTripMin : reported > RoundTripMax ? RoundTripMax : reported;
        }
    }

    /// <summary>The outgoing index behind the 16 bits of a number; false when it was never sent, or is of no use any more.</summary>
    private bool TryFindIndex(ushort sequenceNumber, Timestamp now, out ulong index)
    {
        ulong next = _slot.Timeline.NextIndex;
        ulong behind = (ushort)(next - 1 - sequenceNumber);
        index = next - 1 - behind;
        return behind < next && index >= _servableFrom && now >= _awaitsKeyframeUntil;
    }

    private bool TryRepeat<TSink>(ulong index, SrtpSender srtp, Timestamp now, ref TSink sink)
        where TSink : ITransmitSink, allows ref struct
    {
        if (!History.TryFind(index, _slot.Pictures, out var segment) || !segment.Mapping.TrySourceIndex(index, out ulong sourceIndex))
        {
            return false;
        }

        bool own = TryFindPayloadType(segment.Source.Track.Codec, out byte payloadType);
        if (!own && _slot.IsNumbered)
        {
            // Negotiation rules it out: the number in the header would be another, under an index that SRTP has seen.
            return false;
        }

        Timestamp? sentAt = own ? now : sourceIndex < segment.Mapping.ReplayEnd ? segment.ReplayedAt : null;
        if (!segment.Source.TryReadStored(sourceIndex, segment.Epoch, sentAt, out var packet))
        {
            _statistics.RetransmissionsMissing++;
            return false;
        }

        if (!_slot.Subscriber.Budget.TryTakeBytes(packet.Payload.Length))
        {
            _statistics.RetransmissionsRefused++;
            return false;
        }

        _repeats ??= new RepeatTable();
        int count = _repeats.Note(index, now);
        if (!own)
        {
            return TrySendAgain(segment, index, packet, srtp, ref sink);
        }

        bool isSent = TrySendOwn(segment, index, payloadType, count, packet, srtp, now, ref sink);
        bool isDouble = count > 1 || _slot.Subscriber.Congestion.MayDoubleRepeats;
        if (isSent && isDouble && _slot.Subscriber.Budget.TryTakeBytes(packet.Payload.Length))
        {
            // A viewer's picture stands by now, and two arrive sooner than one.
            _repeats.NoteCopy(index);
            TrySendOwn(segment, index, payloadType, count, packet, srtp, now, ref sink);
        }

        return isSent;
    }

    private bool TryFindPayloadType(Codec codec, out byte payloadType)
    {
        payloadType = _payloadTypes.Length == 0 ? NotAccepted : _payloadTypes[(int)codec];
        return payloadType != NotAccepted;
    }

    /// <summary>Sends a packet in the stream for repeats: the original number, then the payload (RFC 4588 §4).</summary>
    private bool TrySendOwn<TSink>(
        in SlotSegment segment,
        ulong index,
        byte payloadType,
        int count,
        scoped in ForwardedPacket packet,
        SrtpSender srtp,
        Timestamp now,
        ref TSink sink)
        where TSink : ITransmitSink, allows ref struct
    {
        var buffer = sink.GetBuffer();
        ulong ownIndex = _nextIndex;
        int headerLength = WriteHeader(buffer, segment, packet, payloadType, ownIndex, _track.Retransmission!.Ssrc);
        // The stream repairs the codec: older sound has no place in it.
        var present = packet.Payload[packet.PrimaryAt..];
        int payloadLength = OriginalNumberLength + present.Length;
        if (headerLength + payloadLength + srtp.Overhead > buffer.Length)
        {
            _statistics.Drop(DropReason.TooLarge);
            return false;
        }

        var payload = buffer.Slice(headerLength, payloadLength);
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)index);
        NumberPicture(segment, packet);
        present.CopyTo(payload[OriginalNumberLength..]);
        _nextIndex++;
        int length = srtp.ProtectRtp(buffer, headerLength, payload, ownIndex);
        Commit(length, ref sink);
        if (_slot.IsNumbered)
        {
            _slot.Subscriber.Congestion.HandleSent(length, _slot.ContentOf(index, count), now);
        }

        return true;
    }

    /// <summary>Sends a packet as it was sent before.</summary>
    private bool TrySendAgain<TSink>(
        in SlotSegment segment, ulong index, scoped in ForwardedPacket packet, SrtpSender srtp, ref TSink sink)
        where TSink : ITransmitSink, allows ref struct
    {
        var buffer = sink.GetBuffer();
        var payload = _slot.ReadPayload(packet, _slot.PayloadTypeOf(segment.Source.Track.Codec), out byte payloadType);
        int headerLength = WriteHeader(buffer, segment, packet, payloadType, index, _slot.Ssrc);
        if (headerLength + payload.Length + srtp.Overhead > buffer.Length)
        {
            _statistics.Drop(DropReason.TooLarge);
            return false;
        }

        NumberPicture(segment, packet);
        Commit(srtp.ProtectRtp(buffer, headerLength, payload, index), ref sink);
        _slot.Count(payload.Length);
        return true;
    }

    private int WriteHeader(
        Span<byte> buffer, in SlotSegment segment, scoped in ForwardedPacket packet, byte payloadType, ulong index, uint ssrc)
    {
        bool marker = packet.Marker || SlotSender.IsTalkspurt(_kind, packet.SourceIndex, segment.Mapping);
        uint timestamp = segment.Mapping.Timestamp(packet.SourceIndex, packet.SourceTimestamp);
        return SlotHeader.Write(buffer, _track.Extensions, marker, payloadType, (ushort)index, timestamp, ssrc, packet, _slot.Subscriber.Congestion);
    }

    private static void NumberPicture(in SlotSegment segment, scoped in ForwardedPacket packet)
    {
        // A copy: numbering an old picture again must not move on what new ones follow.
        var pictures = segment.Pictures;
        segment.Mapping.TryIndex(packet.SourceIndex, out _, out ushort dropped);
        pictures.Apply(packet.Descriptor, packet.Payload, dropped);
    }

    private void Commit<TSink>(int length, ref TSink sink)
        where TSink : ITransmitSink, allows ref struct
    {
        sink.Commit(_slot.Subscriber.Transport.Path, length);
        _statistics.PacketsRetransmitted++;
        _statistics.BytesRetransmitted += length;
    }
}
