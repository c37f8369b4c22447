namespace Dais.Rooms.Audience;

/// <summary>What is told of the audience, and how often.</summary>
internal static class AudienceCount
{
    /// <summary>When the audience is announced next; never when it has not changed.</summary>
    internal static WallClockTime NextAnnouncement(Room room) =>
        room.AudienceChanged ? room.AudienceCountedAt + room.Options.AudienceInterval : WallClockTime.Never;

    internal static void Announce(Draft draft)
    {
        if (draft.Room.IsLive && NextAnnouncement(draft.Room) <= draft.Now)
        {
            draft.Happen(new RoomEvent.AudienceCounted(draft.Room.AudienceCount, draft.Now));
        }
    }

    /// <summary>Who is told that a member came or went.</summary>
    /// <param name="room">The room.</param>
    /// <param name="role">The member's role.</param>
    /// <param name="memberCount">How many members there are, this one included.</param>
    internal static Announcement AnnouncementTo(Room room, Role role, int memberCount) =>
        role == Role.Host ? Announcement.Nobody
        : memberCount <= room.Options.MembersAnnounced ? Announcement.Everybody
        : Announcement.HostsAndAdmins;
}
