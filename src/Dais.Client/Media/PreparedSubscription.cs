using Dais.Client.Connecting;
using Dais.Protocol;

namespace Dais.Client.Media;

/// <summary>A subscription to a room this client is not in yet: its path is open, and nothing comes on it before the room is joined.</summary>
internal sealed class PreparedSubscription : IDisposable
{
    /// <summary>How long it waits for that: a little less than the server does.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(25);

    private readonly ITimer _expiry;
    private volatile bool _isJoined;

    public PreparedSubscription(string roomId, int slots, Connection connection, TimeProvider time, Action<PreparedSubscription> expired)
    {
        RoomId = roomId;
        Subscription = new MediaSubscription(
            slots,
            async (offer, stop) =>
            {
                var method = _isJoined ? Methods.MediaSubscribe : Methods.MediaPrepare;
                return (await connection.CallAsync(method, new MediaOfferParams(roomId, offer), null, stop).ConfigureAwait(false)).Answer;
            },
            time);
        _expiry = time.CreateTimer(_ => expired(this), null, Life, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The room.</summary>
    public string RoomId { get; }

    /// <summary>What will be the room's subscription.</summary>
    public MediaSubscription Subscription { get; }

    /// <summary>The room is joined; what the server does not have any more is made anew.</summary>
    public void Join(bool isKept)
    {
        _isJoined = true;
        _expiry.Dispose();
        if (!isKept)
        {
            Subscription.Restart();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _expiry.Dispose();
        Subscription.Dispose();
    }
}
