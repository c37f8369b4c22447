using Dais.Protocol;
using Dais.Protocol.Rest;
using Dais.Rooms;
using Dais.Rooms.Messages;
using Dais.Server.Rooms;
using Dais.Server.Signaling;
using User = Dais.Rooms.Audience.User;

namespace Dais.Server.Rest;

/// <summary>The rooms as the backend reaches them: looked at as their log has them, and changed by commands that nobody but it may give.</summary>
public sealed class RoomGateway(RoomDirectory rooms)
{
    /// <summary>A start that meets a room just ending tries again; more often than this it does not happen by chance.</summary>
    private const int OpenAttemptsMax = 3;

    /// <summary>The rooms.</summary>
    public RoomDirectory Rooms => rooms;

    /// <summary>The live room called <paramref name="roomId"/>, or null.</summary>
    public RoomListing? Find(string roomId) => rooms.Find(roomId)?.Listing is { Room: not null } listing ? listing : null;

    /// <summary>
    /// Opens a room; gives why not, or null when it is open and its log has it.
    /// </summary>
    public async Task<ErrorCode?> OpenAsync(RoomCommand.Open command, string roomId)
    {
        for (int attempt = 0; attempt < OpenAttemptsMax; attempt++)
        {
            if (rooms.FindOrCreate(roomId) is not { } runner)
            {
                return ErrorCodes.LimitReached;
            }

            var answer = new Answer();
            if (await runner.InvokeAsync(room => answer.Open(room, command)))
            {
                return await answer.WaitAsync(runner);
            }
        }

        return ErrorCodes.InternalError;
    }

    /// <summary>
    /// Has a room decide a command, with other rooms if it concerns them; gives why not, or null when its log has what followed.
    /// </summary>
    /// <param name="roomId">The room.</param>
    /// <param name="command">The command, in the light of the room; null when there is no such thing to command.</param>
    /// <param name="otherwise">Why not, when there is not.</param>
    public async Task<ErrorCode?> ExecuteAsync(string roomId, Func<Room, RoomCommand?> command, ErrorCode? otherwise = null)
    {
        if (rooms.Find(roomId) is not { } runner)
        {
            return ErrorCodes.RoomNotFound;
        }

        var answer = new Answer();
        var decided = Task.FromResult(true);
        bool hasRun = await runner.InvokeAsync(room =>
        {
            if (command(room.State) is { } wanted)
            {
                decided = room.ExecuteAsync(wanted, decision => answer.Take(room, decision));
            }
            else
            {
                answer.Take(room, otherwise);
            }
        });
        return hasRun && await decided ? await answer.WaitAsync(runner) : ErrorCodes.RoomNotFound;
    }

    /// <summary>As above, with a command that needs no look at the room.</summary>
    public Task<ErrorCode?> ExecuteAsync(string roomId, RoomCommand command) => ExecuteAsync(roomId, _ => command);

    /// <summary>Sends a message of the backend's; gives it when the room's log has it, or why not.</summary>
    public async Task<(Dais.Rooms.Messages.RoomMessage? Sent, ErrorCode? Refusal)> AnnounceAsync(
        string roomId, User from, MessageContent content, IReadOnlyList<UserId> to)
    {
        if (rooms.Find(roomId) is not { } runner)
        {
            return (null, ErrorCodes.RoomNotFound);
        }

        var answer = new Answer();
        Dais.Rooms.Messages.RoomMessage? sent = null;
        bool hasRun = await runner.InvokeAsync(room =>
        {
            var decision = room.Announce(from, new MessageId(RandomIds.Id()), content, to);
            sent = decision.Events.OfType<RoomEvent.MessageSent>().SingleOrDefault()?.Message;
            answer.Take(room, decision);
        });
        var refusal = hasRun ? await answer.WaitAsync(runner) : ErrorCodes.RoomNotFound;
        return refusal is null ? (sent, null) : (null, refusal);
    }

    /// <summary>How a command was decided, to be told when the log has what followed.</summary>
    private sealed class Answer
    {
        private readonly TaskCompletionSource<ErrorCode?> _told = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Open(LiveRoom room, RoomCommand.Open command)
        {
            Take(room, room.Execute(command));
            if (!room.State.IsLive)
            {
                room.Abandon();
            }
        }

        public void Take(LiveRoom room, Decision decision) => Take(room, decision.Error?.ToWire());

        public void Take(LiveRoom room, ErrorCode? error) => room.Afterwards(() => _told.TrySetResult(error));

        /// <summary>Waits until it is told; when the server stops, nobody knows what became of it.</summary>
        public async Task<ErrorCode?> WaitAsync(RoomRunner runner)
        {
            await Task.WhenAny(_told.Task, runner.Ended);
            return _told.Task.IsCompleted ? await _told.Task : RestErrors.Stopping;
        }
    }
}
