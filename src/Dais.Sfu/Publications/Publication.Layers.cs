using Dais.Rtc;
using Dais.Sfu.Layers;
using Dais.Sfu.Slots;

namespace Dais.Sfu.Publications;

/// <summary>A publication as one of the encodings of its picture.</summary>
internal sealed partial class Publication
{
    private readonly LayerSwitches _switches = new();

    /// <summary>The encodings of the same picture, of which this is one; sound is in one of its own.</summary>
    public LayerSet Layers { get; set; } = null!;

    /// <summary>When the last packet came.</summary>
    public Timestamp LastPacketAt { get; private set; }

    /// <summary>How high the picture is, in pixels, as its last keyframe said; 0 while none did.</summary>
    public int Height { get; private set; }

    /// <summary>What comes of each temporal layer; null where there are none.</summary>
    public TemporalBitrates? Temporal { get; private set; }

    /// <summary>Whether another worker has the track relayed to it.</summary>
    public bool IsRelayed => _relays.Count > 0;

    /// <summary>A slot that shows another encoding goes over to this one at the next keyframe, which is asked for.</summary>
    public void AddSwitch(SlotSender receiver, Timestamp now)
    {
        _switches.Add(receiver);
        RequestKeyframe(now);
    }

    /// <summary>A slot does not want to go over to this encoding any more.</summary>
    public void RemoveSwitch(SlotSender receiver)
    {
        _switches.Remove(receiver);
        CancelKeyframes();
    }

    /// <summary>The timestamp that what this encoding shows at <paramref name="timestamp"/> has in another; null while reports do not tell.</summary>
    public uint? TimestampIn(Publication other, uint timestamp) =>
        _line is { } own && other._line is { } line
            ? line.At(own.InstantOf(timestamp, Track.ClockRate), other.Track.ClockRate)
            : null;
}
