using Dais.Rtc;
using Dais.Rtc.Rtp;
using Dais.Rtc.Srtp;
using Dais.Sfu.Congestion;
using Dais.Sfu.Publications;

namespace Dais.Sfu.Slots;

/// <summary>
/// One media section of a subscriber's slot: sends whichever publication the slot shows as one RTP stream of a fixed SSRC.
/// </summary>
internal sealed class SlotSender
{
    private const byte NotAccepted = 0xFF;

    private readonly SlotTrack _track;
    private readonly TrackKind _kind;
    private readonly byte[] _payloadTypes = new byte[(int)Codec.Av1 + 1];
    private readonly SfuStatistics _statistics;
    private SrtpSender? _srtp;
    private PictureNumbering _pictures;
    private byte _payloadType;
    private bool _endsFrame;

    public SlotSender(Subscriber subscriber, SlotTrack track, TrackKind kind, SfuStatistics statistics)
    {
        Subscriber = subscriber;
        _track = track;
        _kind = kind;
        _statistics = statistics;
        Array.Fill(_payloadTypes, NotAccepted);
        foreach (var (codec, payloadType) in track.PayloadTypes)
        {
            _payloadTypes[(int)codec] = payloadType;
        }

        // The SSRC is drawn at random by the signalling side; spread, it makes first numbers that differ from section to section. They
        // start in the lower half, so that a receiver which misses the first packets still guesses the roll-over count (RFC 3711 §3.3.1).
        uint spread = track.Ssrc * 2654435761u;
        Timeline = new SlotTimeline(kind, firstIndex: spread >> 17, firstTimestamp: spread ^ track.Ssrc);
    }

    /// <summary>Whose section this is.</summary>
    public Subscriber Subscriber { get; }

    /// <summary>The SSRC of the section, the same for its whole life.</summary>
    public uint Ssrc => _track.Ssrc;

    /// <summary>How sequence numbers and timestamps are mapped.</summary>
    public SlotTimeline Timeline { get; }

    /// <summary>What the slot is to show; null while it is empty or muted.</summary>
    public Publication? Source { get; private set; }

    /// <summary>Where the source keeps this section among its receivers; -1 while it does not.</summary>
    public int ReceiverIndex { get; set; } = -1;

    /// <summary>Whether nothing of the source was sent yet because it can be started only at a keyframe.</summary>
    public bool IsWaiting => ReceiverIndex >= 0 && AcceptsSource && !Timeline.Running;

    /// <summary>Whether the subscriber accepts the source's codec.</summary>
    private bool AcceptsSource => _payloadType != NotAccepted;

    /// <summary>RTP packets sent (RFC 3550 §6.4.1).</summary>
    public uint PacketCount { get; private set; }

    /// <summary>Payload bytes sent (RFC 3550 §6.4.1).</summary>
    public uint OctetCount { get; private set; }

    /// <summary>What the subscriber last reported about the section; null before its first report.</summary>
    public ReceiverFeedback? Feedback { get; set; }

    /// <summary>Shows <paramref name="source"/> from now on; null empties the section. The same source again changes nothing.</summary>
    public void Show(Publication? source, Timestamp now)
    {
        if (ReferenceEquals(source, Source))
        {
            return;
        }

        Leave();
        Source = source;
        _payloadType = source is null ? NotAccepted : _payloadTypes[(int)source.Track.Codec];
        Join(now);
    }

    /// <summary>The subscriber's transport is connected: whatever is shown can be sent.</summary>
    public void Connect(SrtpSender srtp, Timestamp now)
    {
        _srtp = srtp;
        Join(now);
    }

    /// <summary>Whether the picture is paused because too little passes to the subscriber.</summary>
    public bool IsHeld { get; private set; }

    /// <summary>Pauses what is shown, or goes on with it, with a picture from a keyframe.</summary>
    public void Hold(bool isHeld, Timestamp now)
    {
        if (isHeld == IsHeld)
        {
            return;
        }

        IsHeld = isHeld;
        if (isHeld)
        {
            _statistics.PicturesPaused++;
            Leave();
        }
        else
        {
            Join(now);
        }
    }

    /// <summary>
    /// Sends one packet that is all padding (RFC 3550 §5.1) in the section's own stream; false where it cannot be: within a frame, whose
    /// packets must follow each other, before anything was sent, or when the subscriber did not agree to tell what arrives.
    /// </summary>
    public bool TrySendPadding<TSink>(Timestamp now, ref TSink sink)
        where TSink : ITransmitSink, allows ref struct
    {
        if (_srtp is null || _kind != TrackKind.Video || !AcceptsSource || (Timeline.Running && !_endsFrame)
            || _track.Extensions.TransportSequenceNumber == 0 || !Timeline.TryInsert(out ulong index, out uint timestamp))
        {
            return false;
        }

        var buffer = sink.GetBuffer();
        var header = new RtpHeaderWriter(buffer, false, _payloadType, (ushort)index, timestamp, Ssrc);
        Subscriber.Congestion.TryStamp(ref header, _track.Extensions.TransportSequenceNumber);
        int headerLength = header.Complete();
        int length = PaddingPacket.Protect(buffer, headerLength, _srtp, index);
        sink.Commit(Subscriber.Transport.Path, length);
        Subscriber.Congestion.HandlePaddingSent(length, now);
        PacketCount++;
        return true;
    }

    /// <summary>The source starts anew: nothing more is sent of it until a packet a receiver can start with.</summary>
    public void Restart() => Timeline.Stop();

    /// <summary>Sends one packet of the source.</summary>
    public void Forward<TSink>(scoped in ForwardedPacket packet, ref TSink sink)
        where TSink : ITransmitSink, allows ref struct
    {
        if (!AcceptsSource)
        {
            _statistics.Drop(DropReason.CodecNotAccepted);
            return;
        }

        bool marker = packet.Marker;
        if (!Timeline.Running)
        {
            if (!packet.CanStart)
            {
                _statistics.Drop(DropReason.AwaitingKeyframe);
                return;
            }

            Timeline.Start(packet.SourceIndex, packet.SourceTimestamp, packet.Now);
            _pictures.Start();
            Source!.HandleReceiverStarted();
            // The marker of sound says that a talkspurt begins (RFC 3551 §4.1): the receiver may adapt its playout there.
            marker |= _kind == TrackKind.Audio;
        }

        if (!Timeline.TryMap(packet.SourceIndex, packet.SourceTimestamp, packet.Now, out ulong index, out uint timestamp))
        {
            _statistics.Drop(DropReason.Late);
            return;
        }

        var buffer = sink.GetBuffer();
        var header = new RtpHeaderWriter(buffer, marker, _payloadType, (ushort)index, timestamp, Ssrc);
        AddExtensions(ref header, packet);
        bool isStamped = Subscriber.Congestion.TryStamp(ref header, _track.Extensions.TransportSequenceNumber);
        int headerLength = header.Complete();
        if (headerLength + packet.Payload.Length + _srtp!.Overhead > buffer.Length)
        {
            _statistics.Drop(DropReason.TooLarge);
            return;
        }

        _pictures.Apply(packet.Descriptor, packet.Payload);
        int length = _srtp.ProtectRtp(buffer, headerLength, packet.Payload, index);
        sink.Commit(Subscriber.Transport.Path, length);
        if (isStamped)
        {
            Subscriber.Congestion.HandleSent(length, packet.Now);
        }

        _endsFrame = index + 1 == Timeline.NextIndex ? packet.Marker : _endsFrame;
        PacketCount++;
        OctetCount += (uint)packet.Payload.Length;
        _statistics.PacketsForwarded++;
        _statistics.BytesForwarded += length;
    }

    private void AddExtensions(ref RtpHeaderWriter header, scoped in ForwardedPacket packet)
    {
        var ids = _track.Extensions;
        if (ids.AbsoluteSendTime != 0)
        {
            header.TryAddExtension(ids.AbsoluteSendTime, packet.AbsoluteSendTime);
        }

        if (ids.AudioLevel != 0 && !packet.AudioLevel.IsEmpty)
        {
            header.TryAddExtension(ids.AudioLevel, packet.AudioLevel);
        }

        if (ids.VideoOrientation != 0 && !packet.VideoOrientation.IsEmpty)
        {
            header.TryAddExtension(ids.VideoOrientation, packet.VideoOrientation);
        }
    }

    private void Join(Timestamp now)
    {
        if (_srtp is not null && ReceiverIndex < 0 && !IsHeld)
        {
            Source?.AddReceiver(this, now);
        }
    }

    private void Leave()
    {
        Source?.RemoveReceiver(this);
        Timeline.Stop();
    }
}
