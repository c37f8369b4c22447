using System.Collections.Immutable;
using Dais.Protocol;
using Dais.Protocol.Rest;

namespace Dais.Client.Admin;

/// <summary>The calls about messages.</summary>
public sealed partial class DaisAdmin
{
    /// <summary>The latest messages of a room, those to some members too, in order.</summary>
    /// <param name="roomId">The room.</param>
    /// <param name="beforeSeq">Only messages before this place in the room's log; null for the latest.</param>
    /// <param name="count">How many at most, up to 100; 0 leaves it to the server.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<ImmutableArray<RoomMessage>> ListMessagesAsync(
        string roomId, long? beforeSeq = null, int count = 0, CancellationToken cancellation = default) =>
        (await GetAsync(
            $"{RoomPath(roomId)}/messages?beforeSeq={beforeSeq}&count={count}", RestJson.Default.MessageHistoryResult, cancellation)
            .ConfigureAwait(false)).Messages;

    /// <summary>Sends a message to a room, in any name; the message hook is not asked.</summary>
    public Task<MessageSendResult> SendMessageAsync(
        string roomId, MessagePost message, string? idempotencyKey = null, CancellationToken cancellation = default) =>
        _caller.CallAsync(
            AdminCall.Post($"{Root}{RoomPath(roomId)}/messages", message, RestJson.Default.MessagePost, idempotencyKey),
            RestJson.Default.MessageSendResult,
            cancellation);

    /// <summary>Forbids a member to write, also when they leave and come back; or lets them write again.</summary>
    public Task SetMessageDisabledAsync(string roomId, string userId, bool disabled, CancellationToken cancellation = default)
    {
        string path = $"{Root}{RoomPath(roomId)}/members/{Uri.EscapeDataString(userId)}/messageDisabled";
        return _caller.CallAsync(disabled ? AdminCall.Put(path) : AdminCall.Delete(path), cancellation);
    }
}
