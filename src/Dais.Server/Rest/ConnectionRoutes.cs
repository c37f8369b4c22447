using System.ComponentModel;
using Dais.Protocol;
using Dais.Protocol.Rest;
using Dais.Rooms;
using Dais.Server.Rooms;
using Microsoft.AspNetCore.Mvc;

namespace Dais.Server.Rest;

/// <summary>The routes about rooms that are connected.</summary>
internal static class ConnectionRoutes
{
    private const string Tag = "Connections";

    internal static void MapConnections(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/connections", List)
            .Describe("listConnections", Tag, "Lists the connections of rooms.")
            .Produces<ConnectionList>();
        routes.MapDelete("/connections/{connectionId}", EndAsync)
            .Describe("endConnection", Tag, "Ends a connection for all of its rooms; they live on.", 404)
            .Produces(StatusCodes.Status204NoContent);
    }

    private static IResult List([FromServices] RoomGateway gateway) => RestAnswer.Ok(
        new ConnectionList(
        [
            .. gateway.Rooms.Listings
                .Select(listing => listing.Room!.Connection)
                .OfType<Dais.Rooms.Connections.HostConnection>()
                .DistinctBy(connection => connection.Id)
                .OrderBy(connection => connection.Id.Value, StringComparer.Ordinal)
                .Select(connection => new ConnectionEntry(
                    connection.Id.Value,
                    connection.LayoutTemplateId,
                    [.. connection.Members.Select(member => member.Host.ToWire())])),
        ]),
        RestJson.Default.ConnectionList);

    private static async Task<IResult> EndAsync(
        [FromServices] RoomGateway gateway, [Description("The connection.")] string connectionId)
    {
        var id = new LinkId(RestBody.IdOf(connectionId));
        var member = gateway.Rooms.Listings.Select(listing => listing.Room!).FirstOrDefault(room => room.Connection?.Id == id);
        if (member is null)
        {
            return RestAnswer.Refuse(ErrorCodes.ConnectionNotFound);
        }

        // The room may have left it by now, for another one even.
        var refusal = await gateway.ExecuteAsync(
            member.Id.Value,
            room => room.Connection?.Id == id ? new RoomCommand.EndConnection() : null,
            ErrorCodes.ConnectionNotFound);
        return RestAnswer.DoneUnless(refusal == ErrorCodes.RoomNotFound ? ErrorCodes.ConnectionNotFound : refusal);
    }
}
