using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Dais.Protocol;
using Dais.Protocol.Rest;

namespace Dais.Client.Admin;

/// <summary>
/// What an application's backend asks of a Dais server, over HTTP. Refusals are <see cref="DaisException"/> with the error's code.
/// Calls that create something have an idempotency key, their own unless one is given, so the server carries each out once.
/// </summary>
public sealed partial class DaisAdmin : IDisposable
{
    private readonly HttpClient _http;
    private readonly bool _ownsHttp;
    private readonly AdminCaller _caller;

    /// <summary>A backend of the server <paramref name="options"/> names.</summary>
    /// <param name="options">Which server, and by what right.</param>
    /// <param name="http">What to call with, which stays the caller's; null for one of its own.</param>
    /// <exception cref="ArgumentException">There is neither a secret nor somebody to ask for tokens.</exception>
    public DaisAdmin(DaisAdminOptions options, HttpClient? http = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Secret is null && options.TokenAsync is null)
        {
            throw new ArgumentException($"Set {nameof(DaisAdminOptions.Secret)} or {nameof(DaisAdminOptions.TokenAsync)}.", nameof(options));
        }

        _ownsHttp = http is null;
        _http = http ?? new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        _caller = new AdminCaller(_http, options);
    }

    /// <summary>Every live room, private ones included, newest first; read page by page.</summary>
    public async IAsyncEnumerable<RoomEntry> ListRoomsAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        string cursor = "";
        do
        {
            var page = await ListRoomPageAsync(cursor, PageMax, cancellation).ConfigureAwait(false);
            foreach (var room in page.Rooms)
            {
                yield return room;
            }

            cursor = page.Cursor;
        }
        while (cursor.Length > 0);
    }

    /// <summary>A page of the live rooms.</summary>
    public Task<RoomPage> ListRoomPageAsync(string cursor = "", int count = 0, CancellationToken cancellation = default) =>
        GetAsync($"rooms?cursor={Uri.EscapeDataString(cursor)}&count={count}", RestJson.Default.RoomPage, cancellation);

    /// <summary>A live room with everything there is to know of it.</summary>
    public Task<RoomDetails> GetRoomAsync(string roomId, CancellationToken cancellation = default) =>
        GetAsync(RoomPath(roomId), RestJson.Default.RoomDetails, cancellation);

    /// <summary>Opens a room for an owner who is not there yet: it is live with the host away.</summary>
    public Task<RoomDetails> CreateRoomAsync(RoomCreation room, string? idempotencyKey = null, CancellationToken cancellation = default) =>
        _caller.CallAsync(
            AdminCall.Post($"{Root}rooms", room, RestJson.Default.RoomCreation, idempotencyKey),
            RestJson.Default.RoomDetails,
            cancellation);

    /// <summary>Ends a room for everybody in it.</summary>
    public Task EndRoomAsync(string roomId, CancellationToken cancellation = default) =>
        _caller.CallAsync(AdminCall.Delete(Root + RoomPath(roomId)), cancellation);

    /// <summary>The rooms a user is in, newest first.</summary>
    public async Task<ImmutableArray<UserRoom>> ListRoomsOfUserAsync(string userId, CancellationToken cancellation = default) =>
        (await GetAsync($"users/{Uri.EscapeDataString(userId)}/rooms", RestJson.Default.UserRooms, cancellation)
            .ConfigureAwait(false)).Rooms;

    /// <summary>Every member of a room but the host, latest first; read page by page.</summary>
    public async IAsyncEnumerable<RoomMember> ListMembersAsync(
        string roomId, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        string cursor = "";
        do
        {
            var page = await ListMemberPageAsync(roomId, cursor, MemberPageMax, cancellation).ConfigureAwait(false);
            foreach (var member in page.Members)
            {
                yield return member;
            }

            cursor = page.Cursor;
        }
        while (cursor.Length > 0);
    }

    /// <summary>A page of the members of a room.</summary>
    public Task<MemberPage> ListMemberPageAsync(
        string roomId, string cursor = "", int count = 0, CancellationToken cancellation = default) =>
        GetAsync(
            $"{RoomPath(roomId)}/members?cursor={Uri.EscapeDataString(cursor)}&count={count}",
            RestJson.Default.MemberPage,
            cancellation);

    /// <summary>How many members a room has.</summary>
    public Task<MemberCount> CountMembersAsync(string roomId, CancellationToken cancellation = default) =>
        GetAsync($"{RoomPath(roomId)}/members/count", RestJson.Default.MemberCount, cancellation);

    /// <summary>Removes a member from a room.</summary>
    public Task KickMemberAsync(string roomId, string userId, CancellationToken cancellation = default) =>
        _caller.CallAsync(AdminCall.Delete($"{Root}{RoomPath(roomId)}/members/{Uri.EscapeDataString(userId)}"), cancellation);

    /// <summary>The seats of a room.</summary>
    public async Task<ImmutableArray<Seat>> ListSeatsAsync(string roomId, CancellationToken cancellation = default) =>
        (await GetAsync($"{RoomPath(roomId)}/seats", RestJson.Default.SeatList, cancellation).ConfigureAwait(false)).Seats;

    /// <summary>Seats a member, who is not asked, and gives the seats as they are then.</summary>
    /// <param name="roomId">The room.</param>
    /// <param name="userId">The member.</param>
    /// <param name="seatIndex">The seat; -1 for the lowest free one.</param>
    /// <param name="idempotencyKey">By which the server knows this call when it comes again; null for one of its own.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<ImmutableArray<Seat>> PickSeatAsync(
        string roomId, string userId, int seatIndex = -1, string? idempotencyKey = null, CancellationToken cancellation = default) =>
        (await _caller.CallAsync(
            AdminCall.Post(
                $"{Root}{RoomPath(roomId)}/seats/{seatIndex}/pick", new SeatPick(userId), RestJson.Default.SeatPick, idempotencyKey),
            RestJson.Default.SeatList,
            cancellation).ConfigureAwait(false)).Seats;

    /// <summary>Takes whoever sits there off stage; they stay in the room.</summary>
    public Task ClearSeatAsync(string roomId, int seatIndex, CancellationToken cancellation = default) =>
        _caller.CallAsync(AdminCall.Delete($"{Root}{RoomPath(roomId)}/seats/{seatIndex}/user"), cancellation);

    /// <summary>Locks a seat; who sits there stays.</summary>
    public Task LockSeatAsync(string roomId, int seatIndex, CancellationToken cancellation = default) =>
        _caller.CallAsync(AdminCall.Put($"{Root}{RoomPath(roomId)}/seats/{seatIndex}/lock"), cancellation);

    /// <summary>Unlocks a seat.</summary>
    public Task UnlockSeatAsync(string roomId, int seatIndex, CancellationToken cancellation = default) =>
        _caller.CallAsync(AdminCall.Delete($"{Root}{RoomPath(roomId)}/seats/{seatIndex}/lock"), cancellation);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_ownsHttp)
        {
            _http.Dispose();
        }
    }
}
