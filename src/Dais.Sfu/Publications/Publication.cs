using Dais.Rtc;
using Dais.Rtc.Rtcp;
using Dais.Rtc.Rtp;
using Dais.Sfu.Allocation;
using Dais.Sfu.Keyframes;
using Dais.Sfu.Layers;
using Dais.Sfu.Relays;
using Dais.Sfu.Reports;
using Dais.Sfu.Retransmission;
using Dais.Sfu.Slots;

namespace Dais.Sfu.Publications;

/// <summary>A track being sent into the worker, the slots of other participants that show it, and the relays that carry it on.</summary>
internal sealed partial class Publication
{
    /// <summary>The share of packets lost, of 256, above which requests are taken to be lost as well.</summary>
    private const int LossyFrom = 2;

    private readonly SfuStatistics _statistics;
    private readonly ReceptionStatistics _reception;
    private readonly KeyframeRequester _keyframes;
    private readonly PacketStore _store;
    private readonly KeyframeCache _cache;
    private readonly PublicationReader _reader;
    private readonly ReceiverList _receivers = new();
    private readonly PublicationRelays _relays;
    private SenderReportLine? _line;
    private SourceBitrate _bitrate;
    private int _fractionLost;

    public Publication(IPublisher publisher, PublishedTrack track, byte index, SfuOptions options, SfuStatistics statistics, NackGenerator? nacks = null)
    {
        Publisher = publisher;
        Track = track;
        Index = index;
        Ssrc = track.Ssrc;
        RetransmissionSsrc = track.Retransmission?.Ssrc;
        Nacks = nacks;
        _statistics = statistics;
        _reader = new PublicationReader(track);
        _relays = new PublicationRelays(this);
        _reception = new ReceptionStatistics(track.ClockRate);
        _store = new PacketStore(track.Kind == TrackKind.Audio ? PacketStoreLimits.Audio : PacketStoreLimits.Video);
        _cache = new KeyframeCache(_store, nacks, options);
        _keyframes = new KeyframeRequester(options.KeyframeSpacing, options.KeyframeRetry);
    }

    /// <summary>Whose track this is.</summary>
    public IPublisher Publisher { get; }

    /// <summary>The track's place among the publisher's.</summary>
    public byte Index { get; }

    /// <summary>What was agreed on for the track.</summary>
    public PublishedTrack Track { get; }

    /// <summary>The track's SSRC; null until it is learnt.</summary>
    public uint? Ssrc { get; private set; }

    /// <summary>Whether a packet has arrived.</summary>
    public bool HasStarted { get; private set; }

    /// <summary>How often the source has ended and begun anew.</summary>
    public uint Epoch { get; private set; }

    /// <summary>On how many places of stages the track is shown and not muted; on none, and with no relay, the gate is closed.</summary>
    public int StagePlaces
    {
        get;
        set
        {
            field = value;
            ForgetKeyframeIfUnused();
            Publisher.HandlePlacesChanged();
        }
    }

    /// <summary>What the track sends, in bits per second; 0 while it is not known.</summary>
    public int BitrateAt(Timestamp now) => _bitrate.Read(now);

    /// <summary>The SSRC in which the publisher sends packets of the track again; null until it is learnt, or when there is none.</summary>
    public uint? RetransmissionSsrc { get; private set; }

    /// <summary>What is missing of the track; null when the publisher sends nothing again, or not to us.</summary>
    public NackGenerator? Nacks { get; }

    /// <summary>When the publisher is to be asked for a keyframe.</summary>
    public Timestamp NextKeyframeRequest => _keyframes.NextTimeout;

    /// <summary>The track's SSRC is <paramref name="ssrc"/>, as an authentic packet shows.</summary>
    public void Learn(uint ssrc) => Ssrc = ssrc;

    /// <summary>The SSRC in which packets of the track are sent again is <paramref name="ssrc"/>, as an authentic packet shows.</summary>
    public void LearnRetransmission(uint ssrc) => RetransmissionSsrc = ssrc;

    /// <summary>Forwards one packet to every slot that shows the track, and to the workers that relay it.</summary>
    /// <param name="bytes">The packet's bytes; the counters in its payload may be written over.</param>
    /// <param name="packet">The packet.</param>
    /// <param name="packetIndex">Its index as SRTP authenticated it: never the same twice, which the slots rely on.</param>
    /// <param name="isRepair">Whether it came in the stream for packets sent again, and was lost in its own.</param>
    /// <param name="now">When it came.</param>
    /// <param name="sink">Where the copies go.</param>
    public void HandlePacket<TSink>(
        Span<byte> bytes, in RtpPacket packet, ulong packetIndex, bool isRepair, Timestamp now, ref TSink sink)
        where TSink : ITransmitSink, allows ref struct
    {
        HasStarted = true;
        LastPacketAt = now;
        Layers.HandlePacket(now);
        _bitrate.Add(bytes.Length, now);
        if (!isRepair)
        {
            _reception.HandlePacket(packet.SequenceNumber, packet.Timestamp, now);
        }

        if (_reader.FindPrimary(packet) < 0)
        {
            _statistics.Drop(DropReason.Malformed);
            return;
        }

        var payload = bytes[packet.HeaderLength..^packet.PaddingLength];
        bool canStart = Keyframe.StartsIn(Track.Codec, payload);
        if (canStart && Track.Kind == TrackKind.Video)
        {
            HandleKeyframe();
            Nacks?.HandleKeyframe(packetIndex);
            Height = PictureHeight.TryRead(Track.Codec, payload, out int height) ? height : Height;
        }

        if (StagePlaces == 0 && _relays.Count == 0)
        {
            Nacks?.Reset();
            _cache.Forget();
            _store.ReleaseOld(now);
            _statistics.Drop(DropReason.Gated);
            return;
        }

        LookForGaps(packetIndex, now);
        // The others and the store first: they get the counters as they came.
        if (!_relays.TrySend(bytes, packetIndex))
        {
            // What follows cannot be decoded without it.
            RequestKeyframe(now);
        }

        bool isLate = !_store.IsEmpty && packetIndex < _store.Highest;
        Store(bytes, packetIndex, canStart, now);
        var forwarded = _reader.Read(packetIndex, packet, payload, canStart, isLate, now);
        if (forwarded.Descriptor.HasTemporalId)
        {
            (Temporal ??= new TemporalBitrates()).Add(forwarded.Descriptor, bytes.Length, now);
        }

        if (canStart && _switches.Any)
        {
            if (isLate)
            {
                // The rest of the keyframe has come and gone.
                RequestKeyframe(now);
            }
            else
            {
                _switches.Take(this, forwarded);
            }
        }

        foreach (var receiver in _receivers.All)
        {
            receiver.Forward(forwarded, ref sink);
        }
    }

    /// <summary>Reads a packet that has come before, to be sent again; valid until the next is read.</summary>
    /// <param name="packetIndex">The packet's index.</param>
    /// <param name="epoch">The epoch in which it came.</param>
    /// <param name="sentAt">When it leaves; null for when it came.</param>
    /// <param name="stored">The packet.</param>
    public bool TryReadStored(ulong packetIndex, uint epoch, Timestamp? sentAt, out ForwardedPacket stored)
    {
        stored = default;
        return epoch == Epoch
            && _store.TryGet(packetIndex, out var bytes, out var arrivedAt)
            && _reader.TryReadStored(packetIndex, bytes, sentAt ?? arrivedAt, out stored);
    }

    /// <summary>Takes a packet from before the relay it comes by began: kept, so that receivers can begin with it.</summary>
    public void HandleStoredPacket(ReadOnlySpan<byte> bytes, in RtpPacket packet, ulong packetIndex, Timestamp now)
    {
        HasStarted = true;
        Store(bytes, packetIndex, Keyframe.StartsIn(Track.Codec, packet.Payload), now);
    }

    /// <summary>Finds what a receiver can begin with now; false when nothing is there.</summary>
    public bool TryFindRun(int wholeBytesMax, Timestamp now, out KeyframeRun run) => _cache.TryFindRun(wholeBytesMax, mayHaveHoles: true, now, out run);

    /// <summary>All packets from before the relay began are here: whoever waits may begin.</summary>
    public void BeginWaiting() => _receivers.BeginWaiting();

    /// <summary>Begins to forward to <paramref name="receiver"/>; a picture starts at a keyframe.</summary>
    public void AddReceiver(SlotSender receiver) => _receivers.Add(receiver);

    /// <summary>Stops forwarding to <paramref name="receiver"/>; nothing happens when it is none.</summary>
    public void RemoveReceiver(SlotSender receiver)
    {
        if (_receivers.Remove(receiver))
        {
            CancelKeyframes();
        }
    }

    /// <summary>Begins to send the track to another worker, with everything since the last keyframe in front if there is.</summary>
    public void AddRelay(OutboundRelay relay, Timestamp now)
    {
        _relays.Add(relay);
        Layers.Recount();
        if (_line is { } line)
        {
            _relays.SendClock(relay, line);
        }

        if (Track.Kind == TrackKind.Video && _cache.TryFindRun(int.MaxValue, mayHaveHoles: false, now, out var run))
        {
            _relays.SendRun(relay, _store, run, now);
        }
    }

    /// <summary>Stops sending the track to another worker; nothing happens when it is not sent there.</summary>
    public void RemoveRelay(OutboundRelay relay)
    {
        if (_relays.Remove(relay))
        {
            Layers.Recount();
            CancelKeyframes();
            ForgetKeyframeIfUnused();
        }
    }

    /// <summary>A receiver got its first packet.</summary>
    public void HandleReceiverStarted() => _receivers.HandleStarted();

    /// <summary>A receiver wants a keyframe.</summary>
    public void RequestKeyframe(Timestamp now)
    {
        if (Track.Kind == TrackKind.Video)
        {
            _keyframes.Request(now);
            Publisher.Reschedule();
        }
    }

    /// <summary>Whether the publisher is to be asked for a keyframe now; remembers that it was.</summary>
    public bool TryTakeKeyframeRequest(Timestamp now) => _keyframes.TryTake(_receivers.WaitingCount > 0 || _switches.Any, _fractionLost > LossyFrom, now);

    /// <summary>The publisher reports what its clock says.</summary>
    public void HandleSenderReport(in SenderReport report, Timestamp now)
    {
        SetClock(report.Ntp, report.RtpTimestamp);
        _reception.HandleSenderReport(report.Ntp, now);
    }

    /// <summary>At the instant <paramref name="ntp"/> of the publisher's clock the track's timestamp is <paramref name="rtpTimestamp"/>.</summary>
    public void SetClock(NtpTimestamp ntp, uint rtpTimestamp)
    {
        var line = new SenderReportLine(ntp, rtpTimestamp);
        _line = line;
        _relays.SendClock(line);
    }

    /// <summary>
    /// The publisher's source ended (RFC 3550 §6.6). Whatever comes of the track later starts anew in every slot; a learnt SSRC is forgotten.
    /// </summary>
    public void HandleGoodbye(Timestamp now) => BeginEpoch(Epoch + 1, now);

    /// <summary>The source has begun anew, for the <paramref name="epoch"/>-th time; one that goes on changes nothing.</summary>
    public void BeginEpoch(uint epoch, Timestamp now)
    {
        if (epoch == Epoch)
        {
            return;
        }

        Epoch = epoch;
        Ssrc = Track.Ssrc;
        RetransmissionSsrc = Track.Retransmission?.Ssrc;
        _line = null;
        Nacks?.Reset();
        _store.Clear();
        _cache.Forget();
        _receivers.Restart();
        if (_receivers.WaitingCount > 0)
        {
            RequestKeyframe(now);
        }
    }

    /// <summary>The publisher is gone: whatever still refers to the track gets nothing of it any more.</summary>
    public void Release()
    {
        _cache.Forget();
        _store.Release();
        _reader.Release();
    }

    /// <summary>What we tell the publisher about the track's arrival.</summary>
    public ReportBlock TakeReport(Timestamp now)
    {
        var report = _reception.TakeReport(Ssrc.GetValueOrDefault(), now);
        _fractionLost = report.FractionLost;
        return report;
    }

    /// <summary>The track's RTP timestamp at <paramref name="now"/> of our wall clock; false while the publisher has not reported.</summary>
    public bool TryGetTimestamp(NtpTimestamp now, out uint timestamp)
    {
        timestamp = _line is { } line ? line.At(Publisher.Clock.ToPublisher(now), Track.ClockRate) : 0;
        return _line is not null;
    }

    private void Store(ReadOnlySpan<byte> bytes, ulong packetIndex, bool canStart, Timestamp now)
    {
        _store.Add(packetIndex, bytes, now);
        if (canStart && Track.Kind == TrackKind.Video)
        {
            _cache.HandleKeyframe(packetIndex, now);
        }
    }

    /// <summary>What comes while nobody is shown the track is not stored, so that nothing follows what was.</summary>
    private void ForgetKeyframeIfUnused()
    {
        if (StagePlaces == 0 && _relays.Count == 0)
        {
            _cache.Forget();
        }
    }

    /// <summary>Notes what is missing before the packet of <paramref name="packetIndex"/>, or that it no longer is.</summary>
    private void LookForGaps(ulong packetIndex, Timestamp now)
    {
        if (Nacks is null)
        {
            return;
        }

        var before = Nacks.NextTimeout;
        if (!Nacks.HandlePacket(packetIndex, now))
        {
            RequestKeyframe(now);
        }
        else if (Nacks.NextTimeout < before)
        {
            Publisher.Reschedule();
        }
    }

    private void HandleKeyframe()
    {
        bool wasDue = _keyframes.NextTimeout != Timestamp.Never;
        _keyframes.HandleKeyframe();
        if (wasDue)
        {
            Publisher.Reschedule();
        }
    }

    private void CancelKeyframes()
    {
        if (_receivers.Count == 0 && _relays.Count == 0 && !_switches.Any && _keyframes.NextTimeout != Timestamp.Never)
        {
            _keyframes.Cancel();
            Publisher.Reschedule();
        }
    }
}
