using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Dais.Client.Admin;
using Dais.Protocol.Rest;

namespace Dais.Client.Tests.Admin;

public sealed class AdminRetryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    public async Task A_call_the_server_has_no_room_for_is_tried_again_with_the_same_key(HttpStatusCode status)
    {
        using var handler = new ScriptedHandler(Refusal(status), Refusal(status), () => Answer(HttpStatusCode.Created, """{"token":"t","expiresAt":1}"""));
        using var admin = AdminOf(handler);

        var token = await admin.IssueTokenAsync(new TokenRequest("ann"), cancellation: Cancellation);

        Assert.Equal("t", token.Token);
        Assert.Equal(3, handler.Keys.Count);
        Assert.Single(handler.Keys.Distinct());
    }

    [Fact]
    public async Task It_gives_up_after_so_many_tries()
    {
        using var handler = new ScriptedHandler(
            [.. Enumerable.Repeat(Refusal(HttpStatusCode.ServiceUnavailable), 10)]);
        using var admin = AdminOf(handler);

        var refusal = await Assert.ThrowsAsync<DaisException>(() => admin.ListConnectionsAsync(Cancellation));

        Assert.Equal(("limitReached", true), (refusal.Name, refusal.IsRetryable));
        Assert.Equal(3, handler.Count);
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.BadGateway)]
    [InlineData(HttpStatusCode.Conflict)]
    public async Task Any_other_refusal_is_final(HttpStatusCode status)
    {
        using var handler = new ScriptedHandler(Refusal(status), Refusal(status));
        using var admin = AdminOf(handler);

        await Assert.ThrowsAsync<DaisException>(() => admin.ListConnectionsAsync(Cancellation));

        Assert.Equal(1, handler.Count);
    }

    [Theory]
    [InlineData("<html>a proxy's page</html>")]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("null")]
    public async Task An_answer_that_is_not_the_servers_is_said_to_be(string body)
    {
        foreach (var status in new[] { HttpStatusCode.OK, HttpStatusCode.NotFound })
        {
            using var handler = new ScriptedHandler(() => Answer(status, body));
            using var admin = AdminOf(handler);

            var refusal = await Assert.ThrowsAsync<DaisException>(() => admin.ListConnectionsAsync(Cancellation));

            Assert.Equal(DaisException.BadAnswer, refusal.Code);
        }
    }

    [Fact]
    public async Task What_a_forgotten_log_still_holds_is_told()
    {
        using var handler = new ScriptedHandler(() => Answer(
            HttpStatusCode.Gone,
            """{"type":"urn:dais:error:eventsForgotten","title":"Gone","status":410,"code":1110,"name":"eventsForgotten","retryable":false,"oldestSeq":42}"""));
        using var admin = AdminOf(handler);

        var refusal = await Assert.ThrowsAsync<DaisException>(() => admin.ReadEventPageAsync("lobby", cancellation: Cancellation));

        Assert.Equal((1110, 42L), (refusal.Code, refusal.OldestSeq));
    }

    [Fact]
    public void A_backend_without_any_right_is_a_mistake() =>
        Assert.Throws<ArgumentException>(() => new DaisAdmin(new DaisAdminOptions { Url = new Uri("http://localhost:1") }));

    private static DaisAdmin AdminOf(ScriptedHandler handler) => new(
        new DaisAdminOptions { Url = new Uri("http://dais.test"), TokenAsync = _ => ValueTask.FromResult("token") },
        new HttpClient(handler));

    private static Func<HttpResponseMessage> Refusal(HttpStatusCode status) => () =>
    {
        var answer = Answer(
            status,
            $$"""{"type":"t","title":"No room","status":{{(int)status}},"code":1006,"name":"limitReached","retryable":true}""");
        answer.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.Zero);
        return answer;
    };

    private static HttpResponseMessage Answer(HttpStatusCode status, string body) =>
        new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    /// <summary>Gives the answers of a script, one after another.</summary>
    private sealed class ScriptedHandler(params Func<HttpResponseMessage>[] answers) : HttpMessageHandler
    {
        public ConcurrentQueue<string> Keys { get; } = new();

        public int Count { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Headers.TryGetValues("Idempotency-Key", out var keys))
            {
                Keys.Enqueue(keys.Single());
            }

            return Task.FromResult(answers[Count++]());
        }
    }
}
