using Dais.Server.Rooms;
using Dais.Server.Signaling;

namespace Dais.Server.Tests.Signaling;

public sealed class RoomFarewellsTests
{
    [Fact]
    public void The_latest_of_a_room_counts_until_the_client_is_in_it_again()
    {
        var farewells = new RoomFarewells(8);
        farewells.Keep("a", Event(1));
        farewells.Keep("b", Event(2));
        farewells.Keep("a", Event(3));

        Assert.Equal(3, farewells.Find("a")!.Seq);
        farewells.Forget("a");
        Assert.Null(farewells.Find("a"));
        Assert.Equal(2, farewells.Find("b")!.Seq);
    }

    [Fact]
    public void Only_so_many_are_kept()
    {
        var farewells = new RoomFarewells(2);
        farewells.Keep("a", Event(1));
        farewells.Keep("b", Event(2));
        farewells.Keep("c", Event(3));

        Assert.Null(farewells.Find("a"));
        Assert.NotNull(farewells.Find("b"));
    }

    private static HeldEvent Event(long seq) => new(seq, ReadOnlyMemory<byte>.Empty);
}
