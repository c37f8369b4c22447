using System.Buffers.Binary;
using Dais.Rtc;
using Dais.Rtc.Rtcp;
using Dais.Rtc.Rtp;
using Dais.Sfu.Keyframes;
using Dais.Sfu.Reports;
using Dais.Sfu.Slots;

namespace Dais.Sfu.Publications;

/// <summary>A track being sent into the worker, and the slots of other participants that show it.</summary>
internal sealed class Publication
{
    private const int AbsoluteSendTimeBytes = 3;

    private readonly SfuStatistics _statistics;
    private readonly ReceptionStatistics _reception;
    private readonly KeyframeRequester _keyframes;
    private readonly byte[] _sendTime = new byte[AbsoluteSendTimeBytes];
    private SlotSender[] _receivers = new SlotSender[4];
    private int _receiverCount;
    private int _waitingCount;
    private SenderReportLine? _line;

    public Publication(Publisher publisher, PublishedTrack track, SfuOptions options, SfuStatistics statistics)
    {
        Publisher = publisher;
        Track = track;
        Ssrc = track.Ssrc;
        _statistics = statistics;
        _reception = new ReceptionStatistics(track.ClockRate);
        _keyframes = new KeyframeRequester(options.KeyframeSpacing, options.KeyframeRetry);
    }

    /// <summary>Whose track this is.</summary>
    public Publisher Publisher { get; }

    /// <summary>What was agreed on for the track.</summary>
    public PublishedTrack Track { get; }

    /// <summary>The track's SSRC; null until it is learnt.</summary>
    public uint? Ssrc { get; private set; }

    /// <summary>Whether a packet has arrived.</summary>
    public bool HasStarted { get; private set; }

    /// <summary>On how many places of stages the track is shown and not muted; 0 closes the gate.</summary>
    public int StagePlaces { get; set; }

    /// <summary>When the publisher is to be asked for a keyframe.</summary>
    public Timestamp NextKeyframeRequest => Ssrc is null ? Timestamp.Never : _keyframes.NextTimeout;

    /// <summary>The track's SSRC is <paramref name="ssrc"/>, as an authentic packet shows.</summary>
    public void Learn(uint ssrc) => Ssrc = ssrc;

    /// <summary>Forwards one packet to every slot that shows the track.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="packetIndex">Its index as SRTP authenticated it: never the same twice, which the slots rely on.</param>
    /// <param name="now">When it came.</param>
    /// <param name="sink">Where the copies go.</param>
    public void HandlePacket<TSink>(in RtpPacket packet, ulong packetIndex, Timestamp now, ref TSink sink)
        where TSink : ITransmitSink, allows ref struct
    {
        HasStarted = true;
        _reception.HandlePacket(packet.SequenceNumber, packet.Timestamp, now);
        var payload = packet.Payload;
        bool canStart = Keyframe.StartsIn(Track.Codec, payload);
        if (canStart && Track.Kind == TrackKind.Video)
        {
            HandleKeyframe();
        }

        if (StagePlaces == 0)
        {
            _statistics.Drop(DropReason.Gated);
            return;
        }

        WriteAbsoluteSendTime(_sendTime, now);
        packet.TryGetExtension(Track.Extensions.AudioLevel, out var audioLevel);
        packet.TryGetExtension(Track.Extensions.VideoOrientation, out var videoOrientation);
        var forwarded = new ForwardedPacket
        {
            SourceIndex = packetIndex,
            SourceTimestamp = packet.Timestamp,
            Marker = packet.Marker,
            CanStart = canStart,
            Payload = payload,
            AudioLevel = audioLevel,
            VideoOrientation = videoOrientation,
            AbsoluteSendTime = _sendTime,
            Now = now,
        };
        foreach (var receiver in _receivers.AsSpan(0, _receiverCount))
        {
            receiver.Forward(forwarded, ref sink);
        }
    }

    /// <summary>Begins to forward to <paramref name="receiver"/>; a picture starts at a keyframe, which is asked for.</summary>
    public void AddReceiver(SlotSender receiver, Timestamp now)
    {
        if (_receiverCount == _receivers.Length)
        {
            Array.Resize(ref _receivers, _receiverCount * 2);
        }

        receiver.ReceiverIndex = _receiverCount;
        _receivers[_receiverCount++] = receiver;
        if (receiver.IsWaiting)
        {
            _waitingCount++;
            RequestKeyframe(now);
        }
    }

    /// <summary>Stops forwarding to <paramref name="receiver"/>; nothing happens when it is none.</summary>
    public void RemoveReceiver(SlotSender receiver)
    {
        int index = receiver.ReceiverIndex;
        if (index < 0)
        {
            return;
        }

        _waitingCount -= receiver.IsWaiting ? 1 : 0;
        receiver.ReceiverIndex = -1;
        var last = _receivers[--_receiverCount];
        _receivers[_receiverCount] = null!;
        if (index != _receiverCount)
        {
            _receivers[index] = last;
            last.ReceiverIndex = index;
        }

        if (_receiverCount == 0 && _keyframes.NextTimeout != Timestamp.Never)
        {
            _keyframes.Cancel();
            Publisher.Transport.Reschedule();
        }
    }

    /// <summary>A receiver got its first packet.</summary>
    public void HandleReceiverStarted() => _waitingCount--;

    /// <summary>A receiver wants a keyframe.</summary>
    public void RequestKeyframe(Timestamp now)
    {
        if (Track.Kind == TrackKind.Video)
        {
            _keyframes.Request(now);
            Publisher.Transport.Reschedule();
        }
    }

    /// <summary>Whether the publisher is to be asked for a keyframe now; remembers that it was.</summary>
    public bool TryTakeKeyframeRequest(Timestamp now) => Ssrc is not null && _keyframes.TryTake(_waitingCount > 0, now);

    /// <summary>The publisher reports what its clock says.</summary>
    public void HandleSenderReport(in SenderReport report, Timestamp now)
    {
        _line = new SenderReportLine(report.Ntp, report.RtpTimestamp);
        _reception.HandleSenderReport(report.Ntp, now);
    }

    /// <summary>
    /// The publisher's source ended (RFC 3550 §6.6). Whatever comes of the track later starts anew in every slot; a learnt SSRC is forgotten.
    /// </summary>
    public void HandleGoodbye(Timestamp now)
    {
        Ssrc = Track.Ssrc;
        _line = null;
        _waitingCount = 0;
        foreach (var receiver in _receivers.AsSpan(0, _receiverCount))
        {
            receiver.Restart();
            _waitingCount += receiver.IsWaiting ? 1 : 0;
        }

        if (_waitingCount > 0)
        {
            RequestKeyframe(now);
        }
    }

    /// <summary>What we tell the publisher about the track's arrival.</summary>
    public ReportBlock TakeReport(Timestamp now) => _reception.TakeReport(Ssrc.GetValueOrDefault(), now);

    /// <summary>The track's RTP timestamp at <paramref name="now"/> of our wall clock; false while the publisher has not reported.</summary>
    public bool TryGetTimestamp(NtpTimestamp now, out uint timestamp)
    {
        timestamp = _line is { } line ? line.At(Publisher.Clock.ToPublisher(now), Track.ClockRate) : 0;
        return _line is not null;
    }

    private static void WriteAbsoluteSendTime(Span<byte> destination, Timestamp now)
    {
        // Seconds modulo 64 in 6.18 fixed point.
        long microseconds = now.Microseconds % 64_000_000;
        uint value = (uint)((microseconds << 18) / 1_000_000);
        destination[0] = (byte)(value >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(destination[1..], (ushort)value);
    }

    private void HandleKeyframe()
    {
        if (_keyframes.NextTimeout != Timestamp.Never)
        {
            _keyframes.HandleKeyframe();
            Publisher.Transport.Reschedule();
        }
    }
}
