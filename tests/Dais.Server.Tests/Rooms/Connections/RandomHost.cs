using System.Text.Json.Nodes;

namespace Dais.Server.Tests.Rooms.Connections;

/// <summary>A host who does something about other rooms as fast as answers come, never the same twice.</summary>
/// <param name="client">The host's connection.</param>
/// <param name="own">The host's room.</param>
/// <param name="all">All rooms, by id.</param>
/// <param name="random">The host's own dice.</param>
public sealed class RandomHost(TestClient client, string own, string[] all, Random random)
{
    /// <summary>How many of the calls led to something.</summary>
    public int Done { get; private set; }

    /// <summary>One call.</summary>
    public async Task ActAsync()
    {
        string other = all[random.Next(all.Length)];
        var (method, parameters) = random.Next(100) switch
        {
            < 35 => ("coHost.request", In(("targetRoomIds", HostedRoom.Targets(Some())), ("timeout", random.Next(3)))),
            < 65 => ("coHost.accept", In(("fromRoomId", other))),
            < 75 => ("coHost.exit", In()),
            < 82 => ("coHost.reject", In(("fromRoomId", other))),
            < 88 => ("coHost.cancel", In(("targetRoomId", other))),
            < 92 => ("coHost.muteRemoteAudio", In(("remoteRoomId", other), ("muted", random.Next(2) == 0))),
            < 95 => ("seat.leave", In()),
            < 98 => ("seat.take", In(("seatIndex", random.Next(3)))),
            _ => ("room.end", In()),
        };
        var answer = await client.AnswerAsync(method, parameters);
        Done += answer["result"] is null ? 0 : 1;
        int? code = answer["error"]?["code"]!.GetValue<int>();
        Assert.True(
            code is null or 100400 or 100403 or 100404 or -2311 or 100203 or 100206, $"{method} was refused: {answer.ToJsonString()}");
        if (method == "room.end")
        {
            await client.CallAsync("room.start", In());
        }
    }

    private string[] Some() => [.. Enumerable.Range(0, 1 + random.Next(3)).Select(_ => all[random.Next(all.Length)])];

    private JsonObject In(params (string Name, JsonNode? Value)[] more)
    {
        var parameters = new JsonObject { ["roomId"] = own };
        foreach (var (name, value) in more)
        {
            parameters[name] = value;
        }

        return parameters;
    }
}
