using System.Runtime.InteropServices;
using Dais.Rtc;

namespace Dais.Server.Media.Tcp;

/// <summary>Counts the connections, and those of strangers, together and by address (of IPv6 by /64, which is one customer).</summary>
internal sealed class TcpCensus
{
    private readonly Dictionary<NetworkAddress, Counts> _byAddress = [];
    private int _strangers;

    /// <summary>Adds a stranger; false when there are too many.</summary>
    public bool TryAdd(NetworkAddress address, TcpOptions options)
    {
        var key = KeyOf(address);
        var counts = _byAddress.GetValueOrDefault(key);
        if (_strangers >= options.StrangersMax
            || counts.All >= options.PerAddressMax
            || counts.Strangers >= options.StrangersPerAddressMax)
        {
            return false;
        }

        _strangers++;
        _byAddress[key] = new Counts(counts.All + 1, counts.Strangers + 1);
        return true;
    }

    /// <summary>A stranger has shown to be a client.</summary>
    public void Introduce(NetworkAddress address)
    {
        _strangers--;
        ref var counts = ref CollectionsMarshal.GetValueRefOrNullRef(_byAddress, KeyOf(address));
        counts = counts with { Strangers = counts.Strangers - 1 };
    }

    /// <summary>A connection has ended.</summary>
    public void Remove(NetworkAddress address, bool isKnown)
    {
        if (!isKnown)
        {
            Introduce(address);
        }

        var key = KeyOf(address);
        ref var counts = ref CollectionsMarshal.GetValueRefOrNullRef(_byAddress, key);
        counts = counts with { All = counts.All - 1 };
        if (counts.All == 0)
        {
            _byAddress.Remove(key);
        }
    }

    private static NetworkAddress KeyOf(NetworkAddress address) =>
        address.IsIPv4 ? address with { Port = 0 } : new NetworkAddress(address.High, 0, 0);

    private readonly record struct Counts(int All, int Strangers);
}
