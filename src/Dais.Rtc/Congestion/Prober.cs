namespace Dais.Rtc.Congestion;

/// <summary>
/// Finds out whether more would pass than is sent: for some hundredths of a second so much padding goes along with the media that both
/// together make the rate in question, and the receiver's arrivals tell what became of them.
/// </summary>
/// <remarks>
/// A cluster holds at most <see cref="ClusterMicroseconds"/> and <see cref="ClusterBytesMax"/>, so the queue it may leave behind on a full path
/// is no longer than the cluster: no picture is harmed. After a cluster that passed whole the next may follow with twice the rate; after one
/// that did not there is a pause, which doubles.
/// </remarks>
public sealed class Prober
{
    /// <summary>How long a cluster is: two frames of sound and one of picture, as libwebrtc's 15 ms with room for coarse timers.</summary>
    public const long ClusterMicroseconds = 25_000;

    /// <summary>The most a cluster sends, in bytes.</summary>
    public const int ClusterBytesMax = 30_000;

    /// <summary>How fast a cluster asks to be fed.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(2);

    private static readonly TimeSpan PauseMin = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(5);

    /// <summary>How long a result is waited for.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>A queue longer than this is not made longer.</summary>
    private static readonly TimeSpan QueueMax = TimeSpan.FromMilliseconds(50);

    /// <summary>After so long without a probe more of a queue is put up with: a receiver that is busy is always late.</summary>
    private static readonly TimeSpan Starving = TimeSpan.FromSeconds(6);

    private static readonly TimeSpan QueueStarvingMax = TimeSpan.FromMilliseconds(150);

    /// <summary>After so long a probe that was spoilt is made again.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(500);

    /// <summary>After a decrease the path is left alone so long.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    private const int PacketsMin = 4;
    private const double ArrivedMin = 0.8;
    private const double HeldUpShare = 0.5;
    private const double FullShare = 0.9;

    /// <summary>A cluster that found the path full is followed by the next at once only if it found so much more than was believed.</summary>
    private const double WorthGoingOn = 1.2;

    private Timestamp _notBefore;
    private TimeSpan _pause = PauseMin;
    private byte _cluster;
    private bool _isOpen;
    private bool _isWaiting;
    private long _target;
    private long _durationMicroseconds;
    private Timestamp _begin;
    private int _sentBytes;
    private int _sentPackets;
    private long _lastNumber;
    private bool _isPassed;
    private bool _isSpoilt;
    private bool _foundFull;
    private long _from;
    private int _arrivedPackets;
    private int _arrivedBytes;
    private int _firstBytes;
    private int _lastBytes;
    private long _firstSent;
    private long _lastSent;
    private long _firstArrived;
    private long _lastArrived;

    /// <summary>When padding is due; <see cref="Timestamp.Never"/> while nothing is probed.</summary>
    public Timestamp NextTimeout { get; private set; } = Timestamp.Never;

    /// <summary>The cluster that packets sent now belong to; 0 for none.</summary>
    public byte Cluster => _isOpen ? _cluster : (byte)0;

    /// <summary>
    /// How many of the clusters measured last came at less than half the rate they were sent at, each: one may have been jitter, two have found
    /// the path full.
    /// </summary>
    public int HeldUp { get; private set; }

    /// <summary>How many clusters were sent.</summary>
    public long Clusters { get; private set; }

    /// <summary>Begins a cluster if something is to be gained and nothing speaks against it.</summary>
    /// <param name="estimate">What is believed to pass, in bits per second.</param>
    /// <param name="goal">What would be of use.</param>
    /// <param name="use">What the delay says.</param>
    /// <param name="queue">How long packets wait.</param>
    /// <param name="lastDecrease">When the estimate was last lowered.</param>
    /// <param name="now">The present.</param>
    public void Consider(long estimate, long goal, PathUse use, TimeSpan queue, Timestamp lastDecrease, Timestamp now)
    {
        if (_isWaiting && now - _begin > Patience)
        {
            _isWaiting = false;
            Pause(now);
        }

        var queueMax = now - _begin > Starving ? QueueStarvingMax : QueueMax;
        if (_isWaiting || goal <= estimate || now < _notBefore || use == PathUse.Over || queue > queueMax
            || (lastDecrease != default && now - lastDecrease < Rest))
        {
            return;
        }

        // The first step is the longest: what is believed at the start is a guess.
        double factor = Clusters == 0 ? 3 : 2;
        _target = (long)Math.Min(factor * estimate, Math.Max(goal, 1.2 * estimate));
        _from = estimate;
        _durationMicroseconds = Math.Min(ClusterMicroseconds, ClusterBytesMax * 8_000_000L / _target);
        _cluster = (byte)(_cluster == byte.MaxValue ? 1 : _cluster + 1);
        _begin = now;
        _isOpen = true;
        _isWaiting = true;
        _isPassed = false;
        _isSpoilt = false;
        _sentBytes = 0;
        _sentPackets = 0;
        _arrivedPackets = 0;
        _arrivedBytes = 0;
        Clusters++;
        NextTimeout = now;
    }

    /// <summary>How many bytes of padding are due at <paramref name="now"/>; 0 for none.</summary>
    public int TakeDue(Timestamp now)
    {
        if (now < NextTimeout)
        {
            return 0;
        }

        long elapsed = (now - _begin).Ticks / TimeSpan.TicksPerMicrosecond;
        if (elapsed >= _durationMicroseconds)
        {
            _isOpen = false;
            NextTimeout = Timestamp.Never;
            return 0;
        }

        NextTimeout = now + Step;
        long due = _target * Math.Min(elapsed + 2_000, _durationMicroseconds) / 8_000_000;
        return (int)Math.Clamp(due - _sentBytes, 0, ClusterBytesMax - Math.Min(_sentBytes, ClusterBytesMax));
    }

    /// <summary>A packet was sent, media or padding.</summary>
    public void HandleSent(long number, int bytes)
    {
        if (_isOpen)
        {
            _sentBytes += bytes;
            _sentPackets++;
            _lastNumber = number;
        }
    }

    /// <summary>Something stood still on the way: what is being measured says nothing.</summary>
    public void Spoil() => _isSpoilt = true;

    /// <summary>The receiver speaks of a packet.</summary>
    public void HandleStatus(long number, in SentPacket packet, bool isReceived, long sentAt, long arrivedAt)
    {
        if (!_isWaiting || (_isOpen && packet.Cluster != _cluster))
        {
            return;
        }

        _isPassed |= !_isOpen && number >= _lastNumber;
        if (!isReceived || packet.Cluster != _cluster)
        {
            return;
        }

        if (_arrivedPackets == 0 || sentAt < _firstSent)
        {
            (_firstSent, _firstBytes) = (sentAt, packet.Bytes);
        }

        if (_arrivedPackets == 0 || sentAt >= _lastSent)
        {
            (_lastSent, _lastBytes) = (sentAt, packet.Bytes);
        }

        _firstArrived = _arrivedPackets == 0 ? arrivedAt : Math.Min(_firstArrived, arrivedAt);
        _lastArrived = _arrivedPackets == 0 ? arrivedAt : Math.Max(_lastArrived, arrivedAt);
        _arrivedPackets++;
        _arrivedBytes += packet.Bytes;
    }

    /// <summary>Takes what a cluster has shown to pass, in bits per second; false while nothing new is known.</summary>
    public bool TryTakeResult(Timestamp now, out long bitrate)
    {
        bitrate = 0;
        if (!_isWaiting || _isOpen || !_isPassed)
        {
            return false;
        }

        _isWaiting = false;
        if (_isSpoilt)
        {
            _notBefore = now + Again;
            return false;
        }

        if (!TryMeasure(out bitrate))
        {
            Pause(now);
            return false;
        }

        if (bitrate >= 0.8 * _target && (!_foundFull || bitrate > WorthGoingOn * _from))
        {
            // There may be still more.
            _pause = PauseMin;
            _notBefore = now;
        }
        else
        {
            Pause(now);
        }

        return true;
    }

    private bool TryMeasure(out long bitrate)
    {
        bitrate = 0;
        double sendSeconds = (_lastSent - _firstSent) / 1_000_000.0;
        double arriveSeconds = (_lastArrived - _firstArrived) / 1_000_000.0;
        if (_arrivedPackets < Math.Max(PacketsMin, ArrivedMin * _sentPackets) || sendSeconds < 0.005)
        {
            return false;
        }

        // The first packet is before the first interval, and the last behind the last.
        double sent = (_arrivedBytes - _lastBytes) * 8 / sendSeconds;
        double arrived = (_arrivedBytes - _firstBytes) * 8 / Math.Max(arriveSeconds, 0.001);
        if (arrived > 2 * sent)
        {
            return false;
        }

        HeldUp = arrived < HeldUpShare * sent ? HeldUp + 1 : 0;
        _foundFull = arrived < FullShare * sent;
        // A path that is full shows its rate; some of it is left free.
        bitrate = (long)(_foundFull ? 0.95 * arrived : Math.Min(sent, arrived));
        return true;
    }

    private void Pause(Timestamp now)
    {
        _notBefore = now + _pause;
        _pause = _pause * 2 < PauseMax ? _pause * 2 : PauseMax;
    }
}
