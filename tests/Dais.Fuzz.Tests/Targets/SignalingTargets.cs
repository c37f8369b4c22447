using System.Collections.Immutable;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dais.Client;
using Dais.Client.Admin;
using Dais.Protocol;
using Dais.Protocol.Rest;
using Dais.Rooms.Messages;
using Dais.Server.Messages;

namespace Dais.Fuzz.Tests.Targets;

/// <summary>JSON: calls and their parameters, bodies of the API over HTTP, and what the C# SDK reads of the server.</summary>
internal static class SignalingTargets
{
    private static readonly Dictionary<string, Func<JsonElement, bool>> Params = Methods.All.ToDictionary(method => method.Name, ReaderOf);

    private static readonly (string Name, Func<JsonElement, bool> Read, string Sample)[] Bodies =
    [
        BodyOf(RestJson.Default.RoomCreation), BodyOf(RestJson.Default.SeatPick), BodyOf(RestJson.Default.MessagePost),
        BodyOf(RestJson.Default.TokenRequest), BodyOf(RestJson.Default.WebhookCreate),
    ];

    private static readonly MessageContent Asked = new(Dais.Rooms.Messages.MessageKind.Text, "hello");

    public static ImmutableArray<FuzzTarget> All { get; } =
    [
        Json("calls", "a client", ["JsonRpcCall.TryRead", "ParamsReader.TryRead"], [.. Methods.All.Select(SampleOf)], ReadCall),
        Json("bodies over HTTP", "a backend", ["ParamsReader.TryRead"], [.. Bodies.Select(body => body.Sample)], ReadBodies),
        Json("answers and notifications (C# SDK)", "the server", ["ServerMessage.TryRead", "ClientJson.TryRead", "ClientJson.TryReadRoomEvent", "RoomNotification.TryRead"], ServerMessages(), ReadServerMessage),
        Json(
            "answers of the message hook", "the application's backend", ["HookVerdict.TryRead"],
            ["""{"action":"allow"}""", """{"action":"refuse","reason":"no","code":7}""", """{"action":"replace","text":"hi","data":"{}"}"""], static input =>
            {
                var outcome = new Outcome(HookVerdict.TryRead(input, Asked, out var verdict));
                outcome.AddExactly(verdict switch { HookVerdict.Allowed => 1, HookVerdict.Refused => 2, null => 0, _ => 3 });
                return outcome.Value;
            }),
        Json(
            "webhook notices (C# SDK)", "whoever knows the receiver's URL", ["WebhookNotice.TryRead"],
            ["""{"noticeId":"n1","productId":1,"eventType":101,"notifyMs":1790000000123,"sid":"s","payload":{"channelName":"a","ts":1790000000,"account":"b","clientSeq":1}}"""], static input =>
            {
                var outcome = new Outcome(WebhookNotice.TryRead(input, out var notice));
                outcome.Add(notice?.RoomId.Length ?? -1);
                outcome.Add(notice?.UserId.Length ?? -1);
                outcome.Add(notice?.ClientSeq ?? -1);
                outcome.Add(notice?.HappenedAt.Ticks ?? -1);
                return outcome.Value;
            }),
    ];

    private static FuzzTarget Json(string name, string from, string[] covers, IReadOnlyList<string> seeds, Parse parse) =>
        new(name, from, covers, [.. seeds.Select(Encoding.UTF8.GetBytes)], () => parse) { IsText = true, LengthMax = 16 * 1024, Allocates = FuzzTargets.TextCosts };

    private static string SampleOf(MethodDescriptor method)
    {
        var type = (JsonTypeInfo)method.GetType().GetProperty("Params")!.GetValue(method)!;
        return $$"""{"jsonrpc":"2.0","id":7,"method":"{{method.Name}}","params":{{SampleJson.Of(type)}}}""";
    }

    private static Func<JsonElement, bool> ReaderOf(MethodDescriptor method) => (Func<JsonElement, bool>)typeof(SignalingTargets)
        .GetMethod(nameof(Reader), BindingFlags.NonPublic | BindingFlags.Static)!
        .MakeGenericMethod(method.ParamsType)
        .Invoke(null, [method.GetType().GetProperty("Params")!.GetValue(method)])!;

    private static Func<JsonElement, bool> Reader<TParams>(JsonTypeInfo<TParams> type)
        where TParams : class, IParams =>
        element =>
        {
            bool isRead = ParamsReader.TryRead(element, type, out var value, out string? field);
            Assert.True(isRead == value is not null && isRead == field is null, "read, or a field that is wrong");
            return isRead;
        };

    private static (string, Func<JsonElement, bool>, string) BodyOf<TBody>(JsonTypeInfo<TBody> type)
        where TBody : class, IParams =>
        (typeof(TBody).Name, Reader(type), SampleJson.Of(type));

    private static ulong ReadCall(byte[] input)
    {
        bool isCall = JsonRpcCall.TryRead(input, out var call, out var error);
        Assert.True(isCall == error is null && (isCall || call.Id is not null), "a call, or a refusal that has an id");
        var outcome = new Outcome(isCall);
        outcome.Add(error?.Code ?? 0);
        if (call.Id is { } id)
        {
            // The id goes back as it came: it has to be JSON.
            using var echoed = JsonDocument.Parse(id.Raw);
            outcome.AddExactly((uint)echoed.RootElement.ValueKind);
        }

        if (isCall && Params.TryGetValue(call.Method, out var read))
        {
            outcome.AddExactly((uint)call.Method.Length);
            outcome.Add(read(call.Params));
        }

        return outcome.Value;
    }

    private static ulong ReadBodies(byte[] input)
    {
        JsonDocument body;
        try
        {
            body = JsonDocument.Parse(input, new JsonDocumentOptions { MaxDepth = 16 });
        }
        catch (JsonException)
        {
            return Outcome.Refused;
        }

        using (body)
        {
            var outcome = new Outcome(true);
            foreach (var (_, read, _) in Bodies)
            {
                outcome.Add(read(body.RootElement));
            }

            return outcome.Value;
        }
    }

    private static List<string> ServerMessages()
    {
        List<string> messages =
        [
            """{"jsonrpc":"2.0","id":7,"result":{"a":1}}""",
            """{"jsonrpc":"2.0","id":7,"error":{"code":1001,"message":"no","data":{"name":"x","retryable":true,"field":"a","retryAfterMs":5}}}""",
        ];
        foreach (var notification in Notifications.All)
        {
            var data = (JsonTypeInfo)notification.GetType().GetProperty("Data")!.GetValue(notification)!;
            messages.Add($$$"""{"jsonrpc":"2.0","method":"room.event","params":{"roomId":"a","seq":1,"at":1790000000123,"type":"{{{notification.Type}}}","data":{{{SampleJson.Of(data)}}}}}""");
        }

        return messages;
    }

    private static ulong ReadServerMessage(byte[] input)
    {
        var outcome = new Outcome(ServerMessage.TryRead(input, out var message));
        if (message is ServerMessage.Refusal { Error: var error })
        {
            outcome.Add(error.Code);
        }
        else if (message is ServerMessage.Notification notification)
        {
            bool isEvent = ClientJson.TryReadRoomEvent(notification.Params, out var envelope);
            outcome.Add(isEvent);
            outcome.Add(isEvent && RoomNotification.TryRead(envelope, out _));
            outcome.AddExactly(isEvent ? (uint)envelope.Type.Length : 0);
        }

        return outcome.Value;
    }
}
