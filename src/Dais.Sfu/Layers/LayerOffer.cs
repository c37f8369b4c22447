using Dais.Rtc;
using Dais.Sfu.Allocation;
using Dais.Sfu.Publications;

namespace Dais.Sfu.Layers;

/// <summary>Puts the layers of a picture before the allocator.</summary>
internal static class LayerOffer
{
    /// <summary>How many layers one picture has at most.</summary>
    public const int LayersMax = SfuLimits.LayersMax - 1 + TemporalBitrates.LayersMax;

    /// <summary>
    /// Writes the layers that can be had, in rising bitrate, and returns how many. An encoding that is not sent, or of which nothing is known
    /// yet, is none; one there always is. Temporal layers are left out of the lowest alone: a smaller picture that moves is better than a
    /// larger one that jerks.
    /// </summary>
    public static int Write(LayerSet set, Span<PictureLayer> layers, Timestamp now)
    {
        int count = 0;
        for (int spatial = 0; spatial < set.Count; spatial++)
        {
            if (set.Count > 1 && (!set.IsAlive(spatial) || (count > 0 && set[spatial].BitrateAt(now) == 0)))
            {
                continue;
            }

            var layer = set[spatial];
            int height = set.HeightOf(spatial);
            if (count == 0)
            {
                count = WriteTemporal(layer, (byte)spatial, height, layers, now);
            }
            else
            {
                layers[count++] = new PictureLayer((byte)spatial, TemporalFilter.All, height, layer.BitrateAt(now));
            }
        }

        if (count == 0)
        {
            layers[count++] = new PictureLayer(0, 0, set.HeightOf(0), 0);
        }

        return count;
    }

    /// <summary>Finds which of the layers is shown; where it is not among them, the one below, or else the lowest.</summary>
    public static int Find(ReadOnlySpan<PictureLayer> layers, int spatial, int temporal)
    {
        int found = 0;
        for (int i = 1; i < layers.Length; i++)
        {
            if (layers[i].Spatial < spatial || (layers[i].Spatial == spatial && layers[i].Temporal <= temporal))
            {
                found = i;
            }
        }

        return found;
    }

    private static int WriteTemporal(Publication layer, byte spatial, int height, Span<PictureLayer> layers, Timestamp now)
    {
        if (layer.Temporal is not { Count: > 1 } temporal)
        {
            layers[0] = new PictureLayer(spatial, TemporalFilter.All, height, layer.BitrateAt(now));
            return 1;
        }

        for (int i = 0; i < temporal.Count; i++)
        {
            byte upTo = i == temporal.Count - 1 ? TemporalFilter.All : (byte)i;
            layers[i] = new PictureLayer(spatial, upTo, height, temporal.Read(i, now));
        }

        return temporal.Count;
    }
}
