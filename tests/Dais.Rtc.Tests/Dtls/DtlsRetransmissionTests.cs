using Dais.Rtc.Dtls;
using Dais.Rtc.Dtls.OpenSsl;

namespace Dais.Rtc.Tests.Dtls;

/// <summary>
/// How handshakes go over lossy networks. OpenSSL asks the system's clock when a flight is due again, so these tests take real time; how
/// much it may be at least is sure on every machine, how much at most is not.
/// </summary>
public sealed class DtlsRetransmissionTests : IDisposable
{
    /// <summary>OpenSSL takes a timer for expired when less than this is left of it.</summary>
    private static readonly TimeSpan Rounding = TimeSpan.FromMilliseconds(15);

    private static readonly DateTimeOffset Anchor = new(2026, 11, 20, 0, 0, 0, TimeSpan.Zero);

    private readonly OpenSslDtlsSessionFactory _servers = new(DtlsCertificate.Create(Anchor, Anchor.AddYears(1)));
    private readonly OpenSslDtlsSessionFactory _clients = new(DtlsCertificate.Create(Anchor, Anchor.AddYears(1)));
    private readonly long _start = TimeProvider.System.GetTimestamp();

    [Fact]
    public void A_flight_is_sent_again_after_a_tenth_of_a_second_then_after_twice_as_long_up_to_a_second()
    {
        var sent = Now();
        using var client = (OpenSslDtlsSession)_clients.CreateActive(_servers.LocalFingerprint, sent);
        DtlsPair.Take(client);
        foreach (int milliseconds in (int[])[100, 200, 400, 800, 1_000])
        {
            var delay = TimeSpan.FromMilliseconds(milliseconds);
            Assert.InRange(client.NextTimeout - sent, TimeSpan.Zero, delay + (Now() - sent));
            var before = Now();
            while (!client.HasOutput)
            {
                before = Now();
                client.HandleTimeout(before);
                Thread.Yield();
            }

            Assert.InRange(Now() - sent, delay - Rounding, TimeSpan.MaxValue);

            // Not later than it was sent, however long this thread had to wait since.
            sent = before;
            Assert.NotEmpty(DtlsPair.Take(client));
        }
    }

    [Fact]
    public void Every_handshake_is_done_when_a_quarter_of_the_datagrams_is_lost_each_way()
    {
        const int Count = 60;
        List<LossyPair> pairs = [.. Enumerable.Range(1, Count).Select(seed => new LossyPair(_servers, _clients, seed, Now()))];
        while (pairs.Any(pair => pair.ConnectedAfter is null))
        {
            foreach (var pair in pairs)
            {
                pair.Step(Now());
            }

            Assert.True(Now() < new Timestamp(60_000_000), "Some handshakes are not done after a minute.");
            Thread.Yield();
        }

        double[] seconds = [.. pairs.Select(pair => pair.ConnectedAfter!.Value.TotalSeconds).Order()];
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"Handshakes at 25 % loss each way: median {seconds[Count / 2]:0.000} s, p90 {seconds[Count * 9 / 10]:0.000} s, "
            + $"longest {seconds[^1]:0.000} s.");
        pairs.ForEach(pair => pair.Dispose());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _servers.Dispose();
        _clients.Dispose();
    }

    private Timestamp Now() => new((long)TimeProvider.System.GetElapsedTime(_start).TotalMicroseconds);

    /// <summary>A handshake, and a wire that loses.</summary>
    private sealed class LossyPair : IDisposable
    {
        private const double Loss = 0.25;

        private readonly IDtlsSession _server;
        private readonly IDtlsSession _client;
        private readonly Random _random;
        private readonly Timestamp _begun;

        public LossyPair(OpenSslDtlsSessionFactory servers, OpenSslDtlsSessionFactory clients, int seed, Timestamp now)
        {
            _random = new Random(seed);
            _begun = now;
            _server = servers.CreatePassive(clients.LocalFingerprint);
            _client = clients.CreateActive(servers.LocalFingerprint, now);
        }

        /// <summary>How long it took until both ends were connected; null before.</summary>
        public TimeSpan? ConnectedAfter { get; private set; }

        public void Step(Timestamp now)
        {
            _server.HandleTimeout(now);
            _client.HandleTimeout(now);
            Carry(_client, _server, now);
            Carry(_server, _client, now);
            if (_server.State == DtlsState.Connected && _client.State == DtlsState.Connected)
            {
                ConnectedAfter ??= now - _begun;
            }

            Assert.NotEqual(DtlsState.Failed, _server.State);
            Assert.NotEqual(DtlsState.Failed, _client.State);
        }

        public void Dispose()
        {
            _server.Dispose();
            _client.Dispose();
        }

        private void Carry(IDtlsSession from, IDtlsSession to, Timestamp now)
        {
            foreach (byte[] datagram in DtlsPair.Take(from))
            {
                if (_random.NextDouble() >= Loss)
                {
                    to.HandleDatagram(datagram, now);
                }
            }
        }
    }
}
