using Dais.Client.Connecting;
using Dais.Rtc.Sdp;

namespace Dais.Client.Media;

/// <summary>Where a publication's or subscription's path to the server stands.</summary>
public enum MediaStatus
{
    /// <summary>A path is being negotiated or tried.</summary>
    Connecting,

    /// <summary>Media can flow.</summary>
    Connected,

    /// <summary>The path broke; another will be made after a delay, or when the room is joined again.</summary>
    Waiting,

    /// <summary>There is no path, and none will be made.</summary>
    Closed,
}

/// <summary>
/// Keeps a path to the server: negotiates one, and another when it breaks, until it is closed.
/// </summary>
/// <param name="writeOffer">Writes the offer for a path.</param>
/// <param name="negotiate">Takes the offer to the server and brings the answer.</param>
/// <param name="attach">Gives the end of a path, made for this answer.</param>
/// <param name="time">The clock.</param>
internal sealed class MediaSession(
    Func<MediaPath, string> writeOffer,
    Func<string, CancellationToken, Task<string>> negotiate,
    Func<SessionDescription, MediaPath, IMediaEnd> attach,
    TimeProvider time) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private volatile TaskCompletionSource _restart = NewSignal();
    private volatile int _status = (int)MediaStatus.Connecting;
    private volatile TaskCompletionSource _connected = NewSignal();

    /// <summary>Where the path stands.</summary>
    public MediaStatus Status => (MediaStatus)_status;

    /// <summary>Raised, on any thread, when <see cref="Status"/> has changed.</summary>
    public event Action<MediaStatus>? StatusChanged;

    /// <summary>Done when the path of this moment, or the next one, is connected.</summary>
    public Task WaitConnectedAsync(CancellationToken cancellation) => _connected.Task.WaitAsync(cancellation);

    /// <summary>Negotiates the first path, and keeps one from then on. Done when the server has answered.</summary>
    /// <exception cref="DaisException">The server refused the offer.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        var path = new MediaPath(time);
        try
        {
            await NegotiateAsync(path, cancellation).ConfigureAwait(false);
        }
        catch
        {
            path.Dispose();
            Dispose();
            throw;
        }

        _ = KeepAsync(path);
    }

    /// <summary>Makes the path anew, for example because the session is another.</summary>
    public void Restart() => _restart.TrySetResult();

    /// <summary>Closes the path for good.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _connected.TrySetCanceled();
        Become(MediaStatus.Closed);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task KeepAsync(MediaPath? first)
    {
        var path = first;
        int attempts = 0;
        while (!_stop.IsCancellationRequested)
        {
            if (path is not null)
            {
                attempts = await WatchAsync(path).ConfigureAwait(false) ? 0 : attempts;
                path.Dispose();
            }

            bool isAsked = _restart.Task.IsCompleted;
            _restart = isAsked ? NewSignal() : _restart;
            if (!isAsked && !_stop.IsCancellationRequested)
            {
                Become(MediaStatus.Waiting);
                await WaitAsync(ConnectionTable.RetryDelay(attempts++, Random.Shared.NextDouble())).ConfigureAwait(false);
            }

            path = _stop.IsCancellationRequested ? null : await TryNegotiateAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Watches a path to its end, or until another is asked for; true when it was connected.</summary>
    private async Task<bool> WatchAsync(MediaPath path)
    {
        var stopped = Task.Delay(Timeout.Infinite, _stop.Token);
        var over = Task.WhenAny(path.Ended, _restart.Task, stopped);
        if (await Task.WhenAny(path.Connected, over).ConfigureAwait(false) == path.Connected)
        {
            Become(MediaStatus.Connected);
            _connected.TrySetResult();
        }

        await over.ConfigureAwait(false);
        if (!_stop.IsCancellationRequested && _connected.Task.IsCompleted)
        {
            _connected = NewSignal();
        }

        return path.Connected.IsCompleted;
    }

    private async Task WaitAsync(TimeSpan delay)
    {
        using var early = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var waiting = Task.Delay(delay, time, early.Token);
        await Task.WhenAny(waiting, _restart.Task).ConfigureAwait(false);
        await early.CancelAsync().ConfigureAwait(false);
    }

    private async Task<MediaPath?> TryNegotiateAsync()
    {
        var path = new MediaPath(time);
        try
        {
            Become(MediaStatus.Connecting);
            await NegotiateAsync(path, _stop.Token).ConfigureAwait(false);
            return path;
        }
        catch (Exception exception) when (exception is DaisException or OperationCanceledException)
        {
            // Not now; the next try, or the next session, may fare better.
            path.Dispose();
            return null;
        }
    }

    private async Task NegotiateAsync(MediaPath path, CancellationToken cancellation)
    {
        string answer = await negotiate(writeOffer(path), cancellation).ConfigureAwait(false);
        if (!SessionDescription.TryParse(answer, SdpLimits.Default, out var description, out string? problem))
        {
            throw DaisException.Unusable(problem!);
        }

        if (path.Connect(description!, attach(description!, path)) is { } unusable)
        {
            throw DaisException.Unusable(unusable);
        }
    }

    private void Become(MediaStatus status)
    {
        // Closed is for good, whoever comes late.
        int before;
        do
        {
            before = _status;
            if (before == (int)status || before == (int)MediaStatus.Closed)
            {
                return;
            }
        }
        while (Interlocked.CompareExchange(ref _status, (int)status, before) != before);

        StatusChanged?.Invoke(status);
    }
}
