using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Dais.Server.Access;
using Dais.Server.Rooms;
using Dais.Server.Tests.Media;
using Microsoft.Extensions.DependencyInjection;

namespace Dais.Server.Tests.Whip;

/// <summary>A server, and WHIP and WHEP clients that know nothing of the server's types.</summary>
public sealed class WhipScene : IAsyncDisposable
{
    private readonly HttpClient _http;

    private WhipScene(TestServer server)
    {
        Server = server;
        _http = server.CreateHttpClient();
    }

    /// <summary>The server.</summary>
    public TestServer Server { get; }

    public static async Task<WhipScene> StartAsync(
        Dictionary<string, string?>? settings = null, string environment = "Development", bool realMedia = false) =>
        new(await TestServer.StartAsync(settings, environment, realMedia: realMedia));

    /// <summary>The offer of a real browser.</summary>
    public static string OfferOf(string name) =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "data", "sdp", name + "-offer.sdp")).ReplaceLineEndings("\r\n");

    /// <summary>A token this server accepts.</summary>
    public string TokenOf(string user, AccessRole role, string room = "*", int seconds = 3_600) =>
        Server.Tokens.Issue(new AccessToken(user, room, [role], Server.Time.GetUtcNow().AddSeconds(seconds)));

    /// <summary>Asks for a session; the offer is one to publish for <c>/whip</c> and one to watch for <c>/whep</c> unless given.</summary>
    public Task<WhipAnswered> PostAsync(string path, string? token = null, string? offer = null, string mediaType = "application/sdp", string? accept = null) =>
        SendAsync(
            HttpMethod.Post,
            path,
            token,
            offer ?? (path.StartsWith("/whip", StringComparison.Ordinal) ? Offers.Publish() : Offers.Subscribe(slots: 1)),
            mediaType,
            request => request.Headers.TryAddWithoutValidation("Accept", accept));

    /// <summary>Sends a fragment.</summary>
    public Task<WhipAnswered> PatchAsync(
        string location, string fragment, string? ifMatch, string? token = null, string mediaType = "application/trickle-ice-sdpfrag") =>
        SendAsync(HttpMethod.Patch, location, token, fragment, mediaType, request => request.Headers.TryAddWithoutValidation("If-Match", ifMatch));

    public Task<WhipAnswered> DeleteAsync(string location, string? token = null) => SendAsync(HttpMethod.Delete, location, token);

    public async Task<WhipAnswered> SendAsync(
        HttpMethod method, string path, string? token = null, string? body = null, string mediaType = "application/sdp", Action<HttpRequestMessage>? prepare = null)
    {
        using var request = new HttpRequestMessage(method, path)
        {
            Content = body is null ? null : new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } },
        };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        prepare?.Invoke(request);
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken)
            .WaitAsync(TestClient.Patience, TestContext.Current.CancellationToken);
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new WhipAnswered(
            response.StatusCode,
            response.Content.Headers.ContentType?.MediaType,
            text,
            response.Headers,
            string.Join(", ", response.Content.Headers.Allow));
    }

    /// <summary>Waits until there is no room of that name any more.</summary>
    public Task UntilOverAsync(string roomId) =>
        Eventually.IsTrueAsync(() => Server.Parts.GetRequiredService<RoomDirectory>().Find(roomId) is null);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Server.DisposeAsync();
    }
}

/// <summary>An answer.</summary>
public sealed record WhipAnswered(HttpStatusCode Status, string? MediaType, string Text, HttpResponseHeaders Headers, string Allow)
{
    /// <summary>The session's URL.</summary>
    public string Location => Headers.Location!.ToString();

    /// <summary>The name of the ICE session.</summary>
    public string EntityTag => Headers.ETag!.ToString();

    /// <summary>Fails unless this is <paramref name="status"/>.</summary>
    public WhipAnswered Is(HttpStatusCode status)
    {
        Assert.True(status == Status, $"{Status}: {Text}");
        return this;
    }

    /// <summary>Fails unless this is a problem of that status and name.</summary>
    public WhipAnswered Refused(HttpStatusCode status, string name, string? field = null)
    {
        Assert.True(status == Status, $"{Status}: {Text}");
        Assert.Equal("application/problem+json", MediaType);
        var problem = JsonNode.Parse(Text)!;
        Assert.Equal((name, field), (problem["name"]!.GetValue<string>(), problem["field"]?.GetValue<string>()));
        Assert.Equal("*", Headers.GetValues("Access-Control-Allow-Origin").Single());
        return this;
    }

    /// <summary>A header of any name.</summary>
    public string[] Values(string name) => Headers.TryGetValues(name, out var values) ? [.. values] : [];
}
