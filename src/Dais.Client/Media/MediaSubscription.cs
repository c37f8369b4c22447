using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Dais.Rtc.Rtp;
using Dais.Rtc.Sdp;

namespace Dais.Client.Media;

/// <summary>
/// What this client receives of a room's stage: encoded frames, slot by slot. Nothing is negotiated again when somebody comes on stage; the
/// room's stage says who is on which slot.
/// </summary>
public sealed class MediaSubscription : IDisposable
{
    /// <summary>How many frames a stream holds for its reader unless the caller says otherwise: some seconds.</summary>
    public const int DefaultFrameCapacity = 256;

    private readonly MediaSession _session;
    private readonly TimeProvider _time;
    private ImmutableArray<FrameStream> _streams = [];
    private volatile SubscriptionEnd? _end;
    private long _framesDropped;

    internal MediaSubscription(int slots, Func<string, CancellationToken, Task<string>> negotiate, TimeProvider time)
    {
        Slots = slots;
        _time = time;
        _session = new MediaSession(
            path => MediaOffer.Subscribe(path.Ice, path.Fingerprint, slots), negotiate, Attach, time);
    }

    /// <summary><see cref="Status"/> has changed; raised on any thread.</summary>
    public event Action<MediaStatus>? StatusChanged
    {
        add => _session.StatusChanged += value;
        remove => _session.StatusChanged -= value;
    }

    /// <summary>Where the path to the server stands; it comes back by itself.</summary>
    public MediaStatus Status => _session.Status;

    /// <summary>How many people at once can be received.</summary>
    public int Slots { get; }

    /// <summary>Frames that were dropped because their reader was too slow.</summary>
    public long FramesDropped => Interlocked.Read(ref _framesDropped);

    /// <summary>Waits until frames can come.</summary>
    public Task WaitConnectedAsync(CancellationToken cancellation = default) => _session.WaitConnectedAsync(cancellation);

    /// <summary>
    /// The frames of one kind on one slot from now on, as a stream for one reader; it ends with the subscription. When the reader falls
    /// behind by more than <paramref name="capacity"/>, the oldest are dropped, and the next says so.
    /// </summary>
    public IAsyncEnumerable<MediaFrame> ReadFrames(int slot, TrackKind kind, int capacity = DefaultFrameCapacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(slot);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(slot, Slots);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        var stream = new FrameStream(slot, kind, capacity, () => Interlocked.Increment(ref _framesDropped));
        ImmutableInterlocked.Update(ref _streams, static (all, added) => all.Add(added), stream);
        if (Status == MediaStatus.Closed)
        {
            stream.Complete();
        }

        return ReadAsync(stream);
    }

    /// <summary>Asks for a keyframe of the picture on a slot, for a decoder that starts or has lost its way.</summary>
    public void RequestKeyframe(int slot) => _end?.RequestKeyframe(slot);

    /// <summary>Stops receiving.</summary>
    public void Dispose()
    {
        _session.Dispose();
        foreach (var stream in _streams)
        {
            stream.Complete();
        }
    }

    internal Task StartAsync(CancellationToken cancellation) => _session.StartAsync(cancellation);

    internal void Restart() => _session.Restart();

    private async IAsyncEnumerable<MediaFrame> ReadAsync(
        FrameStream stream, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        try
        {
            await foreach (var frame in stream.Frames.ReadAllAsync(cancellation).ConfigureAwait(false))
            {
                yield return frame with { IsAfterLoss = frame.IsAfterLoss | stream.TakeDropped() };
            }
        }
        finally
        {
            ImmutableInterlocked.Update(ref _streams, static (all, gone) => all.Remove(gone), stream);
        }
    }

    private SubscriptionEnd Attach(SessionDescription answer, MediaPath path) => _end = new SubscriptionEnd(answer, path, Deliver);

    private void Deliver(int slot, TrackKind kind, AssembledMedia media)
    {
        MediaFrame? frame = null;
        foreach (var stream in _streams)
        {
            if (stream.Slot == slot && stream.Kind == kind)
            {
                stream.Add(frame ??= media.ToFrame(slot));
            }
        }
    }

    /// <summary>What waits for one reader.</summary>
    private sealed class FrameStream
    {
        private readonly Channel<MediaFrame> _channel;
        private int _isDropped;

        public FrameStream(int slot, TrackKind kind, int capacity, Action onDropped)
        {
            Slot = slot;
            Kind = kind;
            var options = new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true };
            _channel = Channel.CreateBounded<MediaFrame>(options, _ =>
            {
                Volatile.Write(ref _isDropped, 1);
                onDropped();
            });
        }

        public int Slot { get; }

        public TrackKind Kind { get; }

        public ChannelReader<MediaFrame> Frames => _channel.Reader;

        public void Add(MediaFrame frame) => _channel.Writer.TryWrite(frame);

        public bool TakeDropped() => Interlocked.Exchange(ref _isDropped, 0) == 1;

        public void Complete() => _channel.Writer.TryComplete();
    }
}
