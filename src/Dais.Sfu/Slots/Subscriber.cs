using System.Collections.Immutable;
using Dais.Rtc;
using Dais.Rtc.Rtcp;
using Dais.Rtc.Rtp;
using Dais.Rtc.Srtp;
using Dais.Sfu.Allocation;
using Dais.Sfu.Congestion;
using Dais.Sfu.Keyframes;
using Dais.Sfu.Layers;
using Dais.Sfu.Reports;
using Dais.Sfu.Retransmission;
using Dais.Sfu.Stages;
using Dais.Sfu.Transports;

namespace Dais.Sfu.Slots;

/// <summary>The role of a transport that shows a participant a stage on its slots.</summary>
internal sealed class Subscriber
{
    private readonly Slot[] _slots;
    private readonly SlotSender[] _senders;
    private readonly SfuOptions _options;
    private readonly SfuStatistics _statistics;
    private uint _referenceFrom;
    private uint _reference;
    private Timestamp? _referenceAt;

    public Subscriber(
        Transport transport,
        ParticipantId participant,
        ImmutableArray<SubscriberSlot> slots,
        ReplayQueue replays,
        SfuOptions options,
        SfuStatistics statistics)
    {
        Transport = transport;
        Participant = participant;
        Replays = replays;
        _options = options;
        _statistics = statistics;
        Congestion = new ViewerCongestion(options, statistics);
        Budget = new RetransmissionBudget(options.RetransmissionBitrateMax / 8);
        _slots = [.. slots.Take(SfuLimits.SlotsMax).Select(slot => new Slot(
            slot.Index,
            slot.Audio is null ? null : new SlotSender(this, slot.Audio, TrackKind.Audio, statistics),
            slot.Video is null ? null : new SlotSender(this, slot.Video, TrackKind.Video, statistics)))];
        _senders = [.. _slots.SelectMany(slot => new[] { slot.Audio, slot.Video }).OfType<SlotSender>()];
        for (int i = 0; i < _senders.Length; i++)
        {
            _senders[i].Place = i;
        }
    }

    /// <summary>The transport whose role this is.</summary>
    public Transport Transport { get; }

    /// <summary>Who watches; its own publications are not shown to it.</summary>
    public ParticipantId Participant { get; }

    /// <summary>What passes to the subscriber.</summary>
    public ViewerCongestion Congestion { get; }

    /// <summary>How many pictures are paused because too little passes.</summary>
    public int PicturesPaused { get; private set; }

    /// <summary>What the subscriber may cost by asking for packets again.</summary>
    public RetransmissionBudget Budget { get; }

    /// <summary>Where sections wait that are to begin with what their source has stored.</summary>
    public ReplayQueue Replays { get; }

    /// <summary>The stage shown; null once it is closed.</summary>
    public Stage? Stage { get; set; }

    /// <summary>Shows what the stage has on each slot now.</summary>
    public void ShowStage()
    {
        foreach (var slot in _slots)
        {
            var place = Stage?.Find(slot.Index);
            if (place?.Publisher?.Participant == Participant)
            {
                place = null;
            }

            slot.Audio?.Show(place?.Audio);
            slot.Video?.Show(place?.Video);
        }

        Congestion.HastenConsult();
    }

    /// <summary>Empties every slot.</summary>
    public void ShowNothing()
    {
        foreach (var sender in _senders)
        {
            sender.Show(null);
        }
    }

    /// <summary>Takes the viewer's wishes for some slots.</summary>
    public void Prefer(ImmutableArray<SlotPreference> preferences, Timestamp now)
    {
        foreach (var preference in preferences)
        {
            Array.Find(_slots, slot => slot.Index == preference.Slot)?.Video?.Prefer(preference.MaxHeight, preference.IsPaused);
        }

        if (Transport.IsConnected)
        {
            Congestion.HastenConsult();
            ChoosePictures(now);
        }
    }

    /// <summary>The transport is connected: what is shown starts to flow.</summary>
    public void Connect(SrtpSender srtp)
    {
        foreach (var sender in _senders)
        {
            sender.Connect(srtp);
        }
    }

    /// <summary>Takes one RTCP packet of the subscriber.</summary>
    public void HandleRtcp<TSink>(in RtcpPacket packet, Timestamp now, ref TSink sink)
        where TSink : ITransmitSink, allows ref struct
    {
        if (Congestion.TryHandleRtcp(packet, now))
        {
            ChoosePictures(now);
            RepeatLost(now, ref sink);
            Transport.Reschedule();
            return;
        }

        if (packet.TryReadReceiverReport(out var receiverReport))
        {
            HandleBlocks(receiverReport.Blocks, now);
        }
        else if (packet.TryReadSenderReport(out var senderReport))
        {
            HandleBlocks(senderReport.Blocks, now);
        }
        else if (packet.TryReadExtendedReport(out var extended))
        {
            if (extended.TryGetReferenceTime(out var reference))
            {
                _referenceFrom = extended.SenderSsrc;
                _reference = reference.Middle32;
                _referenceAt = now;
            }
        }
        else if (packet.TryReadPictureLossIndication(out var indication))
        {
            RequestKeyframe(indication.MediaSsrc, now);
        }
        else if (packet.TryReadFullIntraRequest(out var request))
        {
            for (int i = 0; i < request.Count; i++)
            {
                RequestKeyframe(request[i].MediaSsrc, now);
            }
        }
        else if (packet.TryReadNack(out var nack))
        {
            _statistics.NacksReceived++;
            Find(nack.MediaSsrc)?.HandleNack(nack, now, ref sink);
        }
    }

    /// <summary>Sends a sender report for every section that has sent (RFC 3550 §6.4.1), as few compound packets as hold them.</summary>
    public void SendReports<TSink>(Timestamp now, ref TSink sink)
        where TSink : ITransmitSink, allows ref struct
    {
        Congestion.Estimator.HandleTimeout(now);
        ChoosePictures(now);
        var ntp = _options.NtpAt(now);
        int next = 0;
        Span<byte> buffer = stackalloc byte[RtcpLimits.CompoundBytesMax];
        while (next < _senders.Length)
        {
            var writer = new RtcpWriter(buffer);
            while (next < _senders.Length && TryWriteReport(ref writer, _senders[next], ntp, now))
            {
                next++;
            }

            if (writer.Length == 0)
            {
                return;
            }

            Transport.SendRtcp(writer.Written, ref sink);
        }
    }

    /// <summary>Sends the padding that is due: into the streams of pictures, in the order of their slots, where it can be sent now.</summary>
    public void SendProbe<TSink>(Timestamp now, ref TSink sink)
        where TSink : ITransmitSink, allows ref struct
    {
        int due = Congestion.Estimator.Prober.TakeDue(now);
        while (due > 0)
        {
            bool isSent = false;
            foreach (var sender in _senders)
            {
                if (sender.TrySendPadding(now, ref sink))
                {
                    isSent = true;
                    break;
                }
            }

            if (!isSent)
            {
                // All are within a frame: the next step makes up for it.
                return;
            }

            due -= PaddingPacket.PaddingBytes;
        }
    }

    /// <summary>Sends again what the last feedback shows to be lost; the viewer may still ask for what is left out.</summary>
    private void RepeatLost<TSink>(Timestamp now, ref TSink sink)
        where TSink : ITransmitSink, allows ref struct
    {
        bool mayHasten = Congestion.MayHastenRepeats;
        foreach (var lost in Congestion.TakeLost())
        {
            if (!mayHasten || !Budget.TryTakeLookup(now))
            {
                return;
            }

            _senders[lost.Section - 1].HandleLost(lost, now, ref sink);
        }
    }

    /// <summary>Decides which pictures are shown of those the stage has, by what passes to the subscriber.</summary>
    private void ChoosePictures(Timestamp now)
    {
        if (!Congestion.IsConsultDue(now))
        {
            return;
        }

        Span<PictureWish> wishes = stackalloc PictureWish[SfuLimits.SlotsMax];
        Span<PictureLayer> layers = stackalloc PictureLayer[SfuLimits.SlotsMax * LayerOffer.LayersMax];
        Span<int> decisions = stackalloc int[SfuLimits.SlotsMax];
        int count = 0;
        int layerCount = 0;
        long sound = 0;
        foreach (var slot in _slots)
        {
            sound += slot.Audio?.Source?.BitrateAt(now) ?? 0;
            if (slot.Video is { Source: { } source } video)
            {
                int own = LayerOffer.Write(source.Layers, layers[layerCount..], now);
                int current = video.IsHeld
                    ? Allocator.None
                    : LayerOffer.Find(layers.Slice(layerCount, own), video.Layer, video.TemporalLayer);
                wishes[count++] = new PictureWish(layerCount, own, video.MaxHeight, video.IsUnwanted, current);
                layerCount += own;
            }
        }

        Congestion.Consult(wishes[..count], layers[..layerCount], sound, now, decisions);
        Show(wishes[..count], layers, decisions, now);
    }

    private void Show(ReadOnlySpan<PictureWish> wishes, ReadOnlySpan<PictureLayer> layers, ReadOnlySpan<int> decisions, Timestamp now)
    {
        PicturesPaused = 0;
        int next = 0;
        foreach (var slot in _slots)
        {
            if (slot.Video is not { Source: not null } video)
            {
                continue;
            }

            var wish = wishes[next];
            int decision = decisions[next++];
            bool isHeld = decision == Allocator.None;
            if (!isHeld)
            {
                var layer = layers[wish.FirstLayer + decision];
                video.Choose(layer.Spatial, layer.Temporal, layer.Bitrate + Congestion.Spare, now);
            }

            video.Hold(isHeld, now);
            PicturesPaused += isHeld && !wish.IsPaused ? 1 : 0;
        }
    }

    /// <summary>
    /// Echoes the reference time the subscriber has sent since the last time, by which one that sends nothing measures the round trip
    /// (RFC 3611 §4.5).
    /// </summary>
    public void SendEcho<TSink>(Timestamp now, ref TSink sink)
        where TSink : ITransmitSink, allows ref struct
    {
        if (_referenceAt is not { } at)
        {
            return;
        }

        _referenceAt = null;
        Span<byte> buffer = stackalloc byte[RtcpLimits.CompoundBytesMax];
        var writer = new RtcpWriter(buffer);
        writer.TryWriteReceiverReport(RtcpLimits.ReceiverSsrc, []);
        writer.TryWriteCanonicalName(RtcpLimits.ReceiverSsrc, _options.CanonicalName);
        writer.TryWriteReferenceTimeEcho(
            RtcpLimits.ReceiverSsrc, _referenceFrom, new ReferenceTimeEcho(_reference, NtpTimestamp.ToShort(now - at)));
        Transport.SendRtcp(writer.Written, ref sink);
    }

    /// <summary>The worst loss and the longest round trip among the sections, as last reported.</summary>
    public void ReadFeedback(out double fractionLost, out TimeSpan? roundTripTime)
    {
        fractionLost = 0;
        roundTripTime = null;
        foreach (var sender in _senders)
        {
            if (sender.Feedback is { } feedback)
            {
                fractionLost = Math.Max(fractionLost, feedback.Report.FractionLost / 256.0);
                roundTripTime = roundTripTime > feedback.RoundTripTime ? roundTripTime : feedback.RoundTripTime ?? roundTripTime;
            }
        }
    }

    /// <summary>Writes the report of one section, nothing for one that never sent; false when the packet is full.</summary>
    private bool TryWriteReport(ref RtcpWriter writer, SlotSender sender, NtpTimestamp ntp, Timestamp now)
    {
        if (sender.Source is not { } source || !sender.Timeline.Running)
        {
            return true;
        }

        // Until the publisher has reported, the arrival of its packets has to tell the time.
        uint timestamp = source.TryGetTimestamp(ntp, out uint sourceTimestamp)
            ? sender.Timeline.MapTimestamp(sourceTimestamp)
            : sender.Timeline.TimestampAt(now);
        var before = writer;
        if (writer.TryWriteSenderReport(sender.Ssrc, ntp, timestamp, sender.PacketCount, sender.OctetCount, [])
            && writer.TryWriteCanonicalName(sender.Ssrc, _options.CanonicalName))
        {
            return true;
        }

        writer = before;
        return false;
    }

    private void HandleBlocks(ReportBlockList blocks, Timestamp now)
    {
        for (int i = 0; i < blocks.Count; i++)
        {
            var block = blocks[i];
            if (Find(block.Ssrc) is { } sender)
            {
                var roundTrip = block.RoundTripTime(_options.NtpAt(now));
                sender.Feedback = new ReceiverFeedback(block, roundTrip);
                Congestion.Estimator.HandleReport(block.FractionLost, roundTrip, now);
            }
        }
    }

    private void RequestKeyframe(uint ssrc, Timestamp now)
    {
        _statistics.KeyframeRequestsReceived++;
        Find(ssrc)?.RequestKeyframe(now);
    }

    private SlotSender? Find(uint ssrc)
    {
        foreach (var sender in _senders)
        {
            if (sender.Ssrc == ssrc)
            {
                return sender;
            }
        }

        return null;
    }

    private sealed record Slot(int Index, SlotSender? Audio, SlotSender? Video);
}
