using System.Collections.Immutable;
using System.Text;

namespace Dais.Rooms.Audience;

/// <summary>What members let others know of them: small values by key, for as long as they are in the room.</summary>
public sealed class PresenceStates
{
    private static readonly ImmutableSortedDictionary<string, string> Nothing =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    private readonly int _bytes;

    private PresenceStates(ImmutableDictionary<UserId, ImmutableSortedDictionary<string, string>> states, int bytes)
    {
        All = states;
        _bytes = bytes;
    }

    /// <summary>Nobody has said anything.</summary>
    public static PresenceStates Empty { get; } = new([], 0);

    /// <summary>Everybody who has said something, and what.</summary>
    public ImmutableDictionary<UserId, ImmutableSortedDictionary<string, string>> All { get; }

    /// <summary>What <paramref name="user"/> lets others know; empty when that is nothing.</summary>
    public ImmutableSortedDictionary<string, string> Of(UserId user) => All.GetValueOrDefault(user, Nothing);

    /// <summary>These states, with all that <paramref name="user"/> lets others know.</summary>
    public PresenceStates With(UserId user, ImmutableSortedDictionary<string, string> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        int bytes = _bytes - BytesOf(Of(user)) + BytesOf(state);
        return new PresenceStates(state.IsEmpty ? All.Remove(user) : All.SetItem(user, state), bytes);
    }

    /// <summary>These states, without that of <paramref name="user"/>.</summary>
    public PresenceStates Without(UserId user) => All.ContainsKey(user) ? With(user, Nothing) : this;

    internal static RoomError? Set(Draft draft, RoomCommand.SetPresence command)
    {
        var room = draft.Room;
        if (room.MemberOf(command.User) is not { } member)
        {
            return RoomError.UserNotInRoom;
        }

        var before = room.PresenceStates.Of(command.User);
        var state = Merge(before, command.Changes);
        if (state.SequenceEqual(before))
        {
            return null;
        }

        var limits = room.Options.Limits;
        if (BytesOf(state) > limits.PresenceBytesMax)
        {
            return RoomError.TooLarge;
        }

        if (state.Count > limits.PresenceKeysMax || room.PresenceStates.With(command.User, state)._bytes > limits.PresenceBytesOfAllMax)
        {
            return RoomError.LimitReached;
        }

        var to = room.Members.Count <= room.Options.MembersAnnounced ? Announcement.Everybody : Announcement.HostsAndAdmins;
        draft.Happen(new RoomEvent.PresenceChanged(member.User, state, to));
        return null;
    }

    private static ImmutableSortedDictionary<string, string> Merge(
        ImmutableSortedDictionary<string, string> state, ImmutableSortedDictionary<string, string?> changes)
    {
        var merged = state.ToBuilder();
        foreach ((string key, string? value) in changes)
        {
            if (string.IsNullOrEmpty(value))
            {
                merged.Remove(key);
            }
            else
            {
                merged[key] = value;
            }
        }

        return merged.ToImmutable();
    }

    private static int BytesOf(ImmutableSortedDictionary<string, string> state)
    {
        int bytes = 0;
        foreach ((string key, string value) in state)
        {
            bytes += Encoding.UTF8.GetByteCount(key) + Encoding.UTF8.GetByteCount(value);
        }

        return bytes;
    }
}
