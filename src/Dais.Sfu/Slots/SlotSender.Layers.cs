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

    /// <summary>Up to which temporal layer pictures are to be sent of what is shown or about to be.</summary>
    public int TemporalLayer { get; private set; } = TemporalFilter.All;

    /// <summary>The subscriber wants the picture to fit a place of <paramref name="maxHeight"/> pixels, or not at all.</summary>
    public void Prefer(int maxHeight, bool isUnwanted)
    {
        MaxHeight = maxHeight;
        IsUnwanted = isUnwanted;
        Watch();
    }

    /// <summary>
    /// Shows another encoding of what is shown: from its next keyframe on, which is asked for, or at once while nothing is shown yet. Until then
    /// no more is sent of the one that is shown than may be.
    /// </summary>
    /// <param name="layer">The encoding.</param>
    /// <param name="temporal">Up to which of its temporal layers.</param>
    /// <param name="bitrateMax">What the picture may take, in bits per second.</param>
    /// <param name="now">The present.</param>
    public void Choose(int layer, int temporal, long bitrateMax, Timestamp now)
    {
        TemporalLayer = temporal;
        if (Source is { } source && !ReferenceEquals(source.Layers[layer], _next ?? source))
        {
            Turn(source, source.Layers[layer], now);
        }

        _temporal.Target = _next is null ? temporal : ReliefOf(Source!, bitrateMax, now);
    }

    /// <summary>Up to which temporal layer a source takes no more than it may; <see cref="TemporalFilter.Nothing"/> when even the lowest does.</summary>
    private static int ReliefOf(Publication source, long bitrateMax, Timestamp now)
    {
        if (source.BitrateAt(now) <= bitrateMax)
        {
            return TemporalFilter.All;
        }

        int layer = (source.Temporal?.Count ?? 1) - 1;
        while (layer >= 0 && (source.Temporal?.Read(layer, now) ?? int.MaxValue) > bitrateMax)
        {
            layer--;
        }

        return layer;
    }

    private void Turn(Publication source, Publication wanted, Timestamp now)
    {
        _next?.RemoveSwitch(this);
        _next = null;
        if (ReferenceEquals(wanted, source))
        {
            if (_temporal.IsBroken && ReceiverIndex >= 0)
            {
                BeginAnew(source, now);
            }
        }
        else if (ReceiverIndex >= 0 && Timeline.Running)
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
        _temporal.Target = TemporalLayer;
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

    /// <summary>What was sent of the source is left behind; it goes on with its next keyframe.</summary>
    private void BeginAnew(Publication source, Timestamp now)
    {
        source.RemoveReceiver(this);
        Timeline.Stop();
        source.AddReceiver(this);
        source.RequestKeyframe(now);
    }

    /// <summary>Where the source has temporal layers or other encodings, some of its pictures may be left out of the run that begins.</summary>
    private DroppedRuns? MakeDropped() => Source is { Temporal: null, Layers.Count: 1 } or null ? null : new DroppedRuns();

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
