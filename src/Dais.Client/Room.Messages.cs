using System.Collections.Immutable;
using Dais.Protocol;

namespace Dais.Client;

/// <summary>Messages, and what members let others know of them. A refusal is a <see cref="DaisException"/>.</summary>
public sealed partial class Room
{
    private volatile bool _followsMessages;

    /// <summary>Writes to everybody in the room, or to some.</summary>
    /// <param name="text">1 to 2,000 characters.</param>
    /// <param name="to">The members it is for; by default everybody.</param>
    /// <param name="data">Anything the application adds, up to 8 KiB.</param>
    /// <param name="cancellation">Gives up waiting for the answer.</param>
    public Task<MessageSendResult> SendMessageAsync(
        string text, IEnumerable<string>? to = null, string? data = null, CancellationToken cancellation = default) =>
        CallAsync(
            Methods.MessageSend, new MessageSendParams(RoomId, MessageKind.Text, text, data, null, Recipients(to)), cancellation);

    /// <summary>Sends something of the application's own to everybody in the room, or to some.</summary>
    /// <param name="data">Up to 8 KiB.</param>
    /// <param name="customType">Which of the application's messages it is.</param>
    /// <param name="to">The members it is for; by default everybody.</param>
    /// <param name="cancellation">Gives up waiting for the answer.</param>
    public Task<MessageSendResult> SendCustomMessageAsync(
        string data, string? customType = null, IEnumerable<string>? to = null, CancellationToken cancellation = default) =>
        CallAsync(
            Methods.MessageSend, new MessageSendParams(RoomId, MessageKind.Custom, null, data, customType, Recipients(to)), cancellation);

    /// <summary>Messages the room still has, in order.</summary>
    /// <param name="beforeSeq">Only messages before this place in the room's log; by default the latest.</param>
    /// <param name="count">How many at most; 0 leaves it to the server.</param>
    /// <param name="cancellation">Gives up waiting for the answer.</param>
    public async Task<ImmutableArray<RoomMessage>> MessageHistoryAsync(
        long? beforeSeq = null, int count = 0, CancellationToken cancellation = default) =>
        (await CallAsync(Methods.MessageHistory, new MessageHistoryParams(RoomId, beforeSeq, count), cancellation).ConfigureAwait(false))
        .Messages;

    /// <summary>
    /// Puts the latest messages of the past into <see cref="RoomState.Messages"/>; from then on it misses none, whatever the connection does.
    /// </summary>
    public async Task LoadMessagesAsync(CancellationToken cancellation = default)
    {
        _followsMessages = true;
        var messages = await MessageHistoryAsync(cancellation: cancellation).ConfigureAwait(false);
        await _home.Queue.RunAsync(() => Handle(
            new RoomNotification.MessagesLoaded(messages) { RoomId = RoomId, Seq = _state.Seq, At = _home.Time.GetUtcNow() }))
            .ConfigureAwait(false);
    }

    /// <summary>Forbids a member to write, or allows it again (host, admin). It holds when they leave and come back.</summary>
    public Task SetMessageDisabledAsync(string userId, bool disabled, CancellationToken cancellation = default) =>
        CallAsync(Methods.AudienceSetMessageDisabled, new AudienceSetMessageDisabledParams(RoomId, userId, disabled), cancellation);

    /// <summary>Changes what the others know of this user; a null or empty value removes its key.</summary>
    public Task SetPresenceAsync(IReadOnlyDictionary<string, string?> state, CancellationToken cancellation = default) =>
        CallAsync(
            Methods.PresenceSetState,
            new PresenceSetStateParams(RoomId, state.ToImmutableSortedDictionary(StringComparer.Ordinal)),
            cancellation);

    /// <summary>What a member lets others know of them.</summary>
    public async Task<ImmutableSortedDictionary<string, string>> GetPresenceAsync(
        string userId, CancellationToken cancellation = default) =>
        (await CallAsync(Methods.PresenceGetState, new RoomUserParams(RoomId, userId), cancellation).ConfigureAwait(false)).State;

    /// <summary>A snapshot has come in the place of events: messages among them are asked for, if this room shows any.</summary>
    private void CatchUpOnMessages(RoomNotification happened)
    {
        _followsMessages |= happened is RoomNotification.MessageReceived;
        if (happened is RoomNotification.Synced && _followsMessages)
        {
            _ = LoadOrWaitAsync();
        }
    }

    private async Task LoadOrWaitAsync()
    {
        try
        {
            await LoadMessagesAsync().ConfigureAwait(false);
        }
        catch (DaisException)
        {
            // The connection is lost again, and the next snapshot comes here.
        }
    }

    private static ImmutableArray<string>? Recipients(IEnumerable<string>? to) => to is null ? null : [.. to];
}
