using Dais.Sfu.Slots;

namespace Dais.Sfu.Layers;

/// <summary>
/// Decides which pictures of a source with temporal layers (RFC 7741 §4.2: TID) a slot leaves out. It goes down between any two pictures, and
/// up one layer at a time where one can be begun with: at a keyframe, or at a picture that says it depends on the base layer alone (Y).
/// </summary>
internal struct TemporalFilter
{
    private byte _current;
    private uint _timestamp;
    private bool _hasTimestamp;

    /// <summary>Everything is sent.</summary>
    public const byte All = 3;

    public TemporalFilter()
    {
        Target = All;
        _current = All;
    }

    /// <summary>Up to which layer pictures are to be sent.</summary>
    public byte Target { get; set; }

    /// <summary>A source begins, with a keyframe.</summary>
    public void Start()
    {
        _current = Target;
        _hasTimestamp = false;
    }

    /// <summary>Whether a packet is sent.</summary>
    public bool Accepts(scoped in ForwardedPacket packet)
    {
        if (!packet.Descriptor.HasTemporalId)
        {
            return true;
        }

        byte layer = packet.Descriptor.TemporalId;
        if (!_hasTimestamp || (int)(packet.SourceTimestamp - _timestamp) > 0)
        {
            _hasTimestamp = true;
            _timestamp = packet.SourceTimestamp;
            bool rises = layer == _current + 1 && layer <= Target && packet.Descriptor.IsLayerSync;
            _current = Target < _current || packet.CanStart ? Target : rises ? layer : _current;
        }

        return layer <= _current;
    }
}
