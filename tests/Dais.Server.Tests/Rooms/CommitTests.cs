using System.Text.Json.Nodes;
using Dais.Rooms;
using Dais.Rooms.Audience;
using Dais.Server.Rooms;
using Dais.Server.Storage;
using Dais.Server.Tests.Rooms.Log;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dais.Server.Tests.Rooms;

/// <summary>Nobody learns of anything before the log has it.</summary>
public sealed class CommitTests : IAsyncDisposable
{
    private readonly HeldLog _log = new();

    public ValueTask DisposeAsync() => _log.DisposeAsync();

    [Fact]
    public async Task A_command_is_neither_answered_nor_shown_nor_listed_before_the_log_has_it()
    {
        await using var server = await TestServer.StartAsync(events: _log);
        await using var host = await server.StartRoomAsync("lobby");
        await using var viewer = await server.JoinRoomAsync("lobby", "vera");
        await using var other = await server.OpenAsync("otto");
        _log.Hold();

        var answer = host.CallAsync("room.update", Room(("name", "New name")));
        await Eventually.IsTrueAsync(() => _log.Waiting == 1);
        await viewer.CallAsync("session.ping");
        string? listed = Name((await other.CallAsync("room.list"))["rooms"]![0]!);

        Assert.NotEqual("New name", listed);
        Assert.False(answer.IsCompleted);
        Assert.DoesNotContain("room.updated", viewer.Received);

        _log.Release();
        await answer;
        Assert.Equal("New name", Name(await viewer.EventAsync("room.updated")));
        Assert.Equal("New name", Name((await other.CallAsync("room.list"))["rooms"]![0]!));
    }

    [Fact]
    public async Task A_refusal_waits_for_what_it_follows_from()
    {
        await using var server = await TestServer.StartAsync(events: _log);
        await using var host = await server.StartRoomAsync("lobby");
        await using var viewer = await server.JoinRoomAsync("lobby", "vera");
        _log.Hold();
        var update = host.CallAsync("room.update", Room(("name", "First")));
        await Eventually.IsTrueAsync(() => _log.Waiting == 1);
        var runner = server.Parts.GetRequiredService<RoomDirectory>().Find("lobby")!;
        var locked = runner.InvokeAsync(room => room.Execute(new RoomCommand.LockSeat(null, 4, true)));
        var refused = viewer.RefusalCodeAsync("seat.apply", Room(("seatIndex", 4)));

        Assert.False(refused.IsCompleted);
        _log.Release();

        await update;
        Assert.True(await locked);
        Assert.Equal(100200, await refused);
    }

    [Fact]
    public async Task What_comes_while_the_log_is_busy_goes_into_one_append()
    {
        await using var server = await TestServer.StartAsync(events: _log);
        await using var host = await server.StartRoomAsync("lobby");
        _log.Hold();
        var update = host.CallAsync("room.update", Room(("name", "First")));
        await Eventually.IsTrueAsync(() => _log.Waiting == 1);
        var runner = server.Parts.GetRequiredService<RoomDirectory>().Find("lobby")!;

        Task<bool>[] joins =
        [
            .. Enumerable.Range(0, 100).Select(number => runner.InvokeAsync(room => room.Execute(new RoomCommand.Join(
                new User(new UserId($"viewer-{number}"), "", ""), new ConnectionId($"c{number}"), ClientPlatform.Web))).AsTask()),
        ];
        _log.Release();

        await update;
        Assert.All(await Task.WhenAll(joins), Assert.True);
        Assert.Equal(2, _log.Appended.Count);
        Assert.InRange(_log.Appended[1], 100, 102);
        Assert.Equal(100, (await host.CallAsync("audience.list", Room()))["count"]!.GetValue<int>());
    }

    [Fact]
    public async Task Places_in_the_log_are_those_that_clients_see()
    {
        await using var server = await TestServer.StartAsync(events: _log);
        await using var host = await server.StartRoomAsync("lobby");
        await using var viewer = await server.JoinRoomAsync("lobby", "vera");

        await host.CallAsync("room.update", Room(("name", "New name")));
        long seq = (await viewer.WholeEventAsync("room.updated"))["seq"]!.GetValue<long>();

        var stored = await _log.LoadAsync("room:lobby", TestContext.Current.CancellationToken);
        Assert.Equal(2, stored.Events.Single(happened => happened.Seq == seq).Type);
    }

    [Fact]
    public async Task A_log_that_fails_ends_the_process_and_nothing_of_what_it_did_not_take_is_seen()
    {
        await using var server = await TestServer.StartAsync(events: _log);
        await using var host = await server.StartRoomAsync("lobby");
        await using var viewer = await server.JoinRoomAsync("lobby", "vera");
        int exitCode = Environment.ExitCode;
        _log.Hold();
        var answer = host.CallAsync("room.update", Room(("name", "Never")));
        await Eventually.IsTrueAsync(() => _log.Waiting == 1);

        _log.Fail(new EventLogException("The disk is full."));

        Assert.Equal(4410, await viewer.Closed);
        Assert.Equal(4410, await host.Closed);
        await Assert.ThrowsAsync<InvalidOperationException>(() => answer);
        Assert.DoesNotContain("room.updated", viewer.Received);
        Assert.DoesNotContain("room.updated", host.Received);
        Assert.True(server.Parts.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested);
        Assert.Equal(1, Environment.ExitCode);
        Environment.ExitCode = exitCode;

        // Why, the log says itself; each room repeating it would bury that.
        Assert.DoesNotContain(server.Log.OwnLines, line => line.Level >= LogLevel.Error);
    }

    [Fact]
    public async Task An_id_goes_live_again_with_higher_places()
    {
        await using var server = await TestServer.StartAsync(events: _log);
        await using var host = await server.StartRoomAsync("lobby");
        await host.CallAsync("room.end", Room());
        long ended = (await host.WholeEventAsync("room.ended"))["seq"]!.GetValue<long>();

        var started = await host.CallAsync("room.start", Room());

        Assert.True(started["seq"]!.GetValue<long>() > ended);
        Assert.Empty(started["room"]!["applications"]?.AsArray() ?? []);
    }

    [Fact]
    public async Task An_id_whose_last_life_is_deleted_in_this_moment_goes_live_all_the_same()
    {
        await using var server = await TestServer.StartAsync(new() { ["Dais:Storage:RetentionHours"] = "0" }, events: _log);
        await using var host = await server.StartRoomAsync("lobby");
        await host.CallAsync("room.end", Room());
        _log.Hold();
        var started = host.CallAsync("room.start", Room());
        await Eventually.IsTrueAsync(() => _log.Waiting == 1);

        var entry = await _log.ListAsync("room:", TestContext.Current.CancellationToken).SingleAsync(TestContext.Current.CancellationToken);
        Assert.True(await _log.DeleteAsync(entry.Stream, entry.Head, TestContext.Current.CancellationToken));
        _log.Release();

        Assert.True((await started)["seq"]!.GetValue<long>() < entry.Head);
        await host.CallAsync("room.update", Room(("name", "It works")));
    }

    [Fact]
    public async Task A_long_live_is_kept_in_snapshots()
    {
        await using (var server = await TestServer.StartAsync(new() { ["Dais:Limits:RequestsBurst"] = "1000" }, events: _log))
        {
            await using var host = await server.StartRoomAsync("lobby");
            for (int number = 0; number < 450; number++)
            {
                await host.CallAsync("room.update", Room(("name", $"Name {number}")));
            }
        }

        var stored = await _log.LoadAsync("room:lobby", TestContext.Current.CancellationToken);
        Assert.InRange(stored.Events.Count, 1, 300);

        await using var next = await TestServer.StartAsync(events: _log);
        await using var again = await next.OpenAsync("hana");
        var joined = await again.CallAsync("room.join", Room());
        Assert.Equal("Name 449", Name(joined["room"]!));
        Assert.True(joined["seq"]!.GetValue<long>() > stored.Head);
    }

    private static string? Name(JsonNode node) => node["name"]?.GetValue<string>();

    private static JsonObject Room(params (string Name, JsonNode? Value)[] more) => StageScene.In(more);
}
