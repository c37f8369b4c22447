using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Dais.Server.Access;
using Dais.Server.Storage;

namespace Dais.Server.Tests.Rest;

/// <summary>A server, and its application's backend that knows nothing of the server's types.</summary>
public sealed class RestScene : IAsyncDisposable
{
    private readonly HttpClient _http;

    private RestScene(TestServer server)
    {
        Server = server;
        _http = server.CreateHttpClient();
        Token = TokenOf(AccessRole.Server);
    }

    /// <summary>The server.</summary>
    public TestServer Server { get; }

    /// <summary>What calls are made with; null for none.</summary>
    public string? Token { get; set; }

    public static async Task<RestScene> StartAsync(
        Dictionary<string, string?>? settings = null, string environment = "Production", IEventLog? events = null) =>
        new(await TestServer.StartAsync(settings, environment, events: events));

    /// <summary>A server that takes users without tokens, and its backend, which needs one all the same.</summary>
    public static Task<RestScene> StartOpenAsync(Dictionary<string, string?>? settings = null) => StartAsync(settings, "Development");

    /// <summary>A token this server accepts.</summary>
    public string TokenOf(AccessRole role, string room = "*", int seconds = 3_600) =>
        Server.Tokens.Issue(new AccessToken("backend", room, [role], Server.Time.GetUtcNow().AddSeconds(seconds)));

    public Task<RestAnswered> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<RestAnswered> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    public Task<RestAnswered> PutAsync(string path) => SendAsync(HttpMethod.Put, path);

    public Task<RestAnswered> PostAsync(string path, JsonNode body, string? key = null) =>
        SendAsync(HttpMethod.Post, path, JsonContent.Create(body), key);

    public Task<RestAnswered> PostTextAsync(string path, string body, string mediaType = "application/json", string? key = null) =>
        SendAsync(HttpMethod.Post, path, new StringContent(body, Encoding.UTF8, mediaType), key);

    public async Task<RestAnswered> SendAsync(HttpMethod method, string path, HttpContent? content = null, string? key = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Authorization = Token is null ? null : new AuthenticationHeaderValue("Bearer", Token);
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }

        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken)
            .WaitAsync(TestClient.Patience, TestContext.Current.CancellationToken);
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new RestAnswered(
            response.StatusCode,
            response.Content.Headers.ContentType?.MediaType,
            text.StartsWith('{') ? JsonNode.Parse(text)!.AsObject() : [],
            text,
            response.Headers);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Server.DisposeAsync();
    }
}

/// <summary>An answer.</summary>
public sealed record RestAnswered(
    HttpStatusCode Status, string? MediaType, JsonObject Json, string Text, HttpResponseHeaders Headers)
{
    /// <summary>Fails unless this is the problem <paramref name="name"/> with everything a problem has.</summary>
    public RestAnswered Refused(HttpStatusCode status, string name, string? field = null)
    {
        Assert.Equal((status, "application/problem+json"), (Status, MediaType));
        Assert.Equal(name, Json["name"]!.GetValue<string>());
        Assert.Equal((int)status, Json["status"]!.GetValue<int>());
        Assert.Equal($"urn:dais:error:{name}", Json["type"]!.GetValue<string>());
        Assert.NotEqual(0, Json["code"]!.GetValue<int>());
        Assert.NotEmpty(Json["title"]!.GetValue<string>());
        Assert.NotNull(Json["retryable"]);
        Assert.Equal(field, Json["field"]?.GetValue<string>());
        return this;
    }

    /// <summary>Fails unless this is <paramref name="status"/>.</summary>
    public RestAnswered Is(HttpStatusCode status)
    {
        Assert.True(status == Status, $"{Status}: {Text}");
        return this;
    }

    /// <summary>The ids in the list <paramref name="list"/>, which each item has under <paramref name="id"/>.</summary>
    public string[] Ids(string list, string id) => [.. Json[list]!.AsArray().Select(item => item![id]!.GetValue<string>())];
}
