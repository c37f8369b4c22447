using Dais.Rtc.Rtcp;

namespace Dais.Rtc.Congestion;

/// <summary>
/// Estimates how much passes to one receiver: from its transport-wide feedback (delay, loss, probes), or, while there is none, from its own
/// estimate (REMB) and reported loss. Whatever the receiver says, work and result stay bounded.
/// </summary>
public sealed class BandwidthEstimator
{
    /// <summary>What arrives cannot be much more than what was sent, even where a queue empties.</summary>
    private const double ArrivingToSentMax = 2;

    /// <summary>Without feedback for so long, while something was sent, nothing may be passing.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);

    /// <summary>Feedback comes four times as often as this at least.</summary>
    private static readonly TimeSpan SilenceBegins = TimeSpan.FromMilliseconds(400);

    /// <summary>How much is left of the estimate after each <see cref="Silence"/>.</summary>
    private const double SilenceFactor = 0.7;

    /// <summary>So many feedbacks after a silence tell whether there is a queue.</summary>
    private const int FeedbacksAfterSilence = 3;

    /// <summary>How much of what was believed before a silence is believed after it.</summary>
    private const double ReturnFactor = 0.85;

    /// <summary>A queue this long that has grown by <see cref="QueueGrowth"/> since the last feedback needs no line through it to be seen.</summary>
    private static readonly TimeSpan QueueLong = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan QueueGrowth = TimeSpan.FromMilliseconds(15);

    /// <summary>With a queue this long the first feedback is enough to know that too much is sent.</summary>
    private static readonly TimeSpan QueueCertain = TimeSpan.FromMilliseconds(200);

    /// <summary>How much of the past tells what a full path holds.</summary>
    private const int OverMilliseconds = 200;

    /// <summary>And how much of it when the path has just been narrowed.</summary>
    private const int NarrowedMilliseconds = 100;

    /// <summary>So much of what is sent over half a second must leave the queue for it to be of a moment.</summary>
    private const double BurstShare = 0.95;

    /// <summary>What arrives is a lower bound of what passes, with a little room.</summary>
    private const double ArrivingShare = 1.1;

    /// <summary>What was measured so lately is still so.</summary>
    private static readonly TimeSpan FreshTime = TimeSpan.FromSeconds(4);

    /// <summary>So much of what is believed to pass is a test of it.</summary>
    private const double TestShare = 0.85;

    /// <summary>A queue that empties at so many times what was believed to pass does not wait for the belief.</summary>
    private const int FarMore = 2;

    /// <summary>How many feedbacks it takes to know anything: a path that is full already is known to be by then.</summary>
    private const int FeedbacksBeforeProbe = 4;

    /// <summary>The window of what arrived, in which a standstill is a hole.</summary>
    private const long StandstillMicroseconds = 500_000;

    private readonly CongestionOptions _options;
    private readonly SendHistory _history = new();
    private readonly DelayGradient _gradient = new();
    private readonly QueueDelay _queue = new();
    private readonly NarrowedPath _narrowed = new();
    private readonly RateControl _rate;
    private readonly LossBound _loss;
    private BitrateWindow _sent;
    private BitrateWindow _arrived;
    private BusyRate _busy;
    private FeedbackBudget _budget = new();
    private ReferenceClock _reference;
    private Timestamp _lastFeedback;
    private TimeSpan _roundTrip = TimeSpan.FromMilliseconds(200);
    private bool _hasRoundTrip;
    private long _sentMost;
    private TimeSpan _queueBefore;
    private TimeSpan _roundTripLeast = TimeSpan.MaxValue;
    private int _feedbacks;
    private long _beforeSilence;
    private int _heardAgain;
    private Timestamp _provenAt;
    private bool _hasBusyRate;
    private long _lastArrival;

    /// <summary>An estimator that knows nothing yet.</summary>
    public BandwidthEstimator(CongestionOptions? options = null)
    {
        _options = options ?? new CongestionOptions();
        _rate = new RateControl(_options);
        _loss = new LossBound(_options);
        Bitrate = _options.StartBitrate;
    }

    /// <summary>What is believed to pass, in bits per second, headers included.</summary>
    public long Bitrate { get; private set; }

    /// <summary>What could be kept up: <see cref="Bitrate"/> without what is left out only for a queue to empty.</summary>
    public long SustainableBitrate => Bound(_rate.Sustainable);

    /// <summary>Whether the receiver has said enough for <see cref="Bitrate"/> to be more than a guess.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>
    /// Whether <see cref="Bitrate"/> was measured lately, not only not contradicted: by a probe, by about as much arriving, by a full path, or by
    /// the receiver.
    /// </summary>
    public bool IsProvenAt(Timestamp now) => IsKnown && (!HasFeedback || (_provenAt != default && now - _provenAt < FreshTime));

    /// <summary>Whether transport-wide feedback comes; only then can probes be measured.</summary>
    public bool HasFeedback { get; private set; }

    /// <summary>Whether nothing is heard though something was sent, for longer than feedback takes.</summary>
    public bool IsSilentAt(Timestamp now) => HasFeedback && _history.BytesInFlight > 0 && now - _lastFeedback > SilenceBegins + _roundTrip;

    /// <summary>What would be of use, in bits per second: up to here is probed.</summary>
    public long Goal { get; set; }

    /// <summary>How long packets wait on their way, beyond the least.</summary>
    public TimeSpan QueueDelay => TimeSpan.FromMicroseconds(_queue.Microseconds);

    /// <summary>How long a packet sent at the last feedback will have waited.</summary>
    public TimeSpan Queue { get; private set; }

    /// <summary>The round trip, the receiver's wait before its feedback included.</summary>
    public TimeSpan RoundTripTime => _roundTrip;

    /// <summary>The share of packets lost.</summary>
    public double FractionLost => _loss.FractionLost;

    /// <summary>What arrives, in bits per second; null while it is not known.</summary>
    public long? ArrivingBitrate { get; private set; }

    /// <summary>Whether more is being sent than passes.</summary>
    public bool IsOverused { get; private set; }

    /// <summary>Whether about as much leaves the queue as is sent over half a second, so that it is of a moment: a keyframe.</summary>
    public bool IsBurst { get; private set; }

    /// <summary>Whether much less passes than was sent, all of a sudden: a queue that is short yet but grows fast.</summary>
    public bool IsNarrowed { get; private set; }

    /// <summary>Feedback that was not looked at because the receiver sends too much.</summary>
    public long FeedbackRefused { get; private set; }

    /// <summary>Packets spoken of that were never sent, or too long ago.</summary>
    public long StatusesUnknown { get; private set; }

    /// <summary>The probes.</summary>
    public Prober Prober { get; } = new();

    /// <summary>The transport-wide number of the next packet.</summary>
    public ushort NextSequenceNumber => (ushort)_history.Next;

    /// <summary>The packet <see cref="NextSequenceNumber"/> was sent.</summary>
    /// <param name="bytes">Its size, as it counts for the path.</param>
    /// <param name="now">The present.</param>
    public void HandleSent(int bytes, Timestamp now)
    {
        Prober.HandleSent(_history.Next, bytes);
        _history.Add(bytes, Prober.Cluster, now);
        _sent.Add(now.Microseconds, bytes);
    }

    /// <summary>Takes one transport-wide feedback.</summary>
    public void HandleFeedback(in TransportFeedback feedback, Timestamp now)
    {
        if (!_budget.TryTake(feedback.StatusCount, now))
        {
            FeedbackRefused++;
            return;
        }

        long reference = _reference.Unwrap(feedback.ReferenceTime);
        _history.PassBefore(_history.Unwrap(feedback.BaseSequenceNumber));
        long newest = -1;
        foreach (var status in feedback)
        {
            long number = _history.Unwrap(status.SequenceNumber);
            if (!_history.TryTake(number, status.IsReceived, out var packet))
            {
                StatusesUnknown++;
                continue;
            }

            long sentAt = now.Microseconds - unchecked((uint)now.Microseconds - packet.SentAt);
            // A receiver whose clock runs backwards through zero is lying.
            long arrivedAt = Math.Max(0, ((reference * TransportFeedback.ReferenceTicks) + status.ArrivalTicks) * TransportFeedback.TickMicroseconds);
            Prober.HandleStatus(number, packet, status.IsReceived, sentAt, arrivedAt);
            _loss.HandlePackets(packet.WasMissing ? 0 : 1, status.IsReceived ? (packet.WasMissing ? -1 : 0) : 1);
            if (status.IsReceived)
            {
                HandleArrival(packet.Bytes, sentAt, arrivedAt);
                newest = Math.Max(newest, sentAt);
            }
        }

        _lastFeedback = now;
        if (newest >= 0)
        {
            HandleRoundTrip(TimeSpan.FromMicroseconds(now.Microseconds - newest));
            HasFeedback = true;
        }

        Update(now);
    }

    /// <summary>Takes the receiver's own estimate (REMB), which counts while there is no feedback to estimate from.</summary>
    public void HandleReceiverEstimate(long bitsPerSecond, Timestamp now)
    {
        if (!HasFeedback)
        {
            IsKnown = true;
            _lastFeedback = now;
            _rate.Set(bitsPerSecond);
            Settle();
        }
    }

    /// <summary>Takes what the receiver reports of one stream (RFC 3550 §6.4.1); the loss counts while there is no feedback.</summary>
    public void HandleReport(int fractionLostOf256, TimeSpan? roundTrip, Timestamp now)
    {
        if (HasFeedback)
        {
            return;
        }

        if (roundTrip is { } known)
        {
            HandleRoundTrip(known);
        }

        _loss.HandlePackets(256, fractionLostOf256);
        _loss.Update(_rate.Bitrate, _roundTrip, now);
        Settle();
    }

    /// <summary>To be called about once a second: notices that nothing is heard any more.</summary>
    public void HandleTimeout(Timestamp now)
    {
        if (HasFeedback && _history.BytesInFlight > 0 && now - _lastFeedback > Silence + _roundTrip)
        {
            _beforeSilence = Math.Max(_beforeSilence, _rate.Sustainable);
            _rate.Set((long)(_rate.Bitrate * SilenceFactor));
            Settle();
        }
    }

    private void HandleArrival(int bytes, long sentAt, long arrivedAt)
    {
        long standstill = _queue.LastStandstill;
        _busy.Add(arrivedAt, bytes, _queue.HandlePacket(sentAt, arrivedAt));
        _arrived.Add(arrivedAt, bytes);
        _lastArrival = arrivedAt;
        if (_queue.LastStandstill != standstill)
        {
            Prober.Spoil();
        }

        if (_queue.IsStandstill)
        {
            _gradient.Break();
        }
        else
        {
            _gradient.HandlePacket(sentAt, arrivedAt);
        }
    }

    /// <summary>Whether something stood still so lately that the rate of what arrived says nothing.</summary>
    private bool StoodStill => _queue.IsStandstill || _lastArrival - _queue.LastStandstill < StandstillMicroseconds;

    private void Update(Timestamp now)
    {
        _sent.AdvanceTo(now.Microseconds);
        var use = Judge();
        ReadArriving(use);
        Queue = EstimateQueue();
        _rate.Update(use, use == PathUse.Over && !_hasBusyRate ? null : ArrivingBitrate, _sent.Read(), Queue, _roundTrip, now, IsNarrowed);
        _loss.Update(_rate.Bitrate, _roundTrip, now);
        HandleProbe(use, now);

        ReturnFromSilence(use);
        Settle();
        IsKnown |= ArrivingBitrate is not null && (_feedbacks >= FeedbacksBeforeProbe || (IsOverused && Queue > QueueCertain));
        if (++_feedbacks > FeedbacksBeforeProbe)
        {
            Prober.Consider(Bitrate, Math.Min(Goal, _options.BitrateMax), use, QueueDelay, _rate.LastDecrease, now);
        }
    }

    private void HandleProbe(PathUse use, Timestamp now)
    {
        if (use == PathUse.Over || ArrivingBitrate > TestShare * _rate.Bitrate)
        {
            _provenAt = now;
        }

        if (!Prober.TryTakeResult(now, out long probed))
        {
            return;
        }

        _provenAt = Prober.HeldUp == 1 ? _provenAt : now;
        if (use != PathUse.Over)
        {
            _rate.HandleProbe(probed);
        }

        if (probed < _rate.Sustainable && Prober.HeldUp > 1)
        {
            // The path has changed while less was sent than passed; what arrives without a queue passes all the same.
            _rate.Set(Math.Max(probed, (long)(ArrivingShare * ArrivingBitrate.GetValueOrDefault())));
        }
    }

    private PathUse Judge()
    {
        var queue = QueueDelay;
        var growth = queue - _queueBefore;
        bool grows = queue > QueueLong && growth > QueueGrowth;
        long? passing = _busy.Read(NarrowedMilliseconds);
        IsNarrowed = _narrowed.Update(queue, growth, passing, _sent.Read(), _arrived.Read());
        // What is sent first comes at once, so that the first feedback tells what holds it up.
        IsNarrowed |= !IsKnown && NarrowedPath.IsFarLess(passing, _sent.Read()) && QueueBehind(passing.GetValueOrDefault()) > QueueCertain;
        _queueBefore = queue;
        _hasBusyRate = _busy.Read(IsNarrowed ? NarrowedMilliseconds : OverMilliseconds) is not null;
        IsBurst = !IsNarrowed && _busy.Read(OverMilliseconds) > BurstShare * _sent.Read();
        var use = grows || IsNarrowed ? PathUse.Over : _gradient.Use;
        IsOverused = use == PathUse.Over;
        return use;
    }

    /// <summary>Whoever is heard again, and has no queue, was not heard for another reason than too much being sent.</summary>
    private void ReturnFromSilence(PathUse use)
    {
        if (_beforeSilence == 0)
        {
            return;
        }

        _heardAgain++;
        if (use == PathUse.Over || QueueDelay > QueueLong)
        {
            _beforeSilence = 0;
            _heardAgain = 0;
        }
        else if (_heardAgain >= FeedbacksAfterSilence)
        {
            _rate.Set(Math.Max(_rate.Bitrate, (long)(ReturnFactor * _beforeSilence)));
            _beforeSilence = 0;
            _heardAgain = 0;
        }
    }

    private void ReadArriving(PathUse use)
    {
        long? arriving = _arrived.Read();
        if (use == PathUse.Over && (_busy.Read(IsNarrowed ? NarrowedMilliseconds : OverMilliseconds) ?? _arrived.Read(OverMilliseconds)) is { } passing)
        {
            // The path is full, so what leaves the queue just now is what passes just now; behind a keyframe that may be more than was believed.
            arriving = IsBurst ? passing : Math.Min(passing, Math.Max(_rate.Bitrate, arriving ?? 0));
        }

        if (arriving is { } rate && _sent.Read() is { } sent)
        {
            _sentMost = Math.Max(sent, (long)(_sentMost * 0.9));
            arriving = Math.Min(rate, (long)(ArrivingToSentMax * _sentMost));
        }

        ArrivingBitrate = arriving;
    }

    /// <summary>
    /// How long a packet sent now will wait. The delay of those that arrived is of the past; what is on its way beyond what an empty path would
    /// hold stands in the queue.
    /// </summary>
    private TimeSpan EstimateQueue()
    {
        if (ArrivingBitrate is not > 0)
        {
            return QueueDelay;
        }

        // Far more may leave the queue than was ever believed to: what was sent again at once after an outage stands in it.
        long believed = Math.Max(ArrivingBitrate.Value, _rate.Bitrate);
        long passing = _busy.Read(OverMilliseconds) is { } busy && busy > FarMore * believed ? busy : ArrivingBitrate.Value;
        // Where something stood still, little arrived though much passes.
        passing = StoodStill ? Math.Max(passing, Math.Max(_rate.Bitrate, _sent.Read() ?? 0)) : passing;
        var waits = QueueBehind(passing);
        return waits > QueueDelay ? waits : QueueDelay;
    }

    private TimeSpan QueueBehind(long passing)
    {
        double seconds = Math.Min(10, _history.BytesInFlight * 8.0 / Math.Max(1, passing));
        return TimeSpan.FromSeconds(seconds) - _roundTripLeast - ArrivalRecorder.IntervalMax;
    }

    private void Settle() => Bitrate = Bound(_rate.Bitrate);

    private long Bound(long rate) => Math.Clamp(Math.Min(rate, _loss.Bitrate), _options.BitrateMin, _options.BitrateMax);

    private void HandleRoundTrip(TimeSpan sample)
    {
        _roundTrip = _hasRoundTrip ? ((7 * _roundTrip) + sample) / 8 : sample;
        _hasRoundTrip = true;
        _roundTripLeast = sample < _roundTripLeast ? sample : _roundTripLeast;
    }
}
