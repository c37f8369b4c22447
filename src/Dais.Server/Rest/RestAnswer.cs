using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dais.Protocol;
using Dais.Protocol.Rest;

namespace Dais.Server.Rest;

/// <summary>What calls are answered with.</summary>
public static class RestAnswer
{
    /// <summary>200 with <paramref name="value"/>.</summary>
    public static IResult Ok<TValue>(TValue value, JsonTypeInfo<TValue> type) =>
        new JsonAnswer<TValue>(value, type, StatusCodes.Status200OK, null);

    /// <summary>201 with <paramref name="value"/>, which is to be found at <paramref name="location"/>.</summary>
    public static IResult Created<TValue>(TValue value, JsonTypeInfo<TValue> type, string? location) =>
        new JsonAnswer<TValue>(value, type, StatusCodes.Status201Created, location);

    /// <summary>204: done.</summary>
    public static IResult Done() => TypedResults.NoContent();

    /// <summary>204, or why not.</summary>
    public static IResult DoneUnless(ErrorCode? refusal) => refusal is null ? Done() : Refuse(refusal);

    /// <summary>The refusal <paramref name="error"/> is.</summary>
    public static IResult Refuse(ErrorCode error, string? field = null, string? detail = null) =>
        new RefusedAnswer(Problem.Of(error, field, detail));

    /// <summary>The refusal <paramref name="problem"/> is.</summary>
    public static IResult Refuse(Problem problem) => new RefusedAnswer(problem);

    /// <summary>The refusal of a parameter.</summary>
    public static IResult Invalid(string field, string? detail = null) => Refuse(ErrorCodes.InvalidParams, field, detail);

    private sealed class JsonAnswer<TValue>(TValue value, JsonTypeInfo<TValue> type, int status, string? location) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            if (location is not null)
            {
                httpContext.Response.Headers.Location = location;
            }

            return WriteAsync(httpContext, JsonSerializer.SerializeToUtf8Bytes(value, type), "application/json; charset=utf-8");
        }
    }

    private sealed class RefusedAnswer(Problem problem) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Features.Set(problem);
            httpContext.Response.StatusCode = problem.Status;
            if (problem.Status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
            {
                httpContext.Response.Headers.RetryAfter = "1";
            }

            return WriteAsync(
                httpContext, JsonSerializer.SerializeToUtf8Bytes(problem, RestJson.Default.Problem), Problem.MediaType);
        }
    }

    private static Task WriteAsync(HttpContext context, byte[] body, string mediaType)
    {
        var response = context.Response;
        response.ContentType = mediaType;
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "no-store";
        return response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
