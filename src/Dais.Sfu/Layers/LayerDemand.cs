using Dais.Rtc;

namespace Dais.Sfu.Layers;

/// <summary>
/// Decides when a publisher is told that other encodings of its picture are watched: at once when it is one more, and only after a while when
/// it is one less, for whoever comes next would have to wait for it.
/// </summary>
internal sealed class LayerDemand(int layers)
{
    /// <summary>So long nobody must have watched an encoding before its sender is told.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private int _told = layers - 1;

    /// <summary>When <see cref="TryTake"/> is to be called.</summary>
    public Timestamp NextTimeout { get; private set; } = Timestamp.Never;

    /// <summary>Something else is watched than before.</summary>
    public void HandleChange() => NextTimeout = default;

    /// <summary>Whether the publisher is to be told now that no encoding above <paramref name="highest"/> is watched; remembers that it was.</summary>
    public bool TryTake(int highest, Timestamp now)
    {
        if (now < NextTimeout)
        {
            return false;
        }

        if (highest == _told)
        {
            NextTimeout = Timestamp.Never;
            return false;
        }

        if (highest < _told && NextTimeout == default)
        {
            NextTimeout = now + Patience;
            return false;
        }

        _told = highest;
        NextTimeout = Timestamp.Never;
        return true;
    }
}
