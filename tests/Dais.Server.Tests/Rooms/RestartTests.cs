using System.Text.Json.Nodes;
using Dais.Server.Hosting;
using Dais.Server.Storage;
using Dais.Server.Storage.Journal;
using Dais.Server.Tests.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dais.Server.Tests.Rooms;

/// <summary>
/// A server that dies, and the next one on what it left: its files as they were in the middle of everything, which is what
/// <c>kill -9</c> leaves.
/// </summary>
public sealed class RestartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _image = new();

    public void Dispose()
    {
        _folder.Dispose();
        _image.Dispose();
    }

    [Fact]
    public async Task Seats_locks_and_settings_are_as_they_were_and_places_go_on()
    {
        await using var server = await StartAsync(_folder);
        await using var host = await server.StartRoomAsync(
            "lobby", settings: new() { ["name"] = "The lobby", ["seatMode"] = "free", ["metadata"] = new JsonObject { ["k"] = "v" } });
        await using var guest = await server.JoinRoomAsync("lobby", "gus");
        await guest.CallAsync("seat.apply", StageScene.In(("seatIndex", 4)));
        await host.CallAsync("seat.lock", StageScene.In(("seatIndex", 7)));
        long seen = (await guest.WholeEventAsync("seat.changed"))["seq"]!.GetValue<long>();
        var before = await host.CallAsync("room.join", StageScene.In());

        await using var next = await KillAndStartAsync(server, TimeSpan.FromSeconds(3));
        await using var again = await next.OpenAsync("hana");
        Assert.Equal("hostAway", Assert.Single((await again.CallAsync("room.list"))["rooms"]!.AsArray())!["phase"]!.GetValue<string>());
        var after = await again.CallAsync("room.join", StageScene.In());

        Assert.True(after["seq"]!.GetValue<long>() > before["seq"]!.GetValue<long>());
        Assert.True(after["seq"]!.GetValue<long>() > seen);
        var room = after["room"]!.AsObject();
        Assert.Equal(("The lobby", "host", "live"), (Text(room, "name"), Text(room, "role"), Text(room, "phase")));
        Assert.Equal(Text(before["room"]!, "createdAt"), Text(room, "createdAt"));
        Assert.Equal("v", Text(room["metadata"]!, "k"));
        Assert.Equal("hana", Text(room["seats"]![0]!["user"]!, "userId"));
        Assert.Equal("gus", Text(room["seats"]![4]!["user"]!, "userId"));
        Assert.True(room["seats"]![4]!["reconnecting"]!.GetValue<bool>());
        Assert.True(room["seats"]![7]!["locked"]!.GetValue<bool>());
        Assert.Equal(
            before["room"]!["stage"]!.AsArray().Select(entry => Text(entry!["user"]!, "userId")),
            room["stage"]!.AsArray().Select(entry => Text(entry!["user"]!, "userId")));

        await using var returned = await next.JoinRoomAsync("lobby", "gus");
        Assert.False((await again.EventAsync("seat.changed"))["seats"]![4]!["reconnecting"]!.GetValue<bool>());
    }

    [Fact]
    public async Task An_open_application_keeps_its_id_and_its_deadline()
    {
        await using var server = await StartAsync(_folder);
        await using var host = await server.StartRoomAsync("lobby");
        await using var guest = await server.JoinRoomAsync("lobby", "gus");
        string requestId = Text(await guest.CallAsync("seat.apply", StageScene.In(("timeout", 30))), "requestId");

        await using var next = await KillAndStartAsync(server, TimeSpan.FromSeconds(22));
        await using var hostAgain = await next.JoinRoomAsync("lobby", "hana");
        await using var guestAgain = await next.OpenAsync("gus");
        var joined = await guestAgain.CallAsync("room.join", StageScene.In());
        Assert.Equal(requestId, Text(Assert.Single(joined["room"]!["applications"]!.AsArray())!, "requestId"));

        next.Time.Advance(TimeSpan.FromSeconds(7));
        await guestAgain.CallAsync("session.ping");
        Assert.DoesNotContain("seat.applicationEnded", guestAgain.Received);
        next.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("timedOut", Text(await guestAgain.EventAsync("seat.applicationEnded"), "outcome"));
    }

    [Fact]
    public async Task An_application_can_be_accepted_after_the_restart()
    {
        await using var server = await StartAsync(_folder);
        await using var host = await server.StartRoomAsync("lobby");
        await using var guest = await server.JoinRoomAsync("lobby", "gus");
        await guest.CallAsync("seat.apply", StageScene.In());

        await using var next = await KillAndStartAsync(server, TimeSpan.FromSeconds(1));
        await using var guestAgain = await next.JoinRoomAsync("lobby", "gus");
        await using var hostAgain = await next.JoinRoomAsync("lobby", "hana");
        await hostAgain.CallAsync("seat.acceptApplication", StageScene.In(("userId", "gus")));

        Assert.Equal("accepted", Text(await guestAgain.EventAsync("seat.applicationEnded"), "outcome"));
    }

    [Fact]
    public async Task A_request_that_ran_out_while_the_server_was_down_has_timed_out()
    {
        await using var server = await StartAsync(_folder);
        await using var host = await server.StartRoomAsync("lobby");
        await using var guest = await server.JoinRoomAsync("lobby", "gus");
        await guest.CallAsync("seat.apply", StageScene.In(("timeout", 30)));

        await using var next = await KillAndStartAsync(server, TimeSpan.FromMinutes(5));
        await using var hostAgain = await next.OpenAsync("hana");
        var joined = await hostAgain.CallAsync("room.join", StageScene.In());

        Assert.Empty(joined["room"]!["applications"]!.AsArray());
        Assert.Equal(0, joined["room"]!["audienceCount"]!.GetValue<int>());
    }

    [Fact]
    public async Task The_audience_has_left_and_the_log_says_so_after_their_joins()
    {
        await using var server = await StartAsync(_folder);
        await using var host = await server.StartRoomAsync("lobby");
        await using var viewer = await server.JoinRoomAsync("lobby", "vera");

        await using (var next = await KillAndStartAsync(server, TimeSpan.FromSeconds(1)))
        {
            await using var hostAgain = await next.OpenAsync("hana");
            var joined = await hostAgain.CallAsync("room.join", StageScene.In());
            Assert.Equal(0, joined["room"]!["audienceCount"]!.GetValue<int>());
        }

        await using var log = JournalLog.Open(
            Path.Combine(_image.Path, "journal"), new JournalOptions(), NullLogger.Instance);
        var stored = (await log.LoadAsync("room:lobby", TestContext.Current.CancellationToken)).Events;
        Assert.Equal([10, 10, 14], stored.Where(happened => happened.Type is 10 or 14).Select(happened => (int)happened.Type));
        Assert.Equal(Enumerable.Range(1, stored.Count).Select(place => (long)place), stored.Select(happened => happened.Seq));
    }

    [Fact]
    public async Task The_grace_counts_from_the_restart()
    {
        await using var server = await StartAsync(_folder);
        await using var host = await server.StartRoomAsync("lobby", settings: new() { ["seatMode"] = "free" });
        await using var guest = await server.JoinRoomAsync("lobby", "gus");
        await guest.CallAsync("seat.apply", StageScene.In());

        await using var next = await KillAndStartAsync(server, TimeSpan.FromHours(2));
        next.Time.Advance(TimeSpan.FromSeconds(9));
        await using var hostAgain = await next.OpenAsync("hana");
        var joined = await hostAgain.CallAsync("room.join", StageScene.In());
        Assert.Equal("gus", Text(joined["room"]!["seats"]![1]!["user"]!, "userId"));

        next.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("timedOut", Text((await hostAgain.EventAsync("seat.changed"))["left"]![0]!, "reason"));
    }

    [Fact]
    public async Task A_room_whose_host_does_not_come_back_ends()
    {
        await using var server = await StartAsync(_folder);
        await using var host = await server.StartRoomAsync("lobby");
        await using var viewer = await server.JoinRoomAsync("lobby", "vera");

        await using var next = await KillAndStartAsync(server, TimeSpan.FromSeconds(1));
        await using var viewerAgain = await next.JoinRoomAsync("lobby", "vera");
        for (int second = 0; second < 60; second += 10)
        {
            await viewerAgain.CallAsync("session.ping");
            next.Time.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.Equal("hostTimeout", Text(await viewerAgain.EventAsync("room.ended"), "reason"));
    }

    [Fact]
    public async Task An_orderly_stop_takes_nothing_off_anybodys_grace()
    {
        var server = await StartAsync(_folder);
        var host = await server.StartRoomAsync("lobby", settings: new() { ["seatMode"] = "free" });
        var guest = await server.JoinRoomAsync("lobby", "gus");
        await guest.CallAsync("seat.apply", StageScene.In());
        await server.StopAsync();
        Assert.Equal(4410, await guest.Closed);
        await host.DisposeAsync();
        await guest.DisposeAsync();
        await server.DisposeAsync();

        var time = new ManualTime();
        time.Advance(TimeSpan.FromMinutes(10));
        await using var next = await StartAsync(_folder, time);
        await using var guestAgain = await next.OpenAsync("gus");
        var joined = await guestAgain.CallAsync("room.join", StageScene.In());

        Assert.Equal("hostAway", Text(joined["room"]!, "phase"));
        Assert.Equal("gus", Text(joined["room"]!["seats"]![1]!["user"]!, "userId"));
    }

    [Fact]
    public async Task A_room_that_has_ended_is_not_there_any_more()
    {
        await using var server = await StartAsync(_folder);
        await using var host = await server.StartRoomAsync("lobby");
        await using var other = await server.StartRoomAsync("second", "otto");
        await host.CallAsync("room.end", StageScene.In());

        await using var next = await KillAndStartAsync(server, TimeSpan.FromSeconds(1));
        await using var hostAgain = await next.OpenAsync("hana");

        Assert.Equal(100004, await hostAgain.RefusalCodeAsync("room.join", StageScene.In()));
        Assert.Equal("second", Text(Assert.Single((await hostAgain.CallAsync("room.list"))["rooms"]!.AsArray())!, "roomId"));
    }

    [Fact]
    public async Task Ended_rooms_are_deleted_after_the_retention_and_live_ones_never()
    {
        await using var server = await StartAsync(_folder);
        await using var host = await server.StartRoomAsync("lobby");
        await using var other = await server.StartRoomAsync("second", "otto");
        await host.CallAsync("room.end", StageScene.In());

        await using var day = await KillAndStartAsync(server, TimeSpan.FromDays(6));
        var log = (IEventLog)day.Parts.GetService(typeof(IEventLog))!;
        var sweep = new StreamRetention(log, new DaisOptions(), day.Time, NullLogger<StreamRetention>.Instance);
        Assert.Equal(0, await sweep.SweepAsync(day.Time.GetUtcNow(), TestContext.Current.CancellationToken));

        Assert.Equal(1, await sweep.SweepAsync(day.Time.GetUtcNow() + TimeSpan.FromDays(1), TestContext.Current.CancellationToken));
        var left = await log.ListAsync("", TestContext.Current.CancellationToken).SingleAsync(TestContext.Current.CancellationToken);
        Assert.Equal("room:second", left.Stream);
    }

    [Fact]
    public async Task A_log_of_a_later_version_stops_the_start_with_a_sentence()
    {
        await using (var log = JournalLog.Open(Path.Combine(_folder.Path, "journal"), new JournalOptions(), NullLogger.Instance))
        {
            await log.AppendAsync(
                [new StreamAppend("room:lobby", 0, [new NewEvent(1, 77, DateTimeOffset.UnixEpoch, new byte[] { 1 })])],
                TestContext.Current.CancellationToken);
        }

        var refusal = await Assert.ThrowsAsync<EventLogException>(() => StartAsync(_folder));

        Assert.StartsWith("The event log holds a room event of kind 1 in version 77", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>What is in the files now is what the next server finds; this one goes on unnoticed.</summary>
    private async Task<TestServer> KillAndStartAsync(TestServer server, TimeSpan later)
    {
        string journal = Directory.CreateDirectory(Path.Combine(_image.Path, "journal")).FullName;
        foreach (string file in Directory.GetFiles(Path.Combine(_folder.Path, "journal")))
        {
            if (Path.GetFileName(file) != "lock")
            {
                await using var from = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                await using var to = File.Create(Path.Combine(journal, Path.GetFileName(file)));
                await from.CopyToAsync(to, TestContext.Current.CancellationToken);
            }
        }

        var time = new ManualTime();
        time.Advance(server.Time.GetUtcNow() + later - time.GetUtcNow());
        return await StartAsync(_image, time);
    }

    private static Task<TestServer> StartAsync(TemporaryFolder folder, ManualTime? time = null) => TestServer.StartAsync(
        new() { ["Dais:DataPath"] = folder.Path, ["Dais:Storage:Durability"] = "os" }, time: time);

    private static string Text(JsonNode node, string name) => node[name]!.ToString();
}
