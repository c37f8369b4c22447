using System.Text.Json.Serialization;

namespace Dais.Protocol.Rest;

/// <summary>How the types of the API over HTTP are read and written: as those of the WebSocket are.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(RoomCreation))]
[JsonSerializable(typeof(RoomDetails))]
[JsonSerializable(typeof(RoomPage))]
[JsonSerializable(typeof(MemberPage))]
[JsonSerializable(typeof(MemberCount))]
[JsonSerializable(typeof(SeatList))]
[JsonSerializable(typeof(SeatPick))]
[JsonSerializable(typeof(UserRooms))]
[JsonSerializable(typeof(ConnectionList))]
[JsonSerializable(typeof(RoomEventPage))]
[JsonSerializable(typeof(MessagePost))]
[JsonSerializable(typeof(MessageSendResult))]
[JsonSerializable(typeof(MessageHistoryResult))]
[JsonSerializable(typeof(TokenRequest))]
[JsonSerializable(typeof(TokenIssued))]
[JsonSerializable(typeof(WebhookCreate))]
[JsonSerializable(typeof(WebhookDetails))]
[JsonSerializable(typeof(WebhookList))]
[JsonSerializable(typeof(WebhookTry))]
[JsonSerializable(typeof(WebhookDeliveryPage))]
[JsonSerializable(typeof(WebhookRedelivered))]
public sealed partial class RestJson : JsonSerializerContext;
