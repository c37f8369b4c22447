using Dais.Rtc.Dtls;
using Dais.Rtc.Dtls.OpenSsl;
using Dais.Rtc.Srtp;

namespace Dais.Rtc.Tests.Dtls;

/// <summary>A browser's DTLS client and our server, with a wire between that a test can cut.</summary>
internal sealed class DtlsPair : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 0, 0, 0, TimeSpan.Zero);
    private static readonly DtlsCertificate ServerCertificate = DtlsCertificate.Create(Now, Now.AddYears(1));
    private static readonly DtlsCertificate ClientCertificate = DtlsCertificate.Create(Now, Now.AddYears(1));

    private readonly OpenSslDtlsSessionFactory _servers;
    private readonly OpenSslDtlsSessionFactory _clients;

    public DtlsPair(
        SrtpProfile[]? serverProfiles = null,
        SrtpProfile[]? clientProfiles = null,
        DtlsFingerprint? expectedOfClient = null,
        DtlsFingerprint? expectedOfServer = null,
        int mtu = 1200)
    {
        var options = new OpenSslDtlsOptions { Mtu = mtu, FirstRetransmission = TimeSpan.FromMilliseconds(20) };
        _servers = new OpenSslDtlsSessionFactory(ServerCertificate, With(options, serverProfiles));
        _clients = new OpenSslDtlsSessionFactory(ClientCertificate, With(options, clientProfiles));
        Server = (OpenSslDtlsSession)_servers.CreatePassive(expectedOfClient ?? _clients.LocalFingerprint);
        Client = (OpenSslDtlsSession)_clients.CreateActive(expectedOfServer ?? _servers.LocalFingerprint, T0);
    }

    public static Timestamp T0 { get; } = new(1_000_000);

    public OpenSslDtlsSession Server { get; }

    public OpenSslDtlsSession Client { get; }

    public DtlsFingerprint ClientFingerprint => _clients.LocalFingerprint;

    /// <summary>Everything a session has to send now.</summary>
    public static List<byte[]> Take(IDtlsSession session)
    {
        List<byte[]> datagrams = [];
        byte[] buffer = new byte[1500];
        while (session.TryDequeue(buffer, out int length))
        {
            datagrams.Add(buffer[..length]);
        }

        return datagrams;
    }

    public static void Feed(IDtlsSession session, IEnumerable<byte[]> datagrams)
    {
        foreach (byte[] datagram in datagrams)
        {
            session.HandleDatagram(datagram, T0);
        }
    }

    /// <summary>Carries datagrams both ways until nobody has one; <paramref name="before"/> sees each with its receiver first.</summary>
    public void Run(Action<IDtlsSession, byte[]>? before = null)
    {
        while (true)
        {
            var toServer = Take(Client);
            var toClient = Take(Server);
            if (toServer.Count + toClient.Count == 0)
            {
                return;
            }

            Deliver(Server, toServer, before);
            Deliver(Client, toClient, before);
        }
    }

    /// <summary>
    /// Lets the timers of both sessions run until one has something to send. The library asks the system's clock, so this takes the
    /// real time of a retransmission.
    /// </summary>
    public void WaitForRetransmission()
    {
        long giveUp = Environment.TickCount64 + 10_000;
        Assert.NotEqual((Timestamp.Never, Timestamp.Never), (Server.NextTimeout, Client.NextTimeout));
        while (!Server.HasOutput && !Client.HasOutput)
        {
            Assert.True(Environment.TickCount64 < giveUp, "Nothing was sent again.");
            Server.HandleTimeout(Server.NextTimeout);
            Client.HandleTimeout(Client.NextTimeout);
            Thread.Yield();
        }
    }

    public void AssertConnected()
    {
        Assert.Equal(DtlsState.Connected, Server.State);
        Assert.Equal(DtlsState.Connected, Client.State);
        Assert.Equal(Server.Keys!.Profile, Client.Keys!.Profile);
        Assert.Equal(Server.Keys.Send.Key, Client.Keys.Receive.Key);
        Assert.Equal(Server.Keys.Send.Salt, Client.Keys.Receive.Salt);
        Assert.Equal(Server.Keys.Receive.Key, Client.Keys.Send.Key);
        Assert.Equal(Server.Keys.Receive.Salt, Client.Keys.Send.Salt);
        Assert.NotEqual(Server.Keys.Send.Key, Server.Keys.Receive.Key);
    }

    public void Dispose()
    {
        Server.Dispose();
        Client.Dispose();
        _servers.Dispose();
        _clients.Dispose();
    }

    private static OpenSslDtlsOptions With(OpenSslDtlsOptions options, SrtpProfile[]? profiles) =>
        profiles is null ? options : options with { Profiles = [.. profiles] };

    private static void Deliver(OpenSslDtlsSession session, List<byte[]> datagrams, Action<IDtlsSession, byte[]>? before)
    {
        foreach (byte[] datagram in datagrams)
        {
            before?.Invoke(session, datagram);
            session.HandleDatagram(datagram, T0);
        }
    }
}
