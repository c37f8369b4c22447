using System.Buffers.Binary;

namespace Dais.Rtc.Rtcp;

/// <summary>The RTCP packets Dais knows.</summary>
public enum RtcpKind
{
    /// <summary>Anything else; skipped (RFC 3550 §6.1).</summary>
    Unknown,

    /// <summary>SR (RFC 3550 §6.4.1).</summary>
    SenderReport,

    /// <summary>RR (RFC 3550 §6.4.2).</summary>
    ReceiverReport,

    /// <summary>SDES (RFC 3550 §6.5).</summary>
    SourceDescription,

    /// <summary>BYE (RFC 3550 §6.6).</summary>
    Goodbye,

    /// <summary>Generic NACK (RFC 4585 §6.2.1).</summary>
    Nack,

    /// <summary>
    /// Transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1).
    /// </summary>
    TransportFeedback,

    /// <summary>PLI (RFC 4585 §6.3.1).</summary>
    PictureLossIndication,

    /// <summary>FIR (RFC 5104 §4.3.1).</summary>
    FullIntraRequest,

    /// <summary>REMB (draft-alvestrand-rmcat-remb-03 §2).</summary>
    ReceiverEstimatedMaximumBitrate,

    /// <summary>XR (RFC 3611 §2).</summary>
    ExtendedReport,
}

/// <summary>
/// A view over one packet of an RTCP datagram. The typed views are got by <c>TryRead</c>: false when the packet is of
/// another kind or too short for what it says it holds.
/// </summary>
/// <remarks>
/// <code>
/// |V=2|P| count/FMT |   packet type   |     length in words - 1      |
/// |                      SSRC of the sender                          |
/// </code>
/// </remarks>
public readonly ref struct RtcpPacket
{
    internal const int HeaderLength = 4;
    internal const byte SenderReportType = 200;
    internal const byte ReceiverReportType = 201;
    internal const byte SourceDescriptionType = 202;
    internal const byte GoodbyeType = 203;
    internal const byte TransportFeedbackType = 205;
    internal const byte PayloadFeedbackType = 206;
    internal const byte ExtendedReportType = 207;
    internal const int NackFormat = 1;
    internal const int TransportWideFormat = 15;
    internal const int PictureLossFormat = 1;
    internal const int FullIntraFormat = 4;
    internal const int ApplicationFormat = 15;
    internal const uint RembIdentifier = 0x52454D42; // "REMB"

    private readonly ReadOnlySpan<byte> _bytes;

    internal RtcpPacket(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>The packet's kind by its type and format fields.</summary>
    public RtcpKind Kind => Type switch
    {
        SenderReportType => RtcpKind.SenderReport,
        ReceiverReportType => RtcpKind.ReceiverReport,
        SourceDescriptionType => RtcpKind.SourceDescription,
        GoodbyeType => RtcpKind.Goodbye,
        TransportFeedbackType when Count == NackFormat => RtcpKind.Nack,
        TransportFeedbackType when Count == TransportWideFormat => RtcpKind.TransportFeedback,
        PayloadFeedbackType when Count == PictureLossFormat => RtcpKind.PictureLossIndication,
        PayloadFeedbackType when Count == FullIntraFormat => RtcpKind.FullIntraRequest,
        PayloadFeedbackType when Count == ApplicationFormat && IsRemb => RtcpKind.ReceiverEstimatedMaximumBitrate,
        ExtendedReportType => RtcpKind.ExtendedReport,
        _ => RtcpKind.Unknown,
    };

    /// <summary>The packet type field.</summary>
    public byte Type => _bytes[1];

    /// <summary>The five bits that hold a count or, in feedback, the format.</summary>
    public int Count => _bytes[0] & 0x1F;

    /// <summary>The packet behind its header of four bytes, without padding.</summary>
    public ReadOnlySpan<byte> Body => _bytes[HeaderLength..];

    private bool IsRemb => Body.Length >= 12 && BinaryPrimitives.ReadUInt32BigEndian(Body[8..]) == RembIdentifier;

    /// <summary>Reads an SR.</summary>
    public bool TryReadSenderReport(out SenderReport report)
    {
        int end = SenderReport.FixedLength + (Count * ReportBlock.Length);
        bool readable = Type == SenderReportType && Body.Length >= end;
        report = readable ? new SenderReport(Body[..end]) : default;
        return readable;
    }

    /// <summary>Reads an RR.</summary>
    public bool TryReadReceiverReport(out ReceiverReport report)
    {
        int end = ReceiverReport.FixedLength + (Count * ReportBlock.Length);
        bool readable = Type == ReceiverReportType && Body.Length >= end;
        report = readable ? new ReceiverReport(Body[..end]) : default;
        return readable;
    }

    /// <summary>Reads a BYE.</summary>
    public bool TryReadGoodbye(out Goodbye goodbye)
    {
        bool readable = Type == GoodbyeType && Body.Length >= Count * 4;
        goodbye = readable ? new Goodbye(Body[..(Count * 4)]) : default;
        return readable;
    }

    /// <summary>Finds the canonical name an SDES gives its first source.</summary>
    public bool TryReadCanonicalName(out CanonicalName name)
    {
        name = default;
        return Type == SourceDescriptionType && Count > 0 && CanonicalName.TryRead(Body, out name);
    }

    /// <summary>Reads a generic NACK.</summary>
    public bool TryReadNack(out Nack nack)
    {
        bool readable = Kind == RtcpKind.Nack && Body.Length >= Nack.FixedLength;
        nack = readable ? new Nack(Body) : default;
        return readable;
    }

    /// <summary>Reads an XR.</summary>
    public bool TryReadExtendedReport(out ExtendedReport report)
    {
        bool readable = Type == ExtendedReportType && Body.Length >= ExtendedReport.FixedLength;
        report = readable ? new ExtendedReport(Body) : default;
        return readable;
    }

    /// <summary>Reads a PLI.</summary>
    public bool TryReadPictureLossIndication(out PictureLossIndication indication)
    {
        bool readable = Kind == RtcpKind.PictureLossIndication && Body.Length >= 8;
        indication = readable
            ? new PictureLossIndication(
                BinaryPrimitives.ReadUInt32BigEndian(Body), BinaryPrimitives.ReadUInt32BigEndian(Body[4..]))
            : default;
        return readable;
    }

    /// <summary>Reads a FIR.</summary>
    public bool TryReadFullIntraRequest(out FullIntraRequest request)
    {
        bool readable = Kind == RtcpKind.FullIntraRequest && Body.Length >= FullIntraRequest.FixedLength;
        request = readable ? new FullIntraRequest(Body) : default;
        return readable;
    }

    /// <summary>Reads a REMB.</summary>
    public bool TryReadReceiverEstimatedMaximumBitrate(out ReceiverEstimatedMaximumBitrate estimate)
    {
        estimate = default;
        return Kind == RtcpKind.ReceiverEstimatedMaximumBitrate
            && ReceiverEstimatedMaximumBitrate.TryRead(Body, out estimate);
    }

    /// <summary>Reads transport-wide feedback.</summary>
    public bool TryReadTransportFeedback(out TransportFeedback feedback)
    {
        feedback = default;
        return Kind == RtcpKind.TransportFeedback && TransportFeedback.TryRead(Body, out feedback);
    }
}
