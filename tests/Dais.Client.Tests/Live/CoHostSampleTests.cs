using Dais.Client.Live;

namespace Dais.Client.Tests.Live;

/// <summary>The usage example documents give for co-host stores, line by line, with the real server.</summary>
[Collection(LoginStoreUsers.Name)]
public sealed class CoHostSampleTests
{
    [Fact]
    public async Task The_usage_example_of_the_seed_connects_two_lives()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var printed = new EventLog();
        var heard = new EventLog();
        Assert.True((await LoginStore.Shared.Login(server.Address, "hana", userSig: "xxxx", userName: "Hana")).IsSuccess);
        await LiveListStore.Create().StartLive(new LiveInfo { LiveId = "live_room_123" });
        var target = await server.ConnectAsync("ben");
        await LiveListStore.Create(target).StartLive(new LiveInfo { LiveId = "target_live_id" });
        var targetStore = CoHostStore.Create("target_live_id", target);
        targetStore.AddCoHostListener(new CoHostListener
        {
            OnCoHostRequestReceived = (inviter, extensionInfo) => heard.Add($"received {inviter.UserName} '{extensionInfo}'"),
            OnCoHostUserJoined = userInfo => heard.Add($"joined {userInfo.UserName}"),
            OnCoHostUserLeft = userInfo => heard.Add($"left {userInfo.UserName}"),
        });
        void Print(string line) => printed.Add(line);

        // 1. Create the store of the live.
        var coHostStore = CoHostStore.Create("live_room_123");

        // 2. Listen to its state.
        void OnStatusChanged() => Print($"Connection status: {coHostStore.CoHostState.CoHostStatus.Value}");
        void OnConnectedChanged() => Print($"Connected hosts: {coHostStore.CoHostState.Connected.Value.Length}");
        coHostStore.CoHostState.CoHostStatus.AddListener(OnStatusChanged);
        coHostStore.CoHostState.Connected.AddListener(OnConnectedChanged);

        // 3. Add a listener of its events.
        var listener = new CoHostListener
        {
            OnCoHostRequestReceived = (inviter, extensionInfo) => Print($"Request from {inviter.UserName}"),
            OnCoHostRequestAccepted = invitee => Print($"{invitee.UserName} accepted"),
            OnCoHostRequestRejected = invitee => Print($"{invitee.UserName} rejected"),
            OnCoHostUserJoined = userInfo => Print($"{userInfo.UserName} joined"),
            OnCoHostUserLeft = userInfo => Print($"{userInfo.UserName} left"),
        };
        coHostStore.AddCoHostListener(listener);

        // 4. Ask the other host.
        var result = await coHostStore.RequestHostConnection(
            targetHostLiveID: "target_live_id",
            layoutTemplate: CoHostLayoutTemplate.HostDynamicGrid,
            timeout: 30,
            extraInfo: "");
        if (result.Code == 0)
        {
            Print("Request sent");
        }

        await heard.UntilAsync("received Hana ''");
        Assert.True((await targetStore.AcceptHostConnection("live_room_123")).IsSuccess);
        await printed.UntilAsync("Name of ben joined");
        await heard.UntilAsync("joined Hana");

        // 5. Do not listen any more.
        coHostStore.RemoveCoHostListener(listener);
        coHostStore.CoHostState.CoHostStatus.RemoveListener(OnStatusChanged);
        coHostStore.CoHostState.Connected.RemoveListener(OnConnectedChanged);

        Assert.True((await coHostStore.ExitHostConnection()).IsSuccess);
        await heard.UntilAsync("left Hana");
        Assert.Equal(
            ["Request sent", "Connected hosts: 2", "Connection status: Connected", "Name of ben accepted", "Name of ben joined"],
            printed.Lines.Distinct());
        Assert.Equal(["received Hana ''", "joined Hana", "left Hana"], heard.Lines);
        Assert.Equal(CoHostStatus.Disconnected, targetStore.CoHostState.CoHostStatus.Value);
        await LoginStore.Shared.Logout();
    }
}

/// <summary>The tests that log in the one user of the process: one at a time.</summary>
[CollectionDefinition(Name)]
public sealed class LoginStoreUsers
{
    /// <summary>The collection's name.</summary>
    public const string Name = "Users of LoginStore.Shared";
}
