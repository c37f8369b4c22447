using System.Collections.Concurrent;
using Dais.Protocol;
using Dais.Server.Hosting;

namespace Dais.Server.Signaling;

/// <summary>The open connections of this node: bounded in number, and told when the node goes away.</summary>
public sealed class ConnectionRegistry(DaisOptions options)
{
    private readonly ConcurrentDictionary<Connection, byte> _open = new();
    private int _count;
    private volatile bool _closed;

    /// <summary>How many connections are open.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Reserves a place for a connection; false when the node is full or going away.</summary>
    public bool TryReserve()
    {
        if (_closed)
        {
            return false;
        }

        if (Interlocked.Increment(ref _count) <= options.Limits.ConnectionsMax)
        {
            return true;
        }

        Interlocked.Decrement(ref _count);
        return false;
    }

    /// <summary>Puts <paramref name="connection"/> on its reserved place.</summary>
    public void Add(Connection connection)
    {
        _open[connection] = 0;
        if (_closed)
        {
            Close(connection);
        }
    }

    /// <summary>Gives a reserved place back.</summary>
    public void Release(Connection? connection)
    {
        if (connection is not null)
        {
            _open.TryRemove(connection, out _);
        }

        Interlocked.Decrement(ref _count);
    }

    /// <summary>Tells every connection, and every one that still comes, that the server goes away.</summary>
    public void CloseAll()
    {
        _closed = true;
        foreach (var connection in _open.Keys)
        {
            Close(connection);
        }
    }

    private static void Close(Connection connection) => connection.Close(CloseCodes.GoingAway);
}
