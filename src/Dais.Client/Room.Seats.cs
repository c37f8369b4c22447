using Dais.Protocol;

namespace Dais.Client;

/// <summary>Seats and who comes on stage. A refusal is a <see cref="DaisException"/>.</summary>
public sealed partial class Room
{
    /// <summary>The seat index that stands for the lowest free seat.</summary>
    public const int AnySeat = -1;

    /// <summary>How long a request stays open unless the caller says otherwise.</summary>
    public static TimeSpan DefaultRequestTimeout { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Asks for a seat. `Seated` of the result says whether nobody had to agree.</summary>
    /// <param name="seatIndex">The wanted seat.</param>
    /// <param name="timeout">How long it stays open, in whole seconds up to 30 minutes; zero for as long as the room lives.</param>
    /// <param name="extraInfo">Anything the hosts should see with it, up to 1024 bytes.</param>
    /// <param name="cancellation">Gives up waiting for the answer.</param>
    public Task<SeatApplyResult> ApplyForSeatAsync(
        int seatIndex = AnySeat, TimeSpan? timeout = null, string extraInfo = "", CancellationToken cancellation = default) =>
        CallAsync(Methods.SeatApply, new SeatApplyParams(RoomId, seatIndex, Seconds(timeout), extraInfo), cancellation);

    /// <summary>Takes the own open application back.</summary>
    public Task CancelApplicationAsync(CancellationToken cancellation = default) =>
        CallAsync(Methods.SeatCancelApplication, new RoomParams(RoomId), cancellation);

    /// <summary>Seats an applicant (host, admin).</summary>
    public Task AcceptApplicationAsync(string userId, CancellationToken cancellation = default) =>
        CallAsync(Methods.SeatAcceptApplication, new RoomUserParams(RoomId, userId), cancellation);

    /// <summary>Declines an application (host, admin).</summary>
    public Task RejectApplicationAsync(string userId, CancellationToken cancellation = default) =>
        CallAsync(Methods.SeatRejectApplication, new RoomUserParams(RoomId, userId), cancellation);

    /// <summary>Asks a member to a seat (host, admin). `Seated` of the result says that they had applied and sit already.</summary>
    /// <param name="userId">Whom.</param>
    /// <param name="seatIndex">The seat.</param>
    /// <param name="timeout">How long it stays open, in whole seconds up to 30 minutes; zero for as long as the room lives.</param>
    /// <param name="extraInfo">Anything the invitee should see with it, up to 1024 bytes.</param>
    /// <param name="cancellation">Gives up waiting for the answer.</param>
    public Task<SeatInviteResult> InviteToSeatAsync(
        string userId,
        int seatIndex = AnySeat,
        TimeSpan? timeout = null,
        string extraInfo = "",
        CancellationToken cancellation = default) =>
        CallAsync(Methods.SeatInvite, new SeatInviteParams(RoomId, userId, seatIndex, Seconds(timeout), extraInfo), cancellation);

    /// <summary>Takes an invitation back (host, admin).</summary>
    public Task CancelInvitationAsync(string userId, CancellationToken cancellation = default) =>
        CallAsync(Methods.SeatCancelInvitation, new RoomUserParams(RoomId, userId), cancellation);

    /// <summary>Accepts the own invitation.</summary>
    public Task AcceptInvitationAsync(CancellationToken cancellation = default) =>
        CallAsync(Methods.SeatAcceptInvitation, new RoomParams(RoomId), cancellation);

    /// <summary>Declines the own invitation.</summary>
    public Task RejectInvitationAsync(CancellationToken cancellation = default) =>
        CallAsync(Methods.SeatRejectInvitation, new RoomParams(RoomId), cancellation);

    /// <summary>Sits down without asking (host, admin; everybody in free mode).</summary>
    public Task TakeSeatAsync(int seatIndex = AnySeat, CancellationToken cancellation = default) =>
        CallAsync(Methods.SeatTake, new SeatTakeParams(RoomId, seatIndex), cancellation);

    /// <summary>Leaves the own seat.</summary>
    public Task LeaveSeatAsync(CancellationToken cancellation = default) =>
        CallAsync(Methods.SeatLeave, new RoomParams(RoomId), cancellation);

    /// <summary>Takes someone off stage (host, admin).</summary>
    public Task KickFromSeatAsync(string userId, CancellationToken cancellation = default) =>
        CallAsync(Methods.SeatKick, new RoomUserParams(RoomId, userId), cancellation);

    /// <summary>Locks a seat: nobody is seated on it, and who sits there stays (host, admin).</summary>
    public Task LockSeatAsync(int seatIndex, CancellationToken cancellation = default) =>
        CallAsync(Methods.SeatLock, new SeatParams(RoomId, seatIndex), cancellation);

    /// <summary>Unlocks a seat (host, admin).</summary>
    public Task UnlockSeatAsync(int seatIndex, CancellationToken cancellation = default) =>
        CallAsync(Methods.SeatUnlock, new SeatParams(RoomId, seatIndex), cancellation);

    /// <summary>Moves this client's user, or someone else (host, admin), to another seat.</summary>
    /// <param name="seatIndex">Where to.</param>
    /// <param name="userId">Who; null for this client's user.</param>
    /// <param name="policy">What happens when the seat is taken.</param>
    /// <param name="cancellation">Gives up waiting for the answer.</param>
    public Task MoveToSeatAsync(
        int seatIndex, string? userId = null, MovePolicy policy = MovePolicy.Abort, CancellationToken cancellation = default) =>
        CallAsync(Methods.SeatMove, new SeatMoveParams(RoomId, seatIndex, userId, policy), cancellation);

    /// <summary>Switches off, locks or unlocks devices of someone on stage (host, admin); what is null stays.</summary>
    public Task SetDeviceAsync(
        string userId, DeviceOrder? microphone = null, DeviceOrder? camera = null, CancellationToken cancellation = default) =>
        CallAsync(Methods.SeatSetDevice, new SeatSetDeviceParams(RoomId, userId, microphone, camera), cancellation);

    /// <summary>Changes how members come on stage (host).</summary>
    public Task SetSeatModeAsync(SeatMode mode, CancellationToken cancellation = default) =>
        CallAsync(Methods.SeatSetMode, new SeatSetModeParams(RoomId, mode), cancellation);

    private static int Seconds(TimeSpan? timeout) => (int)Math.Ceiling((timeout ?? DefaultRequestTimeout).TotalSeconds);
}
