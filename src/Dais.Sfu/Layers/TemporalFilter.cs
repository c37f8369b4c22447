using Dais.Sfu.Slots;

namespace Dais.Sfu.Layers;

/// <summary>
/// Decides which pictures of a source a slot leaves out: those of higher temporal layers (RFC 7741 §4.2: TID), or all. It goes down between any
/// two pictures, and up one layer at a time where one can be begun with: at a picture that says it depends on the base layer alone (Y); to the
/// base layer, and to any at once, at a keyframe.
/// </summary>
internal struct TemporalFilter
{
    /// <summary>Everything is sent.</summary>
    public const byte All = 3;

    /// <summary>Nothing is sent.</summary>
    public const int Nothing = -1;

    private int _current;
    private uint _timestamp;
    private bool _hasTimestamp;

    public TemporalFilter()
    {
        Target = All;
        _current = All;
    }

    /// <summary>Up to which layer pictures are to be sent.</summary>
    public int Target { get; set; }

    /// <summary>Whether pictures were left out that all others depend on: only a keyframe can be gone on with.</summary>
    public readonly bool IsBroken => _current == Nothing;

    /// <summary>A source begins, with a keyframe.</summary>
    public void Start()
    {
        _current = Target;
        _hasTimestamp = false;
    }

    /// <summary>Whether a packet is sent.</summary>
    public bool Accepts(scoped in ForwardedPacket packet)
    {
        int layer = packet.Descriptor.HasTemporalId ? packet.Descriptor.TemporalId : 0;
        if (!_hasTimestamp || (int)(packet.SourceTimestamp - _timestamp) > 0)
        {
            _hasTimestamp = true;
            _timestamp = packet.SourceTimestamp;
            bool rises = layer > 0 && layer == _current + 1 && layer <= Target && packet.Descriptor.IsLayerSync;
            _current = Target < _current || packet.CanStart ? Target : rises ? layer : _current;
        }

        return layer <= _current;
    }
}
