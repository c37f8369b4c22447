using Dais.Rtc;
using Dais.Rtc.Rtp;
using Dais.Sfu.Allocation;

namespace Dais.Sfu.Layers;

/// <summary>What a source with temporal layers sends up to each of them.</summary>
internal sealed class TemporalBitrates
{
    /// <summary>How many layers there can be: their number has two bits (RFC 7741 §4.2).</summary>
    public const int LayersMax = 4;

    private readonly SourceBitrate[] _upTo = new SourceBitrate[LayersMax];

    /// <summary>How many layers have been seen.</summary>
    public int Count { get; private set; } = 1;

    /// <summary>Counts a packet.</summary>
    public void Add(in Vp8Descriptor descriptor, int bytes, Timestamp now)
    {
        Count = Math.Max(Count, descriptor.TemporalId + 1);
        for (int layer = descriptor.TemporalId; layer < LayersMax; layer++)
        {
            _upTo[layer].Add(bytes, now);
        }
    }

    /// <summary>What is sent up to a layer, in bits per second; 0 while it is not known.</summary>
    public int Read(int layer, Timestamp now) => _upTo[layer].Read(now);
}
