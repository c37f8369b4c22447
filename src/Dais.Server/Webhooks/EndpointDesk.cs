using Dais.Server.Hosting;

namespace Dais.Server.Webhooks;

/// <summary>A try, for lists.</summary>
/// <param name="NoticeId">The notice.</param>
/// <param name="EventType">Which event.</param>
/// <param name="RoomId">The room.</param>
/// <param name="At">When it ended.</param>
/// <param name="Failures">How many tries of the notice had failed before.</param>
/// <param name="Result">How it ended.</param>
public sealed record WebhookDelivery(
    string NoticeId, int EventType, string RoomId, DateTimeOffset At, int Failures, WebhookAttempt Result);

/// <summary>
/// Where the notices for one endpoint go out: few at a time, so that one that is slow holds up nobody else's, and with a
/// memory of the last ones and of those that were given up.
/// </summary>
public sealed class EndpointDesk(
    WebhookEndpoint endpoint, ParkedNotices parked, WebhookSender sender, WebhookCounters counters, TimeProvider time, ServerLog log)
    : IDisposable
{
    /// <summary>How many requests are on their way at once, each of another room.</summary>
    public const int RequestsMax = 16;

    /// <summary>How many tries are remembered.</summary>
    public const int RecentMax = 100;

    private readonly SemaphoreSlim _slots = new(RequestsMax, RequestsMax);
    private readonly CancellationTokenSource _gone = new();
    private readonly Queue<WebhookDelivery> _recent = [];
    private readonly WaitingRetries _retries = new(time);
    private bool _isFailing;

    /// <summary>The endpoint.</summary>
    public WebhookEndpoint Endpoint => endpoint;

    /// <summary>The notices that were given up.</summary>
    public ParkedNotices Parked => parked;

    /// <summary>Cancelled when the endpoint is removed.</summary>
    public CancellationToken Gone => _gone.Token;

    /// <summary>How many requests are on their way.</summary>
    public int InFlight => RequestsMax - _slots.CurrentCount;

    /// <summary>How many notices, each of another room, wait for their next try.</summary>
    public int RetriesWaiting => _retries.Count;

    /// <summary>The last tries, the latest first.</summary>
    public IReadOnlyList<WebhookDelivery> Recent
    {
        get
        {
            lock (_recent)
            {
                return [.. _recent.Reverse()];
            }
        }
    }

    /// <summary>Sends <paramref name="notice"/> once.</summary>
    public async Task<WebhookAttempt> SendAsync(Notice notice, int failures, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notice);
        await _slots.WaitAsync(cancellationToken);
        WebhookAttempt attempt;
        try
        {
            attempt = await sender.SendAsync(endpoint, notice, cancellationToken);
        }
        finally
        {
            _slots.Release();
        }

        counters.Count(attempt);
        Remember(new WebhookDelivery(notice.NoticeId, notice.EventType, notice.RoomId, time.GetUtcNow(), failures, attempt));
        if (attempt.IsDelivered)
        {
            _retries.Free();
        }

        return attempt;
    }

    /// <summary>Waits until a notice is to be tried again: <paramref name="delay"/>, or less when the endpoint is well again.</summary>
    /// <returns>Whether it was less.</returns>
    public Task<bool> PauseAsync(TimeSpan delay, bool mayGoEarly, CancellationToken cancellationToken) =>
        _retries.WaitAsync(delay, mayGoEarly, cancellationToken);

    /// <summary>Gives <paramref name="notice"/> up, durably.</summary>
    public async Task ParkAsync(Notice notice, string failure)
    {
        int discarded = await parked.ParkAsync(new ParkedNotice(notice, time.GetUtcNow(), failure));
        counters.CountParked(discarded);
        log.WebhookParked(endpoint.Id, parked.Count, discarded);
    }

    /// <summary>The endpoint is removed.</summary>
    public void Leave() => _gone.Cancel();

    /// <inheritdoc/>
    public void Dispose()
    {
        _gone.Dispose();
        _slots.Dispose();
        parked.Dispose();
    }

    private void Remember(WebhookDelivery delivery)
    {
        lock (_recent)
        {
            _recent.Enqueue(delivery);
            if (_recent.Count > RecentMax)
            {
                _recent.Dequeue();
            }

            // Once when it begins to fail, and once when it is well again.
            if (_isFailing == delivery.Result.IsDelivered)
            {
                _isFailing = !_isFailing;
                if (_isFailing)
                {
                    log.WebhookFailing(endpoint.Id, delivery.Result.Failure!);
                }
                else
                {
                    log.WebhookRecovered(endpoint.Id);
                }
            }
        }
    }
}
