using Dais.Server.Signaling;

namespace Dais.Server.Tests.Signaling;

public sealed class SessionRoomsTests
{
    [Fact]
    public void A_room_is_there_once_however_often_it_is_entered_and_gone_when_it_is_left()
    {
        var rooms = new SessionRooms();
        rooms.Set("a", null!);
        rooms.Set("b", null!);
        rooms.Set("a", null!);

        Assert.Equal(["b", "a"], rooms.All.Select(room => room.Key));
        rooms.Remove("b");
        rooms.Remove("c");
        Assert.False(rooms.Has("b"));
        Assert.True(rooms.Has("a"));
        Assert.Equal(1, rooms.Count);
    }

    [Fact]
    public async Task Loops_that_enter_and_leave_at_once_leave_each_other_alone()
    {
        var rooms = new SessionRooms();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Task.Run(() =>
        {
            for (int i = 0; i < 200; i++)
            {
                rooms.Set($"{number}", null!);
                rooms.Remove($"{number}");
            }

            rooms.Set($"{number}", null!);
        })));

        Assert.Equal(8, rooms.Count);
    }
}
