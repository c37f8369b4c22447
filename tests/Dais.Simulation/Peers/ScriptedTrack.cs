using System.Buffers.Binary;
using Dais.Rtc;
using Dais.Rtc.Rtcp;
using Dais.Rtc.Rtp;
using Dais.Sfu;

namespace Dais.Simulation.Peers;

/// <summary>How a scripted publisher sends one track.</summary>
public sealed record ScriptedTrackOptions
{
    /// <summary>The track's first sequence number.</summary>
    public ushort FirstSequenceNumber { get; init; } = 1000;

    /// <summary>The track's first timestamp.</summary>
    public uint FirstTimestamp { get; init; } = 90_000;

    /// <summary>Packets of a keyframe.</summary>
    public int KeyframePackets { get; init; } = 4;

    /// <summary>Packets of any other frame.</summary>
    public int FramePackets { get; init; } = 2;

    /// <summary>Payload bytes of a packet.</summary>
    public int PayloadBytes { get; init; } = 200;

    /// <summary>Whether the first frame is a keyframe; without, the first comes when it is asked for.</summary>
    public bool BeginsWithKeyframe { get; init; } = true;

    /// <summary>The first picture's id, of 15 bits; null to number no pictures, as many senders do.</summary>
    public ushort? FirstPictureId { get; init; }

    /// <summary>The first picture's base layer index, where pictures are numbered.</summary>
    public byte FirstTl0PictureIndex { get; init; }

    /// <summary>In how many temporal layers pictures come, 1 to 3, where they are numbered; told when there are several.</summary>
    public int TemporalLayers { get; init; } = 1;

    /// <summary>Packets of any frame but a keyframe, by its temporal layer; empty for as many in each.</summary>
    public IReadOnlyList<int> TemporalPackets { get; init; } = [];

    /// <summary>How packets are sent again that the server asks for.</summary>
    public RepeatMode Repeats { get; init; }

    /// <summary>Whether each sound packet carries the one before as well (RFC 2198).</summary>
    public bool SendsRedundancy { get; init; }

    /// <summary>The loudness told of each sound packet (RFC 6464 §3); null to send none.</summary>
    public byte? AudioLevel { get; init; } = 30;

    /// <summary>The orientation told of each picture; null to send none.</summary>
    public byte? VideoOrientation { get; init; } = 1;
}

/// <summary>One track of a scripted publisher: a frame each 33.3 ms or a sound packet each 20 ms.</summary>
/// <param name="track">What was agreed on.</param>
/// <param name="source">Who the payloads say they are from.</param>
/// <param name="ssrc">The SSRC sent with.</param>
/// <param name="options">How to send.</param>
public sealed class ScriptedTrack(PublishedTrack track, uint source, uint ssrc, ScriptedTrackOptions options)
{
    private const int SentMax = 1000;

    /// <summary>What browsers add to the round trip within which they do not answer again.</summary>
    private static readonly TimeSpan AnswerMargin = TimeSpan.FromMilliseconds(5);

    private static readonly byte[][] TemporalPattern = [[0, 0, 0, 0], [0, 1, 0, 1], [0, 2, 1, 2]];

    private readonly Dictionary<ushort, SentPacket> _sent = [];
    private readonly Queue<ushort> _sentOrder = new();
    private readonly byte[] _header = new byte[64];
    private byte[] _older = [];
    private readonly byte[] _payload = new byte[options.PayloadBytes];
    private ulong _index = options.FirstSequenceNumber;
    private uint _timestamp = options.FirstTimestamp;
    private ulong _repeatIndex = 500;
    private uint _packetCount;
    private bool _keyframeWanted = options.BeginsWithKeyframe;
    private byte _tl0 = options.FirstTl0PictureIndex;
    private int _inPattern;

    /// <summary>What was agreed on.</summary>
    public PublishedTrack Track { get; } = track;

    /// <summary>The SSRC sent with; may be changed, as a restarted source does.</summary>
    public uint Ssrc { get; set; } = ssrc;

    /// <summary>The next frame's or sound packet's number.</summary>
    public uint NextNumber { get; private set; }

    /// <summary>When the next frame or sound packet is due.</summary>
    public Timestamp NextFrame { get; private set; }

    /// <summary>Whether the device is on.</summary>
    public bool IsOn { get; set; } = true;

    /// <summary>Keyframes sent.</summary>
    public int KeyframesSent { get; private set; }

    /// <summary>When the server asked for keyframes.</summary>
    public List<Timestamp> KeyframeRequests { get; } = [];

    /// <summary>What the server last reported about the track's arrival.</summary>
    public ReportBlock? LastReport { get; set; }

    /// <summary>The round trip to the server by its last report; nothing while it is not known.</summary>
    public TimeSpan RoundTrip { get; set; }

    /// <summary>The sequence numbers the server asked for, in order.</summary>
    public List<ushort> Nacked { get; } = [];

    /// <summary>How large pictures are; null for as many packets as the options say.</summary>
    public PictureBudget? Budget { get; set; }

    /// <summary>Whether the track answers a keyframe request; an encoder that hangs does not.</summary>
    public bool AnswersKeyframeRequests { get; set; } = true;

    private bool IsAudio => Track.Kind == TrackKind.Audio;

    /// <summary>The server asks for a keyframe.</summary>
    public void HandleKeyframeRequest(Timestamp now)
    {
        KeyframeRequests.Add(now);
        _keyframeWanted |= AnswersKeyframeRequests;
    }

    /// <summary>The SSRC in which packets of the track of <paramref name="ssrc"/> are sent again.</summary>
    public static uint RetransmissionSsrcOf(uint ssrc) => ssrc + 0x800;

    /// <summary>The server asks for a packet again; within a round trip of the last answer it gets none, as from browsers.</summary>
    public void HandleNack(ushort sequenceNumber, ScriptedTransport transport, Timestamp now, IDatagramOutput output)
    {
        Nacked.Add(sequenceNumber);
        if (!_sent.TryGetValue(sequenceNumber, out var packet) || now - packet.RepeatedAt < RoundTrip + AnswerMargin)
        {
            return;
        }

        packet.RepeatedAt = now;

        if (options.Repeats == RepeatMode.AsItWas)
        {
            transport.SendRtp(packet.Header, packet.Header.Length, packet.Payload, packet.Index, output);
        }
        else if (options.Repeats == RepeatMode.OwnStream)
        {
            SendRepeat(sequenceNumber, packet.Payload, transport, output);
        }
    }

    /// <summary>Sends a packet in the stream for packets sent again (RFC 4588 §4), whether there was such a packet or not.</summary>
    public void SendRepeat(ushort sequenceNumber, ReadOnlySpan<byte> payload, ScriptedTransport transport, IDatagramOutput output)
    {
        byte[] header = _sent.TryGetValue(sequenceNumber, out var packet)
            ? [.. packet.Header]
            : _header[..WriteHeader(false, 0, transport.NextTransportSequenceNumber)];
        Number(header, transport.NextTransportSequenceNumber++);
        byte[] repeated = new byte[2 + payload.Length];
        BinaryPrimitives.WriteUInt16BigEndian(repeated, sequenceNumber);
        payload.CopyTo(repeated.AsSpan(2));
        header[1] = (byte)((header[1] & 0x80) | (Track.PayloadType - 60));
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), (ushort)_repeatIndex);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(8), RetransmissionSsrcOf(Ssrc));
        transport.SendRtp(header, header.Length, repeated, _repeatIndex++, output);
    }

    /// <summary>Sends at least <paramref name="bytes"/> of what was sent last once more, in the stream for that, as browsers do to probe their way.</summary>
    public void SendProbe(int bytes, ScriptedTransport transport, IDatagramOutput output)
    {
        ushort sequenceNumber = (ushort)_index;
        while (bytes > 0 && _sent.TryGetValue(--sequenceNumber, out var packet))
        {
            SendRepeat(sequenceNumber, packet.Payload, transport, output);
            bytes -= packet.Header.Length + packet.Payload.Length;
        }
    }

    /// <summary>Sends what is due.</summary>
    public void SendFrame(ScriptedTransport transport, Timestamp now, IDatagramOutput output)
    {
        NextFrame = now + (IsAudio ? TimeSpan.FromMilliseconds(20) : TimeSpan.FromSeconds(1) / 30);
        uint timestamp = _timestamp;
        _timestamp += IsAudio ? 960u : 3000u;
        if (!IsOn)
        {
            return;
        }

        bool isKeyframe = !IsAudio && _keyframeWanted;
        _keyframeWanted &= !isKeyframe;
        KeyframesSent += isKeyframe ? 1 : 0;
        _inPattern = isKeyframe ? 0 : _inPattern;
        byte temporal = TemporalPattern[options.TemporalLayers - 1][_inPattern++ % 4];
        _tl0 += (byte)(temporal == 0 && NextNumber > 0 ? 1 : 0);
        int packets = IsAudio ? 1 : isKeyframe ? options.KeyframePackets
            : options.TemporalPackets.Count > 0 ? options.TemporalPackets[temporal] : options.FramePackets;
        int payloadBytes = _payload.Length;
        if (Budget?.Take(isKeyframe) is { } bytes)
        {
            packets = ((bytes - 1) / _payload.Length) + 1;
            payloadBytes = bytes / packets;
        }

        for (int i = 0; i < packets; i++)
        {
            bool isLast = i == packets - 1;
            int headerLength = WriteHeader(!IsAudio && isLast, timestamp, transport.NextTransportSequenceNumber++);
            new SyntheticPayload(source, NextNumber, (byte)i, isKeyframe)
            {
                PictureId = IsAudio ? null : (ushort?)((options.FirstPictureId + NextNumber) & 0x7FFF),
                Tl0PictureIndex = _tl0,
                Temporal = options.TemporalLayers > 1 ? (temporal, temporal > 0 && (_inPattern - 1) % 4 < 3) : null,
                KeyIndex = (byte)KeyframesSent,
            }.Write(Track.Kind, _payload);
            byte[] payload = IsAudio && Track.RedundancyPayloadType is not null ? WithOlder() : _payload[..payloadBytes];
            Remember(headerLength, payload);
            transport.SendRtp(_header, headerLength, payload, _index++, output);
            _packetCount++;
        }

        NextNumber++;
    }

    /// <summary>Writes the track's sender report; its clock says <paramref name="ntp"/>.</summary>
    public void WriteReport(ref RtcpWriter writer, NtpTimestamp ntp, Timestamp now)
    {
        // The timestamp of the next frame, less the time until it is due.
        uint ahead = (uint)(Math.Max(0, (NextFrame - now).Ticks) * Track.ClockRate / TimeSpan.TicksPerSecond);
        writer.TryWriteSenderReport(Ssrc, ntp, _timestamp - ahead, _packetCount, _packetCount * (uint)_payload.Length, []);
        writer.TryWriteCanonicalName(Ssrc, "scripted");
    }

    /// <summary>Begins anew as another source does: another SSRC, other numbers, a keyframe.</summary>
    public void Restart(ulong firstIndex)
    {
        Ssrc += 0x100;
        _index = firstIndex;
        _timestamp += 1_000_000;
        _keyframeWanted = true;
    }

    /// <summary>Sends a packet that is all padding (RFC 3550 §5.1), as browsers do to probe their way where they have no stream for repeats.</summary>
    public void SendPadding(ScriptedTransport transport, IDatagramOutput output)
    {
        int headerLength = WriteHeader(false, _timestamp - 3000u, transport.NextTransportSequenceNumber++);
        _header[0] |= 0x20;
        byte[] padding = new byte[200];
        padding[^1] = (byte)padding.Length;
        Remember(headerLength, padding);
        transport.SendRtp(_header, headerLength, padding, _index++, output);
    }

    /// <summary>Leaves out sequence numbers, as packets lost before the server do.</summary>
    public void SkipSequenceNumbers(int count) => _index += (uint)count;

    /// <summary>The packet's sound behind that of the packet before.</summary>
    private byte[] WithOlder()
    {
        byte[] older = _older;
        _older = [.. _payload];
        int offset = 960 << 2;
        byte[] headers = [(byte)(0x80 | Track.PayloadType), (byte)(offset >> 8), (byte)((offset & 0xFC) | (older.Length >> 8)), (byte)older.Length];
        return older.Length == 0 ? [Track.PayloadType, .. _payload] : [.. headers, Track.PayloadType, .. older, .. _payload];
    }

    private void Remember(int headerLength, byte[] payload)
    {
        if (options.Repeats == RepeatMode.None)
        {
            return;
        }

        _sent[(ushort)_index] = new SentPacket(_header[..headerLength], [.. payload], _index);
        _sentOrder.Enqueue((ushort)_index);
        if (_sentOrder.Count > SentMax)
        {
            _sent.Remove(_sentOrder.Dequeue());
        }
    }

    private int WriteHeader(bool marker, uint timestamp, ushort transportSequenceNumber)
    {
        var ids = Track.Extensions;
        var header = new RtpHeaderWriter(_header, marker, Track.RedundancyPayloadType ?? Track.PayloadType, (ushort)_index, timestamp, Ssrc);
        header.TryAddExtension(ids.Mid, System.Text.Encoding.ASCII.GetBytes(Track.Mid));
        if (Track.Rid is { } rid)
        {
            header.TryAddExtension(ids.RtpStreamId, System.Text.Encoding.ASCII.GetBytes(rid));
        }

        if (IsAudio && options.AudioLevel is { } level)
        {
            header.TryAddExtension(ids.AudioLevel, [level]);
        }

        if (!IsAudio && options.VideoOrientation is { } orientation)
        {
            header.TryAddExtension(ids.VideoOrientation, [orientation]);
        }

        header.TryAddExtension(ids.TransportSequenceNumber, [(byte)(transportSequenceNumber >> 8), (byte)transportSequenceNumber]);
        return header.Complete();
    }

    /// <summary>Writes another transport-wide number into a header: each sending has its own.</summary>
    private void Number(Span<byte> header, ushort transportSequenceNumber)
    {
        if (RtpPacket.TryParse(header, out var packet)
            && packet.TryGetExtension(Track.Extensions.TransportSequenceNumber, out var number)
            && ((ReadOnlySpan<byte>)header).Overlaps(number, out int offset))
        {
            BinaryPrimitives.WriteUInt16BigEndian(header[offset..], transportSequenceNumber);
        }
    }

    private sealed record SentPacket(byte[] Header, byte[] Payload, ulong Index)
    {
        public Timestamp? RepeatedAt { get; set; }
    }
}
