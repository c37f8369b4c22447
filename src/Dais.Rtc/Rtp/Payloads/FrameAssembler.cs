namespace Dais.Rtc.Rtp.Payloads;

/// <summary>
/// Makes frames of the packets of one RTP stream that may come out of order or not at all. A packet that is missing is waited for while a
/// few later ones come; then its frame is given up, and the next frame says that something before it is lost.
/// </summary>
/// <param name="kind">Sound or picture: a packet of sound is a frame, a picture ends with the marker.</param>
/// <param name="reorderMax">How many packets later than a missing one are held while it is waited for.</param>
public sealed class FrameAssembler(TrackKind kind, int reorderMax = 16)
{
    /// <summary>Largest frame, in bytes; a larger one is given up.</summary>
    private const int FrameBytesMax = 4 * 1024 * 1024;

    private readonly SortedDictionary<long, Held> _held = [];
    private readonly Dictionary<Codec, Depacketizer> _depacketizers = [];
    private SequenceUnwrapper _sequence = new();
    private Depacketizer? _current;
    private long _next;
    private bool _isStarted;
    private bool _isComplete;
    private bool _isKeyframe;
    private bool _isLost;
    private uint _timestamp;

    /// <summary>Packets that never came, or came too late.</summary>
    public long PacketsLost { get; private set; }

    /// <summary>
    /// Adds one packet. Call <see cref="TryTakeFrame"/> until it gives none.
    /// </summary>
    public void HandlePacket(Codec codec, ushort sequenceNumber, uint timestamp, bool marker, ReadOnlySpan<byte> payload)
    {
        long index = _sequence.Unwrap(sequenceNumber);
        if (!_isStarted)
        {
            _isStarted = true;
            _next = index;
        }

        // Far away in either direction, the stream has begun anew.
        if (Math.Abs(index - _next) > 3000)
        {
            _held.Clear();
            _sequence = new SequenceUnwrapper();
            index = _sequence.Unwrap(sequenceNumber);
            Lose();
            _next = index;
        }

        if (index < _next)
        {
            return;
        }

        _held.TryAdd(index, new Held(codec, timestamp, marker, payload.ToArray()));
    }

    /// <summary>
    /// Takes the next whole frame; what it holds is good until the next call. False when packets are missing.
    /// </summary>
    public bool TryTakeFrame(out AssembledFrame frame)
    {
        frame = default;
        if (_isComplete)
        {
            _isComplete = false;
            _current = null;
        }

        while (TryTakePacket(out var packet))
        {
            Add(packet);
            if (_isComplete)
            {
                frame = new AssembledFrame(packet.Codec, packet.Timestamp, _isKeyframe, _isLost, _current!.Frame);
                _isLost = false;
                return true;
            }
        }

        return false;
    }

    private bool TryTakePacket(out Held packet)
    {
        packet = default;
        if (_held.Count == 0)
        {
            return false;
        }

        var (index, first) = First();
        if (index > _next)
        {
            if (_held.Count <= reorderMax)
            {
                return false;
            }

            PacketsLost += index - _next;
            Lose();
            _next = index;
        }

        _held.Remove(index);
        _next++;
        packet = first;
        return true;
    }

    private KeyValuePair<long, Held> First()
    {
        foreach (var pair in _held)
        {
            return pair;
        }

        return default;
    }

    private void Add(Held packet)
    {
        var depacketizer = Find(packet.Codec);
        if (depacketizer is null || packet.Payload.Length == 0)
        {
            return;
        }

        bool continues = _current is not null && kind == TrackKind.Video && packet.Timestamp == _timestamp;
        if (!continues)
        {
            if (_current is not null)
            {
                // The frame before it had no end.
                Lose();
            }

            if (!depacketizer.IsStart(packet.Payload))
            {
                _isLost = true;
                return;
            }

            depacketizer.Reset();
            _current = depacketizer;
            _timestamp = packet.Timestamp;
            _isKeyframe = false;
        }

        _isKeyframe |= Keyframe.StartsIn(packet.Codec, packet.Payload);
        if (_current != depacketizer || !depacketizer.TryAdd(packet.Payload) || depacketizer.Frame.Length > FrameBytesMax)
        {
            Lose();
            return;
        }

        _isComplete = packet.Marker || kind == TrackKind.Audio;
    }

    private void Lose()
    {
        _current = null;
        _isLost = true;
    }

    private Depacketizer? Find(Codec codec)
    {
        if (!_depacketizers.TryGetValue(codec, out var depacketizer) && Depacketizer.For(codec) is { } made)
        {
            _depacketizers[codec] = depacketizer = made;
        }

        return depacketizer;
    }

    private readonly record struct Held(Codec Codec, uint Timestamp, bool Marker, byte[] Payload);
}

/// <summary>A frame put together of its packets.</summary>
/// <param name="Codec">What it is encoded with.</param>
/// <param name="Timestamp">The RTP timestamp.</param>
/// <param name="IsKeyframe">Whether a decoder can start here; always true for sound.</param>
/// <param name="IsAfterLoss">Whether something between the frame before and this one is missing.</param>
/// <param name="Data">The encoded frame; H.264 as a byte stream with start codes.</param>
public readonly record struct AssembledFrame(
    Codec Codec, uint Timestamp, bool IsKeyframe, bool IsAfterLoss, ReadOnlyMemory<byte> Data);
