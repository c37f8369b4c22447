using System.Text.Json;
using Dais.Client.Admin;
using Dais.Protocol;
using Dais.Protocol.Rest;

namespace Dais.Client.Tests.Admin;

public sealed class DaisAdminTests
{
    private const string Secret = "the secret of the tests, of enough bytes";

    private static readonly Dictionary<string, string?> Settings = new() { ["Dais:Keys:main"] = Secret };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static DaisAdmin AdminOf(ServerUnderTest server, string secret = Secret) =>
        new(new DaisAdminOptions { Url = server.Address, Secret = secret });

    private static async Task<DaisException> RefusedAsync(Task call) => await Assert.ThrowsAsync<DaisException>(() => call);

    [Fact]
    public async Task A_room_is_created_read_and_ended()
    {
        await using var server = await ServerUnderTest.StartAsync(Settings);
        using var admin = AdminOf(server);

        var created = await admin.CreateRoomAsync(
            new RoomCreation("lobby/1", "hana", Name: "Lobby", SeatMode: SeatMode.Free), cancellation: Cancellation);
        var read = await admin.GetRoomAsync("lobby/1", Cancellation);

        Assert.Equal((RoomPhase.HostAway, "Lobby", SeatMode.Free), (created.Phase, read.Name, read.SeatMode));
        await admin.EndRoomAsync("lobby/1", Cancellation);
        var gone = await RefusedAsync(admin.GetRoomAsync("lobby/1", Cancellation));
        Assert.Equal((ErrorCodes.RoomNotFound.Code, "roomNotFound", false), (gone.Code, gone.Name, gone.IsRetryable));
    }

    [Fact]
    public async Task Pages_are_read_through_to_the_end()
    {
        await using var server = await ServerUnderTest.StartAsync(Settings);
        using var admin = AdminOf(server);
        for (int room = 0; room < 103; room++)
        {
            await admin.CreateRoomAsync(new RoomCreation($"room{room}", "hana"), cancellation: Cancellation);
        }

        var all = await admin.ListRoomsAsync(Cancellation).Select(room => room.RoomId).ToListAsync(Cancellation);

        Assert.Equal(Enumerable.Range(0, 103).Reverse().Select(room => $"room{room}"), all);
    }

    [Fact]
    public async Task Members_and_seats_are_in_the_backends_hands()
    {
        await using var server = await ServerUnderTest.StartAsync(Settings);
        using var admin = AdminOf(server);
        await server.StartRoomAsync("hana");
        await server.JoinRoomAsync("ann");
        var bob = await server.JoinRoomAsync("bob");
        await bob.SetPresenceAsync(new Dictionary<string, string?> { ["mood"] = "happy" }, Cancellation);

        var seats = await admin.PickSeatAsync("lobby", "ann", 2, cancellation: Cancellation);
        Assert.Equal("ann", seats[2].User!.UserId);
        var members = await admin.ListMembersAsync("lobby", Cancellation).ToListAsync(Cancellation);
        Assert.Equal([("bob", null), ("ann", 2)], members.Select(member => (member.User.UserId, member.SeatIndex)));
        Assert.Equal(["happy"], members[0].State.Values);
        Assert.Equal(new MemberCount(2, true), await admin.CountMembersAsync("lobby", Cancellation));
        Assert.Equal("lobby", Assert.Single(await admin.ListRoomsOfUserAsync("bob", Cancellation)).RoomId);

        await admin.LockSeatAsync("lobby", 3, Cancellation);
        Assert.Equal("seatLocked", (await RefusedAsync(admin.PickSeatAsync("lobby", "bob", 3, cancellation: Cancellation))).Name);
        await admin.UnlockSeatAsync("lobby", 3, Cancellation);
        await admin.ClearSeatAsync("lobby", 2, Cancellation);
        await admin.KickMemberAsync("lobby", "bob", Cancellation);
        Assert.Null((await admin.ListSeatsAsync("lobby", Cancellation))[2].User);
        Assert.Equal(1, (await admin.CountMembersAsync("lobby", Cancellation)).Count);
        Assert.Empty(await admin.ListConnectionsAsync(Cancellation));
        Assert.Equal("connectionNotFound", (await RefusedAsync(admin.EndConnectionAsync("none", Cancellation))).Name);
    }

    [Fact]
    public async Task Messages_are_sent_read_and_forbidden()
    {
        await using var server = await ServerUnderTest.StartAsync(Settings);
        using var admin = AdminOf(server);
        await server.StartRoomAsync("hana");
        await server.JoinRoomAsync("ann");

        var sent = await admin.SendMessageAsync(
            "lobby", new MessagePost("shop", MessageKind.Text, "The shop", Text: "welcome"), cancellation: Cancellation);
        var read = Assert.Single(await admin.ListMessagesAsync("lobby", cancellation: Cancellation));
        Assert.Equal((sent.MessageId, sent.Seq, "welcome", "The shop"), (read.MessageId, read.Seq, read.Text, read.From.UserName));
        Assert.Empty(await admin.ListMessagesAsync("lobby", beforeSeq: sent.Seq, cancellation: Cancellation));

        await admin.SetMessageDisabledAsync("lobby", "ann", true, Cancellation);
        Assert.True((await admin.ListMemberPageAsync("lobby", cancellation: Cancellation)).Members[0].MessageDisabled);
        await admin.SetMessageDisabledAsync("lobby", "ann", false, Cancellation);
        Assert.False((await admin.ListMemberPageAsync("lobby", cancellation: Cancellation)).Members[0].MessageDisabled);
    }

    [Fact]
    public async Task The_log_is_read_to_its_end_and_goes_on_from_there()
    {
        await using var server = await ServerUnderTest.StartAsync(Settings);
        using var admin = AdminOf(server);
        await server.StartRoomAsync("hana");
        await server.JoinRoomAsync("ann");

        var first = await admin.ReadEventsAsync("lobby", cancellation: Cancellation).ToListAsync(Cancellation);
        await server.JoinRoomAsync("bob");
        var then = await admin.ReadEventsAsync("lobby", first[^1].Seq, Cancellation).ToListAsync(Cancellation);

        Assert.Contains(first, happened => happened.Type == "audience.joined" && UserOf(happened) == "ann");
        Assert.Equal("bob", UserOf(Assert.Single(then, happened => happened.Type == "audience.joined")));
        Assert.True(first.Concat(then).Zip(first.Concat(then).Skip(1)).All(pair => pair.First.Seq < pair.Second.Seq));
    }

    [Fact]
    public async Task Tokens_it_issues_open_sessions()
    {
        await using var server = await ServerUnderTest.StartAsync(Settings);
        using var admin = AdminOf(server);
        var token = await admin.IssueTokenAsync(new TokenRequest("ann", UserName: "Ann"), cancellation: Cancellation);

        var client = server.CreateClient("somebody", options => options with { UserId = null, Token = token.Token });
        var session = await client.ConnectAsync(Cancellation).WaitAsync(ServerUnderTest.Patience, Cancellation);

        Assert.Equal(("ann", "Ann"), (session.UserId, session.UserName));
        var refusal = await RefusedAsync(admin.IssueTokenAsync(new TokenRequest(""), cancellation: Cancellation));
        Assert.Equal(("invalidParams", "userId"), (refusal.Name, refusal.Field));
    }

    [Fact]
    public async Task A_call_with_the_same_key_is_carried_out_once()
    {
        await using var server = await ServerUnderTest.StartAsync(Settings);
        using var admin = AdminOf(server);
        var first = await admin.CreateRoomAsync(new RoomCreation("lobby", "hana"), "my-key", Cancellation);

        var again = await admin.CreateRoomAsync(new RoomCreation("lobby", "hana"), "my-key", Cancellation);

        Assert.Equal((first.CreatedAt, first.Seq), (again.CreatedAt, again.Seq));
        Assert.Equal("roomIdTaken", (await RefusedAsync(
            admin.CreateRoomAsync(new RoomCreation("lobby", "hana"), cancellation: Cancellation))).Name);
        Assert.Equal("idempotencyKeyReused", (await RefusedAsync(
            admin.CreateRoomAsync(new RoomCreation("other", "hana"), "my-key", Cancellation))).Name);
    }

    [Fact]
    public async Task A_wrong_secret_and_a_server_that_is_not_there_are_said()
    {
        await using var server = await ServerUnderTest.StartAsync(Settings);
        using var stranger = AdminOf(server, "a secret this server does not know at all");
        Assert.Equal("badToken", (await RefusedAsync(stranger.ListConnectionsAsync(Cancellation))).Name);

        var address = server.Address;
        await server.StopAsync();
        using var late = new DaisAdmin(new DaisAdminOptions { Url = address, Secret = Secret });
        var lost = await RefusedAsync(late.ListConnectionsAsync(Cancellation));
        Assert.Equal((DaisException.ConnectionLost, true), (lost.Code, lost.IsRetryable));
    }

    [Fact]
    public async Task Webhook_endpoints_are_created_tried_and_deleted()
    {
        var settings = new Dictionary<string, string?>(Settings) { ["Dais:Webhooks:AllowPrivateTargets"] = "true" };
        await using var server = await ServerUnderTest.StartAsync(settings);
        using var admin = AdminOf(server);

        // Nobody listens there, which is what the test event finds out.
        var created = await admin.CreateWebhookAsync(
            new WebhookCreate("http://127.0.0.1:1/hook", Events: ["standard", "seat.*"]), cancellation: Cancellation);
        Assert.StartsWith("whsec_", created.Secret, StringComparison.Ordinal);
        var found = Assert.Single(await admin.ListWebhooksAsync(Cancellation));
        Assert.Equal((created.Id, null, false), (found.Id, found.Secret, found.FromSettings));
        var attempt = await admin.TestWebhookAsync(created.Id, Cancellation);
        Assert.False(attempt.Delivered);
        Assert.Equal(1000, Assert.Single((await admin.ListDeliveriesAsync(created.Id, cancellation: Cancellation)).Recent).EventType);
        Assert.Empty(await admin.ListParkedAsync(created.Id, Cancellation).ToListAsync(Cancellation));
        Assert.Equal((0, 0), await admin.RedeliverAsync(created.Id, cancellation: Cancellation) is var all ? (all.Delivered, all.Remaining) : default);
        Assert.Equal("noticeNotFound", (await RefusedAsync(admin.RedeliverAsync(created.Id, "n:1:101", Cancellation))).Name);

        await admin.DeleteWebhookAsync(created.Id, Cancellation);
        Assert.Equal("webhookNotFound", (await RefusedAsync(admin.GetWebhookAsync(created.Id, Cancellation))).Name);
    }

    private static string? UserOf(RoomEventEntry happened) =>
        happened.Data.TryGetProperty("user", out var user) && user.ValueKind == JsonValueKind.Object
            ? user.GetProperty("userId").GetString()
            : null;
}
