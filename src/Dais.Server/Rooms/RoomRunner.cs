using System.Diagnostics;
using System.Threading.Channels;
using Dais.Rooms;
using Dais.Server.Hosting;
using Dais.Server.Observability;

namespace Dais.Server.Rooms;

/// <summary>Makes the live room of a runner: as the log has it.</summary>
public delegate Task<LiveRoom> RoomOpener(RoomRunner owner);

/// <summary>
/// The loop that owns one room: takes work from a bounded inbox, one piece at a time, and has one timer for the room's
/// next deadline. Only this loop touches its <see cref="LiveRoom"/>.
/// </summary>
/// <remarks>
/// Each turn: run all work that waits; have the log take what was decided, in one append; then let the world learn of it. With
/// nothing else waiting a command goes through at once; while the log is busy, the next commands gather for the next append.
/// </remarks>
public sealed class RoomRunner
{
    private const int InboxLength = 1_024;

    /// <summary>How much work is decided before the first of it is answered.</summary>
    private const int TurnLength = 256;

    /// <summary>Timers take at most about 49 days.</summary>
    private static readonly TimeSpan TimerMax = TimeSpan.FromDays(1);

    private static readonly TimeSpan LatenessMax = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan SpinGuard = TimeSpan.FromMilliseconds(10);

    private readonly Channel<Waiting> _inbox =
        Channel.CreateBounded<Waiting>(new BoundedChannelOptions(InboxLength) { SingleReader = true });

    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Work> _turn = [];
    private readonly RoomOpener _open;
    private readonly TimeProvider _time;
    private readonly ServerLog _log;
    private readonly ITimer _timer;
    private LiveRoom _room = null!;
    private Hold? _hold;
    private WallClockTime _tickedFor;
    private WallClockTime _tickedAt;
    private bool _tickIsStuck;
    private bool _isConflict;
    private volatile bool _isStopped;
    private volatile RoomListing _listing = new(0, null, 0);

    /// <summary>
    /// A runner of the room that <paramref name="open"/> gives; it does nothing before <see cref="RunAsync"/>.
    /// </summary>
    public RoomRunner(RoomOpener open, TimeProvider time, ServerLog log)
    {
        _open = open;
        _time = time;
        _log = log;
        _timer = time.CreateTimer(
            static state => ((RoomRunner)state!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The room as the loop last committed it. May be read from anywhere.</summary>
    public RoomListing Listing
    {
        get => _listing;
        internal set => _listing = value;
    }

    /// <summary>Completes when the room is there and takes work, or fails when it cannot be read.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Completes when the loop has ended.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>
    /// Lets <paramref name="work"/> run in the room's loop and returns when it has and the log has what it decided; false when
    /// the room is over, and nothing happened. Waits while the inbox is full: whoever asks too much of a room is held back, not
    /// the room.
    /// </summary>
    /// <remarks>
    /// When the server stops, or its log fails, work still returns with true, but is neither run nor answered: nobody can say
    /// any more what became of it, and the connections end anyway.
    /// </remarks>
    public async ValueTask<bool> InvokeAsync(Action<LiveRoom> work)
    {
        var item = new Work(work);
        try
        {
            await _inbox.Writer.WriteAsync(item);
        }
        catch (ChannelClosedException)
        {
            return _isStopped;
        }

        return await item.Done.Task;
    }

    /// <summary>
    /// Borrows the room: its loop has the log take what is decided, lends the room and stands still until the lease is returned.
    /// Meanwhile work waits in the inbox, and the borrower alone touches the room.
    /// </summary>
    /// <returns>The lease; null when the room is over.</returns>
    /// <exception cref="OperationCanceledException">The server stops, or its log failed.</exception>
    public async ValueTask<RoomLease?> HoldAsync()
    {
        var item = new Hold();
        try
        {
            await _inbox.Writer.WriteAsync(item);
        }
        catch (ChannelClosedException)
        {
            item.Miss(_isStopped);
        }

        return await item.Lent.Task;
    }

    /// <summary>Starts the loop.</summary>
    /// <param name="onOver">Called when the room is over, before anyone who waits learns of it.</param>
    /// <param name="onFault">Called when the room cannot go on although it is not over: its events cannot be read or written.</param>
    public void Start(Action onOver, Action<Exception> onFault) => Ended = RunAsync(onOver, onFault);

    /// <summary>Takes no more work; what is there already is finished.</summary>
    public void Stop()
    {
        _isStopped = true;
        _inbox.Writer.TryComplete();
    }

    private async Task RunAsync(Action onOver, Action<Exception> onFault)
    {
        try
        {
            _room = await _open(this);
            await RestartAsync();
            await SettleAsync();
            _ready.SetResult();
            while (!_room.IsOver && await _inbox.Reader.WaitToReadAsync())
            {
                await TakeTurnAsync();
            }
        }
        catch (Exception exception)
        {
            _isStopped = true;
            _ready.TrySetException(exception);
            if (exception is not ObjectDisposedException)
            {
                onFault(exception);
            }
        }

        await EndAsync(onOver);
    }

    /// <summary>
    /// A live room of a server that was: nobody is connected any more. In parts, as a large audience is more than one append.
    /// </summary>
    private async ValueTask RestartAsync()
    {
        if (!_room.State.IsLive)
        {
            return;
        }

        var owner = _room.State.Owner.Id;
        UserId[] users = [owner, .. _room.State.Audience(int.MaxValue).Select(member => member.User.Id)];
        foreach (var user in users)
        {
            Run(room => room.Execute(new RoomCommand.Restart(user)));
            if (_room.IsOver)
            {
                return;
            }

            if (_room.IsCommitDue)
            {
                await _room.CommitAsync();
            }
        }
    }

    private async ValueTask TakeTurnAsync()
    {
        // 1. Decide what waits.
        while (_turn.Count < TurnLength
            && _hold is null
            && !_room.IsOver
            && !_room.IsCommitDue
            && _inbox.Reader.TryRead(out var waiting))
        {
            if (waiting is Work work)
            {
                _turn.Add(work);
                Traces.Follow(work.Caller);
                Run(work.Action);
            }
            else
            {
                _hold = (Hold)waiting;
            }
        }

        // 2. Have it in the log, and then told. One append is of many callers, and in the span of none.
        Traces.Follow(null);
        bool isCommitted = await SettleAsync();

        // 3. Let those who asked go on; at the end of the room they do so when its id is free.
        if (!_room.IsOver)
        {
            CompleteTurn(isCommitted);
        }

        // 4. Stand still while someone else has the room.
        if (_hold is { } hold && !_room.IsOver)
        {
            _hold = null;
            await LendAsync(hold);
        }
    }

    private async ValueTask LendAsync(Hold hold)
    {
        var lease = new RoomLease(_room);
        hold.Lent.SetResult(lease);
        await lease.Returned;

        // What the borrower had the log take, the world learns of before anything else is decided.
        await _room.CommitAsync();
        if (!_room.IsOver)
        {
            await SettleAsync();
        }
    }

    /// <summary>Ticks while a deadline has passed, commits, and sets the timer for the next deadline.</summary>
    private async ValueTask<bool> SettleAsync()
    {
        do
        {
            TickIfDue();
            if (!await _room.CommitAsync())
            {
                _room.Abandon();
                _isConflict = true;
                return false;
            }
        }
        while (!_room.IsOver && !TrySetTimer());
        return true;
    }

    private void TickIfDue()
    {
        _tickIsStuck = false;
        var deadline = _room.NextDeadline;
        var now = Now();
        if (_room.IsOver || _room.IsTickElsewhere || deadline > now)
        {
            return;
        }

        if (deadline == _tickedFor && now - _tickedAt < SpinGuard)
        {
            // Others saw to it and it is due still.
            _tickIsStuck = true;
            return;
        }

        Run(static room => room.Tick());
        if (_room.IsTickElsewhere)
        {
            (_tickedFor, _tickedAt) = (deadline, now);
            return;
        }

        _tickIsStuck = !_room.IsOver && _room.NextDeadline <= deadline;
    }

    /// <summary>False when there is another deadline to see to before that.</summary>
    private bool TrySetTimer()
    {
        var deadline = _room.NextDeadline;
        if (deadline == WallClockTime.Never || _room.IsTickElsewhere)
        {
            // Whoever sees to the deadline borrows the room, and the timer is set after that.
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return true;
        }

        if (_tickIsStuck)
        {
            // A tick that does not move its own deadline would spin here; it is looked at again a moment later.
            _timer.Change(SpinGuard, Timeout.InfiniteTimeSpan);
            return true;
        }

        var now = Now();
        if (deadline <= now)
        {
            return false;
        }

        var remaining = deadline - now;
        _timer.Change(remaining < TimerMax ? remaining : TimerMax, Timeout.InfiniteTimeSpan);

        // When this thread was held up between reading the clock and setting the timer, the timer is late by as much.
        return Now() - now < LatenessMax;
    }

    /// <summary>Whoever comes later, or waits already, learns that there is no room any more.</summary>
    private async ValueTask EndAsync(Action onOver)
    {
        await _timer.DisposeAsync();
        if (!_isStopped)
        {
            onOver();
        }

        CompleteTurn(_isStopped || !_isConflict);
        _hold?.Miss(_isStopped);
        _inbox.Writer.TryComplete();
        while (_inbox.Reader.TryRead(out var late))
        {
            late.Miss(_isStopped);
        }
    }

    private void CompleteTurn(bool hasRun)
    {
        foreach (var work in _turn)
        {
            work.Done.SetResult(hasRun);
        }

        _turn.Clear();
    }

    private void Run(Action<LiveRoom> action)
    {
        try
        {
            action(_room);
        }
        catch (Exception exception)
        {
            // A mistake of ours in one piece of work must not end the live for everybody.
            _log.RoomFailed(_room.Number, exception);
        }
    }

    private WallClockTime Now() => new(_time.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>
    /// An empty piece of work: the loop looks at its deadline after each. With a full inbox it does so anyway.
    /// </summary>
    private void Wake() => _inbox.Writer.TryWrite(new Work(static _ => { }));

    /// <summary>What is in the inbox.</summary>
    private abstract record Waiting
    {
        /// <summary>It comes too late: the room is over, or the server stops.</summary>
        public abstract void Miss(bool isStopped);
    }

    private sealed record Work(Action<LiveRoom> Action) : Waiting
    {
        public Activity? Caller { get; } = Traces.Current;

        public TaskCompletionSource<bool> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override void Miss(bool isStopped) => Done.SetResult(isStopped);
    }

    private sealed record Hold : Waiting
    {
        public TaskCompletionSource<RoomLease?> Lent { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override void Miss(bool isStopped)
        {
            if (isStopped)
            {
                Lent.SetCanceled();
            }
            else
            {
                Lent.SetResult(null);
            }
        }
    }
}
