using System.Text;
using Dais.Rtc;

namespace Dais.Sfu.Transports;

/// <summary>
/// Finds the transport something is about: by its id, by the path a datagram came along, and, for the first datagrams of a path, by the
/// ICE user name fragment they name. Looking up allocates nothing. Paths enter only when ICE has authenticated them.
/// </summary>
internal sealed class TransportTable
{
    private const int FragmentBytesMax = 256;

    private readonly Dictionary<TransportId, Transport> _byId = [];
    private readonly Dictionary<NetworkPath, Transport> _byPath = [];
    private readonly Dictionary<string, Transport> _byFragment = [];
    private readonly Dictionary<string, Transport>.AlternateLookup<ReadOnlySpan<char>> _byFragmentChars;

    public TransportTable() => _byFragmentChars = _byFragment.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>How many transports there are.</summary>
    public int Count => _byId.Count;

    /// <summary>All transports, in no order.</summary>
    public IEnumerable<Transport> All => _byId.Values;

    /// <summary>How many paths are known.</summary>
    public int PathCount => _byPath.Count;

    /// <summary>The transport with <paramref name="id"/>; null when there is none.</summary>
    public Transport? Find(TransportId id) => _byId.GetValueOrDefault(id);

    /// <summary>The transport whose client is at the other end of <paramref name="path"/>; null for a stranger's.</summary>
    public Transport? Find(in NetworkPath path) => _byPath.GetValueOrDefault(path);

    /// <summary>The transport whose ICE user name fragment is <paramref name="fragment"/>; null when there is none.</summary>
    public Transport? Find(ReadOnlySpan<byte> fragment)
    {
        if (fragment.Length > FragmentBytesMax)
        {
            return null;
        }

        Span<char> characters = stackalloc char[FragmentBytesMax];
        int length = Encoding.Latin1.GetChars(fragment, characters);
        return _byFragmentChars.TryGetValue(characters[..length], out var transport) ? transport : null;
    }

    /// <summary>Adds a transport; false when its id or its user name fragment is taken.</summary>
    public bool TryAdd(Transport transport, string fragment)
    {
        if (_byId.ContainsKey(transport.Id) || !TryAddFragment(transport, fragment))
        {
            return false;
        }

        _byId.Add(transport.Id, transport);
        return true;
    }

    /// <summary>Adds a user name fragment of an ICE restart; that before the last one is forgotten. False when it is taken.</summary>
    public bool TryAddFragment(Transport transport, string fragment)
    {
        if (!_byFragment.TryAdd(fragment, transport))
        {
            return false;
        }

        if (transport.PreviousFragment is { } oldest)
        {
            _byFragment.Remove(oldest);
        }

        transport.PreviousFragment = transport.Fragment;
        transport.Fragment = fragment;
        return true;
    }

    /// <summary>
    /// Notes that the client of <paramref name="transport"/> is at the other end of <paramref name="path"/>; the paths of it that ICE does not
    /// trust any more are forgotten.
    /// </summary>
    public void AddPath(Transport transport, in NetworkPath path)
    {
        if (ReferenceEquals(Find(path), transport))
        {
            return;
        }

        for (int i = transport.Paths.Count - 1; i >= 0; i--)
        {
            if (!transport.Ice.IsValidated(transport.Paths[i]))
            {
                RemovePath(transport, transport.Paths[i]);
                transport.Paths.RemoveAt(i);
            }
        }

        // An address that moves from one client to another, behind a gateway, belongs to who authenticated last.
        _byPath[path] = transport;
        transport.Paths.Add(path);
    }

    /// <summary>Forgets a transport.</summary>
    public void Remove(Transport transport)
    {
        _byId.Remove(transport.Id);
        _byFragment.Remove(transport.Fragment);
        if (transport.PreviousFragment is { } previous)
        {
            _byFragment.Remove(previous);
        }

        foreach (var path in transport.Paths)
        {
            RemovePath(transport, path);
        }
    }

    private void RemovePath(Transport transport, in NetworkPath path)
    {
        if (ReferenceEquals(Find(path), transport))
        {
            _byPath.Remove(path);
        }
    }
}
