using System.Threading.Channels;
using Dais.Rooms;
using Dais.Server.Hosting;

namespace Dais.Server.Rooms;

/// <summary>
/// The loop that owns one room: takes work from a bounded inbox, one piece at a time, and has one timer for the room's
/// next deadline. Only
/// this loop touches its <see cref="LiveRoom"/>.
/// </summary>
public sealed class RoomRunner
{
    private const int InboxLength = 1_024;

    /// <summary>Timers take at most about 49 days.</summary>
    private static readonly TimeSpan TimerMax = TimeSpan.FromDays(1);

    private static readonly TimeSpan LatenessMax = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan SpinGuard = TimeSpan.FromMilliseconds(10);

    private readonly Channel<Work> _inbox =
        Channel.CreateBounded<Work>(new BoundedChannelOptions(InboxLength) { SingleReader = true });

    private readonly LiveRoom _room;
    private readonly TimeProvider _time;
    private readonly ServerLog _log;
    private readonly ITimer _timer;

    /// <summary>
    /// A runner of the room that <paramref name="create"/> gives; it does nothing before <see cref="RunAsync"/>.
    /// </summary>
    public RoomRunner(Func<RoomRunner, LiveRoom> create, TimeProvider time, ServerLog log)
    {
        _room = create(this);
        _time = time;
        _log = log;
        _timer = time.CreateTimer(
            static state => ((RoomRunner)state!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The room as lists show it: what the loop last said about it.</summary>
    public RoomListing Listing => _room.Listing;

    /// <summary>
    /// Lets <paramref name="work"/> run in the room's loop and returns when it has; false when the room is over. Waits
    /// while the inbox is
    /// full: whoever asks too much of a room is held back, not the room.
    /// </summary>
    public async ValueTask<bool> InvokeAsync(Action<LiveRoom> work)
    {
        var item = new Work(work);
        try
        {
            await _inbox.Writer.WriteAsync(item);
        }
        catch (ChannelClosedException)
        {
            return false;
        }

        return await item.Done.Task;
    }

    /// <summary>
    /// Runs the room until it is over, then calls <paramref name="onOver"/> before anyone who waits learns of it.
    /// </summary>
    public async Task RunAsync(Action onOver)
    {
        await foreach (var work in _inbox.Reader.ReadAllAsync())
        {
            Run(work.Action);
            SetTimer();
            if (_room.IsOver)
            {
                onOver();
                work.Done.SetResult(true);
                break;
            }

            work.Done.SetResult(true);
        }

        // Whoever comes later, or waits already, learns that there is no room any more.
        await _timer.DisposeAsync();
        _inbox.Writer.TryComplete();
        while (_inbox.Reader.TryRead(out var late))
        {
            late.Done.SetResult(false);
        }
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

    /// <summary>Ticks while a deadline has passed, then sets the timer for the next one.</summary>
    private void SetTimer()
    {
        while (!_room.IsOver && _room.NextDeadline is var deadline)
        {
            if (deadline == WallClockTime.Never)
            {
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                return;
            }

            var now = Now();
            if (now < deadline)
            {
                var remaining = deadline - now;
                _timer.Change(remaining < TimerMax ? remaining : TimerMax, Timeout.InfiniteTimeSpan);

                // When this thread was held up between reading the clock and setting the timer, the timer is late by as
                // much.
                if (Now() - now < LatenessMax)
                {
                    return;
                }

                continue;
            }

            Run(static room => room.Tick());
            if (_room.NextDeadline <= deadline && !_room.IsOver)
            {
                // A tick that does not move its own deadline would spin here; it is looked at again a moment later.
                _timer.Change(SpinGuard, Timeout.InfiniteTimeSpan);
                return;
            }
        }
    }

    private WallClockTime Now() => new(_time.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>
    /// An empty piece of work: the loop looks at its deadline after each. With a full inbox it does so anyway.
    /// </summary>
    private void Wake() => _inbox.Writer.TryWrite(new Work(static _ => { }));

    private sealed record Work(Action<LiveRoom> Action)
    {
        public TaskCompletionSource<bool> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
