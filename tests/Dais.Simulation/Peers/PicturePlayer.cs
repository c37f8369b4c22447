using Dais.Rtc;

namespace Dais.Simulation.Peers;

/// <summary>One picture as it was shown.</summary>
/// <param name="At">When.</param>
/// <param name="Content">Whose it is and which.</param>
public readonly record struct PlayedPicture(Timestamp At, SyntheticPayload Content);

/// <summary>
/// Plays the pictures of one section as a browser does: a picture is shown when all of it is there and the one before was shown, or it is a
/// keyframe, and not before its time. Says when only a keyframe helps.
/// </summary>
/// <remarks>
/// Its time is that of the fastest picture so far and <see cref="Delay"/> behind; when packets had to be asked for more than
/// <see cref="RepeatsBeforeRoundTrip"/> times, a round trip more (at most 200 ms), as libwebrtc's jitter estimate has it.
/// </remarks>
public sealed class PicturePlayer
{
    private const int RepeatsBeforeRoundTrip = 3;
    private const int WaitingMax = 600;

    /// <summary>How long a keyframe is waited for before it is asked for again, and any picture before a keyframe is asked for.</summary>
    private static readonly TimeSpan KeyframePatience = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan PicturePatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan RoundTripMax = TimeSpan.FromMilliseconds(200);

    private readonly SortedDictionary<long, Picture> _waiting = [];
    private readonly HashSet<ushort> _recent = [];
    private readonly Queue<ushort> _recentOrder = new();
    private long _lastTimestamp = long.MinValue;
    private long _newest;
    private bool _started;
    private bool _needsKeyframe = true;
    private SyntheticPayload _last;
    private Timestamp _lastAsked;
    private Timestamp _lastDecoded;
    private TimeSpan _least = TimeSpan.MaxValue;

    /// <summary>How long a picture is kept for those that take longer.</summary>
    public TimeSpan Delay { get; set; } = TimeSpan.FromMilliseconds(40);

    /// <summary>The round trip; null while it is not known.</summary>
    public TimeSpan? RoundTrip { get; set; }

    /// <summary>How many packets came only when they were asked for.</summary>
    public int Repeats { get; set; }

    /// <summary>The pictures shown, in order.</summary>
    public List<PlayedPicture> Played { get; } = [];

    /// <summary>When a keyframe was asked for.</summary>
    public List<Timestamp> KeyframeRequests { get; } = [];

    /// <summary>When <see cref="TryAskForKeyframe"/> wants to be called next.</summary>
    public Timestamp NextTimeout
    {
        get
        {
            if (!_started)
            {
                return Timestamp.Never;
            }

            var since = _lastAsked > _lastDecoded ? _lastAsked : _lastDecoded;
            return since + (_needsKeyframe ? KeyframePatience : PicturePatience);
        }
    }

    /// <summary>A packet is given up: what needs it cannot be shown.</summary>
    public void GiveUp() => _needsKeyframe = true;

    /// <summary>Whether a keyframe is to be asked for now; remembers that it was.</summary>
    public bool TryAskForKeyframe(Timestamp now)
    {
        if (now < NextTimeout)
        {
            return false;
        }

        _lastAsked = now;
        _needsKeyframe = true;
        KeyframeRequests.Add(now);
        return true;
    }

    /// <summary>Takes one packet.</summary>
    public void HandlePacket(ReceivedPacket packet)
    {
        if (!_recent.Add(packet.SequenceNumber))
        {
            return;
        }

        _recentOrder.Enqueue(packet.SequenceNumber);
        if (_recentOrder.Count > 4096)
        {
            _recent.Remove(_recentOrder.Dequeue());
        }

        _newest = _started ? _newest + (int)(packet.Timestamp - (uint)_newest) : packet.Timestamp + (1L << 32);
        long timestamp = _newest;
        if (!_started)
        {
            _started = true;
            _lastDecoded = packet.Arrival;
        }

        if (timestamp <= _lastTimestamp)
        {
            return;
        }

        if (!_waiting.TryGetValue(timestamp, out var picture))
        {
            picture = new Picture(packet.Content with { PacketInFrame = 0 });
            _waiting.Add(timestamp, picture);
        }

        picture.Have++;
        picture.Count = packet.Marker ? packet.Content.PacketInFrame + 1 : picture.Count;
        Decode(packet.Arrival);
        while (_waiting.Count > WaitingMax)
        {
            _waiting.Remove(_waiting.Keys.First());
        }
    }

    private void Decode(Timestamp now)
    {
        while (FindNext() is { } next)
        {
            var picture = _waiting[next];
            foreach (long older in _waiting.Keys.TakeWhile(timestamp => timestamp <= next).ToList())
            {
                _waiting.Remove(older);
            }

            _lastTimestamp = next;
            _last = picture.Content;
            _lastDecoded = now;
            _needsKeyframe &= !picture.Content.IsKeyframe;
            Show(next, now);
        }
    }

    private long? FindNext()
    {
        bool isNext = true;
        foreach (var (timestamp, picture) in _waiting)
        {
            bool follows = isNext && _lastTimestamp != long.MinValue && Follows(picture.Content);
            if (picture.IsComplete && (picture.Content.IsKeyframe || follows))
            {
                return timestamp;
            }

            isNext = false;
        }

        return null;
    }

    /// <summary>Where pictures are numbered, their numbers say what was left out on purpose.</summary>
    private bool Follows(in SyntheticPayload content) => content.Source == _last.Source
        && (content.PictureId is { } id ? id == ((_last.PictureId + 1) & 0x7FFF) : content.Number == _last.Number + 1);

    private void Show(long timestamp, Timestamp now)
    {
        var taken = TimeSpan.FromMicroseconds(now.Microseconds - (timestamp * 100 / 9));
        _least = taken < _least ? taken : _least;
        var extra = Repeats > RepeatsBeforeRoundTrip && RoundTrip is { } known ? (known < RoundTripMax ? known : RoundTripMax) : TimeSpan.Zero;
        var due = new Timestamp(timestamp * 100 / 9) + _least + Delay + extra;
        // The first is shown at once: there is nothing it could make uneven.
        due = due < now || Played.Count == 0 ? now : due;
        due = Played.Count > 0 && due < Played[^1].At ? Played[^1].At : due;
        Played.Add(new PlayedPicture(due, _last));
    }

    private sealed class Picture(SyntheticPayload content)
    {
        public SyntheticPayload Content { get; } = content;

        public int Have { get; set; }

        public int Count { get; set; } = int.MaxValue;

        public bool IsComplete => Have >= Count;
    }
}
