using System.Text.Json.Serialization;

namespace Dais.Protocol;

/// <summary>How every type of the contract is read and written. Absent optional fields are null, and null ones are not written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(SessionOpenParams))]
[JsonSerializable(typeof(SessionOpenResult))]
[JsonSerializable(typeof(SessionPingResult))]
[JsonSerializable(typeof(NoParams))]
[JsonSerializable(typeof(EmptyResult))]
[JsonSerializable(typeof(RoomStartParams))]
[JsonSerializable(typeof(RoomJoinParams))]
[JsonSerializable(typeof(RoomParams))]
[JsonSerializable(typeof(RoomUpdateParams))]
[JsonSerializable(typeof(RoomListParams))]
[JsonSerializable(typeof(RoomListResult))]
[JsonSerializable(typeof(RoomEntered))]
[JsonSerializable(typeof(SeatApplyParams))]
[JsonSerializable(typeof(SeatApplyResult))]
[JsonSerializable(typeof(RoomUserParams))]
[JsonSerializable(typeof(SeatInviteParams))]
[JsonSerializable(typeof(SeatInviteResult))]
[JsonSerializable(typeof(SeatTakeParams))]
[JsonSerializable(typeof(SeatParams))]
[JsonSerializable(typeof(SeatMoveParams))]
[JsonSerializable(typeof(SeatSetDeviceParams))]
[JsonSerializable(typeof(SeatSetModeParams))]
[JsonSerializable(typeof(MediaOfferParams))]
[JsonSerializable(typeof(MediaAnswer))]
[JsonSerializable(typeof(MediaSetMutedParams))]
[JsonSerializable(typeof(AudienceListParams))]
[JsonSerializable(typeof(AudienceListResult))]
[JsonSerializable(typeof(AudienceSetAdminParams))]
[JsonSerializable(typeof(SeatRequestData))]
[JsonSerializable(typeof(SeatRequestEndedData))]
[JsonSerializable(typeof(SeatChangedData))]
[JsonSerializable(typeof(StageChangedData))]
[JsonSerializable(typeof(MemberData))]
[JsonSerializable(typeof(AudienceLeftData))]
[JsonSerializable(typeof(AudienceChangedData))]
[JsonSerializable(typeof(RoomPhaseData))]
[JsonSerializable(typeof(RoomUpdatedData))]
[JsonSerializable(typeof(RoomEndedData))]
[JsonSerializable(typeof(RoomSyncParams))]
public sealed partial class WireJson : JsonSerializerContext;
