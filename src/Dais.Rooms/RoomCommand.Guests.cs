using Dais.Rooms.Guests;

namespace Dais.Rooms;

public abstract partial record RoomCommand
{
    /// <summary>A member asks for a seat.</summary>
    /// <param name="User">Who.</param>
    /// <param name="SeatIndex">Which seat; <see cref="SeatRequest.AnySeat"/> for the lowest free one.</param>
    /// <param name="Timeout">How long the application stays open; zero for as long as the room lives.</param>
    /// <param name="RequestId">The id of the application, if it becomes one.</param>
    /// <param name="ExtraInfo">Anything the hosts should see with it.</param>
    public sealed record ApplyForSeat(UserId User, int SeatIndex, TimeSpan Timeout, RequestId RequestId, string ExtraInfo) : RoomCommand
    {
        internal override RoomError? Decide(Draft draft) => Applications.Apply(draft, this);
    }

    /// <summary>A member takes their application back.</summary>
    public sealed record CancelApplication(UserId User) : RoomCommand
    {
        internal override RoomError? Decide(Draft draft) => Applications.Cancel(draft, this);
    }

    /// <summary>A host or admin seats an applicant.</summary>
    public sealed record AcceptApplication(UserId? Actor, UserId User) : RoomCommand
    {
        internal override RoomError? Decide(Draft draft) => Applications.Accept(draft, this);
    }

    /// <summary>A host or admin declines an application.</summary>
    public sealed record RejectApplication(UserId? Actor, UserId User) : RoomCommand
    {
        internal override RoomError? Decide(Draft draft) => Applications.Reject(draft, this);
    }

    /// <summary>A host or admin asks a member to a seat.</summary>
    /// <param name="Actor">Who asks.</param>
    /// <param name="User">Whom.</param>
    /// <param name="SeatIndex">Which seat; <see cref="SeatRequest.AnySeat"/> for the lowest free one.</param>
    /// <param name="Timeout">How long the invitation stays open; zero for as long as the room lives.</param>
    /// <param name="RequestId">The id of the invitation, if it becomes one.</param>
    /// <param name="ExtraInfo">Anything the invitee should see with it.</param>
    public sealed record InviteToSeat(
        UserId? Actor, UserId User, int SeatIndex, TimeSpan Timeout, RequestId RequestId, string ExtraInfo) : RoomCommand
    {
        internal override RoomError? Decide(Draft draft) => Invitations.Invite(draft, this);
    }

    /// <summary>A host or admin takes an invitation back, whoever made it.</summary>
    public sealed record CancelInvitation(UserId? Actor, UserId User) : RoomCommand
    {
        internal override RoomError? Decide(Draft draft) => Invitations.Cancel(draft, this);
    }

    /// <summary>A member accepts the invitation.</summary>
    public sealed record AcceptInvitation(UserId User) : RoomCommand
    {
        internal override RoomError? Decide(Draft draft) => Invitations.Accept(draft, this);
    }

    /// <summary>A member declines the invitation.</summary>
    public sealed record RejectInvitation(UserId User) : RoomCommand
    {
        internal override RoomError? Decide(Draft draft) => Invitations.Reject(draft, this);
    }
}
