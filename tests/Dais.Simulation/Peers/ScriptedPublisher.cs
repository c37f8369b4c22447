using System.Collections.Immutable;
using Dais.Rtc;
using Dais.Rtc.Congestion;
using Dais.Rtc.Rtcp;
using Dais.Rtc.Rtp;
using Dais.Sfu;

namespace Dais.Simulation.Peers;

/// <summary>A client that sends sound and picture, and gives a keyframe when it is asked for one.</summary>
public sealed class ScriptedPublisher : IScriptedPeer, IDisposable
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    /// <summary>What sound takes of the way, in bits per second.</summary>
    private const long SoundBitrate = 60_000;

    /// <summary>How much of what pictures take of the way is not headers.</summary>
    private const double PayloadShare = 0.95;

    private readonly ScriptedTrack[] _tracks;
    private readonly NtpTimestamp _ntpAtZero;
    private Timestamp _nextReport;
    private (uint From, uint Time, Timestamp At)? _reference;

    /// <summary>A publisher of <paramref name="tracks"/> over <paramref name="transport"/>.</summary>
    /// <param name="id">The server's id of the transport.</param>
    /// <param name="participant">Who publishes.</param>
    /// <param name="transport">The transport.</param>
    /// <param name="tracks">What it sends.</param>
    /// <param name="ntpAtZero">What its own wall clock says at timestamp zero.</param>
    public ScriptedPublisher(
        TransportId id, ParticipantId participant, ScriptedTransport transport, ScriptedTrack[] tracks, NtpTimestamp ntpAtZero)
    {
        Id = id;
        Participant = participant;
        Transport = transport;
        _tracks = tracks;
        _ntpAtZero = ntpAtZero;
    }

    /// <summary>The server's id of the transport.</summary>
    public TransportId Id { get; }

    /// <summary>Who publishes.</summary>
    public ParticipantId Participant { get; }

    /// <summary>The transport.</summary>
    public ScriptedTransport Transport { get; }

    /// <summary>What was agreed on for its tracks.</summary>
    public ImmutableArray<PublishedTrack> Tracks => [.. _tracks.Select(track => track.Track)];

    /// <summary>The sound.</summary>
    public ScriptedTrack Audio => _tracks.First(track => track.Track.Kind == TrackKind.Audio);

    /// <summary>The picture.</summary>
    public ScriptedTrack Video => _tracks.First(track => track.Track.Kind == TrackKind.Video);

    /// <summary>The encodings of the picture, lowest first.</summary>
    public IReadOnlyList<ScriptedTrack> Layers => [.. _tracks.Where(track => track.Track.Kind == TrackKind.Video)];

    /// <summary>What the server last said may be sent, in bits per second.</summary>
    public long BitrateMax { get; private set; }

    /// <summary>When the server got each packet, by its transport-wide number and the server's clock; null for one it said it missed.</summary>
    public Dictionary<ushort, Timestamp?> Arrivals { get; } = [];

    /// <summary>When the server told of arrivals.</summary>
    public List<Timestamp> Feedbacks { get; } = [];

    /// <summary>Finds out what the way to the server holds, so that the picture takes no more; null for one that sends what it sends.</summary>
    public PublisherCongestion? Congestion { get; private set; }

    /// <summary>Whether the publisher reports its clock.</summary>
    public bool SendsReports { get; set; } = true;

    /// <inheritdoc/>
    public Timestamp NextTimeout
    {
        get
        {
            var next = Transport.NextTimeout;
            if (!Transport.IsConnected)
            {
                return next;
            }

            next = _nextReport < next ? _nextReport : next;
            next = Congestion?.NextTimeout < next ? Congestion.NextTimeout : next;
            foreach (var track in _tracks)
            {
                next = track.NextFrame < next ? track.NextFrame : next;
            }

            return next;
        }
    }

    /// <inheritdoc/>
    public void HandleTimeout(Timestamp now, IDatagramOutput output)
    {
        output = Congestion?.Watch(output, now) ?? output;
        Transport.HandleTimeout(now, output);
        if (!Transport.IsConnected)
        {
            return;
        }

        foreach (var track in _tracks)
        {
            if (now >= track.NextFrame)
            {
                track.SendFrame(Transport, now, output);
            }
        }

        if (Congestion?.HandleTimeout(now) is > 0 and var due)
        {
            Video.SendProbe(due, Transport, output);
        }

        if (now >= _nextReport)
        {
            _nextReport = now + ReportInterval;
            SendClockReports(now, output);
        }
    }

    /// <inheritdoc/>
    public void HandleDatagram(Span<byte> datagram, Timestamp now, IDatagramOutput output)
    {
        output = Congestion?.Watch(output, now) ?? output;
        var kind = Transport.HandleDatagram(datagram, now, output, out int length);
        if (kind != DatagramKind.Rtcp || !RtcpReader.TryParse(datagram[..length], out var reader))
        {
            return;
        }

        while (reader.MoveNext())
        {
            HandleRtcp(reader.Current, now, output);
        }
    }

    /// <summary>Lets the picture's size follow what passes to the server from now on, beginning with what <paramref name="options"/> say.</summary>
    public void FollowPath(CongestionOptions options)
    {
        Congestion = new PublisherCongestion(options);
        Video.Budget = new PictureBudget();
        FitPicture();
    }

    /// <summary>Ends the source of a track (RFC 3550 §6.6).</summary>
    public void SendGoodbye(ScriptedTrack track, IDatagramOutput output)
    {
        Span<byte> buffer = stackalloc byte[64];
        var writer = new RtcpWriter(buffer);
        writer.TryWriteReceiverReport(track.Ssrc, []);
        writer.TryWriteGoodbye([track.Ssrc]);
        Transport.SendRtcp(writer.Written, output);
    }

    /// <inheritdoc/>
    public void Dispose() => Transport.Dispose();

    private void HandleRtcp(in RtcpPacket packet, Timestamp now, IDatagramOutput output)
    {
        if (packet.TryReadPictureLossIndication(out var indication))
        {
            Find(indication.MediaSsrc)?.HandleKeyframeRequest(now);
        }
        else if (packet.TryReadExtendedReport(out var extended) && extended.TryGetReferenceTime(out var reference))
        {
            _reference = (extended.SenderSsrc, reference.Middle32, now);
        }
        else if (packet.TryReadNack(out var nack) && Find(nack.MediaSsrc) is { } missed)
        {
            foreach (ushort sequenceNumber in nack)
            {
                missed.HandleNack(sequenceNumber, Transport, now, output);
            }
        }
        else if (packet.TryReadReceiverEstimatedMaximumBitrate(out var estimate))
        {
            BitrateMax = estimate.BitsPerSecond;
            Congestion?.HandleCeiling(estimate.BitsPerSecond);
            FitPicture();
        }
        else if (packet.TryReadTransportFeedback(out var feedback))
        {
            Feedbacks.Add(now);
            foreach (var status in feedback)
            {
                long arrival = ((feedback.ReferenceTime * 256L) + status.ArrivalTicks) * TransportFeedback.TickMicroseconds;
                Arrivals[status.SequenceNumber] = status.IsReceived ? new Timestamp(arrival) : null;
            }

            Congestion?.HandleFeedback(feedback, now);
            FitPicture();
        }
        else if (packet.TryReadReceiverReport(out var report))
        {
            for (int i = 0; i < report.Blocks.Count; i++)
            {
                if (Find(report.Blocks[i].Ssrc) is { } track)
                {
                    track.LastReport = report.Blocks[i];
                    track.RoundTrip = report.Blocks[i].RoundTripTime(_ntpAtZero + TimeSpan.FromMicroseconds(now.Microseconds)) ?? track.RoundTrip;
                }
            }
        }
    }

    /// <summary>The picture gets what sound, headers and repeats leave.</summary>
    private void FitPicture()
    {
        Video.Budget?.BitsPerSecond = Math.Max(0, (long)(PayloadShare * (Congestion!.Target - SoundBitrate)));
    }

    private void SendClockReports(Timestamp now, IDatagramOutput output)
    {
        if (!SendsReports)
        {
            return;
        }

        Span<byte> buffer = stackalloc byte[400];
        var writer = new RtcpWriter(buffer);
        var ntp = _ntpAtZero + TimeSpan.FromMicroseconds(now.Microseconds);
        foreach (var track in _tracks)
        {
            track.WriteReport(ref writer, ntp, now);
        }

        if (_reference is { } last)
        {
            var echo = new ReferenceTimeEcho(last.Time, NtpTimestamp.ToShort(now - last.At));
            writer.TryWriteReferenceTimeEcho(_tracks[0].Ssrc, last.From, echo);
        }

        Transport.SendRtcp(writer.Written, output);
    }

    private ScriptedTrack? Find(uint ssrc) => Array.Find(_tracks, track => track.Ssrc == ssrc);
}
