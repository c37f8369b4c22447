using System.Text.Json.Nodes;

namespace Dais.Server.Tests.Rooms.Connections;

/// <summary>What has to hold between rooms at all times, as their hosts see them.</summary>
public static class Agreement
{
    /// <summary>Fails unless membership is symmetric, nobody is alone, and every open request is open on both sides.</summary>
    /// <param name="rooms">All live rooms, by id, as their hosts see them.</param>
    public static void Check(IReadOnlyDictionary<string, JsonObject> rooms)
    {
        CheckConnections(rooms);
        foreach (var (id, room) in rooms)
        {
            Assert.All(Requests(room, "sentHostRequests", "from"), from => Assert.Equal(id, from));
            Assert.All(Requests(room, "receivedHostRequests", "to"), to => Assert.Equal(id, to));
        }

        Assert.Equal(All(rooms, "sentHostRequests"), All(rooms, "receivedHostRequests"));
    }

    /// <summary>Fails unless membership is symmetric and nobody is alone.</summary>
    /// <param name="rooms">All live rooms, by id, as their hosts see them.</param>
    public static void CheckConnections(IReadOnlyDictionary<string, JsonObject> rooms)
    {
        foreach (var (id, room) in rooms)
        {
            if (room["connection"] is JsonObject connection)
            {
                CheckConnection(id, connection, rooms);
            }
        }
    }

    private static void CheckConnection(string id, JsonObject connection, IReadOnlyDictionary<string, JsonObject> rooms)
    {
        string[] members = HostsScene.RoomsOf(connection["members"]);
        Assert.Contains(id, members);
        Assert.InRange(members.Length, 2, 9);
        Assert.Equal(members.Distinct(), members);
        foreach (string member in members)
        {
            Assert.True(rooms.ContainsKey(member), $"{id} is connected with {member}, which is not there.");
            var other = rooms[member]["connection"] as JsonObject;
            Assert.True(other is not null, $"{id} is connected with {member}, which is with nobody.");
            Assert.Equal(HostsScene.Text(connection, "connectionId"), HostsScene.Text(other, "connectionId"));
            Assert.Equal(members, HostsScene.RoomsOf(other["members"]));
        }

        var onStage = rooms[id]["stage"]!.AsArray().Select(entry => HostsScene.Text(entry!, "roomId")).Distinct();
        Assert.All(onStage, room => Assert.Contains(room, members));
    }

    private static IEnumerable<string> Requests(JsonObject room, string list, string side) =>
        room[list]!.AsArray().Select(request => HostsScene.Text(request![side]!, "roomId"));

    private static IEnumerable<string> All(IReadOnlyDictionary<string, JsonObject> rooms, string list) => rooms.Values
        .SelectMany(room => room[list]!.AsArray())
        .Select(request => request!.ToJsonString())
        .Order(StringComparer.Ordinal);
}
