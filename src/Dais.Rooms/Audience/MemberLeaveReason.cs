namespace Dais.Rooms.Audience;

/// <summary>Why a member left.</summary>
public enum MemberLeaveReason
{
    /// <summary>They left.</summary>
    Left,

    /// <summary>A host or admin removed them.</summary>
    Kicked,

    /// <summary>Their connection was lost, and their grace, if they had one, ran out.</summary>
    ConnectionLost,
}

/// <summary>Who is told that a member came or went.</summary>
public enum Announcement
{
    /// <summary>Nobody: it is the host, whose coming and going the phase tells.</summary>
    Nobody,

    /// <summary>Hosts and admins: the room is large, and the others get the count.</summary>
    HostsAndAdmins,

    /// <summary>Everybody.</summary>
    Everybody,
}
