using static Dais.Server.Tests.Rooms.Connections.HostsScene;

namespace Dais.Server.Tests.Rooms.Connections;

public sealed class CandidateTests
{
    [Fact]
    public async Task Candidates_are_the_public_rooms_that_are_neither_asked_nor_connected_nor_ones_own()
    {
        await using var scene = await StartAsync(["a", "asked", "connected", "asking", "free"]);
        await scene.AddAsync("hidden", new() { ["isPublic"] = false });
        var a = scene["a"];
        await a.AskAsync("asked");
        await scene["asking"].AskAsync("a");
        await scene.ConnectAsync("a", "connected");

        var page = await a.Host.CallAsync("coHost.candidates", a.In());

        Assert.Equal(["free", "asking"], RoomsOf(page["candidates"]));
        Assert.Equal("", Text(page, "cursor"));
        var free = page["candidates"]![0]!;
        Assert.Equal(("host-free", "1"), (Text(free["host"]!, "userId"), Text(free, "audienceCount")));
    }

    [Fact]
    public async Task A_cursor_goes_on_where_the_page_ended_whatever_happens_meanwhile()
    {
        await using var scene = await StartAsync(["a"]);
        for (int number = 1; number <= 45; number++)
        {
            await using var host = await scene.Server.StartRoomAsync($"r{number:00}", $"host-{number}");
        }

        var a = scene["a"];
        var first = await a.Host.CallAsync("coHost.candidates", a.In());
        Assert.Equal(Names(45, 26), RoomsOf(first["candidates"]));

        // One on the next page is asked, and a new one comes.
        await a.AskAsync("r20");
        await using var late = await scene.Server.StartRoomAsync("late", "host-late");

        var second = await a.Host.CallAsync("coHost.candidates", a.In(("cursor", Text(first, "cursor"))));
        Assert.Equal(Names(25, 5).Where(name => name != "r20"), RoomsOf(second["candidates"]));
        var third = await a.Host.CallAsync("coHost.candidates", a.In(("cursor", Text(second, "cursor"))));
        Assert.Equal(Names(4, 1), RoomsOf(third["candidates"]));
        Assert.Equal("", Text(third, "cursor"));

        static string[] Names(int from, int to) =>
            [.. Enumerable.Range(to, from - to + 1).Reverse().Select(number => $"r{number:00}")];
    }
}
