using System.Collections.Immutable;
using Dais.Protocol;

namespace Dais.Client;

/// <summary>Connections with the rooms of other hosts; for hosts and admins. A refusal is a <see cref="DaisException"/>.</summary>
public sealed partial class Room
{
    /// <summary>How the stage is drawn while rooms are connected unless the caller says otherwise: a grid.</summary>
    public const int DefaultHostLayout = 600;

    /// <summary>How long a request to connect stays open unless the caller says otherwise.</summary>
    public static TimeSpan DefaultHostRequestTimeout { get; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Asks the hosts of other rooms to connect; a room that has asked this one already is accepted. The result says what became of each
    /// request at once (<see cref="CoHostRequestResult"/>); how it ends is told by <see cref="RoomNotification.CoHostRequestEnded"/>.
    /// </summary>
    /// <param name="targetRoomIds">The rooms, one to nine.</param>
    /// <param name="layoutTemplateId">How the stage is to be drawn while the rooms are connected.</param>
    /// <param name="timeout">How long it stays open, in whole seconds up to 30 minutes; zero for as long as the rooms live.</param>
    /// <param name="extraInfo">Anything the other hosts should see with it, up to 1024 bytes.</param>
    /// <param name="cancellation">Gives up waiting for the answer.</param>
    public Task<CoHostRequestResult> RequestHostConnectionAsync(
        ImmutableArray<string> targetRoomIds,
        int layoutTemplateId = DefaultHostLayout,
        TimeSpan? timeout = null,
        string extraInfo = "",
        CancellationToken cancellation = default) =>
        CallAsync(
            Methods.CoHostRequest,
            new CoHostRequestParams(
                RoomId, targetRoomIds, layoutTemplateId, Seconds(timeout ?? DefaultHostRequestTimeout), extraInfo),
            cancellation);

    /// <summary>Takes a request to another room back.</summary>
    public Task CancelHostConnectionAsync(string targetRoomId, CancellationToken cancellation = default) =>
        CallAsync(Methods.CoHostCancel, new CoHostTargetParams(RoomId, targetRoomId), cancellation);

    /// <summary>Accepts the request of another room: the rooms are connected.</summary>
    public Task AcceptHostConnectionAsync(string fromRoomId, CancellationToken cancellation = default) =>
        CallAsync(Methods.CoHostAccept, new CoHostFromParams(RoomId, fromRoomId), cancellation);

    /// <summary>Declines the request of another room.</summary>
    public Task RejectHostConnectionAsync(string fromRoomId, CancellationToken cancellation = default) =>
        CallAsync(Methods.CoHostReject, new CoHostFromParams(RoomId, fromRoomId), cancellation);

    /// <summary>Leaves the connection; the other rooms stay connected with each other.</summary>
    public Task ExitHostConnectionAsync(CancellationToken cancellation = default) =>
        CallAsync(Methods.CoHostExit, new RoomParams(RoomId), cancellation);

    /// <summary>The public rooms this one can connect with; the result's cursor gives the next page, an empty one ends.</summary>
    public Task<CoHostCandidatesResult> ListHostCandidatesAsync(string cursor = "", CancellationToken cancellation = default) =>
        CallAsync(Methods.CoHostCandidates, new CoHostCandidatesParams(RoomId, cursor), cancellation);

    /// <summary>Silences a connected room for everybody in this one, or no longer.</summary>
    public Task MuteRemoteAudioAsync(string remoteRoomId, bool muted, CancellationToken cancellation = default) =>
        CallAsync(Methods.CoHostMuteRemoteAudio, new CoHostMuteParams(RoomId, remoteRoomId, muted), cancellation);
}
