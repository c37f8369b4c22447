using Dais.Rtc;
using Dais.Rtc.Rtcp;
using Dais.Rtc.Rtp;
using Dais.Rtc.Rtp.Payloads;

namespace Dais.Client.Media;

/// <summary>Sends the frames of one track over one path as one RTP stream.</summary>
internal sealed class TrackSender
{
    private readonly MediaPath _path;
    private readonly Codec _codec;
    private readonly uint _timestampOffset;
    private readonly Packetizer _packetizer;
    private readonly byte[] _header = new byte[RtpPacket.FixedHeaderLength];
    private readonly byte[] _payload = new byte[1400];
    private ulong _index;
    private uint _lastTimestamp;
    private Timestamp _lastSentAt;
    private uint _packets;
    private uint _octets;

    public TrackSender(MediaPath path, Codec codec, uint ssrc, uint random)
    {
        _path = path;
        _codec = codec;
        Ssrc = ssrc;
        _timestampOffset = random;
        _packetizer = Packetizer.For(codec)!;

        // The first number lies in the lower half, so that a receiver which misses the first packets still guesses the roll-over count
        // (RFC 3711 §3.3.1).
        _index = random >> 17;
    }

    public uint Ssrc { get; }

    private int ClockRate => _codec == Codec.Opus ? 48_000 : 90_000;

    /// <summary>Sends a frame; false while the path is not connected.</summary>
    /// <exception cref="ArgumentException">The bytes cannot be a frame of the codec.</exception>
    public bool Send(ReadOnlyMemory<byte> frame, TimeSpan timestamp, Timestamp now)
    {
        if (!_packetizer.TryBegin(frame))
        {
            throw new ArgumentException($"{frame.Length} bytes cannot be a frame of {_codec}.", nameof(frame));
        }

        uint rtpTimestamp = _timestampOffset + RtpTicks(timestamp);
        bool isSent = true;
        while (isSent && _packetizer.TryTake(_payload, out int length))
        {
            bool marker = _codec != Codec.Opus && _packetizer.IsDone;
            _ = new RtpHeaderWriter(_header, marker, MediaOffer.PayloadType(_codec), (ushort)_index, rtpTimestamp, Ssrc);
            isSent = _path.SendRtp(_header, _payload.AsSpan(0, length), _index);
            if (isSent)
            {
                _index++;
                _packets++;
                _octets += (uint)length;
            }
        }

        _lastTimestamp = rtpTimestamp;
        _lastSentAt = now;
        return isSent;
    }

    /// <summary>Writes the sender report of this moment; nothing before the first packet.</summary>
    public void WriteReport(ref RtcpWriter writer, NtpTimestamp ntp, Timestamp now)
    {
        if (_packets > 0)
        {
            writer.TryWriteSenderReport(Ssrc, ntp, _lastTimestamp + RtpTicks(now - _lastSentAt), _packets, _octets, []);
            writer.TryWriteCanonicalName(Ssrc, "dais-client");
        }
    }

    /// <summary>To the nearest tick: thirds of a second have to come out even.</summary>
    private uint RtpTicks(TimeSpan time) =>
        unchecked((uint)(((time.Ticks * ClockRate) + (TimeSpan.TicksPerSecond / 2)) / TimeSpan.TicksPerSecond));
}
