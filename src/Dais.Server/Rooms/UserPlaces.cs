using System.Collections.Immutable;
using Dais.Protocol;
using Dais.Rooms;

namespace Dais.Server.Rooms;

/// <summary>
/// Which rooms of this node each user is in. Every room says who comes and who goes when its log has it; anybody may ask, from
/// any thread.
/// </summary>
public sealed class UserPlaces
{
    private readonly Lock _lock = new();
    private readonly Dictionary<UserId, ImmutableArray<UserPlace>> _places = [];

    /// <summary>The rooms <paramref name="user"/> is in, in the order in which they joined.</summary>
    public ImmutableArray<UserPlace> Of(UserId user)
    {
        lock (_lock)
        {
            return [.. _places.GetValueOrDefault(user, []).OrderBy(place => place.JoinedAt)];
        }
    }

    /// <summary>Takes note of what has happened in <paramref name="room"/>, as it is right after it.</summary>
    public void Record(RoomEvent happened, Room room)
    {
        switch (happened)
        {
            case RoomEvent.MemberJoined joined:
                Enter(joined.Member, room.Id);
                break;
            case RoomEvent.RoleChanged changed:
                Enter(room.Members[changed.User.Id], room.Id);
                break;
            case RoomEvent.MemberLeft left:
                Leave(left.Member.User.Id, room.Id);
                break;
            case RoomEvent.Ended:
                foreach (var user in room.Members.Keys)
                {
                    Leave(user, room.Id);
                }

                break;
        }
    }

    /// <summary>Takes note of everybody in <paramref name="room"/>, which goes on after a restart.</summary>
    public void RecordAll(Room room)
    {
        foreach (var member in room.IsLive ? room.Members.Values : [])
        {
            Enter(member, room.Id);
        }
    }

    private void Enter(Dais.Rooms.Audience.Member member, RoomId room)
    {
        var place = new UserPlace(room.Value, member.Role.ToWire(), member.JoinedAt.Milliseconds);
        lock (_lock)
        {
            _places[member.User.Id] = _places.ContainsKey(member.User.Id) ? [.. Others(member.User.Id, room), place] : [place];
        }
    }

    private void Leave(UserId user, RoomId room)
    {
        lock (_lock)
        {
            ImmutableArray<UserPlace> others = [.. Others(user, room)];
            if (others.IsEmpty)
            {
                _places.Remove(user);
            }
            else
            {
                _places[user] = others;
            }
        }
    }

    private IEnumerable<UserPlace> Others(UserId user, RoomId room) =>
        _places.GetValueOrDefault(user, []).Where(place => place.RoomId != room.Value);
}
