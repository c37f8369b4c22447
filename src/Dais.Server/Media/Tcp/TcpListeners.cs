using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Dais.Rtc;
using Dais.Server.Media.Udp;

namespace Dais.Server.Media.Tcp;

/// <summary>Listening TCP sockets, one for each of several addresses.</summary>
/// <param name="Sockets">The sockets.</param>
public sealed record TcpListeners(ImmutableArray<Socket> Sockets) : IDisposable
{
    private const int Backlog = 512;

    /// <summary>Listens on each of <paramref name="addresses"/>.</summary>
    /// <exception cref="MediaAddressException">An address is not ours or a port is taken.</exception>
    public static TcpListeners Bind(ImmutableArray<NetworkAddress> addresses)
    {
        List<Socket> sockets = [];
        foreach (var address in addresses)
        {
            var socket = new Socket(address.ToIPAddress().AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            sockets.Add(socket);
            try
            {
                if (!address.IsIPv4)
                {
                    socket.DualMode = false;
                }

                socket.Bind(new IPEndPoint(address.ToIPAddress(), address.Port));
                socket.Listen(Backlog);
            }
            catch (SocketException problem)
            {
                sockets.ForEach(opened => opened.Dispose());
                throw new MediaAddressException(
                    $"TCP port {address.Port} cannot be opened on the address {address.ToIPAddress()}: {problem.Message}. "
                    + "Dais:Media:Tcp=false lets media go by UDP alone.",
                    problem);
            }
        }

        return new TcpListeners([.. sockets]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var socket in Sockets)
        {
            socket.Dispose();
        }
    }
}
