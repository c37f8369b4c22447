using System.Collections.Immutable;
using Dais.Server.Media;
using Dais.Server.Tests.Rooms.Connections;
using Dais.Sfu;

namespace Dais.Server.Tests.Media;

/// <summary>What the media workers are told when rooms are connected.</summary>
public sealed class ConnectedRoomMediaTests
{
    private static readonly Dictionary<string, string?> TwoWorkers = new() { ["Dais:Media:Workers"] = "2" };

    [Fact]
    public async Task On_one_worker_the_stage_names_the_other_rooms_publisher()
    {
        await using var scene = await HostsScene.StartAsync(["a", "b"]);
        var publisher = await PublishAsync(scene, "a");

        await scene.ConnectAsync("a", "b");

        Assert.Equal([new StageSlot(1, publisher)], await StageAsync(scene, "b"));
        Assert.Equal([new StageSlot(0, publisher)], await StageAsync(scene, "a"));
    }

    [Fact]
    public async Task When_a_host_asks_both_rooms_have_fresh_keyframes_for_the_others_viewers()
    {
        await using var scene = await HostsScene.StartAsync(["a", "b"]);
        await PublishAsync(scene, "a");
        await PublishAsync(scene, "b");
        StageId[] stages = [new(await NumberAsync("a")), new(await NumberAsync("b"))];

        await scene["a"].AskAsync("b");
        await NumberAsync("b");

        Assert.All(stages, stage => Assert.Contains(new SfuCommand.Freshen(stage), scene.Server.Worker.Commands));

        async Task<long> NumberAsync(string name)
        {
            long number = 0;
            await scene.InRoomAsync(name, room => number = room.Number);
            return number;
        }
    }

    [Fact]
    public async Task On_another_worker_the_stage_says_where_the_publisher_is_and_what_it_sends()
    {
        var (near, far) = RoomsOfTwoWorkers();
        await using var scene = await HostsScene.StartAsync([near, far], TwoWorkers);
        await scene.ConnectAsync(near, far);

        // Published only after the rooms were connected: the other room is told.
        var publisher = await PublishAsync(scene, near);

        var slot = Assert.Single(await StageAsync(scene, far, slots => slots.Length == 1));
        var opened = WorkerOf(scene, near).Last<SfuCommand.OpenPublisher>();
        Assert.Equal((1, publisher, true, true), (slot.Slot, slot.Publisher, slot.Audio, slot.Video));
        Assert.Equal(new RemotePublisher(HomeOf(scene, near), opened.Participant, opened.Tracks), slot.Remote);
        Assert.Null(Assert.Single(await StageAsync(scene, near)).Remote);
    }

    [Fact]
    public async Task Another_transport_of_the_same_publisher_takes_the_place_of_the_first_in_every_room()
    {
        var (near, far) = RoomsOfTwoWorkers();
        await using var scene = await HostsScene.StartAsync([near, far], TwoWorkers);
        var first = await PublishAsync(scene, near);
        await scene.ConnectAsync(near, far);
        await StageAsync(scene, far, slots => slots is [{ } slot] && slot.Publisher == first);

        var second = await PublishAsync(scene, near, string.Join(':', Enumerable.Repeat("EF", 32)));

        Assert.NotEqual(first, second);
        await StageAsync(scene, far, slots => slots is [{ } slot] && slot.Publisher == second);
    }

    [Fact]
    public async Task What_is_unpublished_or_ends_by_itself_leaves_the_other_room()
    {
        var (near, far) = RoomsOfTwoWorkers();
        await using var scene = await HostsScene.StartAsync([near, far], TwoWorkers);
        await PublishAsync(scene, near);
        await scene.ConnectAsync(near, far);
        await StageAsync(scene, far, slots => slots.Length == 1);

        await scene[near].Host.CallAsync("media.unpublish", scene[near].In());
        await StageAsync(scene, far, slots => slots.IsEmpty);

        var publisher = await PublishAsync(scene, near);
        await StageAsync(scene, far, slots => slots.Length == 1);
        WorkerOf(scene, near).Say(new SfuEvent.TransportClosed(publisher, TransportCloseReason.ConsentExpired));
        await StageAsync(scene, far, slots => slots.IsEmpty);
    }

    [Fact]
    public async Task A_room_that_is_silenced_is_seen_and_not_heard_by_the_one_that_did_it()
    {
        await using var scene = await HostsScene.StartAsync(["a", "b", "c"]);
        await PublishAsync(scene, "a");
        await scene.ConnectAsync("a", "b", "c");
        await StageAsync(scene, "b", slots => slots is [{ Audio: true }]);

        await scene["b"].Host.CallAsync("coHost.muteRemoteAudio", scene["b"].In(("remoteRoomId", "a"), ("muted", true)));
        await StageAsync(scene, "b", slots => slots is [{ Audio: false, Video: true }]);
        Assert.True(Assert.Single(await StageAsync(scene, "a")).Audio);
        Assert.True(Assert.Single(await StageAsync(scene, "c")).Audio);

        await scene["b"].Host.CallAsync("coHost.muteRemoteAudio", scene["b"].In(("remoteRoomId", "a"), ("muted", false)));
        await StageAsync(scene, "b", slots => slots is [{ Audio: true }]);
    }

    [Fact]
    public async Task What_the_other_host_switches_off_is_not_shown_here()
    {
        await using var scene = await HostsScene.StartAsync(["a", "b"]);
        await PublishAsync(scene, "a");
        await scene.ConnectAsync("a", "b");

        await scene["a"].Host.CallAsync("media.setMuted", scene["a"].In(("camera", true)));

        await StageAsync(scene, "b", slots => slots is [{ Audio: true, Video: false }]);
    }

    [Fact]
    public async Task Leaving_frees_the_slots_of_both_rooms_and_neither_follows_the_other_any_more()
    {
        var (near, far) = RoomsOfTwoWorkers();
        await using var scene = await HostsScene.StartAsync([near, far], TwoWorkers);
        await PublishAsync(scene, near);
        await PublishAsync(scene, far);
        await scene.ConnectAsync(near, far);
        Assert.Equal(2, (await StageAsync(scene, near, slots => slots.Length == 2)).Length);
        await StageAsync(scene, far, slots => slots.Length == 2);

        await scene[near].Host.CallAsync("coHost.exit", scene[near].In());

        await StageAsync(scene, far, slots => slots is [{ Slot: 0, Remote: null }]);
        await StageAsync(scene, near, slots => slots is [{ Slot: 0, Remote: null }]);
        int told = WorkerOf(scene, far).Commands.OfType<SfuCommand.SetStage>().Count();
        await PublishAsync(scene, near, string.Join(':', Enumerable.Repeat("EF", 32)));
        await scene[far].SeenAsync();
        Assert.Equal(told, WorkerOf(scene, far).Commands.OfType<SfuCommand.SetStage>().Count());
    }

    [Fact]
    public async Task The_end_of_a_room_empties_its_place_in_the_other()
    {
        var (near, far) = RoomsOfTwoWorkers();
        await using var scene = await HostsScene.StartAsync([near, far], TwoWorkers);
        await PublishAsync(scene, near);
        await scene.ConnectAsync(near, far);
        await StageAsync(scene, far, slots => slots.Length == 1);

        await scene[near].Host.CallAsync("room.end", scene[near].In());

        await StageAsync(scene, far, slots => slots.IsEmpty);
        var plane = (MediaPlane)scene.Server.Parts.GetService(typeof(MediaPlane))!;
        Assert.Null(plane.Publishers.Find(new PublisherName(new(near), new($"host-{near}"))));
    }

    [Fact]
    public async Task A_worker_that_ends_alone_is_forgotten_by_the_others()
    {
        await using var server = await TestServer.StartAsync(new() { ["Dais:Media:Workers"] = "3" });

        server.Workers[1].Dispose();

        foreach (int other in new[] { 0, 2 })
        {
            await UntilAsync(() => server.Workers[other].Commands.Contains(new SfuCommand.ForgetWorker(1)));
        }
    }

    /// <summary>Two rooms of different workers; which room lives where is the same for ever.</summary>
    private static (string Near, string Far) RoomsOfTwoWorkers() => ("a", "b");

    private static int HomeOf(HostsScene scene, string room) =>
        ((MediaPlane)scene.Server.Parts.GetService(typeof(MediaPlane))!).HomeOf(room);

    private static RecordedMediaWorker WorkerOf(HostsScene scene, string room) => scene.Server.Workers[HomeOf(scene, room)];

    private static async Task<TransportId> PublishAsync(HostsScene scene, string room, string? fingerprint = null)
    {
        var offer = scene[room].In(("offer", Offers.Publish($"{room}pub1", fingerprint)));
        await scene[room].Host.CallAsync("media.publish", offer);
        return WorkerOf(scene, room).Last<SfuCommand.OpenPublisher>().Id;
    }

    /// <summary>Who is on the stage of a room as its worker knows, once that is as expected.</summary>
    private static async Task<ImmutableArray<StageSlot>> StageAsync(
        HostsScene scene, string room, Func<ImmutableArray<StageSlot>, bool>? isExpected = null)
    {
        StageId stage = default;
        await scene.InRoomAsync(room, live => stage = new StageId(live.Number));
        ImmutableArray<StageSlot> slots = [];
        await UntilAsync(() =>
        {
            slots = WorkerOf(scene, room).Commands.OfType<SfuCommand.SetStage>().LastOrDefault(set => set.Stage == stage)?.Slots ?? [];
            return isExpected is null || isExpected(slots);
        });
        return slots;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TestClient.Patience);
        while (!condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
