using System.ComponentModel;
using Dais.Protocol.Rest;
using Microsoft.AspNetCore.Mvc;

namespace Dais.Server.Rest;

/// <summary>The route to a room's log.</summary>
internal static class EventRoutes
{
    private const int LimitDefault = 100;
    private const int LimitMax = 1_000;

    internal static void MapEvents(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/rooms/{roomId}/events", ReadAsync)
            .Describe(
                "readEvents", "Events", "Replays what happened in a room, also after its end, as far back as its log goes.", 404, 410)
            .Produces<RoomEventPage>();

    private static async Task<IResult> ReadAsync(
        [FromServices] RoomHistory history,
        HttpContext context,
        [Description("The room.")] string roomId,
        [Description("The last event already known; absent or 0 for none.")] long? after,
        [Description("How many events at most, up to 1000; absent for 100.")] int? limit)
    {
        if (after is < 0)
        {
            return RestAnswer.Invalid("after");
        }

        if (limit is < 1 or > LimitMax)
        {
            return RestAnswer.Invalid("limit");
        }

        var (page, refusal) = await history.ReadAsync(
            RestBody.IdOf(roomId), after ?? 0, limit ?? LimitDefault, context.RequestAborted);
        return page is not null ? RestAnswer.Ok(page, RestJson.Default.RoomEventPage) : RestAnswer.Refuse(refusal!);
    }
}
