using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Dais.Rtc;

namespace Dais.Server.Media.Udp;

/// <summary>A media address cannot be used. The message is a sentence for the operator.</summary>
public sealed class MediaAddressException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Sockets bound to several addresses and one port.</summary>
/// <param name="Sockets">The sockets, not blocking.</param>
/// <param name="Addresses">What each is bound to.</param>
public sealed record UdpSockets(ImmutableArray<Socket> Sockets, ImmutableArray<NetworkAddress> Addresses)
{
    /// <summary>Asked of the system for each direction of each socket; it may give less.</summary>
    private const int KernelBufferBytes = 4 * 1024 * 1024;

    /// <summary>How often another free port is tried when one is not free on every address.</summary>
    private const int Attempts = 16;

    /// <summary>SIO_UDP_CONNRESET: on Windows an ICMP answer to what was sent would fail the next receive.</summary>
    private const int WindowsConnectionReset = -1744830452;

    /// <summary>
    /// Binds a socket to each of <paramref name="addresses"/>; port 0 takes one that is free on all of them.
    /// </summary>
    /// <exception cref="MediaAddressException">An address is not ours or the port is taken.</exception>
    public static UdpSockets Bind(ImmutableArray<IPAddress> addresses, int port)
    {
        for (int attempt = 1; ; attempt++)
        {
            List<Socket> sockets = [];
            int chosen = port;
            try
            {
                foreach (var address in addresses)
                {
                    sockets.Add(BindOne(address, chosen));
                    chosen = ((IPEndPoint)sockets[0].LocalEndPoint!).Port;
                }

                return new UdpSockets(
                    [.. sockets], [.. addresses.Select(address => NetworkAddress.From(address, chosen))]);
            }
            catch (SocketException problem)
            {
                sockets.ForEach(socket => socket.Dispose());
                bool anotherPort = port == 0
                    && sockets.Count > 0
                    && problem.SocketErrorCode == SocketError.AddressAlreadyInUse
                    && attempt < Attempts;
                if (!anotherPort)
                {
                    throw new MediaAddressException(
                        $"UDP port {chosen} cannot be opened on the address {addresses[sockets.Count]}: {problem.Message}.",
                        problem);
                }
            }
        }
    }

    private static Socket BindOne(IPAddress address, int port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Blocking = false;
            socket.ReceiveBufferSize = KernelBufferBytes;
            socket.SendBufferSize = KernelBufferBytes;
            if (address.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = false;
            }

            if (OperatingSystem.IsWindows())
            {
                socket.IOControl(WindowsConnectionReset, [0, 0, 0, 0], null);
            }

            socket.Bind(new IPEndPoint(address, port));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
