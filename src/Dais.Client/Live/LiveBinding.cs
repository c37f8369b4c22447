namespace Dais.Client.Live;

/// <summary>
/// Ties a facade to the room of its live, whenever its client is in it: first the facade's values follow the state, then its listeners hear
/// what happened.
/// </summary>
internal sealed class LiveBinding
{
    private readonly Action<RoomState?> _show;
    private readonly Action<RoomNotification, RoomState> _tell;
    private Room? _room;

    /// <param name="client">The client.</param>
    /// <param name="liveId">The live.</param>
    /// <param name="show">Makes the facade's values those of the state; null when not in the live.</param>
    /// <param name="tell">Tells the facade's listeners what happened.</param>
    public LiveBinding(DaisClient client, string liveId, Action<RoomState?> show, Action<RoomNotification, RoomState> tell)
    {
        Client = client;
        LiveId = liveId;
        _show = show;
        _tell = tell;
        client.RoomEntered += room => Attach(room);
        client.Post(() => Attach(client.FindRoom(liveId)));
    }

    public DaisClient Client { get; }

    public string LiveId { get; }

    /// <summary>Calls the room; refused before it was joined.</summary>
    public Task<CompletionHandler> CallAsync(Func<Room, Task> call) => Client.FindRoom(LiveId) is { } room
        ? CompletionHandler.OfAsync(() => call(room))
        : Task.FromResult(CompletionHandler.BeforeEntering);

    private void Attach(Room? room)
    {
        if (room is null || room.RoomId != LiveId || room == _room)
        {
            return;
        }

        _room = room;
        _ = room.Observe(happened => Handle(room, happened));
        _show(room.State);
    }

    private void Handle(Room room, RoomNotification happened)
    {
        if (room != _room)
        {
            return;
        }

        bool isOver = happened is RoomNotification.Closed;
        _room = isOver ? null : _room;
        try
        {
            _show(isOver ? null : room.State);
        }
        finally
        {
            _tell(happened, room.State);
        }
    }
}
