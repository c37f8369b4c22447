using System.Buffers.Binary;

namespace Dais.Rtc.Srtp;

/// <summary>
/// Authenticates and decrypts the packets of one direction (RFC 3711 §3.3, §3.4). Keeps per SSRC how often the sequence number rolled over
/// and which packets were seen. Nothing is allocated per packet, only once per new SSRC. Not for use by two threads at once.
/// </summary>
public sealed class SrtpReceiver : IDisposable
{
    private readonly SrtpCipher _cipher;
    private readonly uint[] _ssrcs;
    private readonly Stream[] _streams;
    private int _count;

    /// <summary>A receiver with the keys of <paramref name="master"/>.</summary>
    public SrtpReceiver(SrtpProfile profile, SrtpMasterKey master, SrtpReceiverOptions options)
        : this(profile, SrtpSessionKeys.Derive(profile, master), options)
    {
    }

    internal SrtpReceiver(SrtpProfile profile, SrtpSessionKeys keys, SrtpReceiverOptions options)
    {
        _cipher = SrtpCipher.CreateReceiving(profile, keys);
        _ssrcs = new uint[options.StreamsMax];
        _streams = new Stream[options.StreamsMax];
    }

    /// <summary>Packets with a wrong tag; dropped.</summary>
    public long AuthenticationFailures { get; private set; }

    /// <summary>Packets received before, or too old to tell; dropped.</summary>
    public long Replays { get; private set; }

    /// <summary>Packets too short or not of version 2; dropped.</summary>
    public long Malformed { get; private set; }

    /// <summary>Packets of a new SSRC while the table was full; dropped.</summary>
    public long RefusedStreams { get; private set; }

    /// <summary>How many SSRCs are known.</summary>
    public int StreamCount => _count;

    /// <summary>
    /// Authenticates and decrypts one RTP packet in place; false when it is to be dropped, its bytes are then undefined.
    /// </summary>
    /// <param name="datagram">The packet as received.</param>
    /// <param name="length">Bytes of the packet without what protected it.</param>
    public bool TryUnprotectRtp(Span<byte> datagram, out int length) => TryUnprotectRtp(datagram, out length, out _);

    /// <summary>
    /// Authenticates and decrypts one RTP packet in place; false when it is to be dropped, its bytes are then undefined.
    /// </summary>
    /// <param name="datagram">The packet as received.</param>
    /// <param name="length">Bytes of the packet without what protected it.</param>
    /// <param name="index">The packet's index (RFC 3711 §3.3.1); never the same twice for one SSRC.</param>
    public bool TryUnprotectRtp(Span<byte> datagram, out int length, out ulong index)
    {
        index = 0;
        length = datagram.Length - _cipher.RtpOverhead;
        int headerLength = SrtpHeader.GetRtpHeaderLength(datagram);
        if (headerLength < 0 || headerLength > length)
        {
            Malformed++;
            return false;
        }

        uint ssrc = BinaryPrimitives.ReadUInt32BigEndian(datagram[8..]);
        if (!TryFind(ssrc, out var stream))
        {
            return false;
        }

        index = EstimateIndex(stream?.Rtp.Highest, BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]));
        if (stream is not null && !stream.Rtp.IsNew(index))
        {
            Replays++;
            return false;
        }

        if (!_cipher.TryUnprotectRtp(datagram, headerLength, index))
        {
            AuthenticationFailures++;
            return false;
        }

        (stream ?? Add(ssrc)).Rtp.Add(index);
        return true;
    }

    /// <summary>
    /// Takes a packet of <paramref name="ssrc"/> for received that came another way (RFC 4588 §4), so that it comes to pass once, however it
    /// comes; false when it was received, is too old to tell, or lies ahead of what was received.
    /// </summary>
    /// <param name="ssrc">The source whose packet it is.</param>
    /// <param name="sequenceNumber">Its sequence number.</param>
    /// <param name="index">Its index.</param>
    public bool TryAdmit(uint ssrc, ushort sequenceNumber, out ulong index)
    {
        index = 0;
        if (!TryFind(ssrc, out var stream) || stream?.Rtp.Highest is not { } highest)
        {
            return false;
        }

        index = EstimateIndex(highest, sequenceNumber);
        if (index > highest || !stream.Rtp.IsNew(index))
        {
            return false;
        }

        stream.Rtp.Add(index);
        return true;
    }

    /// <summary>
    /// Authenticates and decrypts one compound RTCP packet in place; false when it is to be dropped, its bytes are then undefined. A
    /// packet that is authentic but not encrypted is accepted, as RFC 3711 §3.4 has it.
    /// </summary>
    /// <param name="datagram">The packet as received.</param>
    /// <param name="length">Bytes of the packet without what protected it.</param>
    public bool TryUnprotectRtcp(Span<byte> datagram, out int length)
    {
        length = datagram.Length - _cipher.RtcpOverhead;
        if (length < SrtpCipher.RtcpHeaderBytes || datagram[0] >> 6 != 2)
        {
            Malformed++;
            return false;
        }

        uint ssrc = BinaryPrimitives.ReadUInt32BigEndian(datagram[4..]);
        if (!TryFind(ssrc, out var stream))
        {
            return false;
        }

        uint flagAndIndex = _cipher.ReadRtcpIndex(datagram);
        uint index = flagAndIndex & ~SrtpCipher.RtcpEncryptedFlag;
        if (stream is not null && !stream.Rtcp.IsNew(index))
        {
            Replays++;
            return false;
        }

        if (!_cipher.TryUnprotectRtcp(datagram, flagAndIndex))
        {
            AuthenticationFailures++;
            return false;
        }

        (stream ?? Add(ssrc)).Rtcp.Add(index);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _cipher.Dispose();

    /// <summary>
    /// The packet index a sequence number most likely means: the one nearest to the highest received (RFC 3711 §3.3.1). Before the
    /// first rollover there is nothing to go back to, so a number far ahead is taken as it is.
    /// </summary>
    internal static ulong EstimateIndex(ulong? highest, ushort sequenceNumber)
    {
        if (highest is not { } last)
        {
            return sequenceNumber;
        }

        const int HalfRange = 0x8000;
        long rollovers = (long)(last >> 16);
        int distance = sequenceNumber - (ushort)last;
        if (distance > HalfRange && rollovers > 0)
        {
            rollovers--;
        }
        else if (distance < -HalfRange)
        {
            rollovers++;
        }

        return ((ulong)rollovers << 16) | sequenceNumber;
    }

    /// <summary>Finds the stream of an SSRC, null when it is new; false when it is new and there is no room for it.</summary>
    private bool TryFind(uint ssrc, out Stream? stream)
    {
        int index = _ssrcs.AsSpan(0, _count).IndexOf(ssrc);
        stream = index < 0 ? null : _streams[index];
        if (index < 0 && _count == _streams.Length)
        {
            RefusedStreams++;
            return false;
        }

        return true;
    }

    private Stream Add(uint ssrc)
    {
        _ssrcs[_count] = ssrc;
        return _streams[_count++] = new Stream();
    }

    private sealed class Stream
    {
        public SrtpReplayWindow Rtp { get; } = new();

        public SrtpReplayWindow Rtcp { get; } = new();
    }
}

/// <summary>Limits of an <see cref="SrtpReceiver"/>.</summary>
public sealed record SrtpReceiverOptions
{
    /// <summary>Most SSRCs held at once; packets of more are dropped.</summary>
    public int StreamsMax
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Must be positive.");
    } = 32;
}
