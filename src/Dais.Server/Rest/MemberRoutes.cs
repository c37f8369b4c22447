using System.ComponentModel;
using System.Globalization;
using Dais.Protocol;
using Dais.Protocol.Rest;
using Dais.Rooms;
using Microsoft.AspNetCore.Mvc;

namespace Dais.Server.Rest;

/// <summary>The routes about the members of a room.</summary>
internal static class MemberRoutes
{
    private const string Tag = "Members";
    private const int CountDefault = 50;
    private const int CountMax = 200;

    internal static void MapMembers(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/rooms/{roomId}/members", List)
            .Describe("listMembers", Tag, "Lists the members of a room, latest first; the host is not among them.", 404)
            .Produces<MemberPage>();
        routes.MapGet("/rooms/{roomId}/members/count", Count)
            .Describe("countMembers", Tag, "Says how many members a room has.", 404)
            .Produces<MemberCount>();
        routes.MapDelete("/rooms/{roomId}/members/{userId}", KickAsync)
            .Describe("kickMember", Tag, "Removes a member from a room; the host can only be ended with it.", 404)
            .Produces(StatusCodes.Status204NoContent);
    }

    private static IResult List(
        [FromServices] RoomGateway gateway,
        [Description("The room.")] string roomId,
        [Description("Where the last page ended; absent or empty for the first.")] string? cursor,
        [Description("How many members at most, up to 200; 0 leaves it to the server.")] int? count)
    {
        if (gateway.Find(RestBody.IdOf(roomId))?.Room is not { } room)
        {
            return RestAnswer.Refuse(ErrorCodes.RoomNotFound);
        }

        long before = long.MaxValue;
        if (!string.IsNullOrEmpty(cursor) && !long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out before))
        {
            return RestAnswer.Invalid("cursor");
        }

        if (count is < 0 or > CountMax)
        {
            return RestAnswer.Invalid("count");
        }

        int size = count is null or 0 ? CountDefault : count.Value;
        var members = room.Audience(size + 1, before);
        string next = members.Length > size ? members[size - 1].JoinNumber.ToString(CultureInfo.InvariantCulture) : "";
        return RestAnswer.Ok(
            new MemberPage([.. members.Take(size).Select(member => RoomViews.MemberOf(room, member))], room.AudienceCount, next),
            RestJson.Default.MemberPage);
    }

    private static IResult Count([FromServices] RoomGateway gateway, [Description("The room.")] string roomId) =>
        gateway.Find(RestBody.IdOf(roomId))?.Room is { } room
            ? RestAnswer.Ok(new MemberCount(room.AudienceCount, room.MemberOf(room.Owner.Id) is not null), RestJson.Default.MemberCount)
            : RestAnswer.Refuse(ErrorCodes.RoomNotFound);

    private static async Task<IResult> KickAsync(
        [FromServices] RoomGateway gateway, [Description("The room.")] string roomId, [Description("The member.")] string userId) =>
        RestAnswer.DoneUnless(await gateway.ExecuteAsync(
            RestBody.IdOf(roomId), new RoomCommand.KickMember(null, new UserId(RestBody.IdOf(userId)))));
}
