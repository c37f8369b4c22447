using System.Buffers.Binary;
using Dais.Rtc;
using Dais.Rtc.Congestion;
using Dais.Rtc.Rtcp;
using Dais.Rtc.Rtp;
using Dais.Sfu.Allocation;
using Dais.Sfu.Retransmission;

namespace Dais.Sfu.Congestion;

/// <summary>
/// One viewer's bandwidth: numbers what is sent to it, hears what became of it, and says when pictures have to be chosen anew.
/// </summary>
internal sealed class ViewerCongestion(SfuOptions options, SfuStatistics statistics)
{
    /// <summary>How often pictures are chosen at most.</summary>
    private static readonly TimeSpan ConsultInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>A queue longer than this has to empty: until then only <see cref="DrainFactor"/> of what passes is for pictures.</summary>
    private static readonly TimeSpan QueueLong = TimeSpan.FromMilliseconds(200);

    private const double DrainFactor = 0.7;

    /// <summary>With a queue longer than this that grows, pictures are chosen, and paused, without waiting.</summary>
    private static readonly TimeSpan QueueTooLong = TimeSpan.FromMilliseconds(120);

    /// <summary>What is replayed makes no longer queue than this.</summary>
    private static readonly TimeSpan ReplayQueueMax = TimeSpan.FromMilliseconds(400);

    /// <summary>The same while what passes is a guess.</summary>
    private static readonly TimeSpan ReplayQueueUnknownMax = TimeSpan.FromMilliseconds(200);

    /// <summary>What is probed for beyond everything wished for: room for keyframes, and for the allocator's reserve.</summary>
    private const double GoalFactor = 1.5;

    /// <summary>A viewer that cannot be probed is shown a paused picture again after so long, and longer each time it fails.</summary>
    private static readonly TimeSpan TrialMin = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan TrialMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan TrialLength = TimeSpan.FromSeconds(4);

    /// <summary>The share of packets lost from which on, and up to which, repeats go out twice.</summary>
    private const double DoublingLossMin = 0.01;

    private const double DoublingLossMax = 0.12;

    /// <summary>So long a viewer that has said nothing yet about what passes gets nothing more than at first.</summary>
    private static readonly TimeSpan GuessTime = TimeSpan.FromSeconds(3);

    /// <summary>And one whose probes tell nothing, because of jitter or loss, nothing more than before.</summary>
    private static readonly TimeSpan ProofTime = TimeSpan.FromSeconds(8);

    /// <summary>So long there must have been reason to pause a picture where no queue gives one.</summary>
    private static readonly TimeSpan PausePatience = TimeSpan.FromMilliseconds(700);

    /// <summary>And so long where nothing is heard: it may be the way back.</summary>
    private static readonly TimeSpan SilencePatience = TimeSpan.FromSeconds(4);

    private readonly Allocator _allocator = new();
    private readonly LossWatch _losses = new();
    private Timestamp _heldBackSince = Timestamp.Never;
    private Timestamp _nextConsult;
    private Timestamp _shortSince = Timestamp.Never;
    private Timestamp _trialUntil;
    private TimeSpan _trialPause = TrialMin;
    private Timestamp _pausingSince = Timestamp.Never;

    /// <summary>The estimator.</summary>
    public BandwidthEstimator Estimator { get; } = new(new CongestionOptions
    {
        StartBitrate = options.ViewerBitrateStart,
        BitrateMax = options.ViewerBitrateMax,
    });

    /// <summary>Bytes of padding sent.</summary>
    public long PaddingBytes { get; private set; }

    /// <summary>When padding is due.</summary>
    public Timestamp NextProbe => Estimator.Prober.NextTimeout;

    /// <summary>Adds the packet's transport-wide number to its header, where the viewer agreed on it; false where it did not.</summary>
    public bool TryStamp(ref RtpHeaderWriter header, byte extension)
    {
        if (extension == 0)
        {
            return false;
        }

        Span<byte> number = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(number, Estimator.NextSequenceNumber);
        return header.TryAddExtension(extension, number);
    }

    /// <summary>Takes what the last feedback shows to be lost of the packets that can be sent again.</summary>
    public ReadOnlySpan<SentContent> TakeLost() => _losses.TakeFound();

    /// <summary>The packet stamped last was sent, and carried <paramref name="content"/>.</summary>
    public void HandleSent(int bytes, SentContent content, Timestamp now)
    {
        Estimator.HandleSent(bytes, now);
        _losses.HandleSent(content, now);
    }

    /// <summary>
    /// Whether what is lost may be sent again before the viewer asks: not on a full path, where there is too much already.
    /// </summary>
    public bool MayHastenRepeats => !Estimator.IsNarrowed && Estimator.Queue < QueueTooLong;

    /// <summary>
    /// Whether a repeat is worth two packets from the first on: so much is lost that it may be itself, and so little that two are affordable.
    /// </summary>
    public bool MayDoubleRepeats => !Estimator.IsOverused && MayHastenRepeats && Estimator.FractionLost is > DoublingLossMin and < DoublingLossMax;

    /// <summary>The packet stamped last was sent, and was padding.</summary>
    public void HandlePaddingSent(int bytes, Timestamp now)
    {
        HandleSent(bytes, default, now);
        PaddingBytes += bytes;
        statistics.PaddingPacketsSent++;
        statistics.PaddingBytesSent += bytes;
    }

    /// <summary>Takes one RTCP packet if it is about bandwidth.</summary>
    public bool TryHandleRtcp(in RtcpPacket packet, Timestamp now)
    {
        if (packet.TryReadTransportFeedback(out var feedback))
        {
            statistics.TransportFeedbackReceived++;
            long clusters = Estimator.Prober.Clusters;
            long refused = Estimator.FeedbackRefused;
            Estimator.HandleFeedback(feedback, now);
            if (Estimator.FeedbackRefused == refused)
            {
                _losses.HandleFeedback(feedback);
            }

            statistics.ProbesSent += Estimator.Prober.Clusters - clusters;
            return true;
        }

        if (packet.TryReadReceiverEstimatedMaximumBitrate(out var estimate))
        {
            Estimator.HandleReceiverEstimate(estimate.BitsPerSecond, now);
            return true;
        }

        return false;
    }

    /// <summary>
    /// What a picture in several encodings may take that begins before anything was chosen. The lowest while nothing is known: the next is a
    /// keyframe away, and a queue would take longer to empty.
    /// </summary>
    public long BitrateToBeginWith => Estimator.IsKnown ? Estimator.SustainableBitrate : 0;

    /// <summary>Pictures are to be chosen as soon as there is an occasion: what is shown has changed.</summary>
    public void HastenConsult() => _nextConsult = default;

    /// <summary>Whether pictures are to be chosen now.</summary>
    public bool IsConsultDue(Timestamp now) => now >= _nextConsult || IsQueueRising;

    /// <summary>Whether what is sent is too much by so far that waiting for certainty would cost the sound.</summary>
    private bool IsQueueRising => Estimator.IsNarrowed || (Estimator.IsOverused && Estimator.Queue > QueueTooLong);

    /// <summary>How many bytes may be sent at once of what came before.</summary>
    public int ReplayBytesMax => (int)Math.Min(
        int.MaxValue, Estimator.SustainableBitrate * (Estimator.IsKnown ? ReplayQueueMax : ReplayQueueUnknownMax).TotalSeconds / 8);

    /// <summary>What the last choice has left of what passes, in bits per second; 0 while a queue has to empty.</summary>
    public long Spare => Estimator.Queue > QueueLong ? 0 : _allocator.Spare;

    /// <summary>Chooses pictures: a layer per wish, or <see cref="Allocator.None"/>.</summary>
    public void Consult(
        ReadOnlySpan<PictureWish> wishes, ReadOnlySpan<PictureLayer> layers, long sound, Timestamp now, Span<int> decisions)
    {
        _nextConsult = now + ConsultInterval;
        long? estimate = !Estimator.IsKnown || now < _trialUntil ? null
            : Estimator.Queue > QueueLong && !Estimator.IsBurst ? Math.Max(Estimator.Bitrate, (long)(DrainFactor * Estimator.SustainableBitrate))
            : Estimator.SustainableBitrate;
        bool isFull = Estimator.IsNarrowed || (Estimator.Queue > QueueLong && !Estimator.IsBurst);
        _allocator.Allocate(wishes, layers, sound, new PathBelief(estimate, isFull, Estimator.IsBurst, IsProvenAt(now)), now, decisions);
        // What more would be of use is worth a probe before it is begun with, even if it is believed to pass.
        Estimator.Goal = Math.Max(_allocator.IsHeldBack ? Estimator.Bitrate + 1 : 0, (long)(GoalFactor * _allocator.Wanted));
        HoldLowest(wishes, now, decisions);
        TryAgain(now);
    }

    /// <summary>Without a queue, or any word, a picture is not taken away before there has been reason to for a while.</summary>
    private void HoldLowest(ReadOnlySpan<PictureWish> wishes, Timestamp now, Span<int> decisions)
    {
        bool isPausing = false;
        for (int i = 0; i < wishes.Length; i++)
        {
            isPausing |= decisions[i] == Allocator.None && wishes[i] is { IsPaused: false, LayerCount: > 0, Current: not Allocator.None };
        }

        _pausingSince = !isPausing ? Timestamp.Never : _pausingSince == Timestamp.Never ? now : _pausingSince;
        bool isQuiet = !IsQueueRising && Estimator.Queue < QueueLong;
        bool isSilent = !Estimator.IsOverused && Estimator.IsSilentAt(now);
        if (!isPausing || !(isSilent || isQuiet) || now - _pausingSince >= (isSilent ? SilencePatience : PausePatience))
        {
            return;
        }

        for (int i = 0; i < wishes.Length; i++)
        {
            decisions[i] = Math.Max(decisions[i], wishes[i].IsPaused ? Allocator.None : Math.Min(wishes[i].Current, 0));
        }
    }

    /// <summary>Whether what is believed to pass may be counted on; what could not be shown for a while is tried.</summary>
    private bool IsProvenAt(Timestamp now)
    {
        if (Estimator.IsProvenAt(now) || !_allocator.IsHeldBack)
        {
            _heldBackSince = Timestamp.Never;
            return Estimator.IsProvenAt(now);
        }

        _heldBackSince = _heldBackSince == Timestamp.Never ? now : _heldBackSince;
        return now - _heldBackSince > (Estimator.HasFeedback ? ProofTime : GuessTime);
    }

    /// <summary>Where nothing can be probed, a picture that was paused is tried again now and then.</summary>
    private void TryAgain(Timestamp now)
    {
        if (!_allocator.IsShort || Estimator.HasFeedback)
        {
            _trialPause = _allocator.IsShort || now < _trialUntil + TrialMax ? _trialPause : TrialMin;
            _shortSince = now < _trialUntil ? _shortSince : Timestamp.Never;
            return;
        }

        _shortSince = _shortSince == Timestamp.Never ? now : _shortSince;
        if (now - _shortSince > _trialPause)
        {
            _trialUntil = now + TrialLength;
            _trialPause = _trialPause * 2 < TrialMax ? _trialPause * 2 : TrialMax;
            _shortSince = Timestamp.Never;
            _nextConsult = now;
        }
    }
}
