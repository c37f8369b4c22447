using System.Collections.Immutable;
using Dais.Rooms.Audience;
using static Dais.Rooms.RoomEvent;
using static Dais.Rooms.Tests.Scenario;

namespace Dais.Rooms.Tests.Audience;

public sealed class PresenceStateTests
{
    [Fact]
    public void A_member_sets_changes_and_removes_values()
    {
        var room = Live("ann").Given(Set("ann", ("mood", "happy"), ("level", "7")))
            .When(Set("ann", ("mood", "tired"), ("level", null), ("cap", "")));

        var changed = room.Happened(typeof(PresenceChanged)).Single<PresenceChanged>();
        Assert.Equal([KeyValuePair.Create("mood", "tired")], changed.State);
        Assert.Equal(changed.State, room.Room.PresenceStates.Of(Id("ann")));
    }

    [Fact]
    public void Setting_what_is_set_changes_nothing() =>
        Live("ann").Given(Set("ann", ("a", "1"))).When(Set("ann", ("a", "1"), ("b", null))).NothingHappened();

    [Fact]
    public void Only_members_let_others_know() => Live().When(Set("ann", ("a", "1"))).Refused(RoomError.UserNotInRoom);

    [Fact]
    public void What_a_member_lets_others_know_goes_with_them()
    {
        var room = Live("ann").Given(Set("ann", ("a", "1")), Leave("ann"));
        Assert.Empty(room.Room.PresenceStates.All);

        Assert.Empty(room.Given(Join("ann", connection: 2)).Room.PresenceStates.Of(Id("ann")));
    }

    [Fact]
    public void It_stays_while_the_place_is_kept()
    {
        var room = Live("ann").After(1).Given(Set("ann", ("a", "1")), Disconnect("ann"));

        Assert.Single(room.Room.PresenceStates.All);
        Assert.Empty(room.After(10).Room.PresenceStates.All);
    }

    [Fact]
    public void In_a_large_room_only_hosts_and_admins_hear_of_it()
    {
        var room = Live(new RoomSettings(), new RoomOptions { MembersAnnounced = 2 }, "ann");
        Assert.Equal(Announcement.Everybody, room.When(Set("ann", ("a", "1"))).Single<PresenceChanged>().To);

        Assert.Equal(
            Announcement.HostsAndAdmins, room.Given(Join("bob")).When(Set("ann", ("a", "2"))).Single<PresenceChanged>().To);
    }

    [Fact]
    public void Keys_and_bytes_are_limited()
    {
        var room = Live("ann");
        room.Given(Set("ann", [.. Enumerable.Range(0, 32).Select(key => ($"k{key}", (string?)"v"))]));
        room.When(Set("ann", ("one more", "v"))).Refused(RoomError.LimitReached);
        room.Given(Set("ann", ("k0", null), ("one more", "v")));
        room.When(Set("ann", ("one more", new string('x', 4_096)))).Refused(RoomError.TooLarge);
    }

    [Fact]
    public void What_all_members_let_know_is_limited_together()
    {
        var options = new RoomOptions { Limits = new RoomLimits { PresenceBytesOfAllMax = 100 } };
        var room = Live(new RoomSettings(), options, "ann", "bob").Given(Set("ann", ("a", new string('x', 60))));

        room.When(Set("bob", ("b", new string('x', 60)))).Refused(RoomError.LimitReached);
        room.Given(Leave("ann"), Set("bob", ("b", new string('x', 60))));
    }

    private static RoomCommand.SetPresence Set(string user, params (string Key, string? Value)[] changes) =>
        new(Id(user), changes.ToImmutableSortedDictionary(change => change.Key, change => change.Value, StringComparer.Ordinal));
}
