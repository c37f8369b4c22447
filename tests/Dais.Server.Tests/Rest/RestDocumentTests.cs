using System.Net;
using System.Text.Json.Nodes;
using Dais.Protocol;
using Dais.Protocol.Rest;
using Dais.Server.Rest;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Dais.Server.Tests.Rest;

public sealed class RestDocumentTests
{
    [Fact]
    public async Task Every_route_is_described_and_nothing_else()
    {
        await using var scene = await RestScene.StartAsync();
        var document = await DocumentAsync(scene);

        string[] described =
        [
            .. document["paths"]!.AsObject().SelectMany(path =>
                path.Value!.AsObject().Select(operation => $"{operation.Key.ToUpperInvariant()} {path.Key}")).Order(),
        ];
        string[] routes =
        [
            .. scene.Server.Parts.GetRequiredService<EndpointDataSource>().Endpoints
                .OfType<RouteEndpoint>()
                .Where(endpoint => endpoint.Metadata.GetMetadata<RestRoute>() is not null)
                .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
                    .Select(method => $"{method} {endpoint.RoutePattern.RawText}"))
                .Order(),
        ];
        Assert.Equal(routes, described);
        Assert.Contains("GET /v1/rooms/{roomId}/events", described);
        Assert.Contains("DELETE /v1/connections/{connectionId}", described);
    }

    [Fact]
    public async Task Every_operation_has_a_name_a_summary_and_its_refusals()
    {
        await using var scene = await RestScene.StartAsync();
        var document = await DocumentAsync(scene);
        var operations = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()).Select(each => each.Value!).ToArray();

        Assert.Equal(operations.Length, operations.Select(each => each["operationId"]!.GetValue<string>()).Distinct().Count());
        Assert.All(operations, each => Assert.NotEmpty(each["summary"]!.GetValue<string>()));
        foreach (var operation in operations)
        {
            var responses = operation["responses"]!.AsObject();
            Assert.Contains(responses, response => response.Key.StartsWith('2'));
            foreach (string status in new[] { "400", "401", "403", "429", "500", "503" })
            {
                string? schema = responses[status]?["content"]?["application/problem+json"]?["schema"]?["$ref"]?.GetValue<string>();
                Assert.Equal("#/components/schemas/Problem", schema);
            }

            foreach (var parameter in operation["parameters"]?.AsArray() ?? [])
            {
                Assert.NotEmpty(parameter!["description"]!.GetValue<string>());
            }
        }
    }

    [Fact]
    public async Task Types_the_token_and_idempotency_are_described()
    {
        await using var scene = await RestScene.StartAsync();
        var document = await DocumentAsync(scene);

        Assert.StartsWith("3.", document["openapi"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("bearer", document["components"]!["securitySchemes"]!["bearer"]!["scheme"]!.GetValue<string>());
        Assert.NotNull(document["security"]![0]!["bearer"]);
        var create = document["paths"]!["/v1/rooms"]!["post"]!;
        Assert.Contains(create["parameters"]!.AsArray(), each => each!["name"]!.GetValue<string>() == "Idempotency-Key");
        Assert.Equal(
            "#/components/schemas/RoomCreation",
            create["requestBody"]!["content"]!["application/json"]!["schema"]!["$ref"]!.GetValue<string>());
        var creation = document["components"]!["schemas"]!["RoomCreation"]!;
        Assert.Equal(["roomId", "ownerId"], creation["required"]!.AsArray().Select(each => each!.GetValue<string>()));
        string mode = document["components"]!["schemas"]!["SeatMode"]!.ToJsonString();
        Assert.Contains("apply", mode, StringComparison.Ordinal);
        Assert.Contains("free", mode, StringComparison.Ordinal);
    }

    [Fact]
    public void No_two_errors_have_one_code_or_name()
    {
        ErrorCode[] all = [.. ErrorCodes.All, .. RestErrors.All];

        Assert.Equal(all.Length, all.Select(error => error.Code).Distinct().Count());
        Assert.Equal(all.Length, all.Select(error => error.Name).Distinct().Count());
        Assert.All(all, error => Assert.InRange(RestErrors.StatusOf(error), 400, 503));
    }

    private static async Task<JsonObject> DocumentAsync(RestScene scene)
    {
        scene.Token = null;
        var answer = (await scene.GetAsync("/openapi/v1.json")).Is(HttpStatusCode.OK);
        return answer.Json;
    }
}
