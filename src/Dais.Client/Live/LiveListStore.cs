using System.Collections.Immutable;
using Dais.Protocol;

namespace Dais.Client.Live;

/// <summary>A live, or what is to become one.</summary>
public sealed record LiveInfo
{
    /// <summary>The live's id, chosen by the application.</summary>
    public required string LiveId { get; init; }

    /// <summary>Its name.</summary>
    public string LiveName { get; init; } = "";

    /// <summary>What the host wants everybody to read.</summary>
    public string Notice { get; init; } = "";

    /// <summary>The picture lists show.</summary>
    public string CoverUrl { get; init; } = "";

    /// <summary>How the stage is drawn.</summary>
    public int SeatLayoutTemplateId { get; init; } = 600;

    /// <summary>How many seats there are, the host's included.</summary>
    public int MaxSeatCount { get; init; } = 10;

    /// <summary>How members come on stage.</summary>
    public SeatMode SeatMode { get; init; } = SeatMode.Apply;

    /// <summary>Whether the owner takes seat 0 and it is kept for them.</summary>
    public bool KeepOwnerOnSeat { get; init; } = true;

    /// <summary>Whether lists show it.</summary>
    public bool IsPublicVisible { get; init; } = true;

    /// <summary>Whose live it is; null for one that has not started.</summary>
    public LiveUserInfo? LiveOwner { get; init; }

    /// <summary>When it started, in milliseconds since the Unix epoch.</summary>
    public long CreateTime { get; init; }

    /// <summary>How many members there are, the host not counted.</summary>
    public int AudienceCount { get; init; }

    internal static LiveInfo Of(RoomInfo room) => new()
    {
        LiveId = room.RoomId,
        LiveName = room.Name,
        CoverUrl = room.CoverUrl,
        MaxSeatCount = room.MaxSeats,
        SeatMode = room.SeatMode,
        LiveOwner = LiveUserInfo.Of(room.Owner),
        CreateTime = room.CreatedAt,
        AudienceCount = room.AudienceCount,
    };

    internal static LiveInfo Of(RoomSnapshot room) => new()
    {
        LiveId = room.RoomId,
        LiveName = room.Name,
        Notice = room.Notice,
        CoverUrl = room.CoverUrl,
        SeatLayoutTemplateId = room.SeatLayoutTemplateId,
        MaxSeatCount = room.MaxSeats,
        SeatMode = room.SeatMode,
        LiveOwner = LiveUserInfo.Of(room.Owner),
        CreateTime = room.CreatedAt,
        AudienceCount = room.AudienceCount,
    };
}

/// <summary>Why a live ended.</summary>
public enum LiveEndedReason
{
    /// <summary>The host ended it.</summary>
    EndedByHost = 1,

    /// <summary>The server did, or the host did not come back.</summary>
    EndedByServer = 2,
}

/// <summary>Why this user is no longer in a live.</summary>
public enum LiveKickedOutReason
{
    /// <summary>A host or admin removed them.</summary>
    ByAdmin = 0,

    /// <summary>The same user came with a newer connection, or the connection was closed for good.</summary>
    ByLoggedOnOtherDevice = 1,

    /// <summary>The connection was lost for so long that the place was given up.</summary>
    ForNetworkDisconnected = 3,
}

/// <summary>What is heard of the live one is in; set what you want to hear.</summary>
public sealed record LiveListListener
{
    /// <summary>The live has ended: its id, why, and why in words.</summary>
    public Action<string, LiveEndedReason, string>? OnLiveEnded { get; init; }

    /// <summary>This user is no longer in the live: its id, why, and why in words.</summary>
    public Action<string, LiveKickedOutReason, string>? OnKickedOutOfLive { get; init; }
}

/// <summary>The lives there are, and the one this user is in, in the words of live list stores. One for each client.</summary>
public sealed class LiveListStore
{
    private readonly DaisClient _client;
    private readonly ListenerList<LiveListListener> _listeners = new();
    private volatile string? _wanted;
    private volatile Room? _current;

    private LiveListStore(DaisClient client)
    {
        _client = client;
        client.RoomEntered += room => Attach(room, room.RoomId == _wanted);
    }

    /// <summary>The public lives, as far as they were fetched.</summary>
    public ValueListenable<ImmutableArray<LiveInfo>> LiveList { get; } = new([], ListComparer<LiveInfo>.Default);

    /// <summary>Where the next page starts; empty at the end.</summary>
    public ValueListenable<string> LiveListCursor { get; } = new("");

    /// <summary>The live this user is in; null for none.</summary>
    public ValueListenable<LiveInfo?> CurrentLive { get; } = new(null);

    /// <summary>The store of a client, the same for every call.</summary>
    /// <param name="client">Whose view; by default the user's of <see cref="LoginStore.Shared"/>.</param>
    public static LiveListStore Create(DaisClient? client = null)
    {
        var user = LoginStore.ClientOr(client);
        return user.Stores.Get("", () => new LiveListStore(user));
    }

    /// <summary>Fetches a page of the public lives: from the start with an empty cursor, otherwise added to those there are.</summary>
    public Task<CompletionHandler> FetchLiveList(string cursor = "", int count = 20) => CompletionHandler.OfAsync(async () =>
    {
        var page = await _client.ListRoomsAsync(cursor, count).ConfigureAwait(false);
        await _client.RunAsync(() =>
        {
            var before = cursor.Length == 0 ? [] : LiveList.Value;
            LiveList.Value = [.. before.Concat(page.Rooms.Select(LiveInfo.Of)).DistinctBy(live => live.LiveId)];
            LiveListCursor.Value = page.Cursor;
        }).ConfigureAwait(false);
    });

    /// <summary>Goes live.</summary>
    public Task<CompletionHandler> StartLive(LiveInfo live)
    {
        ArgumentNullException.ThrowIfNull(live);
        return EnterAsync(live.LiveId, () => _client.StartRoomAsync(new RoomStartParams(
            live.LiveId,
            live.LiveName,
            live.Notice,
            live.CoverUrl,
            live.SeatLayoutTemplateId,
            live.MaxSeatCount,
            live.SeatMode,
            live.KeepOwnerOnSeat,
            live.IsPublicVisible)));
    }

    /// <summary>Joins a live.</summary>
    public Task<CompletionHandler> JoinLive(string liveId) => EnterAsync(liveId, () => _client.JoinRoomAsync(liveId));

    /// <summary>Leaves the live. When the host does, it waits for the host for a while.</summary>
    public Task<CompletionHandler> LeaveLive() => CallAsync(room => room.LeaveAsync());

    /// <summary>Ends the live (host).</summary>
    public Task<CompletionHandler> EndLive() => CallAsync(room => room.EndAsync());

    /// <summary>Changes what the live shows (host, admin).</summary>
    public Task<CompletionHandler> UpdateLiveInfo(LiveInfo live)
    {
        ArgumentNullException.ThrowIfNull(live);
        return CallAsync(room => room.UpdateAsync(new RoomUpdateParams(
            room.RoomId, live.LiveName, live.Notice, live.CoverUrl, live.SeatLayoutTemplateId)));
    }

    /// <summary>Adds a listener.</summary>
    public void AddLiveListListener(LiveListListener listener) => _listeners.Add(listener);

    /// <summary>Removes a listener; one that is not there changes nothing.</summary>
    public void RemoveLiveListListener(LiveListListener listener) => _listeners.Remove(listener);

    private Task<CompletionHandler> EnterAsync(string liveId, Func<Task<Room>> enter) => CompletionHandler.OfAsync(async () =>
    {
        // Attached on the way in, so that no event falls in between; afterwards again for a room this client was in already.
        _wanted = liveId;
        var room = await enter().ConfigureAwait(false);
        await _client.RunAsync(() => Attach(room, isWanted: true)).ConfigureAwait(false);
    });

    private void Attach(Room room, bool isWanted)
    {
        if (isWanted && _current != room && room.State.Closed is null)
        {
            _current = room;
            _ = room.Observe(happened => Handle(room, happened));
            CurrentLive.Value = LiveInfo.Of(room.State.Room);
        }
    }

    private Task<CompletionHandler> CallAsync(Func<Room, Task> call) => _current is { } room
        ? CompletionHandler.OfAsync(() => call(room))
        : Task.FromResult(CompletionHandler.BeforeEntering);

    private void Handle(Room room, RoomNotification happened)
    {
        if (room != _current)
        {
            return;
        }

        if (happened is not RoomNotification.Closed closed)
        {
            CurrentLive.Value = LiveInfo.Of(room.State.Room);
            return;
        }

        _current = null;
        CurrentLive.Value = null;
        switch (closed.Reason)
        {
            case RoomCloseReason.Host:
                _listeners.Tell(listener => listener.OnLiveEnded?.Invoke(room.RoomId, LiveEndedReason.EndedByHost, "The host ended the live."));
                break;
            case RoomCloseReason.Server or RoomCloseReason.HostTimeout:
                _listeners.Tell(listener => listener.OnLiveEnded?.Invoke(room.RoomId, LiveEndedReason.EndedByServer, "The live has ended."));
                break;
            case RoomCloseReason.Kicked:
                TellKicked(LiveKickedOutReason.ByAdmin, "A host or admin removed you.");
                break;
            case RoomCloseReason.Gone:
                TellKicked(LiveKickedOutReason.ForNetworkDisconnected, "The live was not there any more when the connection came back.");
                break;
            case RoomCloseReason.ConnectionClosed:
                TellKicked(LiveKickedOutReason.ByLoggedOnOtherDevice, "The connection was closed.");
                break;
        }

        void TellKicked(LiveKickedOutReason reason, string message) =>
            _listeners.Tell(listener => listener.OnKickedOutOfLive?.Invoke(room.RoomId, reason, message));
    }
}
