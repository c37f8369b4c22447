using Dais.Rtc;
using Dais.Rtc.Rtcp;
using Dais.Rtc.Rtp;
using Dais.Rtc.Rtp.Payloads;
using Dais.Rtc.Sdp;

namespace Dais.Client.Media;

/// <summary>A subscription on one path: finds the slot of every packet, makes frames of them, and reports what arrives.</summary>
internal sealed class SubscriptionEnd : IMediaEnd
{
    private const uint ReporterSsrc = 1;
    private const int ReportBlocksMax = 31;

    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    /// <summary>How often a lost picture is asked for again; the server spaces its own requests to the sender.</summary>
    private static readonly TimeSpan KeyframeSpacing = TimeSpan.FromMilliseconds(500);

    private readonly MediaPath _path;
    private readonly Action<int, TrackKind, AssembledMedia> _deliver;
    private readonly Dictionary<uint, Section> _sections = [];
    private Timestamp _nextReport;

    public SubscriptionEnd(SessionDescription answer, MediaPath path, Action<int, TrackKind, AssembledMedia> deliver)
    {
        _path = path;
        _deliver = deliver;
        int audioSections = 0;
        int videoSections = 0;
        foreach (var media in answer.Media)
        {
            // A rejected section still counts: the k-th of its kind is slot k.
            bool isAudio = media.Kind == "audio";
            int slot = isAudio ? audioSections++ : videoSections++;
            if (!media.IsRejected && media.Sources is [var source, ..])
            {
                _sections[source.Ssrc] = new Section(slot, isAudio ? TrackKind.Audio : TrackKind.Video, source.Ssrc);
            }
        }
    }

    public Timestamp NextTimeout => _nextReport;

    public void HandleRtp(ReadOnlySpan<byte> packet, Timestamp now)
    {
        if (!RtpPacket.TryParse(packet, out var rtp)
            || !_sections.TryGetValue(rtp.Ssrc, out var section)
            || MediaOffer.CodecOf(rtp.PayloadType) is not { } codec
            || (codec == Codec.Opus) != (section.Kind == TrackKind.Audio))
        {
            return;
        }

        section.HasPackets = true;
        section.Statistics.HandlePacket(rtp.SequenceNumber, rtp.Timestamp, now);
        section.Frames.HandlePacket(codec, rtp.SequenceNumber, rtp.Timestamp, rtp.Marker, rtp.Payload);
        while (section.Frames.TryTakeFrame(out var frame))
        {
            if (frame.IsAfterLoss && !frame.IsKeyframe && now >= section.NextKeyframeRequest)
            {
                section.NextKeyframeRequest = now + KeyframeSpacing;
                SendPictureLoss(section.Ssrc);
            }

            _deliver(section.Slot, section.Kind, new AssembledMedia(frame));
        }
    }

    public void HandleRtcp(ReadOnlySpan<byte> packet, Timestamp now)
    {
        if (!RtcpReader.TryParse(packet, out var reader))
        {
            return;
        }

        while (reader.MoveNext())
        {
            if (reader.Current.TryReadSenderReport(out var report) && _sections.TryGetValue(report.SenderSsrc, out var section))
            {
                section.Statistics.HandleSenderReport(report.Ntp, now);
            }
        }
    }

    public void HandleTimeout(Timestamp now)
    {
        _nextReport = now + ReportInterval;
        Span<ReportBlock> blocks = stackalloc ReportBlock[ReportBlocksMax];
        int count = 0;
        foreach (var section in _sections.Values)
        {
            if (section.HasPackets && count < ReportBlocksMax)
            {
                blocks[count++] = section.Statistics.TakeReport(section.Ssrc, now);
            }
        }

        Span<byte> buffer = stackalloc byte[1024];
        var writer = new RtcpWriter(buffer);
        writer.TryWriteReceiverReport(ReporterSsrc, blocks[..count]);
        _path.SendRtcp(writer.Written);
    }

    public void RaiseEvents()
    {
        // Frames were put where their readers wait; nothing is called.
    }

    /// <summary>Asks for a keyframe of the picture on <paramref name="slot"/>; from any thread.</summary>
    public void RequestKeyframe(int slot)
    {
        foreach (var section in _sections.Values)
        {
            if (section.Slot == slot && section.Kind == TrackKind.Video)
            {
                SendPictureLoss(section.Ssrc);
            }
        }
    }

    private void SendPictureLoss(uint ssrc)
    {
        Span<byte> buffer = stackalloc byte[64];
        var writer = new RtcpWriter(buffer);
        writer.TryWriteReceiverReport(ReporterSsrc, []);
        writer.TryWritePictureLossIndication(ReporterSsrc, ssrc);
        _path.SendRtcp(writer.Written);
    }

    private sealed class Section(int slot, TrackKind kind, uint ssrc)
    {
        public int Slot => slot;

        public TrackKind Kind => kind;

        public uint Ssrc => ssrc;

        public bool HasPackets { get; set; }

        public Timestamp NextKeyframeRequest { get; set; }

        public ReceptionStatistics Statistics { get; } = new(kind == TrackKind.Audio ? 48_000 : 90_000);

        public FrameAssembler Frames { get; } = new(kind);
    }
}

/// <summary>A frame whose bytes are still the assembler's; copied only when somebody reads it.</summary>
/// <param name="frame">The frame.</param>
internal readonly struct AssembledMedia(AssembledFrame frame)
{
    public MediaFrame ToFrame(int slot) =>
        new(slot, frame.Codec, frame.Timestamp, frame.IsKeyframe, frame.IsAfterLoss, frame.Data.ToArray());
}
