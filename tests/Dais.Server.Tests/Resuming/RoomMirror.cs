using System.Text.Json.Nodes;

namespace Dais.Server.Tests.Resuming;

/// <summary>
/// A room as a client knows it: a snapshot, and the events after it. Follows docs/protocol.md and knows none of the
/// server's types.
/// </summary>
public sealed class RoomMirror(string userId)
{
    private readonly List<long> _told = [];

    /// <summary>The room, as the snapshots of the contract have it.</summary>
    public JsonObject Room { get; private set; } = [];

    /// <summary>The last event in it.</summary>
    public long Seq { get; private set; }

    /// <summary>The types of the events that were told, in order.</summary>
    public List<string> Types { get; } = [];

    /// <summary>Puts a snapshot in the place of everything.</summary>
    public void Replace(JsonNode room, long seq)
    {
        Room = room.DeepClone().AsObject();
        Seq = seq;
    }

    /// <summary>Takes what the server said of the room; nothing may be said twice.</summary>
    public void Take(JsonObject notification)
    {
        long seq = notification["seq"]!.GetValue<long>();
        if (notification["room"] is { } room)
        {
            Replace(room, seq);
            return;
        }

        Assert.True(notification.ContainsKey("type"), $"{userId} is said to be in the room no longer.");
        Assert.DoesNotContain(seq, _told);
        Assert.True(seq > Seq, $"{userId} was told of event {seq} after {Seq}.");
        string type = notification["type"]!.GetValue<string>();
        Types.Add(type);
        _told.Add(seq);
        Seq = seq;
        Apply(type, notification["data"]!.AsObject());
    }

    /// <summary>The room in one text, in which the order of open requests does not count.</summary>
    public static string TextOf(JsonObject room)
    {
        var ordered = new JsonObject();
        foreach (var (name, value) in room.OrderBy(field => field.Key, StringComparer.Ordinal))
        {
            ordered[name] = value is JsonArray list && name is "applications" or "invitations"
                ? new JsonArray([.. value!.AsArray().OrderBy(RequestId, StringComparer.Ordinal).Select(request => request!.DeepClone())])
                : value?.DeepClone();
        }

        return ordered.ToJsonString();
    }

    private void Apply(string type, JsonObject data)
    {
        switch (type)
        {
            case "seat.applied":
                Open("applications", data);
                break;
            case "seat.applicationEnded":
                Close("applications", data);
                break;
            case "seat.invited":
                Open("invitations", data);
                break;
            case "seat.invitationEnded":
                Close("invitations", data);
                break;
            case "audience.changed":
                Room["audience"] = data["sample"]!.DeepClone();
                Room["audienceCount"] = data["count"]!.DeepClone();
                break;
            case "seat.changed":
                Room["seats"] = data["seats"]!.DeepClone();
                break;
            case "stage.changed" or "room.phase" or "room.updated":
                foreach (var (name, value) in data)
                {
                    Room[name] = value?.DeepClone();
                }

                break;
            default:
                Assert.Fail($"The script leads to no {type}.");
                break;
        }
    }

    private void Open(string list, JsonObject data)
    {
        Close(list, data);
        Room[list]!.AsArray().Add(data["request"]!.DeepClone());
    }

    private void Close(string list, JsonObject data)
    {
        var requests = Room[list]!.AsArray();
        foreach (var known in requests.Where(request => RequestId(request) == RequestId(data["request"])).ToArray())
        {
            requests.Remove(known);
        }
    }

    private static string RequestId(JsonNode? request) => request!["requestId"]!.GetValue<string>();
}
