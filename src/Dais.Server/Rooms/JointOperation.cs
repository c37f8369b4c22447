using System.Diagnostics;
using Dais.Rooms;
using Dais.Server.Observability;

namespace Dais.Server.Rooms;

/// <summary>One command of <paramref name="of"/> that concerns other rooms too.</summary>
/// <param name="of">The room.</param>
/// <param name="command">The command.</param>
/// <param name="then">Takes the decision; null when nobody is told.</param>
internal sealed class JointOperation(LiveRoom of, RoomCommand command, Action<Decision>? then)
{
    private readonly TaskCompletionSource<bool> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<RoomId, RoomLease?> _leases = [];
    private readonly Activity? _caller = Traces.Current;
    private bool _isHappening;

    /// <summary>
    /// Completes when it is over: false when the room was. Fails when a mistake of ours kept it from being decided.
    /// </summary>
    public Task<bool> Done => _done.Task;

    /// <summary>The number of its room, for logs.</summary>
    public long RoomNumber => of.Number;

    /// <summary>It is over.</summary>
    public void Complete(bool hasRun) => _done.TrySetResult(hasRun);

    /// <summary>Borrows the rooms, has them decide and the log take it, and returns them.</summary>
    public async Task RunAsync(HostConnections connections)
    {
        bool hasRun = true;
        try
        {
            hasRun = await TryRunAsync(connections);
        }
        catch (OperationCanceledException) when (!_isHappening)
        {
            // The server stops before anything was decided.
        }
        catch (Exception failure)
        {
            if (!_isHappening)
            {
                _done.TrySetException(failure);
                throw;
            }

            // The rooms are ahead of the log, or nobody knows whether they are: as when an append of one of them fails.
            foreach (var lease in Leases)
            {
                lease.Fail(failure);
            }

            _leases.Clear();
        }
        finally
        {
            foreach (var lease in Leases)
            {
                lease.Return();
            }

            _done.TrySetResult(hasRun);
        }
    }

    private IEnumerable<RoomLease> Leases => _leases.Values.OfType<RoomLease>();

    private async Task<bool> TryRunAsync(HostConnections connections)
    {
        Traces.Follow(_caller);
        using var span = Traces.Start("rooms.decide")?.SetTag("dais.command", command.GetType().Name);

        // 1. The room itself: the very one the command was for, not the next of its id.
        if (await of.Owner.HoldAsync() is not { } own)
        {
            return false;
        }

        _leases[of.State.Id] = own;
        if (command is RoomCommand.Tick)
        {
            of.TickDone();
        }

        // 2. The other rooms, and whoever else turns out to be concerned.
        var now = connections.Now();
        var decision = Decide(now);
        while (!decision.Answer.Needs.IsEmpty)
        {
            await HoldAsync(decision.Answer.Needs, connections);
            now = connections.Now();
            decision = Decide(now);
        }

        // 3. It happens in all of them or, if the log does not take it, in none.
        _isHappening = true;
        foreach (var (room, events) in decision.Events)
        {
            _leases[room]!.Room.Adopt(events, now);
        }

        Answer(decision.Answer);
        span?.SetTag("dais.rooms", _leases.Count).SetTag(Traces.Outcome, decision.Answer.Error?.ToString() ?? ServerMetrics.Succeeded);
        await connections.AppendAsync(Leases, decision.Link, now);
        foreach (var lease in Leases)
        {
            lease.Room.Committed();
        }

        return true;
    }

    private void Answer(Decision decision)
    {
        try
        {
            then?.Invoke(decision);
        }
        catch (Exception exception)
        {
            // What was decided happens all the same.
            _done.TrySetException(exception);
        }
    }

    private JointDecision Decide(WallClockTime now) =>
        RoomSet.Decide(of.State.Id, command, _leases.ToDictionary(held => held.Key, held => held.Value?.Room.State), now);

    private async Task HoldAsync(IEnumerable<RoomId> rooms, HostConnections connections)
    {
        var waiting = rooms.Select(room => (room, lease: connections.HoldAsync(room))).ToArray();
        Exception? failure = null;
        foreach (var (room, lease) in waiting)
        {
            try
            {
                if (!_leases.TryAdd(room, await lease))
                {
                    throw new InvalidOperationException("A room is needed that is held already.");
                }
            }
            catch (Exception exception)
            {
                // All others first: what was borrowed has to be returned.
                failure = exception;
            }
        }

        if (failure is not null)
        {
            throw failure;
        }
    }
}
