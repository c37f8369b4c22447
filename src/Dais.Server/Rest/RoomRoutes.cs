using System.Collections.Immutable;
using System.ComponentModel;
using Dais.Protocol;
using Dais.Protocol.Rest;
using Dais.Rooms;
using Dais.Server.Rooms;
using Microsoft.AspNetCore.Mvc;

namespace Dais.Server.Rest;

/// <summary>The routes about rooms as a whole, and who is where.</summary>
internal static class RoomRoutes
{
    private const string Tag = "Rooms";
    private const int CountMax = 100;

    internal static void MapRooms(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/rooms", List)
            .Describe("listRooms", Tag, "Lists the live rooms, private ones included, newest first.")
            .Produces<RoomPage>();
        routes.MapPost("/rooms", CreateAsync)
            .Describe("createRoom", Tag, "Opens a room for an owner who is not there yet: it is live with the host away.", 409, 413, 415)
            .TakesIdempotencyKey()
            .Accepts<RoomCreation>("application/json")
            .Produces<RoomDetails>(StatusCodes.Status201Created);
        routes.MapGet("/rooms/{roomId}", Get)
            .Describe("getRoom", Tag, "Gives a live room with everything there is to know of it.", 404)
            .Produces<RoomDetails>();
        routes.MapDelete("/rooms/{roomId}", EndAsync)
            .Describe("endRoom", Tag, "Ends a room for everybody in it.", 404)
            .Produces(StatusCodes.Status204NoContent);
        routes.MapGet("/users/{userId}/rooms", ListOfUser)
            .Describe("listRoomsOfUser", Tag, "Lists the rooms a user is in.")
            .Produces<UserRooms>();
    }

    private static IResult List(
        [FromServices] RoomGateway gateway,
        [Description("Where the last page ended; absent or empty for the first.")] string? cursor,
        [Description("How many rooms at most, up to 100; 0 leaves it to the server.")] int? count)
    {
        if (count is < 0 or > CountMax)
        {
            return RestAnswer.Invalid("count");
        }

        return gateway.Rooms.TryList(cursor ?? "", count ?? 0, static _ => true, out var page, out string next)
            ? RestAnswer.Ok(
                new RoomPage([.. page.Select(listing => RoomViews.EntryOf(listing.Room!))], next), RestJson.Default.RoomPage)
            : RestAnswer.Invalid("cursor");
    }

    private static async Task<IResult> CreateAsync([FromServices] RoomGateway gateway, HttpRequest request)
    {
        var (body, refusal) = await RestBody.ReadAsync(request, RestJson.Default.RoomCreation);
        if (body is null)
        {
            return refusal!;
        }

        var owner = new Dais.Rooms.Audience.User(new UserId(body.OwnerId), body.OwnerName, body.OwnerAvatarUrl);
        var command = new RoomCommand.Open(owner, SettingsOf(body), TimeSpan.FromSeconds(body.HostWaitSeconds));
        if (await gateway.OpenAsync(command, body.RoomId) is { } error)
        {
            return RestAnswer.Refuse(error);
        }

        return gateway.Find(body.RoomId) is { } listing
            ? RestAnswer.Created(
                RoomViews.DetailsOf(listing),
                RestJson.Default.RoomDetails,
                $"{RestGate.Prefix}/rooms/{Uri.EscapeDataString(body.RoomId)}")
            : RestAnswer.Refuse(ErrorCodes.RoomNotFound);
    }

    private static IResult Get([FromServices] RoomGateway gateway, [Description("The room.")] string roomId) =>
        gateway.Find(RestBody.IdOf(roomId)) is { } listing
            ? RestAnswer.Ok(RoomViews.DetailsOf(listing), RestJson.Default.RoomDetails)
            : RestAnswer.Refuse(ErrorCodes.RoomNotFound);

    private static async Task<IResult> EndAsync([FromServices] RoomGateway gateway, [Description("The room.")] string roomId) =>
        RestAnswer.DoneUnless(await gateway.ExecuteAsync(RestBody.IdOf(roomId), new RoomCommand.EndRoom(null)));

    private static IResult ListOfUser([FromServices] RoomGateway gateway, [Description("The user.")] string userId)
    {
        var id = new UserId(RestBody.IdOf(userId));
        return RestAnswer.Ok(
            new UserRooms(
            [
                .. gateway.Rooms.Listings
                    .Where(listing => listing.Room!.MemberOf(id) is not null)
                    .OrderByDescending(listing => listing.Number)
                    .Select(listing => new UserRoom(
                        listing.Room!.Id.Value, RoomViews.MemberOf(listing.Room, listing.Room.MemberOf(id)!))),
            ]),
            RestJson.Default.UserRooms);
    }

    private static RoomSettings SettingsOf(RoomCreation body) => new()
    {
        Name = body.Name,
        Notice = body.Notice,
        CoverUrl = body.CoverUrl,
        SeatLayoutTemplateId = body.SeatLayoutTemplateId,
        MaxSeats = body.MaxSeats,
        SeatMode = body.SeatMode.ToDomain(),
        KeepOwnerOnSeat = body.KeepOwnerOnSeat,
        IsPublic = body.IsPublic,
        AllowGuestsWhileConnected = body.AllowGuestsWhileConnected,
        Metadata = (body.Metadata ?? ImmutableSortedDictionary<string, string>.Empty).WithComparers(StringComparer.Ordinal),
    };
}
