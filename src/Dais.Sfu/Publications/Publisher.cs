using System.Buffers.Binary;
using System.Collections.Immutable;
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
    private readonly PublisherSources _sources;
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
        _sources = new PublisherSources(_publications);
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

    /// <summary>Whether a packet may be of one of the publications, as far as can be told before it is authenticated.</summary>
    public bool MayExpect(uint ssrc, byte payloadType) => _sources.MayExpect(ssrc, payloadType);

    /// <summary>Finds the publication of an authentic packet, learning its SSRC; null when there is none.</summary>
    public Publication? Find(in RtpPacket packet)
    {
        var found = _sources.Find(packet, out bool isLearnt);
        if (isLearnt)
        {
            // Whoever waited for a keyframe can be served now that its source has a name.
            Transport.Reschedule();
        }

        return found;
    }

    /// <summary>Finds the publication of which an authentic packet sends something again, learning the SSRC; null when there is none.</summary>
    public Publication? FindRepaired(in RtpPacket packet) => _sources.FindRepaired(packet);

    /// <summary>Takes one RTCP packet of the publisher.</summary>
    public void HandleRtcp(in RtcpPacket packet, Timestamp now)
    {
        if (packet.TryReadSenderReport(out var report) && _sources.Find(report.SenderSsrc) is { } publication)
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
                _sources.Find(goodbye[i])?.HandleGoodbye(now);
            }
        }
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

    private void HandleRoundTrip(TimeSpan? roundTrip)
    {
        RoundTripTime = roundTrip ?? RoundTripTime;
        foreach (var publication in _publications)
        {
            publication.Nacks?.ReportedRoundTrip = RoundTripTime;
        }
    }
}
