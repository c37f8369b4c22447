using System.Collections.Immutable;
using Dais.Protocol;

namespace Dais.Client.Live;

/// <summary>A member of the audience.</summary>
/// <param name="UserId">The user's id.</param>
/// <param name="UserName">The name to show.</param>
/// <param name="AvatarUrl">The picture to show.</param>
/// <param name="UserRole">Their role, as far as it is known: always after <see cref="LiveAudienceStore.FetchAudienceList"/>.</param>
/// <param name="JoinedTimestamp">When they joined, in milliseconds since the Unix epoch; 0 before it was fetched.</param>
/// <param name="IsMessageDisabled">Whether they may not write, as far as it is known: always after the list was fetched.</param>
public sealed record AudienceInfo(
    string UserId,
    string UserName,
    string AvatarUrl,
    Role UserRole = Role.Audience,
    long JoinedTimestamp = 0,
    bool IsMessageDisabled = false);

/// <summary>What is heard of the audience; set what you want to hear.</summary>
public sealed record LiveAudienceListener
{
    /// <summary>Someone has joined.</summary>
    public Action<AudienceInfo>? OnAudienceJoined { get; init; }

    /// <summary>Someone has left.</summary>
    public Action<AudienceInfo>? OnAudienceLeft { get; init; }
}

/// <summary>The audience of a live, in the words of audience stores. One for each live.</summary>
public sealed class LiveAudienceStore
{
    /// <summary>How many members a list shows.</summary>
    private const int ListMax = 200;

    private readonly ListenerList<LiveAudienceListener> _listeners = new();
    private readonly LiveBinding _live;
    private ImmutableDictionary<string, AudienceMember> _known = [];
    private ImmutableHashSet<string> _disabled = [];

    private LiveAudienceStore(DaisClient client, string liveId) => _live = new LiveBinding(client, liveId, Show, Tell);

    /// <summary>The latest members, at most 200.</summary>
    public ValueListenable<ImmutableArray<AudienceInfo>> AudienceList { get; } = new([], ListComparer<AudienceInfo>.Default);

    /// <summary>How many members there are, the host not counted.</summary>
    public ValueListenable<int> AudienceCount { get; } = new(0);

    /// <summary>The store of a live, the same for every call.</summary>
    /// <param name="liveId">The live.</param>
    /// <param name="client">Whose view; by default the user's of <see cref="LoginStore.Shared"/>.</param>
    public static LiveAudienceStore Create(string liveId, DaisClient? client = null)
    {
        var user = LoginStore.ClientOr(client);
        return user.Stores.Get(liveId, () => new LiveAudienceStore(user, liveId));
    }

    /// <summary>Learns the roles of the members and when they joined.</summary>
    public Task<CompletionHandler> FetchAudienceList() => _live.CallAsync(async room =>
    {
        var page = await room.ListAudienceAsync(count: ListMax).ConfigureAwait(false);
        await _live.Client.RunAsync(() =>
        {
            _known = page.Members.ToImmutableDictionary(member => member.User.UserId);
            _disabled = [.. page.Members.Where(member => member.MessageDisabled).Select(member => member.User.UserId)];
            Show(room.State.Closed is null ? room.State : null);
        }).ConfigureAwait(false);
    });

    /// <summary>Makes a member an admin (host).</summary>
    public Task<CompletionHandler> SetAdministrator(string userId) => _live.CallAsync(room => room.SetAdminAsync(userId, true));

    /// <summary>Makes an admin a plain member again (host).</summary>
    public Task<CompletionHandler> RevokeAdministrator(string userId) => _live.CallAsync(room => room.SetAdminAsync(userId, false));

    /// <summary>Removes a member from the live (host, admin).</summary>
    public Task<CompletionHandler> KickUserOutOfRoom(string userId) => _live.CallAsync(room => room.KickFromRoomAsync(userId));

    /// <summary>Forbids a member to write, or allows it again (host, admin).</summary>
    public Task<CompletionHandler> DisableSendMessage(string userId, bool isDisable) =>
        _live.CallAsync(room => room.SetMessageDisabledAsync(userId, isDisable));

    /// <summary>Adds a listener.</summary>
    public void AddLiveAudienceListener(LiveAudienceListener listener) => _listeners.Add(listener);

    /// <summary>Removes a listener; one that is not there changes nothing.</summary>
    public void RemoveLiveAudienceListener(LiveAudienceListener listener) => _listeners.Remove(listener);

    private void Show(RoomState? state)
    {
        _known = state is null ? _known.Clear() : _known;
        _disabled = state is null ? [] : _disabled;
        AudienceCount.Value = state?.Room.AudienceCount ?? 0;
        AudienceList.Value = state is null ? [] : [.. state.Room.Audience.Select(Info)];
    }

    private void Tell(RoomNotification happened, RoomState state)
    {
        switch (happened)
        {
            case RoomNotification.AudienceJoined { Role: not Role.Host } joined:
                var member = new AudienceMember(joined.User, joined.Role, joined.At.ToUnixTimeMilliseconds());
                _known = _known.SetItem(joined.User.UserId, member);
                Show(state);
                _listeners.Tell(listener => listener.OnAudienceJoined?.Invoke(Info(joined.User)));
                break;
            case RoomNotification.AudienceLeft { Role: not Role.Host } left:
                var info = Info(left.User);
                _known = _known.Remove(left.User.UserId);
                _listeners.Tell(listener => listener.OnAudienceLeft?.Invoke(info));
                break;
            case RoomNotification.MemberMessageDisabledChanged changed:
                _disabled = changed.Disabled ? _disabled.Add(changed.User.UserId) : _disabled.Remove(changed.User.UserId);
                Show(state);
                break;
            case RoomNotification.MemberRoleChanged changed when _known.TryGetValue(changed.User.UserId, out var known):
                _known = _known.SetItem(changed.User.UserId, known with { Role = changed.Role });
                Show(state);
                break;
        }
    }

    private AudienceInfo Info(User user)
    {
        var known = _known.GetValueOrDefault(user.UserId);
        return new AudienceInfo(
            user.UserId,
            user.UserName,
            user.AvatarUrl,
            known?.Role ?? Role.Audience,
            known?.JoinedAt ?? 0,
            _disabled.Contains(user.UserId));
    }
}
