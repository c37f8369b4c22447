namespace Dais.Client.Live;

/// <summary>Why a request got no response.</summary>
public enum NoResponseReason
{
    /// <summary>Nobody answered in time.</summary>
    Timeout = 0,

    /// <summary>The user came on stage another way.</summary>
    AlreadySeated = 1,
}

/// <summary>What a host or admin hears; set what you want to hear.</summary>
public sealed record HostListener
{
    /// <summary>A member asks for a seat.</summary>
    public Action<LiveUserInfo>? OnGuestApplicationReceived { get; init; }

    /// <summary>A member no longer asks: they took it back, left, or nobody answered in time.</summary>
    public Action<LiveUserInfo>? OnGuestApplicationCancelled { get; init; }

    /// <summary>Another host or admin answered an application: the guest, and who answered.</summary>
    public Action<LiveUserInfo, LiveUserInfo>? OnGuestApplicationProcessedByOtherHost { get; init; }

    /// <summary>The invited member answered: whether they accept, and who.</summary>
    public Action<bool, LiveUserInfo>? OnHostInvitationResponded { get; init; }

    /// <summary>The invited member did not answer.</summary>
    public Action<LiveUserInfo, NoResponseReason>? OnHostInvitationNoResponse { get; init; }

    /// <summary>The invited member accepted, but could not be seated: who, the code, and the code in words.</summary>
    public Action<LiveUserInfo, int, string>? OnHostInvitationError { get; init; }
}

/// <summary>What a member of the audience or a guest hears; set what you want to hear.</summary>
public sealed record GuestListener
{
    /// <summary>A host or admin asks this user to a seat.</summary>
    public Action<LiveUserInfo>? OnHostInvitationReceived { get; init; }

    /// <summary>The invitation is no longer open: it was taken back, or not answered in time.</summary>
    public Action<LiveUserInfo>? OnHostInvitationCancelled { get; init; }

    /// <summary>The application was answered: whether it was accepted, and by whom.</summary>
    public Action<bool, LiveUserInfo>? OnGuestApplicationResponded { get; init; }

    /// <summary>The application was not answered.</summary>
    public Action<NoResponseReason>? OnGuestApplicationNoResponse { get; init; }

    /// <summary>The application was accepted, but this user could not be seated: the code, and the code in words.</summary>
    public Action<int, string>? OnGuestApplicationError { get; init; }

    /// <summary>A host or admin took this user off stage: from which seat, and who.</summary>
    public Action<int, LiveUserInfo>? OnKickedOffSeat { get; init; }
}
