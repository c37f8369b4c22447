using Dais.Rooms;
using Dais.Server.Rooms;
using Dais.Server.Storage;
using Dais.Server.Tests.Rooms.Log;
using Microsoft.Extensions.DependencyInjection;

namespace Dais.Server.Tests.Rooms.Connections;

/// <summary>Rooms that stand still while someone else has them.</summary>
public sealed class HoldTests : IAsyncDisposable
{
    private static readonly RoomCommand Rename = new RoomCommand.Update(null, new RoomChanges { Name = "New name" });

    private readonly HeldLog _log = new();

    public ValueTask DisposeAsync() => _log.DisposeAsync();

    [Fact]
    public async Task A_held_room_has_committed_what_it_decided_and_decides_nothing_until_it_is_returned()
    {
        await using var scene = await HostsScene.StartAsync(["a"], events: _log);
        var runner = RunnerOf(scene);
        _log.Hold();
        var renamed = runner.InvokeAsync(room => room.Execute(Rename)).AsTask();
        await Eventually.IsTrueAsync(() => _log.Waiting == 1);
        var holding = runner.HoldAsync().AsTask();
        var later = runner.InvokeAsync(room => room.Execute(new RoomCommand.LockSeat(null, 4, true))).AsTask();
        Assert.False(holding.IsCompleted);

        _log.Release();
        var lease = await holding;
        Assert.True(await renamed);
        Assert.Null(lease!.Room.PendingAppend);
        Assert.Equal("New name", lease.Room.State.Settings.Name);
        await scene["a"].Viewer.CallAsync("session.ping");
        Assert.False(later.IsCompleted);

        lease.Return();
        Assert.True(await later);
    }

    [Fact]
    public async Task A_room_that_is_over_is_not_lent()
    {
        await using var scene = await HostsScene.StartAsync(["a"], events: _log);
        var runner = RunnerOf(scene);
        _log.Hold();
        var ended = runner.InvokeAsync(room => room.Execute(new RoomCommand.EndRoom(null))).AsTask();
        await Eventually.IsTrueAsync(() => _log.Waiting == 1);
        var holding = runner.HoldAsync().AsTask();
        _log.Release();

        Assert.Null(await holding);
        Assert.True(await ended);
        Assert.Null(await runner.HoldAsync());
    }

    [Fact]
    public async Task A_room_that_ends_while_it_is_held_ends_for_everybody()
    {
        await using var scene = await HostsScene.StartAsync(["a", "b"]);
        await scene.ConnectAsync("a", "b");
        var runner = RunnerOf(scene);

        var ending = scene["a"].Host.CallAsync("room.end", scene["a"].In());
        await ending;
        await runner.Ended;

        Assert.Null(scene.Server.Parts.GetRequiredService<RoomDirectory>().Find("a"));
        Assert.Equal(100004, await scene["a"].Viewer.RefusalCodeAsync("room.join", scene["a"].In()));
        Assert.False(await runner.InvokeAsync(_ => Assert.Fail("The room is over.")));
    }

    [Fact]
    public async Task The_server_stops_while_rooms_are_held_and_what_was_under_way_is_whole()
    {
        var scene = await HostsScene.StartAsync(["a", "b"], events: _log);
        await scene["a"].AskAsync("b");
        _log.Hold();
        var accepting = scene["b"].Host.AnswerAsync("coHost.accept", scene["b"].In(("fromRoomId", "a")));
        await Eventually.IsTrueAsync(() => _log.Waiting == 1);

        var stopping = scene.Server.StopAsync();
        Assert.Equal(4410, await scene["a"].Viewer.Closed);
        Assert.False(stopping.IsCompleted);
        _log.Release();
        await stopping;
        await Assert.ThrowsAsync<InvalidOperationException>(() => accepting);
        await scene.DisposeAsync();

        await using var next = await HostsScene.StartAsync(["a", "b"], events: _log);
        await next.AgreeAsync();
        Assert.NotNull((await next["a"].SeenAsync())["connection"]);
    }

    [Fact]
    public async Task The_server_stops_although_a_room_that_is_needed_is_not_given_back()
    {
        var scene = await HostsScene.StartAsync(["a", "b"], events: _log);
        var lease = await scene.Server.Parts.GetRequiredService<RoomDirectory>().Find("b")!.HoldAsync();
        var asking = scene["a"].Host.AnswerAsync("coHost.request", scene["a"].In(("targetRoomIds", HostedRoom.Targets("b"))));

        var stopping = scene.Server.StopAsync();
        Assert.Equal(4410, await scene["a"].Viewer.Closed);
        lease!.Return();
        await stopping;

        await Assert.ThrowsAsync<InvalidOperationException>(() => asking);
        await scene.DisposeAsync();
    }

    [Fact]
    public async Task What_the_log_does_not_take_nobody_sees_and_the_process_ends()
    {
        await using var scene = await HostsScene.StartAsync(["a", "b"], events: _log);
        await scene["a"].AskAsync("b");
        int exitCode = Environment.ExitCode;
        _log.Hold();
        var accepting = scene["b"].Host.AnswerAsync("coHost.accept", scene["b"].In(("fromRoomId", "a")));
        await Eventually.IsTrueAsync(() => _log.Waiting == 1);

        _log.Fail(new EventLogException("The disk is full."));

        Assert.Equal(4410, await scene["a"].Viewer.Closed);
        Assert.Equal(4410, await scene["b"].Host.Closed);
        await Assert.ThrowsAsync<InvalidOperationException>(() => accepting);
        Assert.DoesNotContain("coHost.changed", scene["a"].Viewer.Received);
        Assert.DoesNotContain("coHost.changed", scene["b"].Host.Received);
        Assert.Equal(1, Environment.ExitCode);
        Environment.ExitCode = exitCode;
    }

    [Fact]
    public async Task Both_rooms_and_the_connection_are_in_one_append()
    {
        await using var scene = await HostsScene.StartAsync(["a", "b"], events: _log);
        await scene["a"].AskAsync("b");
        _log.Hold();
        _log.Release();

        await scene["b"].AcceptAsync("a");

        // Each room: the connection, the stage, the end of the request. The connection: it began, and two came.
        Assert.Equal([9], _log.Appended);
    }

    private static RoomRunner RunnerOf(HostsScene scene) => scene.Server.Parts.GetRequiredService<RoomDirectory>().Find("a")!;
}
