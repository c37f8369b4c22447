using Dais.Rooms.Guests;
using Dais.Rooms.Seats;

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

    /// <summary>A member leaves their seat.</summary>
    public sealed record LeaveSeat(UserId User) : RoomCommand
    {
        internal override RoomError? Decide(Draft draft) => SeatChanges.Leave(draft, this);
    }

    /// <summary>A host or admin takes someone off stage.</summary>
    public sealed record KickOffSeat(UserId? Actor, UserId User) : RoomCommand
    {
        internal override RoomError? Decide(Draft draft) => SeatChanges.Kick(draft, this);
    }
}
