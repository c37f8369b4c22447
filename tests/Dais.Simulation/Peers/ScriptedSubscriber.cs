using System.Buffers.Binary;
using System.Text;
using Dais.Rtc;
using Dais.Rtc.Congestion;
using Dais.Rtc.Rtcp;
using Dais.Rtc.Rtp;
using Dais.Sfu;

namespace Dais.Simulation.Peers;

/// <summary>A client that watches a stage: it records what arrives on each section of its slots and reports its reception.</summary>
public sealed class ScriptedSubscriber : IScriptedPeer, IDisposable
{
    private const uint ReporterSsrc = 1;

    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    private readonly SubscriberSlot[] _slots;
    private readonly Section[] _sections;
    private readonly ArrivalRecorder _arrivals = new();
    private Timestamp _nextReport;

    /// <summary>A subscriber with <paramref name="slots"/> over <paramref name="transport"/>.</summary>
    public ScriptedSubscriber(TransportId id, ScriptedTransport transport, SubscriberSlot[] slots)
    {
        Id = id;
        Transport = transport;
        _slots = slots;
        _sections = [.. slots.SelectMany(SectionsOf)];
    }

    /// <summary>The server's id of the transport.</summary>
    public TransportId Id { get; }

    /// <summary>The transport.</summary>
    public ScriptedTransport Transport { get; }

    /// <summary>RTP packets of SSRCs the answer did not announce.</summary>
    public int UnannouncedPackets { get; private set; }

    /// <summary>RTP packets that were all padding, in bytes of padding.</summary>
    public long PaddingBytes { get; private set; }

    /// <summary>Bytes of RTP packets, headers included.</summary>
    public long RtpBytes { get; private set; }

    /// <summary>Bytes of RTP packets that were sent again, headers included.</summary>
    public long RepeatBytes { get; private set; }

    /// <summary>Whether the client asks for packets again once per round trip, and for a keyframe where nothing else helps, as browsers do.</summary>
    public bool BehavesAsBrowser { get; set; }

    /// <summary>Whether the client tells which packets arrived (draft-holmer-rmcat-transport-wide-cc-extensions-01).</summary>
    public bool SendsFeedback { get; set; } = true;

    /// <summary>The round trip the subscriber measures by itself (RFC 3611 §4.5); null before the first.</summary>
    public TimeSpan? MeasuredRoundTrip { get; private set; }

    /// <summary>Whether the subscriber asks for packets it misses, where that was agreed on.</summary>
    public bool SendsNacks { get; set; } = true;

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
            next = SendsFeedback && _arrivals.NextTimeout < next ? _arrivals.NextTimeout : next;
            foreach (var section in _sections)
            {
                next = section.Gaps.NextTimeout < next ? section.Gaps.NextTimeout : next;
                next = BehavesAsBrowser && section.Player?.NextTimeout < next ? section.Player.NextTimeout : next;
            }

            return next;
        }
    }

    /// <summary>What arrived of the sound on a slot.</summary>
    public StreamRecording Audio(int slot) => Find(_slots[slot].Audio!.Ssrc)!.Recording;

    /// <summary>What arrived of the picture on a slot.</summary>
    public StreamRecording Video(int slot) => Find(_slots[slot].Video!.Ssrc)!.Recording;

    /// <summary>The picture on a slot as it is shown.</summary>
    public PicturePlayer Player(int slot) => Find(_slots[slot].Video!.Ssrc)!.Player!;

    /// <inheritdoc/>
    public void HandleTimeout(Timestamp now, IDatagramOutput output)
    {
        Transport.HandleTimeout(now, output);
        if (Transport.IsConnected && now >= _nextReport)
        {
            _nextReport = now + ReportInterval;
            SendReport(now, output);
        }

        if (Transport.IsConnected && SendsFeedback && now >= _arrivals.NextTimeout)
        {
            SendTransportFeedback(now, output);
        }

        foreach (var section in _sections)
        {
            if (section.Gaps.NextTimeout <= now)
            {
                int givenUp = section.Gaps.GivenUp;
                SendNack(section.Track.Ssrc, section.Gaps.Take(now), output);
                if (section.Gaps.GivenUp > givenUp)
                {
                    section.Player?.GiveUp();
                }
            }

            if (BehavesAsBrowser && section.Player?.TryAskForKeyframe(now) == true)
            {
                SendPictureLoss(section.Track.Ssrc, output);
            }
        }
    }

    /// <summary>Asks for packets of an SSRC again (RFC 4585 §6.2.1).</summary>
    public void SendNack(uint ssrc, ReadOnlySpan<ushort> sequenceNumbers, IDatagramOutput output)
    {
        Span<byte> buffer = stackalloc byte[1200];
        var writer = new RtcpWriter(buffer);
        writer.TryWriteReceiverReport(ReporterSsrc, []);
        writer.TryWriteNack(ReporterSsrc, ssrc, sequenceNumbers);
        Transport.SendRtcp(writer.Written, output);
    }

    /// <summary>What was agreed on for the picture on a slot.</summary>
    public SlotTrack VideoTrack(int slot) => _slots[slot].Video!;

    /// <inheritdoc/>
    public void HandleDatagram(Span<byte> datagram, Timestamp now, IDatagramOutput output)
    {
        var kind = Transport.HandleDatagram(datagram, now, output, out int length);
        if (kind == DatagramKind.Rtp && RtpPacket.TryParse(datagram[..length], out var packet))
        {
            HandleRtp(datagram[..length], packet, now);
        }
        else if (kind == DatagramKind.Rtcp && RtcpReader.TryParse(datagram[..length], out var reader))
        {
            while (reader.MoveNext())
            {
                HandleRtcp(reader.Current, now);
            }
        }
    }

    /// <summary>Says that the picture on a slot is broken (RFC 4585 §6.3.1).</summary>
    public void SendPictureLoss(int slot, IDatagramOutput output) => SendPictureLoss(_slots[slot].Video!.Ssrc, output);

    private void SendPictureLoss(uint ssrc, IDatagramOutput output)
    {
        Span<byte> buffer = stackalloc byte[64];
        var writer = new RtcpWriter(buffer);
        writer.TryWriteReceiverReport(ReporterSsrc, []);
        writer.TryWritePictureLossIndication(ReporterSsrc, ssrc);
        Transport.SendRtcp(writer.Written, output);
    }

    /// <summary>Asks for a keyframe on a slot the other way (RFC 5104 §4.3.1).</summary>
    public void SendFullIntraRequest(int slot, byte sequenceNumber, IDatagramOutput output)
    {
        Span<byte> buffer = stackalloc byte[64];
        var writer = new RtcpWriter(buffer);
        writer.TryWriteReceiverReport(ReporterSsrc, []);
        writer.TryWriteFullIntraRequest(ReporterSsrc, _slots[slot].Video!.Ssrc, sequenceNumber);
        Transport.SendRtcp(writer.Written, output);
    }

    /// <inheritdoc/>
    public void Dispose() => Transport.Dispose();

    private static IEnumerable<Section> SectionsOf(SubscriberSlot slot)
    {
        if (slot.Audio is not null)
        {
            yield return new Section(slot.Audio, TrackKind.Audio);
        }

        if (slot.Video is not null)
        {
            yield return new Section(slot.Video, TrackKind.Video);
        }
    }

    private void HandleRtp(Span<byte> bytes, in RtpPacket packet, Timestamp now)
    {
        RtpBytes += packet.HeaderLength + packet.Payload.Length + packet.PaddingLength;
        if (packet.TryGetExtension(SessionDescriptions.SubscriberExtensions.TransportSequenceNumber, out var number))
        {
            _arrivals.HandlePacket(BinaryPrimitives.ReadUInt16BigEndian(number), now);
        }

        if (packet.Payload.IsEmpty)
        {
            PaddingBytes += packet.PaddingLength;
            return;
        }

        if (Find(packet.Ssrc) is { } section)
        {
            Record(section, packet, isRepeat: false, now);
        }
        else if (FindRepaired(packet.Ssrc) is { } repaired
            && RetransmittedPacket.TryRestore(bytes, PayloadTypeOf(repaired, packet.PayloadType), repaired.Track.Ssrc, out var original, out _)
            && RtpPacket.TryParse(original, out var restored))
        {
            Record(repaired, restored, isRepeat: true, now);
        }
        else
        {
            UnannouncedPackets++;
        }
    }

    private void Record(Section section, in RtpPacket packet, bool isRepeat, Timestamp now)
    {
        var payload = packet.Payload;
        int present = 0;
        bool isRedundant = packet.PayloadType == section.Track.RedundancyPayloadType && RedundantPayload.TryFindPrimary(payload, out present);
        if (!SyntheticPayload.TryRead(isRedundant ? payload[present..] : payload, out var content))
        {
            UnannouncedPackets++;
            return;
        }

        if (!isRepeat)
        {
            section.Statistics.HandlePacket(packet.SequenceNumber, packet.Timestamp, now);
        }

        bool wasAskedFor = SendsNacks && section.Track.AnswersNack && section.Gaps.HandlePacket(packet.SequenceNumber, now);

        var ids = section.Track.Extensions;
        var received = new ReceivedPacket(
            now,
            packet.SequenceNumber,
            packet.Timestamp,
            packet.Marker,
            packet.PayloadType,
            content,
            packet.TryGetExtension(ids.AudioLevel, out var level) ? level[0] : null,
            packet.TryGetExtension(ids.VideoOrientation, out var orientation) ? orientation[0] : null,
            packet.TryGetExtension(ids.AbsoluteSendTime, out var time) ? (time[0] << 16) | (time[1] << 8) | time[2] : null)
        {
            IsRepeat = isRepeat,
            BlockTypes = isRedundant ? BlockTypes(payload) : [],
        };
        section.Recording.Packets.Add(received);
        RepeatBytes += isRepeat ? packet.HeaderLength + packet.Payload.Length : 0;
        if (section.Player is { } player)
        {
            player.Repeats += wasAskedFor ? 1 : 0;
            player.HandlePacket(received);
        }
    }

    /// <summary>The payload types of the blocks of a packet with older sound (RFC 2198 §3).</summary>
    private static byte[] BlockTypes(ReadOnlySpan<byte> payload)
    {
        List<byte> types = [];
        for (; (payload[0] & 0x80) != 0; payload = payload[4..])
        {
            types.Add((byte)(payload[0] & 0x7F));
        }

        return [.. types, payload[0]];
    }

    private static byte PayloadTypeOf(Section section, byte repeatType)
    {
        foreach (var (codec, payloadType) in section.Track.Retransmission!.PayloadTypes)
        {
            if (payloadType == repeatType)
            {
                return section.Track.PayloadTypes[codec];
            }
        }

        return 0;
    }

    private void HandleRtcp(in RtcpPacket packet, Timestamp now)
    {
        if (packet.TryReadSenderReport(out var report) && Find(report.SenderSsrc) is { } section)
        {
            section.Statistics.HandleSenderReport(report.Ntp, now);
            section.Recording.SenderReports.Add(new ReceivedSenderReport(now, report.Ntp, report.RtpTimestamp, report.PacketCount));
        }
        else if (packet.TryReadExtendedReport(out var extended) && extended.TryGetEcho(ReporterSsrc, out var echo))
        {
            MeasuredRoundTrip = echo.RoundTripTime(NtpTimestamp.From(now));
            foreach (var told in _sections)
            {
                if (BehavesAsBrowser && MeasuredRoundTrip is { } roundTrip)
                {
                    told.Gaps.Interval = TimeSpan.FromMilliseconds(Math.Max(20, roundTrip.TotalMilliseconds + 10));
                    told.Player?.RoundTrip = roundTrip;
                }
            }
        }
        else if (packet.TryReadCanonicalName(out var name) && Find(name.Ssrc) is { } named)
        {
            named.Recording.CanonicalName = Encoding.UTF8.GetString(name.Utf8);
        }
    }

    private void SendReport(Timestamp now, IDatagramOutput output)
    {
        ReportBlock[] blocks = [.. _sections
            .Where(section => section.Statistics.PacketsReceived > 0)
            .Take(31)
            .Select(section => section.Statistics.TakeReport(section.Track.Ssrc, now))];
        Span<byte> buffer = stackalloc byte[1200];
        var writer = new RtcpWriter(buffer);
        writer.TryWriteReceiverReport(ReporterSsrc, blocks);
        writer.TryWriteReferenceTime(ReporterSsrc, NtpTimestamp.From(now));
        Transport.SendRtcp(writer.Written, output);
    }

    private void SendTransportFeedback(Timestamp now, IDatagramOutput output)
    {
        Span<byte> buffer = stackalloc byte[1200];
        while (true)
        {
            var writer = new RtcpWriter(buffer);
            writer.TryWriteReceiverReport(ReporterSsrc, []);
            if (!_arrivals.TryWrite(ref writer, ReporterSsrc, _sections[0].Track.Ssrc, now))
            {
                return;
            }

            Transport.SendRtcp(writer.Written, output);
        }
    }

    private Section? Find(uint ssrc) => Array.Find(_sections, section => section.Track.Ssrc == ssrc);

    private Section? FindRepaired(uint ssrc) => Array.Find(_sections, section => section.Track.Retransmission?.Ssrc == ssrc);

    private sealed class Section(SlotTrack track, TrackKind kind)
    {
        public SlotTrack Track { get; } = track;

        public StreamRecording Recording { get; } = new();

        public GapFinder Gaps { get; } = new();

        public PicturePlayer? Player { get; } = kind == TrackKind.Video ? new PicturePlayer() : null;

        public ReceptionStatistics Statistics { get; } = new(kind == TrackKind.Audio ? 48_000 : 90_000);
    }
}
