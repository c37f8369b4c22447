using System.Text.Json;
using System.Text.Json.Nodes;
using Dais.Protocol.Rest;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Dais.Server.Rest;

/// <summary>The description of the API over HTTP (OpenAPI 3.1), made of the routes themselves.</summary>
public static class RestDocument
{
    /// <summary>Where it is.</summary>
    public const string Address = "/openapi/{documentName}.json";

    private const string Name = "v1";
    private const string Scheme = "bearer";

    /// <summary>Adds what makes it.</summary>
    public static void AddRestDocument(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, RestJson.Default);
            json.SerializerOptions.NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict;
            json.SerializerOptions.RespectNullableAnnotations = true;
            json.SerializerOptions.RespectRequiredConstructorParameters = true;
        });
        services.AddOpenApi(Name, options =>
        {
            options.ShouldInclude = description =>
                description.ActionDescriptor.EndpointMetadata.OfType<RestRoute>().Any();
            options.AddDocumentTransformer(DescribeWhole);
            options.AddOperationTransformer(DescribeOperation);
            options.AddSchemaTransformer(DescribeEnum);
        });
    }

    private static Task DescribeWhole(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Dais",
            Version = Name,
            Description = "What an application's backend asks of a Dais server. Every refusal is a problem (RFC 9457) with the error's "
                + "code, its name and whether trying again can help.",
        };
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Scheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                BearerFormat = "JWT",
                Description = "An access token with the role server.",
            },
        };
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
        return Task.CompletedTask;
    }

    private static Task DescribeOperation(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<IdempotentRoute>().Any())
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = IdempotentCalls.Header,
                In = ParameterLocation.Header,
                Description = "A value of your own for this call: when it comes again within a day, it is answered as before and not "
                    + "carried out again.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = 255 },
            });
        }

        return Task.CompletedTask;
    }

    /// <summary>Enums are written by a converter of the contract, which a schema cannot be read from.</summary>
    private static Task DescribeEnum(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (type.IsEnum)
        {
            schema.Type = JsonSchemaType.String;
            schema.Enum = [.. Enum.GetNames(type).Select(name => JsonValue.Create(JsonNamingPolicy.CamelCase.ConvertName(name)))];
        }

        return Task.CompletedTask;
    }
}
