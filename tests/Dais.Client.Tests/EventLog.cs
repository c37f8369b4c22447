namespace Dais.Client.Tests;

/// <summary>Writes down what happens, and waits for it.</summary>
public sealed class EventLog
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly List<(Func<List<string>, bool> Condition, TaskCompletionSource Met)> _waiting = [];

    /// <summary>What happened so far.</summary>
    public string[] Lines
    {
        get
        {
            lock (_lock)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>Writes a line.</summary>
    public void Add(string line)
    {
        lock (_lock)
        {
            _lines.Add(line);
            foreach (var waiting in _waiting.Where(waiting => waiting.Condition(_lines)).ToArray())
            {
                _waiting.Remove(waiting);
                waiting.Met.SetResult();
            }
        }
    }

    /// <summary>Waits until <paramref name="line"/> was written.</summary>
    public async Task UntilAsync(string line)
    {
        var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_lines.Contains(line))
            {
                return;
            }

            _waiting.Add((lines => lines.Contains(line), met));
        }

        try
        {
            await met.Task.WaitAsync(ServerUnderTest.Patience, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Nothing like '{line}' among: {string.Join(" | ", Lines)}");
        }
    }
}

/// <summary>Waits for what a room comes to.</summary>
public static class RoomWaits
{
    /// <summary>Waits until <paramref name="condition"/> holds of the room's state.</summary>
    public static async Task UntilAsync(this Room room, Func<RoomState, bool> condition)
    {
        var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var observation = room.Observe(_ =>
        {
            if (condition(room.State))
            {
                met.TrySetResult();
            }
        });
        if (!condition(room.State))
        {
            await met.Task.WaitAsync(ServerUnderTest.Patience, TestContext.Current.CancellationToken);
        }
    }
}
