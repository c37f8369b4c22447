using static Dais.Server.Tests.Rooms.StageScene;

namespace Dais.Server.Tests.Rooms;

/// <summary>Taking, locking and moving seats, devices and the mode, as everybody in the room sees them.</summary>
public sealed class SeatOrderTests
{
    [Fact]
    public async Task An_admin_takes_a_seat_and_in_free_mode_everybody_does()
    {
        await using var scene = await StartAsync();

        await scene.Admin.CallAsync("seat.take", In(("seatIndex", 4)));
        Assert.Equal("adam", (await SeatsAsync(scene.Viewer))[4]);
        Assert.Equal(100006, await scene.Guest.RefusalCodeAsync("seat.take", In(("seatIndex", 5))));

        await scene.Host.CallAsync("seat.setMode", In(("seatMode", "free")));
        Assert.Equal("free", (await scene.Viewer.EventAsync("room.updated"))["seatMode"]!.GetValue<string>());
        await scene.Guest.CallAsync("seat.take", In(("seatIndex", -1)));
        Assert.Equal("gus", (await SeatsAsync(scene.Viewer))[1]);
    }

    [Fact]
    public async Task A_locked_seat_is_passed_over_until_it_is_unlocked()
    {
        await using var scene = await StartAsync();

        await scene.Host.CallAsync("seat.lock", In(("seatIndex", 1)));
        Assert.Equal("locked", (await SeatsAsync(scene.Viewer))[1]);
        Assert.Equal(100200, await scene.Guest.RefusalCodeAsync("seat.apply", In(("seatIndex", 1))));
        await scene.SeatGuestAsync();
        Assert.Equal("gus", (await SeatsAsync(scene.Viewer))[2]);

        await scene.Admin.CallAsync("seat.unlock", In(("seatIndex", 1)));
        await scene.Guest.CallAsync("seat.move", In(("seatIndex", 1)));
        await SeatsAsync(scene.Viewer);
        Assert.Equal(["hana", "gus", ""], (await SeatsAsync(scene.Viewer))[..3]);
    }

    [Fact]
    public async Task A_taken_seat_stops_a_move_swaps_or_is_given_away_as_the_policy_says()
    {
        await using var scene = await StartAsync();
        await scene.SeatGuestAsync();
        await scene.Admin.CallAsync("seat.take", In(("seatIndex", 2)));
        await SeatsAsync(scene.Viewer);
        await SeatsAsync(scene.Viewer);

        Assert.Equal(100201, await scene.Host.RefusalCodeAsync("seat.move", In(("userId", "gus"), ("seatIndex", 2))));
        Assert.Equal(100006, await scene.Guest.RefusalCodeAsync("seat.move", In(("seatIndex", 2), ("policy", "replace"))));

        await scene.Host.CallAsync("seat.move", In(("userId", "gus"), ("seatIndex", 2), ("policy", "swap")));
        Assert.Equal(["hana", "adam", "gus"], (await SeatsAsync(scene.Viewer))[..3]);

        await scene.Host.CallAsync("seat.move", In(("userId", "gus"), ("seatIndex", 1), ("policy", "replace")));
        Assert.Equal(("adam", "replaced", "hana"), await LeaverAsync(scene.Admin));
        await SeatsAsync(scene.Viewer);
        Assert.Equal(["hana", "gus", ""], (await SeatsAsync(scene.Viewer))[..3]);
    }

    [Fact]
    public async Task A_locked_device_stays_off_until_it_is_unlocked_and_its_user_switches_it_on()
    {
        await using var scene = await StartAsync();
        await scene.SeatGuestAsync();
        await scene.Guest.CallAsync("media.setMuted", In(("microphone", false), ("camera", false)));
        Assert.Equal("on on", await DevicesAsync(scene.Viewer));

        await scene.Admin.CallAsync("seat.setDevice", In(("userId", "gus"), ("microphone", "locked"), ("camera", "off")));
        Assert.Equal("locked off", await DevicesAsync(scene.Viewer));
        Assert.Equal(-2360, await scene.Guest.RefusalCodeAsync("media.setMuted", In(("microphone", false))));
        await scene.Guest.CallAsync("media.setMuted", In(("camera", false)));
        Assert.Equal("locked on", await DevicesAsync(scene.Viewer));

        await scene.Host.CallAsync("seat.setDevice", In(("userId", "gus"), ("microphone", "unlocked")));
        Assert.Equal("off on", await DevicesAsync(scene.Viewer));
    }

    [Fact]
    public async Task A_guest_who_is_kicked_is_told_by_whom_and_may_apply_again()
    {
        await using var scene = await StartAsync();
        await scene.SeatGuestAsync();

        await scene.Admin.CallAsync("seat.kick", In(("userId", "gus")));

        foreach (var client in new[] { scene.Guest, scene.Host, scene.Viewer })
        {
            Assert.Equal(("gus", "kicked", "adam"), await LeaverAsync(client));
        }

        Assert.False((await scene.Guest.CallAsync("seat.apply", In()))["seated"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_guest_who_is_removed_from_the_room_is_told_before_the_connection_closes()
    {
        await using var scene = await StartAsync();
        await scene.SeatGuestAsync();

        await scene.Host.CallAsync("audience.kick", In(("userId", "gus")));

        Assert.Equal(("gus", "kicked", "hana"), await LeaverAsync(scene.Guest));
        Assert.Equal("kicked", (await scene.Guest.EventAsync("audience.left"))["reason"]!.GetValue<string>());
        Assert.Equal(4503, await scene.Guest.Closed);
    }

    /// <summary>Who has left the stage, why and by whom, as the next such change tells.</summary>
    private static async Task<(string User, string Reason, string? By)> LeaverAsync(TestClient client)
    {
        var changed = await client.EventWhereAsync("seat.changed", data => data["left"]!.AsArray().Count > 0);
        var left = Assert.Single(changed["left"]!.AsArray())!;
        return (
            left["user"]!["userId"]!.GetValue<string>(),
            left["reason"]!.GetValue<string>(),
            left["by"]?["userId"]!.GetValue<string>());
    }

    /// <summary>The devices of the guest as the next change of their seat tells.</summary>
    private static async Task<string> DevicesAsync(TestClient client)
    {
        var changed = await client.EventWhereAsync("seat.changed", data => data["joined"]!.AsArray().Count == 0);
        var seat = changed["seats"]![1]!;
        return $"{seat["microphone"]!.GetValue<string>()} {seat["camera"]!.GetValue<string>()}";
    }
}
