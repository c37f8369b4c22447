using Dais.Client.Media;
using Dais.Protocol;

namespace Dais.Client;

/// <summary>Media: encoded frames out and in.</summary>
public sealed partial class Room
{
    /// <summary>How many people at once a subscription can receive unless the caller says otherwise.</summary>
    public const int DefaultSlots = 10;

    private readonly Lock _mediaLock = new();
    private MediaPublication? _publication;
    private MediaSubscription? _subscription;

    /// <summary>What this client's user sends; null while nothing is sent.</summary>
    public MediaPublication? Publication => _publication;

    /// <summary>What this client receives; null before <see cref="SubscribeAsync"/>, unless it was prepared.</summary>
    public MediaSubscription? Subscription => _subscription;

    /// <summary>
    /// Begins to send encoded frames. Nobody receives them before this client's user is on stage, so it may be prepared while an application
    /// is open. Done when the server has answered; the path comes up a moment later. Takes the place of an earlier publication.
    /// </summary>
    public async Task<MediaPublication> PublishAsync(MediaPublicationOptions? options = null, CancellationToken cancellation = default)
    {
        var publication = new MediaPublication(
            options ?? new MediaPublicationOptions(),
            async (offer, stop) =>
                (await CallAsync(Methods.MediaPublish, new MediaOfferParams(RoomId, offer), stop).ConfigureAwait(false)).Answer,
            _home.Time);
        Put(ref _publication, publication);
        await StartAsync(publication, publication.StartAsync(cancellation)).ConfigureAwait(false);
        return publication;
    }

    /// <summary>Stops sending, and tells the server so.</summary>
    public async Task UnpublishAsync(CancellationToken cancellation = default)
    {
        Put(ref _publication, null);
        await CallAsync(Methods.MediaUnpublish, new RoomParams(RoomId), cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Mutes or unmutes what this client's user sends; what is null stays. Others are told, and what is muted is not forwarded.
    /// </summary>
    public Task SetMutedAsync(bool? microphone = null, bool? camera = null, CancellationToken cancellation = default) =>
        CallAsync(Methods.MediaSetMuted, new MediaSetMutedParams(RoomId, microphone, camera), cancellation);

    /// <summary>
    /// Begins to receive the stage. Done when the server has answered; the path comes up a moment later. Takes the place of an earlier
    /// subscription.
    /// </summary>
    public async Task<MediaSubscription> SubscribeAsync(int slots = DefaultSlots, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(slots);
        var subscription = new MediaSubscription(
            slots,
            async (offer, stop) =>
                (await CallAsync(Methods.MediaSubscribe, new MediaOfferParams(RoomId, offer), stop).ConfigureAwait(false)).Answer,
            _home.Time);
        Put(ref _subscription, subscription);
        await StartAsync(subscription, subscription.StartAsync(cancellation)).ConfigureAwait(false);
        return subscription;
    }

    /// <summary>Receives by what was prepared before the room was joined.</summary>
    internal void Take(MediaSubscription prepared) => Put(ref _subscription, prepared);

    /// <summary>The session is another, and with it the server's ends of both paths.</summary>
    internal void RestartMedia()
    {
        _publication?.Restart();
        _subscription?.Restart();
    }

    private void StopMedia()
    {
        Put(ref _publication, null);
        Put(ref _subscription, null);
    }

    private async Task StartAsync(IDisposable media, Task starting)
    {
        await starting.ConfigureAwait(false);

        // The room may have closed, and stopped its media, while this was under way.
        if (State.Closed is not null)
        {
            media.Dispose();
            throw DaisException.Over();
        }
    }

    private void Put<T>(ref T? place, T? next)
        where T : class, IDisposable
    {
        T? before;
        lock (_mediaLock)
        {
            before = place;
            place = next;
        }

        before?.Dispose();
    }
}
