namespace Dais.Client.Live;

/// <summary>Connections with other lives; for hosts and admins.</summary>
public sealed partial class LiveCoreView
{
    /// <summary>Asks the host of another live to connect. How it ends comes by observer.</summary>
    /// <param name="roomId">The other live.</param>
    /// <param name="timeOut">Seconds until it is too late to answer; 0 for no limit.</param>
    /// <param name="onSuccess">The call was answered: whether the request was sent, or why it could not be.</param>
    /// <param name="onError">The call was refused: the code, and the code in words.</param>
    public Task RequestCrossRoomConnection(
        string roomId, int timeOut, Action<ConnectionCode>? onSuccess = null, Action<int, string>? onError = null)
    {
        var code = ConnectionCode.Unknown;
        return CallAsync(
            async room => code = await _hostNews.AskAsync(room, roomId, Room.DefaultHostLayout, timeOut, extraInfo: "").ConfigureAwait(false),
            () => onSuccess?.Invoke(code),
            onError);
    }

    /// <summary>Takes the request to another live back.</summary>
    public Task CancelCrossRoomConnection(string roomId, Action? onSuccess = null, Action<int, string>? onError = null) =>
        CallAsync(room => room.CancelHostConnectionAsync(roomId), onSuccess, onError);

    /// <summary>Answers the request of another live.</summary>
    public Task RespondToCrossRoomConnection(
        string roomId, bool isAccepted, Action? onSuccess = null, Action<int, string>? onError = null) => CallAsync(
        room => isAccepted ? room.AcceptHostConnectionAsync(roomId) : room.RejectHostConnectionAsync(roomId), onSuccess, onError);

    /// <summary>Leaves the connection with other lives.</summary>
    public Task TerminateCrossRoomConnection(Action? onSuccess = null, Action<int, string>? onError = null) =>
        CallAsync(room => room.ExitHostConnectionAsync(), onSuccess, onError);

    private static void Tell(IConnectionObserver observer, HostNews news)
    {
        switch (news)
        {
            case HostNews.Received { Request: var request }:
                observer.OnCrossRoomConnectionRequest(ConnectionUser.Of(request.From));
                break;
            case HostNews.Cancelled { Request: var request }:
                observer.OnCrossRoomConnectionCancelled(ConnectionUser.Of(request.From));
                break;
            case HostNews.Accepted { By: var host }:
                observer.OnCrossRoomConnectionAccepted(ConnectionUser.Of(host));
                break;
            case HostNews.Rejected { By: var host }:
                observer.OnCrossRoomConnectionRejected(ConnectionUser.Of(host));
                break;
            case HostNews.TimedOut { Request: var request }:
                observer.OnCrossRoomConnectionTimeout(ConnectionUser.Of(request.From), ConnectionUser.Of(request.To));
                break;
            case HostNews.Changed changed:
                observer.OnConnectedRoomsUpdated([.. changed.Hosts.Select(ConnectionUser.Of)]);
                foreach (var host in changed.Left)
                {
                    observer.OnCrossRoomConnectionExited(ConnectionUser.Of(host));
                }

                break;
        }
    }
}
