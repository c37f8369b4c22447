using System.Collections.Immutable;
using Dais.Rooms.Connections;
using Dais.Rooms.Tests.Properties;

namespace Dais.Rooms.Tests.Connections;

/// <summary>Commands of hosts, and of people who are none, who connect and part as it comes to them.</summary>
internal sealed class RandomConnections(SeededRandom random, ImmutableArray<RoomId> rooms)
{
    private static readonly RoomId Nowhere = new("nowhere");

    private int _requests;
    private int _links;

    /// <summary>A command about connections.</summary>
    /// <param name="room">Which room's.</param>
    /// <param name="isCalm">Whether rooms seldom part, so that many come together.</param>
    internal RoomCommand Next(Room room, bool isCalm) => random.Below(isCalm ? 60 : 20) switch
    {
        0 => new RoomCommand.ExitConnection(Actor()),
        1 when random.Chance(20) => new RoomCommand.EndConnection(),
        2 => new RoomCommand.CancelConnectionRequest(Actor(), AskedBy(room)),
        3 => new RoomCommand.RejectConnection(Actor(), AskerOf(room)),
        4 or 5 => new RoomCommand.MuteRemoteAudio(Actor(), Room(), random.Chance(60)),
        < 12 => Request(),
        _ when room.ReceivedHostRequests.IsEmpty && random.Chance(70) => Request(),
        _ => new RoomCommand.AcceptConnection(Actor(), AskerOf(room), new LinkId($"k{++_links}")),
    };

    private RoomCommand.RequestConnection Request() => new(
        Actor(),
        [.. Enumerable.Range(0, random.Pick(1, 1, 1, 2, 3)).Select(_ => new HostRequestTarget(Room(), new RequestId($"h{++_requests}")))],
        random.Pick(600, 601, 400, 2, 800),
        TimeSpan.FromSeconds(random.Pick(0, 1, 5, 60)),
        random.Chance(1) ? new string('x', 2000) : "",
        new LinkId($"k{++_links}"));

    private RoomId Room() => random.Chance(3) ? Nowhere : rooms[random.Below(rooms.Length)];

    private RoomId AskerOf(Room room) => OneOf(room.ReceivedHostRequests);

    private RoomId AskedBy(Room room) => OneOf(room.SentHostRequests);

    private RoomId OneOf(ImmutableDictionary<RoomId, HostRequest> requests) => requests.IsEmpty
        ? Room()
        : requests.Keys.Order(RoomId.Order).ElementAt(random.Below(requests.Count));

    private UserId? Actor() => random.Below(10) switch
    {
        0 => new UserId("ann"),
        1 or 2 or 3 => null,
        _ => Scenario.Host.Id,
    };
}
