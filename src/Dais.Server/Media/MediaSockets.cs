using System.Collections.Immutable;
using System.Net;
using Dais.Server.Media.Tcp;
using Dais.Server.Media.Udp;

namespace Dais.Server.Media;

/// <summary>Opens what one media worker is reached by.</summary>
public static class MediaSockets
{
    /// <summary>How often another free port is tried when the one that is free for UDP is not for TCP.</summary>
    private const int Attempts = 16;

    /// <summary>Opens UDP sockets on <paramref name="addresses"/> and, when wanted, TCP listeners on the same port.</summary>
    /// <param name="addresses">Local addresses; one at least.</param>
    /// <param name="port">The port on each; 0 takes one that is free on all.</param>
    /// <param name="tcp">Bounds of TCP connections; null for UDP alone.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="MediaAddressException">An address is not ours or the port is taken.</exception>
    public static DatagramTransport Open(ImmutableArray<IPAddress> addresses, int port, TcpOptions? tcp, TimeProvider time)
    {
        for (int attempt = 1; ; attempt++)
        {
            var transport = DatagramTransport.Open(addresses, port);
            if (tcp is null)
            {
                return transport;
            }

            try
            {
                var listeners = TcpListeners.Bind(transport.LocalAddresses);
                transport.Attach(new TcpConnections(listeners, transport.LocalAddresses.Length, tcp, time));
                return transport;
            }
            catch (MediaAddressException)
            {
                transport.Dispose();
                if (port != 0 || attempt == Attempts)
                {
                    throw;
                }
            }
        }
    }
}
