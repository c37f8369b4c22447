using Dais.Rtc;
using Dais.Rtc.Rtp;
using Dais.Sfu.Layers;
using Dais.Sfu.Publications;

namespace Dais.Sfu.Slots;

/// <summary>Which encoding and which temporal layers a section shows, and whether any.</summary>
internal sealed partial class SlotSender
{
    /// <summary>The encoding that is shown from its next keyframe on; null while none but the source is to be.</summary>
    private Publication? _next;

    private bool _heldAsUnwanted;

    /// <summary>The highest encoding this section wants or shows, as its set knows; -1 for none.</summary>
    private int _watched = -1;

    /// <summary>The height of the place for the picture, in pixels; 0 for any.</summary>
    public int MaxHeight { get; private set; }

    /// <summary>Whether the subscriber does not want to see the picture.</summary>
    public bool IsUnwanted { get; private set; }

    /// <summary>The encoding that is shown, or is about to be.</summary>
    public int Layer => Source is { } source ? source.Layers.IndexOf(_next ?? source) : 0;

    /// <summary>Up to which temporal layer pictures are sent.</summary>
    public int TemporalLayer => _temporal.Target;

    /// <summary>The subscriber wants the picture to fit a place of <paramref name="maxHeight"/> pixels, or not at all.</summary>
    public void Prefer(int maxHeight, bool isUnwanted)
    {
        MaxHeight = maxHeight;
        IsUnwanted = isUnwanted;
        Watch();
    }

    /// <summary>
    /// Shows another encoding of what is shown: from its next keyframe on, which is asked for, or at once while nothing is shown yet.
    /// </summary>
    public void Choose(int layer, int temporal, Timestamp now)
    {
        _temporal.Target = (byte)temporal;
        if (Source is not { } source || ReferenceEquals(source.Layers[layer], _next ?? source))
        {
            return;
        }

        var wanted = source.Layers[layer];
        _next?.RemoveSwitch(this);
        _next = null;
        if (ReferenceEquals(wanted, source))
        {
            Watch();
            return;
        }

        if (ReceiverIndex >= 0 && Timeline.Running)
        {
            _next = wanted;
            wanted.AddSwitch(this, now);
        }
        else
        {
            Leave();
            Source = wanted;
            _stillFrom = null;
            Join();
        }

        Watch();
    }

    /// <summary>A keyframe of the encoding that is to be shown begins: nothing more is sent of the one before.</summary>
    public void SwitchTo(Publication layer, scoped in ForwardedPacket packet)
    {
        var before = Source!;
        uint? aligned = layer.TimestampIn(before, packet.SourceTimestamp) is { } timestamp && Timeline.Running
            ? Timeline.MapTimestamp(timestamp)
            : null;
        before.RemoveReceiver(this);
        _next = null;
        _stillFrom = null;
        Source = layer;
        Timeline.StartAligned(packet.SourceIndex, packet.SourceTimestamp, aligned, packet.Now, MakeDropped());
        BeginSegment(packet.Now);
        layer.AddReceiver(this);
        Watch();
        _statistics.LayerSwitches++;
    }

    /// <summary>Whether the picture is paused because too little passes to the subscriber.</summary>
    public bool IsHeld { get; private set; }

    /// <summary>Pauses what is shown, or goes on with it, with a picture from a keyframe.</summary>
    public void Hold(bool isHeld, Timestamp now)
    {
        if (isHeld == IsHeld)
        {
            return;
        }

        IsHeld = isHeld;
        if (isHeld)
        {
            _heldAsUnwanted = IsUnwanted;
            _statistics.PicturesPaused += IsUnwanted ? 0 : 1;
            Leave();
        }
        else if (_srtp is not null && ReceiverIndex < 0 && Source is { } source)
        {
            if (_heldAsUnwanted)
            {
                Join();
            }
            else
            {
                // With a new keyframe, not with what is stored: there is hardly room for the present.
                source.AddReceiver(this);
                source.RequestKeyframe(now);
            }
        }

        Watch();
    }

    /// <summary>Where the source has temporal layers, some of its pictures may be left out of the run that begins.</summary>
    private DroppedRuns? MakeDropped() => Source?.Temporal is null ? null : new DroppedRuns();

    /// <summary>Tells the encodings which of them is wanted: what fits the place, and what is shown or about to be until then.</summary>
    private void Watch()
    {
        if (Source is not { } source || _kind != TrackKind.Video)
        {
            return;
        }

        int shown = ReceiverIndex >= 0 ? Math.Max(source.Layers.IndexOf(source), Layer) : -1;
        int watched = _srtp is null || IsUnwanted || !AcceptsSource ? -1 : Math.Max(source.Layers.FittingTo(MaxHeight), shown);
        if (watched != _watched)
        {
            source.Layers.Watch(_watched, watched);
            _watched = watched;
        }
    }

    private void Unwatch()
    {
        if (_watched >= 0)
        {
            Source!.Layers.Watch(_watched, -1);
            _watched = -1;
        }
    }
}
