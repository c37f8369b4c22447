using System.Threading.Channels;
using Dais.Rooms;
using Dais.Rooms.Connections;
using Dais.Server.Hosting;
using Dais.Server.Rooms.Log;
using Dais.Server.Storage;

namespace Dais.Server.Rooms;

/// <summary>
/// What concerns several rooms is decided here, one command after another: the rooms are borrowed from their loops, one decision
/// sees all of them, and one append has what follows from it, in every room or in none.
/// </summary>
/// <remarks>
/// A room's loop hands over and goes on; only this loop waits for rooms. So nobody waits in a circle, and as there is one of it, no
/// order is needed in which rooms are borrowed.
/// </remarks>
public sealed class HostConnections(IEventLog events, DaisOptions options, TimeProvider time, ServerLog log)
{
    /// <summary>
    /// How many commands of clients may wait. A connection has one at a time, so this is reached only by clients that do not wait.
    /// </summary>
    private const int WaitingMax = 10_000;

    private readonly Channel<JointOperation> _operations =
        Channel.CreateUnbounded<JointOperation>(new UnboundedChannelOptions { SingleReader = true });

    private Func<string, RoomRunner?> _find = _ => null;
    private volatile bool _isStopped;
    private int _waiting;

    /// <summary>Completes when the loop has ended.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>Starts the loop.</summary>
    /// <param name="find">Finds every live room of this node, and no other.</param>
    public void Start(Func<string, RoomRunner?> find)
    {
        _find = find;
        Ended = RunAsync();
    }

    /// <summary>Decides nothing more; what is under way is finished.</summary>
    public void Stop()
    {
        _isStopped = true;
        _operations.Writer.TryComplete();
    }

    /// <summary>The loop of <paramref name="room"/>, or null.</summary>
    public RoomRunner? Find(RoomId room) => _find(room.Value);

    /// <summary>
    /// Has <paramref name="command"/> of <paramref name="room"/> decided together with the rooms it concerns; nobody is told how.
    /// </summary>
    /// <remarks>Always taken: a room has one deadline and one host whose connection can be lost.</remarks>
    public void HandOver(LiveRoom room, RoomCommand command) => Post(new JointOperation(room, command, null));

    /// <summary>
    /// Has <paramref name="command"/> of <paramref name="room"/> decided together with the rooms it concerns.
    /// </summary>
    /// <returns>As <see cref="LiveRoom.ExecuteAsync"/>.</returns>
    public async Task<bool> HandOverAsync(LiveRoom room, RoomCommand command, Action<Decision> then)
    {
        if (Interlocked.Increment(ref _waiting) > WaitingMax)
        {
            Interlocked.Decrement(ref _waiting);
            then(new Decision { Events = [], Error = RoomError.LimitReached });
            return true;
        }

        try
        {
            var operation = new JointOperation(room, command, then);
            Post(operation);
            bool hasRun = await operation.Done;
            if (room.IsOver)
            {
                // Who ended it may start it again: its id is free then.
                await room.Owner.Ended;
            }

            return hasRun;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private void Post(JointOperation operation)
    {
        if (!_operations.Writer.TryWrite(operation))
        {
            operation.Complete(hasRun: true);
        }
    }

    private async Task RunAsync()
    {
        await foreach (var operation in _operations.Reader.ReadAllAsync())
        {
            if (_isStopped)
            {
                operation.Complete(hasRun: true);
                continue;
            }

            try
            {
                await operation.RunAsync(this);
            }
            catch (Exception exception)
            {
                // A mistake of ours: nothing was decided.
                log.RoomFailed(operation.RoomNumber, exception);
            }
        }
    }

    /// <summary>Now.</summary>
    internal WallClockTime Now() => new(time.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>Borrows <paramref name="room"/>; null when it is not there.</summary>
    internal async Task<RoomLease?> HoldAsync(RoomId room) => Find(room) is { } runner ? await runner.HoldAsync() : null;

    /// <summary>
    /// Has the log take what was decided for the rooms of <paramref name="leases"/> and for their connection, all or nothing.
    /// </summary>
    /// <exception cref="EventLogException">Nobody knows whether the log has it.</exception>
    internal async Task AppendAsync(IEnumerable<RoomLease> leases, LinkChange? link, WallClockTime now)
    {
        List<StreamAppend> appends = [.. leases.Select(lease => lease.Room.PendingAppend).OfType<StreamAppend>()];
        if (link is not null)
        {
            appends.Add(LinkEventFormat.ToAppend(link, now, options.Storage.Retention));
        }

        if (appends.Count == 0)
        {
            return;
        }

        var result = await events.AppendAsync(appends, CancellationToken.None);
        if (!result.IsAppended)
        {
            throw new InvalidOperationException($"The log refused what several rooms decided: {result.Status}.");
        }
    }
}
