using Dais.Sfu.Publications;
using Dais.Sfu.Slots;

namespace Dais.Sfu.Layers;

/// <summary>The slots that show another encoding of a picture and go over to this one at its next keyframe.</summary>
internal sealed class LayerSwitches
{
    private readonly List<SlotSender> _waiting = [];

    /// <summary>Whether there are any.</summary>
    public bool Any => _waiting.Count > 0;

    /// <summary>A slot waits.</summary>
    public void Add(SlotSender sender) => _waiting.Add(sender);

    /// <summary>A slot does not wait any more.</summary>
    public void Remove(SlotSender sender) => _waiting.Remove(sender);

    /// <summary>A keyframe begins: all go over to <paramref name="layer"/>.</summary>
    public void Take(Publication layer, scoped in ForwardedPacket packet)
    {
        foreach (var sender in _waiting)
        {
            sender.SwitchTo(layer, packet);
        }

        _waiting.Clear();
    }
}
