namespace Dais.Server.Tests.Storage;

/// <summary>Holds the next call of a kind to a simulated disk until the test lets it go on or fail; later ones pass.</summary>
public sealed class HeldCall : IDisposable
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new();

    public HeldCall(SimulatedDisk disk, DiskCall held) => disk.OnCall = call =>
    {
        if (call == held && _reached.TrySetResult())
        {
            _released.Task.GetAwaiter().GetResult();
        }
    };

    /// <summary>Done when the call has begun.</summary>
    public Task IsReached => _reached.Task;

    public void Release() => _released.TrySetResult();

    public void Fail(Exception cause) => _released.TrySetException(cause);

    public void Dispose() => Release();
}
