using Dais.Rooms;
using Dais.Rooms.Audience;
using Dais.Rooms.Tests;
using Dais.Server.Rooms;

namespace Dais.Server.Tests.Messages;

/// <summary>What one viewer is sent while others come, by the code that decides it.</summary>
public sealed class ViewerCostTests
{
    private const int Seconds = 10;

    [Fact]
    public void A_viewer_of_a_large_room_is_sent_one_count_a_second_however_many_come()
    {
        var thousand = CostOf(joins: 1_000);
        var tenThousand = CostOf(joins: 10_000);

        TestContext.Current.TestOutputHelper?.WriteLine($"1,000 joins: {thousand}; 10,000 joins: {tenThousand}");
        Assert.InRange(thousand.Messages, Seconds - 1, Seconds + 1);
        Assert.Equal(thousand.Messages, tenThousand.Messages);

        // The names of ten thousand are a character longer than those of a thousand; their number is the same.
        Assert.InRange(tenThousand.Bytes, thousand.Bytes, thousand.Bytes * 1.05);
        Assert.True(thousand.Bytes / thousand.Messages < 200 * 80);
    }

    /// <summary>What the first viewer of 300 gets in ten seconds.</summary>
    private static (int Messages, long Bytes) CostOf(int joins)
    {
        var scenario = Scenario.Live([.. Enumerable.Range(0, 300).Select(number => $"early{number}")]).After(1);
        var room = scenario.Room;
        var viewer = new UserId("early0");
        long seq = 1_000;
        (int messages, long bytes) = (0, 0);
        for (int join = 0; join < joins; join++)
        {
            var now = scenario.Now + TimeSpan.FromMilliseconds((long)Seconds * 1_000 * join / joins);
            RoomCommand[] commands =
            [
                new RoomCommand.Tick(),
                new RoomCommand.Join(Scenario.Named($"late{join:D5}"), new ConnectionId($"c{join}"), ClientPlatform.Web),
            ];
            foreach (var happened in commands.SelectMany(command => room.Decide(command, now).Events))
            {
                room = room.Apply(happened);
                if (RoomNotifications.Of(happened, room, ++seq, now) is { } notification && notification.To.Include(viewer, room))
                {
                    messages++;
                    bytes += notification.Message.Length;
                }
            }
        }

        return (messages, bytes);
    }
}
