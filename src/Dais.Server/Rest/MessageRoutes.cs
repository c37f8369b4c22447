using System.ComponentModel;
using Dais.Protocol;
using Dais.Protocol.Rest;
using Dais.Rooms;
using Dais.Server.Rooms;
using Microsoft.AspNetCore.Mvc;

namespace Dais.Server.Rest;

/// <summary>The routes about the messages of a room, and about who may write.</summary>
internal static class MessageRoutes
{
    private const string Tag = "Messages";
    private const int CountDefault = 50;
    private const int CountMax = 100;

    internal static void MapMessages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/rooms/{roomId}/messages", List)
            .Describe("listMessages", Tag, "Lists the latest messages of a room, those to some members too, in order.", 404)
            .Produces<MessageHistoryResult>();
        routes.MapPost("/rooms/{roomId}/messages", SendAsync)
            .Describe("sendMessage", Tag, "Sends a message to a room, in any name; the message hook is not asked.", 404, 413, 415)
            .TakesIdempotencyKey()
            .Accepts<MessagePost>("application/json")
            .Produces<MessageSendResult>(StatusCodes.Status201Created);
        routes.MapPut("/rooms/{roomId}/members/{userId}/messageDisabled", DisableAsync)
            .Describe("disableMessages", Tag, "Forbids a member to write, also when they leave and come back.", 404)
            .Produces(StatusCodes.Status204NoContent);
        routes.MapDelete("/rooms/{roomId}/members/{userId}/messageDisabled", EnableAsync)
            .Describe("enableMessages", Tag, "Lets a member write again.", 404)
            .Produces(StatusCodes.Status204NoContent);
    }

    private static IResult List(
        [FromServices] RoomGateway gateway,
        [Description("The room.")] string roomId,
        [Description("Only messages before this place in the room's log; absent for the latest.")] long? beforeSeq,
        [Description("How many messages at most, up to 100; 0 leaves it to the server.")] int? count)
    {
        if (gateway.Find(RestBody.IdOf(roomId))?.Room is not { } room)
        {
            return RestAnswer.Refuse(ErrorCodes.RoomNotFound);
        }

        if (beforeSeq is < 0)
        {
            return RestAnswer.Invalid("beforeSeq");
        }

        if (count is < 0 or > CountMax)
        {
            return RestAnswer.Invalid("count");
        }

        var found = room.Messages.All
            .Where(message => message.Seq < (beforeSeq ?? long.MaxValue))
            .TakeLast(count is null or 0 ? CountDefault : count.Value);
        return RestAnswer.Ok(
            new MessageHistoryResult([.. found.Select(message => message.ToWire())]), RestJson.Default.MessageHistoryResult);
    }

    private static async Task<IResult> SendAsync(
        [FromServices] RoomGateway gateway, HttpRequest request, [Description("The room.")] string roomId)
    {
        var (body, unreadable) = await RestBody.ReadAsync(request, RestJson.Default.MessagePost);
        if (body is null)
        {
            return unreadable!;
        }

        string id = RestBody.IdOf(roomId);
        var from = new Dais.Rooms.Audience.User(new UserId(body.UserId), body.UserName, body.AvatarUrl);
        var (sent, refusal) = await gateway.AnnounceAsync(
            id, from, body.In(id).ToDomain(), [.. (body.To ?? []).Select(user => new UserId(user))]);
        return sent is null
            ? RestAnswer.Refuse(refusal!)
            : RestAnswer.Created(new MessageSendResult(sent.Id.Value, sent.Seq), RestJson.Default.MessageSendResult, location: null);
    }

    private static async Task<IResult> DisableAsync(
        [FromServices] RoomGateway gateway, [Description("The room.")] string roomId, [Description("The member.")] string userId) =>
        RestAnswer.DoneUnless(await gateway.ExecuteAsync(RestBody.IdOf(roomId), Disabling(userId, true)));

    private static async Task<IResult> EnableAsync(
        [FromServices] RoomGateway gateway, [Description("The room.")] string roomId, [Description("The member.")] string userId) =>
        RestAnswer.DoneUnless(await gateway.ExecuteAsync(RestBody.IdOf(roomId), Disabling(userId, false)));

    private static RoomCommand.SetMessageDisabled Disabling(string userId, bool disabled) =>
        new(null, new UserId(RestBody.IdOf(userId)), disabled);
}
