using System.Collections.Immutable;
using Dais.Rooms;
using Dais.Sfu;
using Domain = Dais.Rooms;
using StageEntry = Dais.Rooms.Layouts.StageEntry;

namespace Dais.Server.Media;

/// <summary>What the worker shows the viewers of a room: who is on stage, and by which transport. Lives in the room's loop.</summary>
internal sealed class RoomStage(
    RoomWorker worker, Rooms.LiveRoom room, RemotePublishers remotes, Func<UserId, MediaTransport?> publisherOf)
{
    private ImmutableArray<StageSlot>? _told = [];

    /// <summary>What the worker calls the stage.</summary>
    public StageId Id { get; } = new(room.Number);

    /// <summary>Tells the worker who is on stage, when that differs from what it was told last.</summary>
    public void Show()
    {
        var stage = room.State.Stage;
        remotes.Follow([.. stage.Where(IsRemote)]);
        ImmutableArray<StageSlot> slots = [.. stage.Select(SlotOf).OfType<StageSlot>()];
        if (_told is { } told && slots.SequenceEqual(told))
        {
            return;
        }

        _told = slots;
        room.Afterwards(() =>
        {
            if (!worker.TryPost(new SfuCommand.SetStage(Id, slots)))
            {
                // It is told again with the next change.
                _told = null;
            }
        });
    }

    /// <summary>A viewer will be there within a few round trips: pictures are to begin at once then.</summary>
    public void Freshen()
    {
        // Without it they begin later, that is all.
        worker.TryPost(new SfuCommand.Freshen(Id));
    }

    /// <summary>The room is over.</summary>
    public void Close()
    {
        remotes.Follow([]);
        room.Afterwards(() => worker.TryPost(new SfuCommand.CloseStage(Id)));
    }

    /// <summary>What the worker is to show of someone on stage; null when they publish nothing.</summary>
    public StageSlot? SlotOf(StageEntry entry)
    {
        bool hasAudio = entry.Microphone == Domain.Audience.DeviceState.On;
        bool hasVideo = entry.Camera == Domain.Audience.DeviceState.On;
        if (!IsRemote(entry))
        {
            return publisherOf(entry.User.Id) is { } own ? new StageSlot(entry.Slot, own.Id, hasAudio, hasVideo) : null;
        }

        bool isHeard = hasAudio && room.State.Connection?.IsMuted(entry.RoomId) != true;
        return remotes.Find(entry) is { } remote
            ? new StageSlot(entry.Slot, remote.Id, isHeard, hasVideo, remote.Facts.Worker == worker.Number ? null : remote.Facts)
            : null;
    }

    private bool IsRemote(StageEntry entry) => entry.RoomId != room.State.Id;
}
