using Dais.Client.Live;
using Dais.Protocol;

namespace Dais.Client.Tests.Live;

public sealed class BarrageStoreTests
{
    private readonly EventLog _events = new();

    [Fact]
    public async Task Messages_are_sent_heard_and_listed_and_those_from_before_are_among_them()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var host = await server.ConnectAsync("hana");
        await host.StartRoomAsync(new RoomStartParams("lobby"), TestContext.Current.CancellationToken);
        var hosts = BarrageStore.Create("lobby", host);
        Assert.True((await hosts.SendTextMessage("welcome")).IsSuccess);

        var viewer = await server.ConnectAsync("vera");
        var viewers = BarrageStore.Create("lobby", viewer);
        Assert.Equal(CompletionHandler.NotInLive, (await viewers.SendTextMessage("too early")).Code);
        viewers.AddBarrageListener(new BarrageListener
        {
            OnBarrageReceived = barrage => _events.Add(
                $"{barrage.MessageType} {barrage.Sender.UserId} {barrage.TextContent}{barrage.BusinessId} {barrage.Data}"
                + string.Concat(barrage.ExtensionInfo.Select(pair => $"{pair.Key}={pair.Value}"))),
        });
        await viewer.JoinRoomAsync("lobby", TestContext.Current.CancellationToken);
        await viewers.SendTextMessage("hello", new Dictionary<string, string> { ["color"] = "red" });
        await hosts.SendCustomMessage("rose", "3");

        await _events.UntilAsync("Custom hana rose 3");
        Assert.Equal(["Text vera hello color=red", "Custom hana rose 3"], _events.Lines);
        await UntilAsync(() => viewers.MessageList.Value.Length == 3);
        Assert.Equal(["welcome", "hello", ""], viewers.MessageList.Value.Select(barrage => barrage.TextContent));
    }

    [Fact]
    public async Task A_muted_member_is_shown_so_and_refused_with_the_code()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var host = await server.ConnectAsync("hana");
        var hosts = await host.StartRoomAsync(new RoomStartParams("lobby"), TestContext.Current.CancellationToken);
        var viewer = await server.ConnectAsync("vera");
        var room = await viewer.JoinRoomAsync("lobby", TestContext.Current.CancellationToken);
        var audience = LiveAudienceStore.Create("lobby", host);

        Assert.True((await audience.DisableSendMessage("vera", true)).IsSuccess);

        Assert.Equal(ErrorCodes.MessageDisabled.Code, (await BarrageStore.Create("lobby", viewer).SendTextMessage("hello")).Code);
        await UntilAsync(() => audience.AudienceList.Value is [{ IsMessageDisabled: true }]);
        await UntilAsync(() => room.State.Room.MessageDisabled);
        await viewer.DisposeAsync();
        var next = await server.ConnectAsync("vera");
        Assert.True((await next.JoinRoomAsync("lobby", TestContext.Current.CancellationToken)).State.Room.MessageDisabled);
        Assert.True(Assert.Single((await hosts.ListAudienceAsync(cancellation: TestContext.Current.CancellationToken)).Members).MessageDisabled);
    }

    [Fact]
    public async Task What_a_member_lets_others_know_is_told_and_given_and_where_they_are()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var host = await server.ConnectAsync("hana");
        var hosts = await host.StartRoomAsync(new RoomStartParams("lobby"), TestContext.Current.CancellationToken);
        var viewer = await server.ConnectAsync("vera");
        var room = await viewer.JoinRoomAsync("lobby", TestContext.Current.CancellationToken);
        using var observation = hosts.On<RoomNotification.PresenceChanged>(
            changed => _events.Add($"{changed.User.UserId} {string.Join(' ', changed.State)}"));

        await room.SetPresenceAsync(
            new Dictionary<string, string?> { ["mood"] = "happy", ["level"] = null }, TestContext.Current.CancellationToken);

        await _events.UntilAsync("vera [mood, happy]");
        Assert.Equal("happy", (await hosts.GetPresenceAsync("vera", TestContext.Current.CancellationToken))["mood"]);
        Assert.Equal("vera", Assert.Single(hosts.State.Room.Presence!.Value).User.UserId);
        Assert.Equal("lobby", Assert.Single(await viewer.WhereIsAsync(TestContext.Current.CancellationToken)).RoomId);
    }

    [Fact]
    public void The_state_holds_the_latest_fifty_messages_each_once()
    {
        var state = new RoomState(null!, "vera", 10);
        for (int seq = 11; seq <= 70; seq++)
        {
            state = state.Apply(Received(seq));
        }

        Assert.Equal(Enumerable.Range(21, 50).Select(seq => (long)seq), state.Messages.Select(message => message.Seq));
        var again = state.Apply(new RoomNotification.MessagesLoaded(state.Messages));
        Assert.Equal(50, again.Messages.Length);
        Assert.Equal(70, again.Seq);
    }

    private static RoomNotification.MessageReceived Received(long seq) =>
        new(new MessageData($"m{seq}", new User("ann", "", ""), MessageKind.Text, "hello")) { RoomId = "lobby", Seq = seq };

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(ServerUnderTest.Patience);
        while (!condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
