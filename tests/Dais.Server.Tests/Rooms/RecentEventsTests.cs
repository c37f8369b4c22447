using System.Text;
using Dais.Rooms;
using Dais.Rooms.Audience;
using Dais.Server.Rooms;

namespace Dais.Server.Tests.Rooms;

public sealed class RecentEventsTests
{
    private static readonly UserId Host = new("hana");
    private static readonly UserId Ann = new("ann");
    private static readonly UserId Bob = new("bob");
    private static readonly Room Room = LiveRoomOf("ann", "bob");

    [Fact]
    public void What_comes_after_a_place_is_replayed_in_order()
    {
        var recent = new RecentEvents();
        Add(recent, 1, 2, 5, 9);

        Assert.Equal("5 9", Replay(recent, 2, Ann));
        Assert.Equal("5 9", Replay(recent, 4, Ann));
        Assert.Equal("", Replay(recent, 9, Ann));
    }

    [Fact]
    public void Everyone_gets_only_what_they_may_see()
    {
        var recent = new RecentEvents();
        Add(recent, 1);
        recent.Add(Event(2), Recipients.ModeratorsAnd(Ann, null));
        recent.Add(Event(3), Recipients.ModeratorsAnd(null, null));

        Assert.Equal("1 2", Replay(recent, 0, Ann));
        Assert.Equal("1", Replay(recent, 0, Bob));
        Assert.Equal("1 2 3", Replay(recent, 0, Host));
    }

    [Fact]
    public void What_is_no_longer_held_cannot_be_replayed()
    {
        var recent = new RecentEvents(countMax: 3);
        Add(recent, 1, 2, 3, 4, 5);

        Assert.Null(Replay(recent, 0, Ann));
        Assert.Null(Replay(recent, 1, Ann));
        Assert.Equal("3 4 5", Replay(recent, 2, Ann));
    }

    [Fact]
    public void Long_events_count_by_their_bytes()
    {
        var recent = new RecentEvents(bytesMax: 100);
        for (int seq = 1; seq <= 5; seq++)
        {
            recent.Add(new HeldEvent(seq, Encoding.UTF8.GetBytes($"{seq}".PadLeft(40, '0'))), Recipients.All);
        }

        Assert.Null(Replay(recent, 2, Ann));
        Assert.Equal(81, Replay(recent, 3, Ann)!.Length);
    }

    [Fact]
    public void One_event_that_is_longer_than_everything_leaves_nothing_held()
    {
        var recent = new RecentEvents(bytesMax: 100);
        Add(recent, 1);
        recent.Add(new HeldEvent(2, new byte[101]), Recipients.All);

        Assert.Null(Replay(recent, 1, Ann));
        Assert.Equal("", Replay(recent, 2, Ann));
    }

    [Fact]
    public void What_was_before_the_first_event_held_is_not_known()
    {
        var recent = new RecentEvents();
        Add(recent, 41);

        Assert.Null(Replay(recent, 39, Ann));
        Assert.Equal("41", Replay(recent, 40, Ann));
    }

    [Fact]
    public void More_than_a_client_can_take_at_once_is_not_replayed()
    {
        var recent = new RecentEvents();
        Add(recent, 1, 2, 3);

        Assert.Equal("1 2 3", Replay(recent, 0, Ann, replayMax: 3));
        Assert.Null(Replay(recent, 0, Ann, replayMax: 2));
    }

    [Fact]
    public void Whoever_had_another_role_meanwhile_cannot_be_told_by_events()
    {
        var recent = new RecentEvents();
        Add(recent, 1);
        recent.Add(Event(2), Recipients.All, changesRoleOf: Ann);
        Add(recent, 3);

        Assert.Null(Replay(recent, 1, Ann));
        Assert.Equal("3", Replay(recent, 2, Ann));
        Assert.Equal("2 3", Replay(recent, 1, Bob));
    }

    private static void Add(RecentEvents recent, params long[] seqs)
    {
        foreach (long seq in seqs)
        {
            recent.Add(Event(seq), Recipients.All);
        }
    }

    private static HeldEvent Event(long seq) => new(seq, Encoding.UTF8.GetBytes($"{seq}"));

    private static string? Replay(RecentEvents recent, long seq, UserId user, int replayMax = 100) =>
        recent.TryReplay(seq, user, Room, replayMax, out var missed)
            ? string.Join(' ', missed.Select(message => Encoding.UTF8.GetString(message.Span)))
            : null;

    private static Room LiveRoomOf(params string[] members)
    {
        var room = Room.Unstarted(new RoomId("lobby"), new RoomOptions());
        Do(new RoomCommand.Start(Named("hana"), new RoomSettings(), new ConnectionId("hana"), ClientPlatform.Web));
        foreach (string member in members)
        {
            Do(new RoomCommand.Join(Named(member), new ConnectionId(member), ClientPlatform.Web));
        }

        return room;

        void Do(RoomCommand command) =>
            room = room.Decide(command, new WallClockTime(1)).Events.Aggregate(room, (before, happened) => before.Apply(happened));
    }

    private static User Named(string id) => new(new UserId(id), id, "");
}
