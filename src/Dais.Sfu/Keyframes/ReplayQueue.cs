using Dais.Rtc;
using Dais.Sfu.Slots;

namespace Dais.Sfu.Keyframes;

/// <summary>
/// The sections that are to begin with what their source's <see cref="KeyframeCache"/> holds. They are served after the input that brought
/// them, and only so many at once, for a stage that changes before a thousand viewers must not fill the network in one go.
/// </summary>
internal sealed class ReplayQueue
{
    /// <summary>Bytes sent at once; what is left waits for <see cref="RestTime"/>. Half of what a socket's buffer takes.</summary>
    private const int BurstBytesMax = 2 * 1024 * 1024;

    private static readonly TimeSpan RestTime = TimeSpan.FromMilliseconds(5);

    private readonly Queue<SlotSender> _waiting = new();

    /// <summary>When <see cref="Flush"/> wants to be called next.</summary>
    public Timestamp NextTimeout { get; private set; } = Timestamp.Never;

    /// <summary>A section is to begin.</summary>
    public void Enqueue(SlotSender sender)
    {
        _waiting.Enqueue(sender);
        NextTimeout = NextTimeout == Timestamp.Never ? default : NextTimeout;
    }

    /// <summary>Serves the sections, as many as may be at once.</summary>
    public void Flush<TSink>(Timestamp now, ref TSink sink)
        where TSink : ITransmitSink, allows ref struct
    {
        if (now < NextTimeout)
        {
            return;
        }

        NextTimeout = Timestamp.Never;
        int left = BurstBytesMax;
        while (_waiting.TryDequeue(out var sender))
        {
            left -= sender.BeginWithStored(now, ref sink);
            if (left <= 0 && _waiting.Count > 0)
            {
                NextTimeout = now + RestTime;
                return;
            }
        }
    }
}
