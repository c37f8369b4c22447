using Dais.Rtc;
using Dais.Rtc.Rtcp;
using Dais.Sfu.Reports;

namespace Dais.Sfu.Publications;

/// <summary>What the publisher is told and asked.</summary>
internal sealed partial class Publisher
{
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
}
