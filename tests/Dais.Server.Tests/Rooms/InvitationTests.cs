using System.Text.Json.Nodes;
using static Dais.Server.Tests.Rooms.StageScene;

namespace Dais.Server.Tests.Rooms;

/// <summary>Invitations, and who hears of requests.</summary>
public sealed class InvitationTests
{
    [Fact]
    public async Task An_invitee_accepts_and_everybody_sees_the_seat_before_the_invitation_ends()
    {
        await using var scene = await StartAsync();

        var invited = await scene.Admin.CallAsync(
            "seat.invite", In(("userId", "gus"), ("seatIndex", 3), ("extraInfo", "come!")));
        var request = (await scene.Guest.EventAsync("seat.invited"))["request"]!;
        Assert.False(invited["seated"]!.GetValue<bool>());
        Assert.Equal(invited["requestId"]!.GetValue<string>(), request["requestId"]!.GetValue<string>());
        Assert.Equal(("gus", "adam", "come!"), (
            Text(request["user"]!["userId"]), Text(request["inviter"]!["userId"]), Text(request["extraInfo"])));

        await scene.Guest.CallAsync("seat.acceptInvitation", In());
        Assert.Equal("gus", (await SeatsAsync(scene.Viewer))[3]);
        foreach (var client in new[] { scene.Host, scene.Admin, scene.Guest })
        {
            Assert.Equal(("accepted", "gus"), Ending(await client.EventAsync("seat.invitationEnded")));
        }

        string[] atGuest = [.. scene.Guest.Received.SkipWhile(message => message != "seat.invited")];
        Assert.Equal(
            ["seat.invited", "seat.changed", "stage.changed", "seat.invitationEnded", "#3"], Without(atGuest, "audience"));
        Assert.Empty(scene.Viewer.Received.Except(Without(scene.Viewer.Received, "seat.invit")));
    }

    [Fact]
    public async Task Declining_taking_back_and_running_out_are_told_to_both_sides()
    {
        await using var scene = await StartAsync();

        await scene.Host.CallAsync("seat.invite", In(("userId", "gus")));
        await scene.Guest.CallAsync("seat.rejectInvitation", In());
        await AssertEndsAsync(scene, "rejected", "gus");

        await scene.Host.CallAsync("seat.invite", In(("userId", "gus")));
        await scene.Admin.CallAsync("seat.cancelInvitation", In(("userId", "gus")));
        await AssertEndsAsync(scene, "cancelled", "adam");

        await scene.Host.CallAsync("seat.invite", In(("userId", "gus"), ("timeout", 5)));
        scene.Server.Time.Advance(TimeSpan.FromSeconds(5));
        await AssertEndsAsync(scene, "timedOut", null);
    }

    [Fact]
    public async Task An_inviter_who_is_no_longer_an_admin_still_sees_the_end()
    {
        await using var scene = await StartAsync();
        await scene.Admin.CallAsync("seat.invite", In(("userId", "gus")));
        await scene.Host.CallAsync("audience.setAdmin", In(("userId", "adam"), ("isAdmin", false)));

        Assert.Single((await scene.SeenByAsync("adam"))["invitations"]!.AsArray());
        await using var again = await scene.Server.JoinRoomAsync("lobby", "adam");
        await scene.Guest.CallAsync("seat.rejectInvitation", In());

        Assert.Equal(("rejected", "gus"), Ending(await again.EventAsync("seat.invitationEnded")));
    }

    [Fact]
    public async Task Inviting_an_applicant_accepts_the_application()
    {
        await using var scene = await StartAsync();
        var applied = await scene.Guest.CallAsync("seat.apply", In(("seatIndex", 2)));

        var invited = await scene.Host.CallAsync("seat.invite", In(("userId", "gus")));

        Assert.Equal((Text(applied["requestId"]), true), (Text(invited["requestId"]), invited["seated"]!.GetValue<bool>()));
        Assert.Equal(("accepted", "hana"), Ending(await scene.Guest.EventAsync("seat.applicationEnded")));
        Assert.DoesNotContain("seat.invited", scene.Guest.Received);
    }

    [Fact]
    public async Task Of_two_accepts_for_the_last_seat_one_is_refused_and_the_applicant_told_why()
    {
        await using var scene = await StartAsync(new JsonObject { ["maxSeats"] = 2 });
        await scene.Guest.CallAsync("seat.apply", In());
        await scene.Viewer.CallAsync("seat.apply", In());
        await scene.Host.CallAsync("seat.acceptApplication", In(("userId", "gus")));

        Assert.Equal(100205, await scene.Admin.RefusalCodeAsync("seat.acceptApplication", In(("userId", "vera"))));

        var end = await scene.Viewer.EventAsync("seat.applicationEnded");
        Assert.Equal(("failed", "adam"), Ending(end));
        Assert.Equal((100205, "All seats are occupied"), (end["code"]!.GetValue<int>(), Text(end["message"])));
    }

    [Fact]
    public async Task A_snapshot_shows_all_requests_to_hosts_and_admins_and_to_others_their_own()
    {
        await using var scene = await StartAsync();
        await scene.Guest.CallAsync("seat.apply", In());
        await scene.Host.CallAsync("seat.invite", In(("userId", "vera")));

        Assert.Equal(("gus", "vera"), Requests(await scene.SeenByAsync("hana")));
        Assert.Equal(("gus", "vera"), Requests(await scene.SeenByAsync("adam")));
        Assert.Equal(("gus", ""), Requests(await scene.SeenByAsync("gus")));
        Assert.Equal(("", "vera"), Requests(await scene.SeenByAsync("vera")));
        Assert.Equal(("", ""), Requests(await scene.SeenByAsync("olga")));
    }

    [Fact]
    public async Task A_new_admin_is_shown_the_requests_that_are_open()
    {
        await using var scene = await StartAsync();
        await scene.Guest.CallAsync("seat.apply", In());
        var sync = scene.Viewer.SyncAsync();

        await scene.Host.CallAsync("audience.setAdmin", In(("userId", "vera"), ("isAdmin", true)));

        var room = (await sync)["room"]!.AsObject();
        Assert.Equal(("gus", ""), Requests(room));
        Assert.Equal("admin", Text(room["role"]));
        string[] atViewer = [.. scene.Viewer.Received];
        Assert.True(Array.IndexOf(atViewer, "member.roleChanged") < Array.IndexOf(atViewer, "room.sync"));
    }

    private static async Task AssertEndsAsync(StageScene scene, string outcome, string? by)
    {
        foreach (var client in new[] { scene.Host, scene.Admin, scene.Guest })
        {
            Assert.Equal((outcome, by), Ending(await client.EventAsync("seat.invitationEnded")));
        }
    }

    private static (string Outcome, string? By) Ending(JsonObject ended) =>
        (Text(ended["outcome"]), ended["by"]?["userId"]!.GetValue<string>());

    private static (string Applicants, string Invitees) Requests(JsonObject room) =>
        (Users(room["applications"]!), Users(room["invitations"]!));

    private static string Users(JsonNode requests) =>
        string.Join(' ', requests.AsArray().Select(request => Text(request!["user"]!["userId"])));

    private static IEnumerable<string> Without(IEnumerable<string> messages, string prefix) =>
        messages.Where(message => !message.StartsWith(prefix, StringComparison.Ordinal));

    private static string Text(JsonNode? node) => node!.GetValue<string>();
}
