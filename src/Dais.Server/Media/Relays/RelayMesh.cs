namespace Dais.Server.Media.Relays;

/// <summary>
/// The rings between the workers of this node, one for each direction of each pair, made when something is first sent that way.
/// </summary>
public sealed class RelayMesh
{
    /// <summary>
    /// Messages a ring holds: what hundreds of publications send while the other worker is busy with one round, in 3 MB.
    /// </summary>
    public const int CapacityDefault = 2048;

    private readonly RelayRing?[] _rings;
    private readonly Action?[] _wakes;
    private readonly int _capacity;

    /// <summary>Rings for <paramref name="workers"/> workers, of <paramref name="capacity"/> messages each.</summary>
    public RelayMesh(int workers, int capacity = CapacityDefault)
    {
        Workers = workers;
        _capacity = capacity;
        _rings = new RelayRing?[workers * workers];
        _wakes = new Action?[workers];
    }

    /// <summary>How many workers there are.</summary>
    public int Workers { get; }

    /// <summary>The end of the worker with a number; for its thread alone.</summary>
    public RelayPort PortOf(int worker) => new(this, worker);

    /// <summary>The ring from one worker to another; null when nothing was sent that way.</summary>
    internal RelayRing? Find(int from, int to) => Volatile.Read(ref _rings[(from * Workers) + to]);

    /// <summary>The ring from one worker to another; for the thread of the first, which alone makes it.</summary>
    internal RelayRing GetOrAdd(int from, int to)
    {
        if (Find(from, to) is { } found)
        {
            return found;
        }

        var ring = new RelayRing(_capacity);
        Volatile.Write(ref _rings[(from * Workers) + to], ring);
        return ring;
    }

    /// <summary>Whether a worker takes messages.</summary>
    internal bool IsAttached(int worker) => Volatile.Read(ref _wakes[worker]) is not null;

    /// <summary>Makes a worker look at its rings.</summary>
    internal void Wake(int worker) => Volatile.Read(ref _wakes[worker])?.Invoke();

    /// <summary>A worker takes messages from now on, and <paramref name="wake"/> makes it look at them; null when it has ended.</summary>
    internal void Attach(int worker, Action? wake) => Volatile.Write(ref _wakes[worker], wake);
}
