using System.Collections.Immutable;
using Dais.Rooms.Audience;
using Dais.Rooms.Layouts;

namespace Dais.Rooms;

/// <summary>A decision in the making: the events so far, and the room after them.</summary>
internal sealed class Draft(Room room, WallClockTime now)
{
    private readonly ImmutableArray<RoomEvent>.Builder _events = ImmutableArray.CreateBuilder<RoomEvent>();

    /// <summary>The room after the events so far.</summary>
    internal Room Room { get; private set; } = room;

    /// <summary>When the command is decided.</summary>
    internal WallClockTime Now { get; } = now;

    /// <summary>The request the answer names.</summary>
    internal RequestId? Request { get; set; }

    /// <summary>Whether the answer says that the caller sits.</summary>
    internal bool Seated { get; set; }

    /// <summary>Whether this is an occasion to announce the audience, when that is due.</summary>
    internal bool MayCountAudience { get; set; }

    internal void Happen(RoomEvent happened)
    {
        _events.Add(happened);
        Room = Room.Apply(happened);
    }

    /// <summary>Says how the stage looks, when it looks different; the state comes before the events that name it.</summary>
    internal void SettleStage()
    {
        var stage = StageLayout.StageOf(Room);
        var canvas = StageLayout.CanvasOf(Room.Settings.SeatLayoutTemplateId);
        if (canvas != Room.Canvas || !stage.SequenceEqual(Room.Stage))
        {
            Happen(new RoomEvent.StageChanged(stage, canvas));
        }
    }

    internal Decision Complete(RoomError? error)
    {
        if (Room.IsLive && _events.Count > 0)
        {
            SettleStage();
        }

        if (MayCountAudience && error is null)
        {
            AudienceCount.Announce(this);
        }

        return new Decision { Events = _events.ToImmutable(), Error = error, Request = Request, Seated = Seated };
    }
}
