using System.Net.WebSockets;
using Dais.Protocol;

namespace Dais.Client.Connecting;

/// <summary>What a <see cref="Connection"/> needs of its client. All of it is called on the queue.</summary>
internal sealed record ConnectionHome
{
    /// <summary>What `session.open` says; asked anew for every connection.</summary>
    public required Func<SessionOpenParams> Credentials { get; init; }

    /// <summary>Gets a new token after the server refused the last one; false when there is none.</summary>
    public required Func<Task<bool>> RenewTokenAsync { get; init; }

    /// <summary>The session is open, before any message behind its answer is looked at.</summary>
    public required Action<SessionOpenResult> Opened { get; init; }

    /// <summary>There is no connection any more, and none will be tried.</summary>
    public required Action<DaisException> Closed { get; init; }

    /// <summary>The server says something.</summary>
    public required Action<ServerMessage.Notification> Notified { get; init; }

    /// <summary>The status has changed.</summary>
    public required Action<ConnectionStatus> StatusChanged { get; init; }
}

/// <summary>
/// A connection that stays: carries out what <see cref="ConnectionTable"/> says. Its state changes on the queue only, one event at a time.
/// </summary>
internal sealed class Connection(DaisClientOptions options, SerialQueue queue, ConnectionHome home)
{
    private SocketLink? _link;
    private volatile RpcChannel? _rpc;
    private volatile int _status;
    private SessionOpenResult? _session;
    private int _attempts;
    private DaisException _lastError = DaisException.NoConnection("The connection was closed.");
    private ITimer? _deadline;
    private ITimer? _retry;
    private ITimer? _pings;

    /// <summary>Where the connection stands.</summary>
    public ConnectionStatus Status => (ConnectionStatus)_status;

    /// <summary>Connects, or, while waiting for the next try, tries at once.</summary>
    public void Connect() => Send(ConnectionEvent.Connect);

    /// <summary>Closes, and stays closed.</summary>
    public void Close() => queue.Post(() =>
    {
        _lastError = DaisException.NoConnection("The connection was closed.");
        Send(ConnectionEvent.Close);
    });

    /// <summary>Calls a method over the open session; see <see cref="RpcChannel.CallAsync"/>.</summary>
    public Task<TResult> CallAsync<TParams, TResult>(
        Method<TParams, TResult> method, TParams parameters, Action<TResult>? apply, CancellationToken cancellation)
        where TParams : class, IParams
        where TResult : class
    {
        var rpc = _rpc;
        return rpc is null || Status != ConnectionStatus.Open
            ? Task.FromException<TResult>(DaisException.NoConnection())
            : rpc.CallAsync(method, parameters, apply, cancellation);
    }

    private void Send(ConnectionEvent happened) => queue.Post(() =>
    {
        var (next, effects) = ConnectionTable.Transition(Status, happened);
        bool isChanged = next != Status;
        _status = (int)next;
        foreach (var effect in effects)
        {
            Perform(effect);
        }

        if (isChanged)
        {
            home.StatusChanged(next);
        }
    });

    private void Perform(ConnectionEffect effect)
    {
        switch (effect)
        {
            case ConnectionEffect.OpenSocket:
                OpenSocket();
                break;
            case ConnectionEffect.DiscardSocket:
                DiscardSocket();
                break;
            case ConnectionEffect.OpenSession:
                _ = OpenSessionAsync(_link!, _rpc!);
                break;
            case ConnectionEffect.StartDeadline:
                _deadline = StartTimer(options.OpenTimeout, () =>
                {
                    _lastError = DaisException.NoAnswer(Methods.SessionOpen.Name);
                    Send(ConnectionEvent.DeadlinePassed);
                });
                break;
            case ConnectionEffect.StopDeadline:
                Stop(ref _deadline);
                break;
            case ConnectionEffect.StartPings:
                StartPings(_rpc!, _link!);
                break;
            case ConnectionEffect.StopPings:
                Stop(ref _pings);
                break;
            case ConnectionEffect.StartRetryTimer:
                _retry = StartTimer(
                    ConnectionTable.RetryDelay(_attempts++, Random.Shared.NextDouble()), () => Send(ConnectionEvent.RetryDue));
                break;
            case ConnectionEffect.StopRetryTimer:
                Stop(ref _retry);
                break;
            case ConnectionEffect.ForgetAttempts:
                _attempts = 0;
                break;
            case ConnectionEffect.FetchToken:
                _ = FetchTokenAsync();
                break;
            case ConnectionEffect.AnnounceOpen:
                home.Opened(_session!);
                break;
            case ConnectionEffect.AnnounceClosed:
                home.Closed(_lastError);
                break;
        }
    }

    private void OpenSocket()
    {
        var link = new SocketLink(OpenWebSocketAsync);
        var rpc = new RpcChannel(link, options.CallTimeout, options.Time);
        _link = link;
        _rpc = rpc;
        _ = RunAsync();

        async Task RunAsync()
        {
            using var ends = link;
            var (code, reason) = await link.RunAsync(
                () => WhileCurrent(link, () => Send(ConnectionEvent.SocketOpened)),
                message => queue.RunAsync(() => Handle(link, rpc, message.Span))).ConfigureAwait(false);
            rpc.FailAll(DaisException.Lost());
            WhileCurrent(link, () =>
            {
                string name = CloseCodes.All.FirstOrDefault(known => known.Code == code)?.Name ?? "connectionClosed";
                _lastError = new DaisException(code, name, reason.Length > 0 ? reason : $"The connection closed with {code}.");
                Send(ConnectionTable.Classify(code));
            });
        }
    }

    private async Task<WebSocket> OpenWebSocketAsync(CancellationToken cancellation)
    {
        var address = DaisClientOptions.SocketAddress(options.Url);
        if (options.OpenWebSocketAsync is { } open)
        {
            return await open(address, cancellation).ConfigureAwait(false);
        }

        var socket = new ClientWebSocket();
        try
        {
            socket.Options.AddSubProtocol(DaisClientOptions.Subprotocol);
            await socket.ConnectAsync(address, cancellation).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private void DiscardSocket()
    {
        _link?.Close();
        _rpc?.FailAll(DaisException.Lost());
        _link = null;
        _rpc = null;
        _session = null;
    }

    private void Handle(SocketLink link, RpcChannel rpc, ReadOnlySpan<byte> text)
    {
        if (link != _link || !ServerMessage.TryRead(text, out var message))
        {
            return;
        }

        switch (message)
        {
            case ServerMessage.Result result:
                rpc.Handle(result);
                break;
            case ServerMessage.Refusal refusal:
                rpc.Handle(refusal);
                break;
            case ServerMessage.Notification notification:
                home.Notified(notification);
                break;
        }
    }

    private async Task OpenSessionAsync(SocketLink link, RpcChannel rpc)
    {
        try
        {
            await rpc.CallAsync(
                Methods.SessionOpen,
                home.Credentials(),
                session =>
                {
                    _session = session;
                    Send(ConnectionEvent.SessionOpened);
                },
                CancellationToken.None).ConfigureAwait(false);
        }
        catch (DaisException exception)
        {
            WhileCurrent(link, () =>
            {
                _lastError = exception;
                bool isTokenRefused = exception.Code == ErrorCodes.BadToken.Code || exception.Code == ErrorCodes.TokenExpired.Code;
                Send(isTokenRefused ? ConnectionEvent.Unauthorized
                    : exception.IsRetryable ? ConnectionEvent.Lost
                    : ConnectionEvent.Dismissed);
            });
        }
    }

    /// <summary>Pings while the connection is open; an unanswered one means that the connection is dead.</summary>
    private void StartPings(RpcChannel rpc, SocketLink link)
    {
        var period = TimeSpan.FromSeconds(Math.Max(1, _session!.PingSeconds));
        _pings = options.Time.CreateTimer(_ => _ = PingAsync(), null, period, period);

        async Task PingAsync()
        {
            try
            {
                await rpc.CallAsync(Methods.SessionPing, new NoParams(), null, CancellationToken.None).ConfigureAwait(false);
            }
            catch (DaisException exception) when (exception.Code == DaisException.CallTimedOut)
            {
                WhileCurrent(link, () =>
                {
                    _lastError = exception;
                    Send(ConnectionEvent.Lost);
                });
            }
            catch (DaisException)
            {
                // A refusal is an answer too, and a lost connection says so itself.
            }
        }
    }

    private async Task FetchTokenAsync()
    {
        bool isRenewed = false;
        try
        {
            isRenewed = await home.RenewTokenAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            queue.Post(() => _lastError = new DaisException(
                DaisException.NotConnected, "notConnected", "The application gave no new token.", false, exception));
        }

        // After a close the table ignores this.
        Send(isRenewed ? ConnectionEvent.TokenReady : ConnectionEvent.TokenUnavailable);
    }

    private ITimer StartTimer(TimeSpan delay, Action due) =>
        options.Time.CreateTimer(_ => queue.Post(due), null, delay, Timeout.InfiniteTimeSpan);

    private static void Stop(ref ITimer? timer)
    {
        timer?.Dispose();
        timer = null;
    }

    /// <summary>Runs <paramref name="action"/> on the queue unless another socket has taken the place of <paramref name="link"/>.</summary>
    private void WhileCurrent(SocketLink link, Action action) => queue.Post(() =>
    {
        if (link == _link)
        {
            action();
        }
    });
}
