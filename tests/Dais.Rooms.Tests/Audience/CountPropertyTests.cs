using Dais.Rooms.Audience;
using Dais.Rooms.Tests.Properties;
using static Dais.Rooms.RoomEvent;

namespace Dais.Rooms.Tests.Audience;

/// <summary>When joins and leaves stop, everybody counts the same.</summary>
public sealed class CountPropertyTests
{
    private const int Users = 40;

    /// <summary>Below what a coalesced announcement waits for, and above.</summary>
    private static readonly int[] Pauses = [0, 0, 1, 20, 300, 1_100];

    [Theory]
    [InlineData(1, 8)]
    [InlineData(2, 8)]
    [InlineData(3, 50)]
    [InlineData(4, 0)]
    [InlineData(5, 20)]
    public void Every_client_the_room_and_the_history_agree_when_all_is_quiet(int seed, int membersAnnounced)
    {
        var random = new SeededRandom((ulong)seed);
        var options = new RoomOptions { MembersAnnounced = membersAnnounced };
        var crowd = new Crowd(Room.Unstarted(new RoomId("room"), options));
        crowd.Do(new RoomCommand.Start(Scenario.Host, new RoomSettings(), new ConnectionId("c0"), ClientPlatform.Web));
        for (int storm = 0; storm < 200; storm++)
        {
            int steps = 1 + random.Below(60);
            for (int step = 0; step < steps; step++)
            {
                crowd.Pass(random.Pick<int>(Pauses));
                crowd.Do(Next(crowd.Room, random, $"c{storm}.{step}"));
            }

            crowd.BeQuiet();
            crowd.Verify();
        }
    }

    private static RoomCommand Next(Room room, SeededRandom random, string connection)
    {
        string user = $"u{random.Below(Users)}";
        var member = room.MemberOf(new UserId(user));
        return random.Below(10) switch
        {
            < 5 => new RoomCommand.Join(Scenario.Named(user), new ConnectionId(connection), ClientPlatform.Web, random.Chance(5)),
            < 7 => new RoomCommand.Leave(new UserId(user), member?.Connection ?? default),
            7 => new RoomCommand.Disconnect(new UserId(user), member?.Connection ?? default, random.Chance(70)),
            8 => new RoomCommand.KickMember(Scenario.Host.Id, new UserId(user)),
            _ => new RoomCommand.SetAdmin(Scenario.Host.Id, new UserId(user), random.Chance(50)),
        };
    }

    /// <summary>A room whose members count for themselves, by what they are told and nothing else.</summary>
    private sealed class Crowd(Room room)
    {
        private readonly Dictionary<UserId, int> _counts = [];
        private readonly HashSet<UserId> _history = [];
        private WallClockTime _now = new(1_000_000);

        internal Room Room { get; private set; } = room;

        internal void Pass(int milliseconds)
        {
            var end = _now + TimeSpan.FromMilliseconds(milliseconds);
            while (Room.NextDeadline <= end)
            {
                _now = Room.NextDeadline > _now ? Room.NextDeadline : _now;
                Do(new RoomCommand.Tick());
            }

            _now = end;
        }

        internal void BeQuiet() => Pass(15_000);

        internal void Do(RoomCommand command)
        {
            var newcomers = new List<UserId>();
            foreach (var happened in Room.Decide(command, _now).Events)
            {
                Room = Room.Apply(happened);
                Tell(happened, newcomers);
            }

            // Who came in has a snapshot that holds everything so far.
            newcomers.ForEach(user => _counts[user] = Room.AudienceCount);
        }

        internal void Verify()
        {
            Assert.Equal(WallClockTime.Never, Room.NextDeadline);
            int expected = _history.Count(user => user != Scenario.Host.Id);
            Assert.Equal(expected, Room.AudienceCount);
            Assert.True(_history.SetEquals(Room.Members.Keys));
            Assert.All(Room.Members.Keys, user => Assert.Equal(expected, _counts[user]));
        }

        private void Tell(RoomEvent happened, List<UserId> newcomers)
        {
            switch (happened)
            {
                case MemberJoined joined:
                    Assert.True(_history.Add(joined.Member.User.Id));
                    Count(joined.To, joined.Member.User.Id, 1);
                    newcomers.Add(joined.Member.User.Id);
                    break;
                case MemberReplaced replaced:
                    // Who has only returned is told everything that was missed.
                    newcomers.Add(replaced.User.Id);
                    break;
                case MemberLeft left:
                    Assert.True(_history.Remove(left.Member.User.Id));
                    _counts.Remove(left.Member.User.Id);
                    Count(left.To, left.Member.User.Id, -1);
                    break;
                case AudienceCounted counted:
                    foreach (var user in _counts.Keys)
                    {
                        _counts[user] = counted.Count;
                    }

                    break;
            }
        }

        private void Count(Announcement to, UserId who, int change)
        {
            foreach (var user in _counts.Keys)
            {
                bool hears = to == Announcement.Everybody
                    || (to == Announcement.HostsAndAdmins && Room.MemberOf(user) is { MayModerate: true });
                _counts[user] += hears && user != who ? change : 0;
            }
        }
    }
}
