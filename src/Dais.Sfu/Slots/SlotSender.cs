using Dais.Rtc;
using Dais.Rtc.Rtcp;
using Dais.Rtc.Rtp;
using Dais.Rtc.Srtp;
using Dais.Sfu.Congestion;
using Dais.Sfu.Layers;
using Dais.Sfu.Publications;
using Dais.Sfu.Retransmission;

namespace Dais.Sfu.Slots;

/// <summary>
/// One media section of a subscriber's slot: sends whichever publication the slot shows as one RTP stream of a fixed SSRC.
/// </summary>
internal sealed partial class SlotSender
{
    private const byte NotAccepted = 0xFF;

    private readonly SlotTrack _track;
    private readonly TrackKind _kind;
    private readonly byte[] _payloadTypes = new byte[(int)Codec.Av1 + 1];
    private readonly SfuStatistics _statistics;
    private readonly SlotRepeater _repeater;
    private SrtpSender? _srtp;
    private PictureNumbering _pictures;
    private byte _payloadType;
    private bool _endsFrame;
    private TemporalFilter _temporal = new();

    /// <summary>The first packet of the keyframe that was shown alone; no receiver is shown the same twice.</summary>
    private ulong? _stillFrom;

    public SlotSender(Subscriber subscriber, SlotTrack track, TrackKind kind, SfuStatistics statistics)
    {
        Subscriber = subscriber;
        _track = track;
        _kind = kind;
        _statistics = statistics;
        _repeater = new SlotRepeater(this, track, kind, statistics);
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

    /// <summary>The section's place among the subscriber's.</summary>
    public int Place { get; set; }

    /// <summary>The SSRC of the section, the same for its whole life.</summary>
    public uint Ssrc => _track.Ssrc;

    /// <summary>How sequence numbers and timestamps are mapped.</summary>
    public SlotTimeline Timeline { get; }

    /// <summary>How pictures are numbered.</summary>
    public ref readonly PictureNumbering Pictures => ref _pictures;

    /// <summary>What the slot is to show, in the encoding it shows now; null while it is empty or muted.</summary>
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
    public void Show(Publication? source)
    {
        if (ReferenceEquals(source?.Layers, Source?.Layers))
        {
            return;
        }

        Leave();
        Unwatch();
        Source = source?.Layers is { Count: > 1 } layers ? layers[layers.BeginWith(MaxHeight, Subscriber.Congestion.BitrateToBeginWith)] : source;
        _stillFrom = null;
        // What was paused was the one before; whether this one has to be is not known yet.
        IsHeld = IsHeld && IsUnwanted;
        _payloadType = source is null ? NotAccepted : _payloadTypes[(int)source.Track.Codec];
        Watch();
        Join();
    }

    /// <summary>The subscriber's transport is connected: whatever is shown can be sent.</summary>
    public void Connect(SrtpSender srtp)
    {
        _srtp = srtp;
        Watch();
        Join();
    }

    /// <summary>The viewer wants a keyframe of what the slot shows.</summary>
    public void RequestKeyframe(Timestamp now)
    {
        if (_kind == TrackKind.Video && Source is { } source)
        {
            source.RequestKeyframe(now);
            if (source.NextKeyframeRequest <= now)
            {
                // Else the keyframe takes its time, and what is missing may come sooner.
                _repeater.HandleKeyframeWish(now);
            }
        }
    }

    /// <summary>Sends again what the viewer misses, as far as it is there and may be asked for.</summary>
    public void HandleNack<TSink>(Nack nack, Timestamp now, ref TSink sink)
        where TSink : ITransmitSink, allows ref struct
    {
        if (_srtp is null || !_track.AnswersNack)
        {
            return;
        }

        foreach (ushort sequenceNumber in nack)
        {
            if (!Subscriber.Budget.TryTakeLookup(now))
            {
                _statistics.RetransmissionsRefused++;
                return;
            }

            _repeater.TryRepeat(sequenceNumber, _srtp, now, ref sink);
        }
    }

    /// <summary>The viewer's feedback shows that a packet of the section did not arrive, the first time or when it was sent again.</summary>
    public void HandleLost<TSink>(SentContent lost, Timestamp now, ref TSink sink)
        where TSink : ITransmitSink, allows ref struct
    {
        if (_srtp is not null && _repeater.TryRepeatLost(lost, _srtp, now, ref sink))
        {
            _statistics.RetransmissionsUnasked++;
        }
    }

    /// <summary>What a packet of the section carries that is sent for the <paramref name="sentBefore"/>-th time after the first.</summary>
    public SentContent ContentOf(ulong index, int sentBefore) =>
        _track.AnswersNack ? new SentContent((byte)(Place + 1), (byte)sentBefore, (ushort)index) : default;

    /// <summary>The payload type of a codec; meaningless for one the subscriber does not accept.</summary>
    public byte PayloadTypeOf(Codec codec) => _payloadTypes[(int)codec];

    /// <summary>
    /// What the subscriber gets of a packet, and as what: of one that carries older sound as well the present alone, unless it accepts both.
    /// </summary>
    public Span<byte> ReadPayload(scoped in ForwardedPacket packet, byte codecPayloadType, out byte payloadType)
    {
        payloadType = codecPayloadType;
        if (packet.PrimaryAt == 0)
        {
            return packet.Payload;
        }

        if (_track.RedundancyPayloadType is not { } redundancy)
        {
            return packet.Payload[packet.PrimaryAt..];
        }

        payloadType = redundancy;
        RedundantPayload.WritePayloadTypes(packet.Payload, codecPayloadType);
        return packet.Payload;
    }

    /// <summary>Counts a packet sent with the section's own SSRC.</summary>
    public void Count(int payloadLength)
    {
        PacketCount++;
        OctetCount += (uint)payloadLength;
    }

    /// <summary>
    /// Whether a packet has the marker for being the first of its run: with sound it says that a talkspurt begins (RFC 3551 §4.1), where
    /// the receiver may adapt its playout.
    /// </summary>
    public static bool IsTalkspurt(TrackKind kind, ulong sourceIndex, in SlotMapping mapping) =>
        kind == TrackKind.Audio && sourceIndex == mapping.FirstSourceIndex;

    /// <summary>Whether packets are numbered for transport-wide feedback.</summary>
    public bool IsNumbered => _track.Extensions.TransportSequenceNumber != 0;

    /// <summary>Sends one packet that is all padding (RFC 3550 §5.1); false when it cannot be now.</summary>
    public bool TrySendPadding<TSink>(Timestamp now, ref TSink sink)
        where TSink : ITransmitSink, allows ref struct
    {
        if (_srtp is null || _kind != TrackKind.Video || !AcceptsSource || !IsNumbered)
        {
            return false;
        }

        return _track.AnswersNack
            ? _repeater.TrySendPadding(Source!.Track.Codec, _srtp, now, ref sink)
            : TryInsertPadding(_srtp, now, ref sink);
    }

    /// <summary>
    /// Sends padding in the section's own stream: not within a frame, whose packets must follow each other, nor before anything was sent, nor
    /// where packets are sent again by their number, for this one cannot be.
    /// </summary>
    private bool TryInsertPadding<TSink>(SrtpSender srtp, Timestamp now, ref TSink sink)
        where TSink : ITransmitSink, allows ref struct
    {
        if ((Timeline.Running && !_endsFrame) || !Timeline.TryInsert(out ulong index, out uint timestamp))
        {
            return false;
        }

        var buffer = sink.GetBuffer();
        var header = new RtpHeaderWriter(buffer, false, _payloadType, (ushort)index, timestamp, Ssrc);
        Subscriber.Congestion.TryStamp(ref header, _track.Extensions.TransportSequenceNumber);
        int length = PaddingPacket.Protect(buffer, header.Complete(), srtp, index);
        sink.Commit(Subscriber.Transport.Path, length);
        Subscriber.Congestion.HandlePaddingSent(length, now);
        Count(0);
        return true;
    }

    /// <summary>The source starts anew: nothing more is sent of it until a packet a receiver can start with.</summary>
    public void Restart()
    {
        _stillFrom = null;
        Timeline.Stop();
    }

    /// <summary>Sends one packet of the source.</summary>
    public void Forward<TSink>(scoped in ForwardedPacket packet, ref TSink sink)
        where TSink : ITransmitSink, allows ref struct
    {
        if (!AcceptsSource)
        {
            _statistics.Drop(DropReason.CodecNotAccepted);
            return;
        }

        if (!Timeline.Running)
        {
            if (!packet.CanStart)
            {
                _statistics.Drop(DropReason.AwaitingKeyframe);
                return;
            }

            if (packet.IsLate && _kind == TrackKind.Video)
            {
                // The rest of the keyframe has come and gone; the store has it.
                Subscriber.Replays.Enqueue(this);
                return;
            }

            Timeline.Start(packet.SourceIndex, packet.SourceTimestamp, packet.Now, MakeDropped());
            BeginSegment(packet.Now);
            Source!.HandleReceiverStarted();
        }

        if (_repeater.AwaitsKeyframe && packet.CanStart)
        {
            _repeater.HandleKeyframe(Timeline.Mapping.Index(packet.SourceIndex));
        }

        if (IsPadding(packet))
        {
            LeaveOut(packet.SourceIndex);
        }
        else if (_temporal.Accepts(packet))
        {
            Send(packet, ref sink);
        }
        else
        {
            Timeline.Mapping.Dropped?.Drop(packet.SourceIndex, packet.Descriptor.HasPictureId, packet.Descriptor.PictureId);
        }
    }

    /// <summary>
    /// Whether a packet has nothing to show: what publishers probe their way with. One that is late is sent all the same, for its number is
    /// missing by now.
    /// </summary>
    private bool IsPadding(scoped in ForwardedPacket packet) => _kind == TrackKind.Video && packet.Payload.IsEmpty && !packet.IsLate;

    private void LeaveOut(ulong sourceIndex)
    {
        bool isFirst = Timeline.Mapping.Dropped is null;
        Timeline.LeaveOut(sourceIndex);
        if (isFirst)
        {
            _repeater.History.Update(Timeline.Mapping);
        }
    }

    /// <summary>
    /// Begins with what the source has stored, if it is still to begin, and asks for a keyframe if that is not enough; returns how many bytes
    /// were sent.
    /// </summary>
    public int BeginWithStored<TSink>(Timestamp now, ref TSink sink)
        where TSink : ITransmitSink, allows ref struct
    {
        if (!IsWaiting || _srtp is null)
        {
            return 0;
        }

        var source = Source!;
        if (!source.TryFindRun(Subscriber.Congestion.ReplayBytesMax, now, out var run))
        {
            source.RequestKeyframe(now);
            return 0;
        }

        if (run.First == _stillFrom)
        {
            return 0;
        }

        Timeline.StartReplay(run.First, run.FirstTimestamp, run.End, run.LastTimestamp, now, MakeDropped());
        BeginSegment(now);
        for (ulong index = run.First; index < run.End; index++)
        {
            if (!source.TryReadStored(index, source.Epoch, now, out var packet))
            {
                continue;
            }

            if (_kind == TrackKind.Video && packet.Payload.IsEmpty)
            {
                LeaveOut(index);
            }
            else
            {
                Send(packet, ref sink);
            }
        }

        if (run.IsWhole)
        {
            source.HandleReceiverStarted();
            _statistics.ReplaysWhole++;
        }
        else
        {
            // A still picture; it moves from the next keyframe on.
            Timeline.Stop();
            _stillFrom = run.First;
            source.RequestKeyframe(now);
            _statistics.ReplaysOfKeyframe++;
        }

        return run.Bytes;
    }

    /// <summary>Sends one packet in its place; one from before the source was started has none.</summary>
    private void Send<TSink>(scoped in ForwardedPacket packet, ref TSink sink)
        where TSink : ITransmitSink, allows ref struct
    {
        if (!Timeline.TryMap(packet.SourceIndex, packet.SourceTimestamp, packet.Now, out ulong index, out uint timestamp, out ushort dropped))
        {
            _statistics.Drop(DropReason.Late);
            return;
        }

        var buffer = sink.GetBuffer();
        bool marker = packet.Marker || IsTalkspurt(_kind, packet.SourceIndex, Timeline.Mapping);
        var payload = ReadPayload(packet, _payloadType, out byte payloadType);
        int headerLength = SlotHeader.Write(
            buffer, _track.Extensions, marker, payloadType, (ushort)index, timestamp, Ssrc, packet, Subscriber.Congestion);
        if (headerLength + payload.Length + _srtp!.Overhead > buffer.Length)
        {
            _statistics.Drop(DropReason.TooLarge);
            return;
        }

        _pictures.Apply(packet.Descriptor, payload, dropped);
        int length = _srtp.ProtectRtp(buffer, headerLength, payload, index);
        sink.Commit(Subscriber.Transport.Path, length);
        if (IsNumbered)
        {
            Subscriber.Congestion.HandleSent(length, ContentOf(index, 0), packet.Now);
        }

        _endsFrame = index + 1 == Timeline.NextIndex ? packet.Marker : _endsFrame;
        Count(payload.Length);
        _statistics.PacketsForwarded++;
        _statistics.BytesForwarded += length;
    }

    /// <summary>A run of the source begins, as the timeline has just been told.</summary>
    private void BeginSegment(Timestamp now)
    {
        var mapping = Timeline.Mapping;
        _repeater.History.Begin(new SlotSegment(Source!, Source!.Epoch, mapping.Index(mapping.FirstSourceIndex), mapping, now), _pictures);
        _pictures.Start();
        _temporal.Start();
    }

    private void Join()
    {
        if (_srtp is not null && ReceiverIndex < 0 && !IsHeld)
        {
            Source?.AddReceiver(this);
            if (IsWaiting && _kind == TrackKind.Video)
            {
                Subscriber.Replays.Enqueue(this);
            }
        }
    }

    private void Leave()
    {
        _next?.RemoveSwitch(this);
        _next = null;
        Source?.RemoveReceiver(this);
        Timeline.Stop();
    }
}
