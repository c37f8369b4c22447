namespace Dais.Server.Rooms;

/// <summary>
/// A room that its loop has lent: until it is returned, once, whoever holds the lease touches the room and nobody else does.
/// Everything decided before is in the log.
/// </summary>
/// <param name="room">The room.</param>
public sealed class RoomLease(LiveRoom room)
{
    private readonly TaskCompletionSource _returned = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The room.</summary>
    public LiveRoom Room { get; } = room;

    /// <summary>Completes when the loop may go on, and fails when it may not.</summary>
    internal Task Returned => _returned.Task;

    /// <summary>Lets the loop go on; everything decided meanwhile is in the log.</summary>
    public void Return() => _returned.SetResult();

    /// <summary>Nobody knows whether the log has what was decided: the loop ends, as when its own append fails.</summary>
    public void Fail(Exception failure) => _returned.SetException(failure);
}
