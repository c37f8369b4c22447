using System.ComponentModel;
using Dais.Protocol;
using Dais.Protocol.Rest;
using Dais.Rooms;
using Dais.Server.Rooms;
using Microsoft.AspNetCore.Mvc;

namespace Dais.Server.Rest;

/// <summary>The routes about the seats of a room.</summary>
internal static class SeatRoutes
{
    private const string Tag = "Seats";

    internal static void MapSeats(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/rooms/{roomId}/seats", List)
            .Describe("listSeats", Tag, "Lists the seats of a room.", 404)
            .Produces<SeatList>();
        routes.MapPost("/rooms/{roomId}/seats/{index}/pick", PickAsync)
            .Describe("pickSeat", Tag, "Seats a member, who is not asked; index -1 is the lowest free seat.", 404, 409, 413, 415)
            .TakesIdempotencyKey()
            .Accepts<SeatPick>("application/json")
            .Produces<SeatList>();
        routes.MapDelete("/rooms/{roomId}/seats/{index}/user", ClearAsync)
            .Describe("clearSeat", Tag, "Takes whoever sits there off stage; they stay in the room.", 404, 409)
            .Produces(StatusCodes.Status204NoContent);
        routes.MapPut("/rooms/{roomId}/seats/{index}/lock", LockAsync)
            .Describe("lockSeat", Tag, "Locks a seat, so that nobody can be seated there; who sits there stays.", 404)
            .Produces(StatusCodes.Status204NoContent);
        routes.MapDelete("/rooms/{roomId}/seats/{index}/lock", UnlockAsync)
            .Describe("unlockSeat", Tag, "Unlocks a seat.", 404)
            .Produces(StatusCodes.Status204NoContent);
    }

    private static IResult List([FromServices] RoomGateway gateway, [Description("The room.")] string roomId) =>
        gateway.Find(RestBody.IdOf(roomId))?.Room is { } room
            ? RestAnswer.Ok(new SeatList(RoomSnapshots.SeatsOf(room)), RestJson.Default.SeatList)
            : RestAnswer.Refuse(ErrorCodes.RoomNotFound);

    private static async Task<IResult> PickAsync(
        [FromServices] RoomGateway gateway,
        HttpRequest request,
        [Description("The room.")] string roomId,
        [Description("The seat; -1 for the lowest free one.")] int index)
    {
        var (body, refusal) = await RestBody.ReadAsync(request, RestJson.Default.SeatPick);
        if (body is null)
        {
            return refusal!;
        }

        return await gateway.ExecuteAsync(
            RestBody.IdOf(roomId), new RoomCommand.PickForSeat(new UserId(body.UserId), index)) is { } error
                ? RestAnswer.Refuse(error)
                : List(gateway, roomId);
    }

    private static async Task<IResult> ClearAsync(
        [FromServices] RoomGateway gateway, [Description("The room.")] string roomId, [Description("The seat.")] int index) =>
        RestAnswer.DoneUnless(await gateway.ExecuteAsync(RestBody.IdOf(roomId), new RoomCommand.ClearSeat(index)));

    private static async Task<IResult> LockAsync(
        [FromServices] RoomGateway gateway, [Description("The room.")] string roomId, [Description("The seat.")] int index) =>
        RestAnswer.DoneUnless(await gateway.ExecuteAsync(
            RestBody.IdOf(roomId), new RoomCommand.LockSeat(null, index, Locked: true)));

    private static async Task<IResult> UnlockAsync(
        [FromServices] RoomGateway gateway, [Description("The room.")] string roomId, [Description("The seat.")] int index) =>
        RestAnswer.DoneUnless(await gateway.ExecuteAsync(
            RestBody.IdOf(roomId), new RoomCommand.LockSeat(null, index, Locked: false)));
}
