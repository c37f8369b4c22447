using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using Dais.Protocol.Rest;

namespace Dais.Client.Admin;

/// <summary>The calls that are not about one room's people: logs, connections, tokens.</summary>
public sealed partial class DaisAdmin
{
    private const string Root = "/v1/";
    private const int PageMax = 100;
    private const int MemberPageMax = 200;
    private const int EventPageMax = 500;

    /// <summary>
    /// What has happened in a room after the event <paramref name="after"/>, to the end of its log as it is; read page by page. A log
    /// that no longer holds it refuses with <c>eventsForgotten</c>, and <see cref="DaisException.OldestSeq"/> says what it holds.
    /// </summary>
    public async IAsyncEnumerable<RoomEventEntry> ReadEventsAsync(
        string roomId, long after = 0, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        RoomEventPage page;
        do
        {
            page = await ReadEventPageAsync(roomId, after, EventPageMax, cancellation).ConfigureAwait(false);
            foreach (var happened in page.Events)
            {
                yield return happened;
            }

            after = page.LastSeq;
        }
        while (page.HasMore);
    }

    /// <summary>A part of a room's log; its <see cref="RoomEventPage.LastSeq"/> is where the next one goes on after.</summary>
    public Task<RoomEventPage> ReadEventPageAsync(
        string roomId, long after = 0, int limit = 100, CancellationToken cancellation = default) =>
        GetAsync($"{RoomPath(roomId)}/events?after={after}&limit={limit}", RestJson.Default.RoomEventPage, cancellation);

    /// <summary>All connections of rooms.</summary>
    public async Task<ImmutableArray<ConnectionEntry>> ListConnectionsAsync(CancellationToken cancellation = default) =>
        (await GetAsync("connections", RestJson.Default.ConnectionList, cancellation).ConfigureAwait(false)).Connections;

    /// <summary>Ends a connection for all of its rooms; they live on.</summary>
    public Task EndConnectionAsync(string connectionId, CancellationToken cancellation = default) =>
        _caller.CallAsync(AdminCall.Delete($"{Root}connections/{Uri.EscapeDataString(connectionId)}"), cancellation);

    /// <summary>Issues an access token for a user.</summary>
    public Task<TokenIssued> IssueTokenAsync(
        TokenRequest token, string? idempotencyKey = null, CancellationToken cancellation = default) =>
        _caller.CallAsync(
            AdminCall.Post($"{Root}tokens", token, RestJson.Default.TokenRequest, idempotencyKey),
            RestJson.Default.TokenIssued,
            cancellation);

    private Task<TResult> GetAsync<TResult>(string path, JsonTypeInfo<TResult> type, CancellationToken cancellation)
        where TResult : class => _caller.CallAsync(AdminCall.Get(Root + path), type, cancellation);

    private static string RoomPath(string roomId) => $"rooms/{Uri.EscapeDataString(roomId)}";
}
