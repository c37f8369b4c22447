using Dais.Sfu;
using Dais.Sfu.Relays;

namespace Dais.Server.Media.Relays;

/// <summary>
/// One worker's end of the rings: it writes what its core says to others, reads what they say, and wakes those it has written to. For the
/// worker's thread alone, but for <see cref="Attach"/> and <see cref="Detach"/>.
/// </summary>
public sealed class RelayPort : IRelaySink
{
    private readonly RelayMesh _mesh;
    private readonly int _worker;
    private readonly RelayRing?[] _incoming;
    private readonly long[] _ends;
    private readonly bool[] _isReached;
    private bool _isAnyReached;

    internal RelayPort(RelayMesh mesh, int worker)
    {
        _mesh = mesh;
        _worker = worker;
        _incoming = new RelayRing?[mesh.Workers];
        _ends = new long[mesh.Workers];
        _isReached = new bool[mesh.Workers];
    }

    /// <summary>The worker takes messages from now on; <paramref name="wake"/>, called from any thread, makes it look.</summary>
    public void Attach(Action wake) => _mesh.Attach(_worker, wake);

    /// <summary>The worker has ended.</summary>
    public void Detach() => _mesh.Attach(_worker, null);

    /// <inheritdoc/>
    public bool TrySend(int worker, in RelayMessage message, ReadOnlySpan<byte> packet)
    {
        if ((uint)worker >= (uint)_isReached.Length || worker == _worker || !_mesh.IsAttached(worker))
        {
            return false;
        }

        _isReached[worker] = true;
        _isAnyReached = true;
        return _mesh.GetOrAdd(_worker, worker).TryWrite(message, packet);
    }

    /// <summary>Wakes the workers something was written to since the last call.</summary>
    public void WakeReached()
    {
        if (!_isAnyReached)
        {
            return;
        }

        _isAnyReached = false;
        for (int worker = 0; worker < _isReached.Length; worker++)
        {
            if (_isReached[worker])
            {
                _isReached[worker] = false;
                _mesh.Wake(worker);
            }
        }
    }

    /// <summary>Takes note of what the others have written so far; <see cref="TryPeek"/> gives no more than that.</summary>
    public void Look()
    {
        for (int worker = 0; worker < _incoming.Length; worker++)
        {
            _incoming[worker] ??= _mesh.Find(worker, _worker);
            _ends[worker] = _incoming[worker]?.Written ?? 0;
        }
    }

    /// <summary>The next message of <paramref name="worker"/>; it stays until <see cref="Release"/>. False when there is none.</summary>
    public bool TryPeek(int worker, out RelayMessage message, out Span<byte> packet)
    {
        if (_incoming[worker] is { } ring)
        {
            return ring.TryPeek(_ends[worker], out message, out packet);
        }

        message = default;
        packet = default;
        return false;
    }

    /// <summary>The next message of <paramref name="worker"/> is done with.</summary>
    public void Release(int worker) => _incoming[worker]!.Release();

    /// <summary>How many workers there are, this one included.</summary>
    public int Workers => _incoming.Length;
}
