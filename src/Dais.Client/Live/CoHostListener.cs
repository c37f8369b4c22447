namespace Dais.Client.Live;

/// <summary>
/// What is heard about connections with the hosts of other lives; set what you want to hear. Requests are heard by hosts and admins, who
/// comes and goes by everybody.
/// </summary>
public sealed record CoHostListener
{
    /// <summary>Another host asks to connect: who, and what they attached.</summary>
    public Action<SeatUserInfo, string>? OnCoHostRequestReceived { get; init; }

    /// <summary>There is nothing left to answer, because the inviter took it back or their live has ended: the inviter, and the invitee.</summary>
    public Action<SeatUserInfo, SeatUserInfo?>? OnCoHostRequestCancelled { get; init; }

    /// <summary>The other host has accepted what this live asked: who. Told before they join.</summary>
    public Action<SeatUserInfo>? OnCoHostRequestAccepted { get; init; }

    /// <summary>What this live asked was declined, could not be done any more when it was accepted, or the other live has ended: who was asked.</summary>
    public Action<SeatUserInfo>? OnCoHostRequestRejected { get; init; }

    /// <summary>A request was not answered in time, on both sides: the inviter, and the invitee.</summary>
    public Action<SeatUserInfo, SeatUserInfo>? OnCoHostRequestTimeout { get; init; }

    /// <summary>Another host has come into the connection; not told of this live's own.</summary>
    public Action<SeatUserInfo>? OnCoHostUserJoined { get; init; }

    /// <summary>
    /// Another host has left the connection. When this live itself left the others, <see cref="CoHostState.CoHostStatus"/> says so.
    /// </summary>
    public Action<SeatUserInfo>? OnCoHostUserLeft { get; init; }
}
