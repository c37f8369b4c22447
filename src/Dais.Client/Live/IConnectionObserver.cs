using System.Collections.Immutable;

namespace Dais.Client.Live;

/// <summary>
/// What a <see cref="LiveCoreView"/> tells about connections inside its live, and with others. Implement what you want to hear. Calls come one at a time, in
/// the order of the server's events.
/// </summary>
public interface IConnectionObserver
{
    /// <summary>A member asks for a seat (told to hosts and admins), or a host asks this user to one.</summary>
    /// <param name="inviterUser">Who asks.</param>
    void OnUserConnectionRequest(LiveUserInfo inviterUser)
    {
    }

    /// <summary>A request is no longer open: it was taken back, or not answered in time.</summary>
    /// <param name="inviterUser">Whose it was.</param>
    void OnUserConnectionCancelled(LiveUserInfo inviterUser)
    {
    }

    /// <summary>The other side has accepted this user's request.</summary>
    /// <param name="userId">Who accepted.</param>
    void OnUserConnectionAccepted(string userId)
    {
    }

    /// <summary>The other side has accepted this user's request; the same moment as the form with the id alone.</summary>
    /// <param name="userInfo">Who accepted.</param>
    void OnUserConnectionAccepted(LiveUserInfo userInfo)
    {
    }

    /// <summary>The other side has declined this user's request.</summary>
    /// <param name="userInfo">Who declined.</param>
    void OnUserConnectionRejected(LiveUserInfo userInfo)
    {
    }

    /// <summary>The other side has not answered this user's request in time.</summary>
    /// <param name="userInfo">Who was asked.</param>
    void OnUserConnectionTimeout(LiveUserInfo userInfo)
    {
    }

    /// <summary>This user's request was accepted, but nobody could be seated.</summary>
    /// <param name="code">Why.</param>
    /// <param name="message">Why, in words.</param>
    void OnUserConnectionFailed(int code, string message)
    {
    }

    /// <summary>A host or admin took this user off stage.</summary>
    void OnUserConnectionTerminated()
    {
    }

    /// <summary>Someone else has left the stage, in whatever way.</summary>
    /// <param name="userInfo">Who.</param>
    void OnUserConnectionExited(LiveUserInfo userInfo)
    {
    }

    /// <summary>Who is on stage has changed.</summary>
    /// <param name="userList">Who is on stage now.</param>
    /// <param name="joinList">Who came.</param>
    /// <param name="leaveList">Who left.</param>
    void OnConnectedUsersUpdated(
        ImmutableArray<LiveUserInfo> userList, ImmutableArray<LiveUserInfo> joinList, ImmutableArray<LiveUserInfo> leaveList)
    {
    }

    /// <summary>Which lives are connected has changed.</summary>
    /// <param name="hostUserList">The hosts of all connected lives, this one's included; empty when there is no connection any more.</param>
    void OnConnectedRoomsUpdated(ImmutableArray<ConnectionUser> hostUserList)
    {
    }

    /// <summary>The host of another live asks to connect (told to hosts and admins).</summary>
    /// <param name="hostUser">Who asks.</param>
    void OnCrossRoomConnectionRequest(ConnectionUser hostUser)
    {
    }

    /// <summary>There is nothing left to answer: the other host took their request back, or their live has ended.</summary>
    /// <param name="hostUser">Who had asked.</param>
    void OnCrossRoomConnectionCancelled(ConnectionUser hostUser)
    {
    }

    /// <summary>The host of another live has accepted this live's request; told before <see cref="OnConnectedRoomsUpdated"/>.</summary>
    /// <param name="hostUser">Who accepted.</param>
    void OnCrossRoomConnectionAccepted(ConnectionUser hostUser)
    {
    }

    /// <summary>
    /// This live's request was declined, could not be done any more when it was accepted, or the other live has ended.
    /// </summary>
    /// <param name="hostUser">Who was asked.</param>
    void OnCrossRoomConnectionRejected(ConnectionUser hostUser)
    {
    }

    /// <summary>A request was not answered in time; told on both sides.</summary>
    /// <param name="inviter">Who asked.</param>
    /// <param name="invitee">Who was asked.</param>
    void OnCrossRoomConnectionTimeout(ConnectionUser inviter, ConnectionUser invitee)
    {
    }

    /// <summary>Another live has left the connection, not this one; told after <see cref="OnConnectedRoomsUpdated"/>.</summary>
    /// <param name="hostUser">Its host.</param>
    void OnCrossRoomConnectionExited(ConnectionUser hostUser)
    {
    }

    /// <summary>The live has ended.</summary>
    /// <param name="roomId">Which.</param>
    void OnRoomDismissed(string roomId)
    {
    }
}
