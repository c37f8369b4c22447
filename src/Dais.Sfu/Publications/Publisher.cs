using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using Dais.Rtc;
using Dais.Rtc.Congestion;
using Dais.Rtc.Rtcp;
using Dais.Rtc.Rtp;
using Dais.Sfu.Layers;
using Dais.Sfu.Reports;
using Dais.Sfu.Retransmission;
using Dais.Sfu.Transports;

namespace Dais.Sfu.Publications;

/// <summary>The role of a transport that sends a participant's tracks into the worker.</summary>
internal sealed partial class Publisher : IPublisher
{
    private readonly Publication[] _publications;
    private readonly byte[][] _mids;
    private readonly byte[][] _rids;
    private readonly LayerSet? _pictures;
    private readonly LayerDemand? _demand;
    private readonly Queue<SfuEvent> _events;
    private readonly byte _arrivalExtension;
    private readonly ArrivalRecorder? _arrivals;
    private readonly SfuOptions _options;
    private readonly SfuStatistics _statistics;

    public Publisher(
        Transport transport,
        ParticipantId participant,
        ImmutableArray<PublishedTrack> tracks,
        SfuOptions options,
        Queue<SfuEvent> events,
        SfuStatistics statistics)
    {
        Transport = transport;
        Participant = participant;
        _options = options;
        _statistics = statistics;
        _events = events;
        _publications =
        [
            .. tracks.Take(SfuLimits.TracksMax).Select((track, index) => new Publication(
                this, track, (byte)index, options, statistics, track.AnswersNack ? new NackGenerator() : null)),
        ];
        // An extension has one id in all sections of a bundle (RFC 8843 §9.2).
        _arrivalExtension = tracks.Select(track => track.Extensions.TransportSequenceNumber).FirstOrDefault(id => id != 0);
        _arrivals = _arrivalExtension == 0 ? null : new ArrivalRecorder();
        _mids = [.. _publications.Select(publication => Encoding.ASCII.GetBytes(publication.Track.Mid))];
        _rids = [.. _publications.Select(publication => Encoding.ASCII.GetBytes(publication.Track.Rid ?? ""))];
        _pictures = Group(_publications);
        _demand = _pictures is { Count: > 1 } ? new LayerDemand(_pictures.Count) : null;
    }

    /// <summary>The transport whose role this is.</summary>
    public Transport Transport { get; }

    /// <inheritdoc/>
    public TransportId Id => Transport.Id;

    /// <inheritdoc/>
    public ParticipantId Participant { get; }

    /// <summary>What is published, in the order in which it was agreed on.</summary>
    public ReadOnlySpan<Publication> Publications => _publications;

    /// <inheritdoc/>
    public PublisherClock Clock { get; } = new();

    /// <summary>The round trip to the publisher; null when it does not answer reference times.</summary>
    public TimeSpan? RoundTripTime { get; private set; }

    /// <summary>When the first of the publications is to be asked for a keyframe.</summary>
    public Timestamp NextKeyframeRequest
    {
        get
        {
            var earliest = Timestamp.Never;
            foreach (var publication in _publications)
            {
                // A source without a name cannot be asked yet.
                var next = publication.Ssrc is null ? Timestamp.Never : publication.NextKeyframeRequest;
                earliest = next < earliest ? next : earliest;
            }

            return earliest;
        }
    }

    /// <summary>When the publisher is to be told which packets arrived; never when it does not number them.</summary>
    public Timestamp NextFeedback => _arrivals?.NextTimeout ?? Timestamp.Never;

    /// <summary>When the publisher is to be asked for what is missing of the first of the publications.</summary>
    public Timestamp NextNack
    {
        get
        {
            var earliest = Timestamp.Never;
            foreach (var publication in _publications)
            {
                var next = publication.Nacks?.NextTimeout ?? Timestamp.Never;
                earliest = next < earliest ? next : earliest;
            }

            return earliest;
        }
    }

    /// <inheritdoc/>
    public void Reschedule() => Transport.Reschedule();

    /// <inheritdoc/>
    public void HandlePlacesChanged()
    {
        // The gate is all there is to it.
    }

    /// <inheritdoc/>
    public Publication? First(TrackKind kind)
    {
        foreach (var publication in _publications)
        {
            if (publication.Track.Kind == kind)
            {
                return publication;
            }
        }

        return null;
    }

    /// <summary>The transport is gone.</summary>
    public void Release()
    {
        foreach (var publication in _publications)
        {
            publication.Release();
        }
    }

    /// <summary>
    /// Whether a packet may be of one of the publications, as far as can be told before it is authenticated: its SSRC is known, or a track
    /// of its payload type has none yet. Everything else is not worth its decryption.
    /// </summary>
    public bool MayExpect(uint ssrc, byte payloadType)
    {
        foreach (var publication in _publications)
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
    public Publication? Find(in RtpPacket packet)
    {
        uint ssrc = packet.Ssrc;
        if (Find(ssrc) is { } known)
        {
            return known;
        }

        for (int i = 0; i < _publications.Length; i++)
        {
            var publication = _publications[i];
            if (publication.Ssrc is null
                && publication.Track.Has(packet.PayloadType)
                && packet.TryGetExtension(publication.Track.Extensions.Mid, out var mid)
                && mid.SequenceEqual(_mids[i])
                && IsOf(packet, publication.Track.Extensions.RtpStreamId, _rids[i]))
            {
                publication.Learn(ssrc);
                // Whoever waited for a keyframe can be served now that its source has a name.
                Transport.Reschedule();
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
        for (int i = 0; i < _publications.Length; i++)
        {
            var publication = _publications[i];
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

    /// <summary>Takes one RTCP packet of the publisher.</summary>
    public void HandleRtcp(in RtcpPacket packet, Timestamp now)
    {
        if (packet.TryReadSenderReport(out var report) && Find(report.SenderSsrc) is { } publication)
        {
            Clock.HandleSenderReport(report.Ntp, _options.NtpAt(now));
            publication.HandleSenderReport(report, now);
        }
        else if (packet.TryReadExtendedReport(out var extended))
        {
            if (extended.TryGetEcho(RtcpLimits.ReceiverSsrc, out var echo))
            {
                HandleRoundTrip(echo.RoundTripTime(_options.NtpAt(now)));
            }
        }
        else if (packet.TryReadGoodbye(out var goodbye))
        {
            for (int i = 0; i < goodbye.Count; i++)
            {
                Find(goodbye[i])?.HandleGoodbye(now);
            }
        }
    }

    /// <summary>Tells the publisher how its tracks arrive (RFC 3550 §6.4.2) and how much it may send (REMB).</summary>
    public void SendReports<TSink>(Timestamp now, ref TSink sink)
        where TSink : ITransmitSink, allows ref struct
    {
        Span<ReportBlock> blocks = stackalloc ReportBlock[SfuLimits.TracksMax];
        Span<uint> sources = stackalloc uint[SfuLimits.TracksMax];
        int blockCount = 0;
        int sourceCount = 0;
        foreach (var publication in _publications)
        {
            if (publication.Ssrc is not { } ssrc)
            {
                continue;
            }

            sources[sourceCount++] = ssrc;
            if (publication.HasStarted)
            {
                blocks[blockCount++] = publication.TakeReport(now);
            }
        }

        Span<byte> buffer = stackalloc byte[RtcpLimits.CompoundBytesMax];
        var writer = new RtcpWriter(buffer);
        writer.TryWriteReceiverReport(RtcpLimits.ReceiverSsrc, blocks[..blockCount]);
        writer.TryWriteCanonicalName(RtcpLimits.ReceiverSsrc, _options.CanonicalName);
        if (sourceCount > 0)
        {
            writer.TryWriteReceiverEstimatedMaximumBitrate(
                RtcpLimits.ReceiverSsrc, _options.PublisherBitrateMax, sources[..sourceCount]);
        }

        // A server that sends no media learns the round trip by this (RFC 3611 §4.4), where the publisher answers.
        writer.TryWriteReferenceTime(RtcpLimits.ReceiverSsrc, _options.NtpAt(now));
        Transport.SendRtcp(writer.Written, ref sink);
    }

    /// <summary>Remembers the arrival of an authentic packet, whatever becomes of it, for the publisher's own estimate of its bandwidth.</summary>
    public void HandleArrival(in RtpPacket packet, Timestamp now)
    {
        if (_arrivals is null || !packet.TryGetExtension(_arrivalExtension, out var number) || number.Length != 2)
        {
            return;
        }

        var before = _arrivals.NextTimeout;
        _arrivals.HandlePacket(BinaryPrimitives.ReadUInt16BigEndian(number), now);
        if (_arrivals.NextTimeout != before)
        {
            Transport.Reschedule();
        }
    }

    /// <summary>Tells the publisher which packets arrived (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3), when it is due.</summary>
    public void SendFeedback<TSink>(Timestamp now, ref TSink sink)
        where TSink : ITransmitSink, allows ref struct
    {
        if (_arrivals is null || now < _arrivals.NextTimeout)
        {
            return;
        }

        Span<byte> buffer = stackalloc byte[RtcpLimits.CompoundBytesMax];
        uint mediaSsrc = _publications[0].Ssrc.GetValueOrDefault();
        while (true)
        {
            var writer = new RtcpWriter(buffer);
            writer.TryWriteReceiverReport(RtcpLimits.ReceiverSsrc, []);
            writer.TryWriteCanonicalName(RtcpLimits.ReceiverSsrc, _options.CanonicalName);
            if (!_arrivals.TryWrite(ref writer, RtcpLimits.ReceiverSsrc, mediaSsrc, now))
            {
                return;
            }

            Transport.SendRtcp(writer.Written, ref sink);
            _statistics.TransportFeedbackSent++;
        }
    }

    /// <summary>Asks for the keyframes that are due (RFC 4585 §6.3.1), in a compound packet as RFC 3550 §6.1 wants it.</summary>
    public void SendKeyframeRequests<TSink>(Timestamp now, ref TSink sink)
        where TSink : ITransmitSink, allows ref struct
    {
        Span<byte> buffer = stackalloc byte[RtcpLimits.CompoundBytesMax];
        foreach (var publication in _publications)
        {
            if (publication.Ssrc is not { } ssrc || !publication.TryTakeKeyframeRequest(now))
            {
                continue;
            }

            var writer = new RtcpWriter(buffer);
            writer.TryWriteReceiverReport(RtcpLimits.ReceiverSsrc, []);
            writer.TryWriteCanonicalName(RtcpLimits.ReceiverSsrc, _options.CanonicalName);
            writer.TryWritePictureLossIndication(RtcpLimits.ReceiverSsrc, ssrc);
            Transport.SendRtcp(writer.Written, ref sink);
            _statistics.KeyframeRequestsSent++;
        }
    }

    /// <summary>Asks for the packets that are missing (RFC 4585 §6.2.1); what is given up only a keyframe mends.</summary>
    public void SendNacks<TSink>(Timestamp now, ref TSink sink)
        where TSink : ITransmitSink, allows ref struct
    {
        Span<ushort> numbers = stackalloc ushort[RtcpLimits.NackNumbersMax];
        Span<byte> buffer = stackalloc byte[RtcpLimits.CompoundBytesMax];
        foreach (var publication in _publications)
        {
            if (publication.Nacks is not { } nacks || publication.Ssrc is not { } ssrc)
            {
                continue;
            }

            int count = nacks.Take(numbers, now, out int givenUp);
            if (givenUp > 0)
            {
                _statistics.PacketsGivenUp += givenUp;
                publication.RequestKeyframe(now);
            }

            if (count == 0)
            {
                continue;
            }

            var writer = new RtcpWriter(buffer);
            writer.TryWriteReceiverReport(RtcpLimits.ReceiverSsrc, []);
            writer.TryWriteCanonicalName(RtcpLimits.ReceiverSsrc, _options.CanonicalName);
            writer.TryWriteNack(RtcpLimits.ReceiverSsrc, ssrc, numbers[..count]);
            Transport.SendRtcp(writer.Written, ref sink);
            _statistics.NacksSent++;
            _statistics.PacketsAskedFor += count;
        }
    }

    /// <summary>Whether a packet is of the encoding that has a rid (RFC 8852 §3); of a track without one every packet is.</summary>
    private static bool IsOf(in RtpPacket packet, byte extension, ReadOnlySpan<byte> rid) =>
        rid.IsEmpty || (packet.TryGetExtension(extension, out var told) && told.SequenceEqual(rid));

    private void HandleRoundTrip(TimeSpan? roundTrip)
    {
        RoundTripTime = roundTrip ?? RoundTripTime;
        foreach (var publication in _publications)
        {
            publication.Nacks?.ReportedRoundTrip = RoundTripTime;
        }
    }

    private Publication? Find(uint ssrc)
    {
        foreach (var publication in _publications)
        {
            if (publication.Ssrc == ssrc)
            {
                return publication;
            }
        }

        return null;
    }
}
