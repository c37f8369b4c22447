using Dais.Rtc;
using Dais.Sfu.Publications;

namespace Dais.Sfu.Layers;

/// <summary>The encodings in which one picture comes, lowest first, and who watches which; most pictures come in one.</summary>
internal sealed class LayerSet
{
    /// <summary>
    /// An encoding of which nothing came for so long while others went on is not sent any more: a browser drops those its bandwidth does not
    /// suffice for.
    /// </summary>
    private static readonly TimeSpan DeadAfter = TimeSpan.FromSeconds(1);

    /// <summary>The height of the lowest of several encodings as long as no keyframe has told any; each further one has twice as much.</summary>
    private const int LowestHeight = 180;

    private readonly Publication[] _layers;
    private readonly int[] _watching;
    private Timestamp _newest;

    public LayerSet(Publication[] layers)
    {
        _layers = layers;
        _watching = new int[layers.Length];
        foreach (var layer in layers)
        {
            layer.Layers = this;
        }
    }

    /// <summary>How many there are.</summary>
    public int Count => _layers.Length;

    /// <summary>One of them, 0 for the lowest.</summary>
    public Publication this[int layer] => _layers[layer];

    /// <summary>The highest that a slot wants or shows, or another worker has relayed to it; -1 for none.</summary>
    public int HighestWatched { get; private set; } = -1;

    /// <summary>Which of them a publication is.</summary>
    public int IndexOf(Publication layer) => Array.IndexOf(_layers, layer);

    /// <summary>A packet of one of them came.</summary>
    public void HandlePacket(Timestamp now) => _newest = now;

    /// <summary>Whether an encoding is being sent; all are while none is.</summary>
    public bool IsAlive(int layer) => _layers[layer] is { HasStarted: true } sent && _newest - sent.LastPacketAt <= DeadAfter;

    /// <summary>How high an encoding's picture is, in pixels; guessed by the others' as long as no keyframe of it came, 0 for one alone.</summary>
    public int HeightOf(int layer)
    {
        if (_layers[layer].Height > 0 || _layers.Length == 1)
        {
            return _layers[layer].Height;
        }

        for (int other = 0; other < _layers.Length; other++)
        {
            if (_layers[other].Height > 0)
            {
                return other < layer ? _layers[other].Height << (layer - other) : _layers[other].Height >> (other - layer);
            }
        }

        return LowestHeight << layer;
    }

    /// <summary>The lowest that is as high as a place of <paramref name="maxHeight"/> pixels; the highest where none is, or for 0.</summary>
    public int FittingTo(int maxHeight)
    {
        for (int layer = 0; layer < _layers.Length && maxHeight > 0; layer++)
        {
            if (HeightOf(layer) >= maxHeight)
            {
                return layer;
            }
        }

        return _layers.Length - 1;
    }

    /// <summary>What to begin with: the highest that is sent, is of use for a place and is known to pass.</summary>
    public int BeginWith(int maxHeight, long bitrate)
    {
        int best = -1;
        for (int layer = 0; layer <= FittingTo(maxHeight); layer++)
        {
            if (IsAlive(layer) && (best < 0 || (_layers[layer].BitrateAt(_newest) is > 0 and var cost && cost <= bitrate)))
            {
                best = layer;
            }
        }

        return Math.Max(best, 0);
    }

    /// <summary>A slot wants or shows <paramref name="after"/> instead of <paramref name="before"/>; -1 for none.</summary>
    public void Watch(int before, int after)
    {
        if (before >= 0)
        {
            _watching[before]--;
        }

        if (after >= 0)
        {
            _watching[after]++;
        }

        Recount();
    }

    /// <summary>Looks anew which is the highest that is watched.</summary>
    public void Recount()
    {
        int highest = _layers.Length - 1;
        while (highest >= 0 && _watching[highest] == 0 && !_layers[highest].IsRelayed)
        {
            highest--;
        }

        if (highest != HighestWatched)
        {
            HighestWatched = highest;
            _layers[0].Publisher.HandleWatchedChanged();
        }
    }
}
