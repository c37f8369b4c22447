using Dais.Rtc.Dtls;
using Dais.Rtc.Dtls.OpenSsl;
using Dais.Rtc.Srtp;
using Dais.Simulation;

namespace Dais.Sfu.Tests.Simulated;

/// <summary>
/// The one place where the worker meets the system's OpenSSL without sockets. Its clock is not ours, so nothing here depends on when
/// a handshake message is repeated.
/// </summary>
public sealed class OpenSslTests : IDisposable
{
    private static readonly StageId Stage = new(1);
    private static readonly DateTimeOffset Anchor = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly OpenSslDtlsSessionFactory _server = new(MakeCertificate());

    [Theory]
    [InlineData(SrtpProfile.AeadAes128Gcm)]
    [InlineData(SrtpProfile.Aes128CmHmacSha1)]
    public void A_viewer_sees_the_host_through_real_handshakes(SrtpProfile profile)
    {
        using var client = new OpenSslDtlsSessionFactory(MakeCertificate(), new OpenSslDtlsOptions { Profiles = [profile] });
        using var simulation = new SimulatedWorker(new SimulationOptions { ServerDtls = _server, ClientDtls = client });
        var host = simulation.AddPublisher(1);
        var viewer = simulation.AddSubscriber(2, Stage);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));

        simulation.RunFor(TimeSpan.FromSeconds(2));

        RecordingAssert.IsContinuous(viewer.Audio(0), simulation.Seed);
        RecordingAssert.StartsEverySourceAtAKeyframe(viewer.Video(0), simulation.Seed);
        Assert.True(viewer.Video(0).Packets.Count > 50);
    }

    [Fact]
    public void Either_side_can_say_goodbye()
    {
        using var client = new OpenSslDtlsSessionFactory(MakeCertificate());
        using var simulation = new SimulatedWorker(new SimulationOptions { ServerDtls = _server, ClientDtls = client });
        var host = simulation.AddPublisher(1);
        var viewer = simulation.AddSubscriber(2, Stage);
        simulation.RunFor(TimeSpan.FromSeconds(1));

        host.Transport.Close(simulation.Now, simulation.OutputOf(host));
        simulation.Command(new SfuCommand.CloseTransport(viewer.Id));
        simulation.RunFor(TimeSpan.FromMilliseconds(100));

        Assert.Contains(new SfuEvent.TransportClosed(host.Id, TransportCloseReason.ClosedByPeer), simulation.Events);
        Assert.True(viewer.Transport.IsClosed);
        Assert.Equal(0, simulation.Worker.TransportCount);
    }

    [Fact]
    public void A_certificate_that_was_not_announced_is_refused()
    {
        using var announced = new OpenSslDtlsSessionFactory(MakeCertificate());
        using var impostor = new OpenSslDtlsSessionFactory(MakeCertificate());
        var mixed = new Impostor(announced.LocalFingerprint, impostor);
        using var simulation = new SimulatedWorker(new SimulationOptions { ServerDtls = _server, ClientDtls = mixed });
        var host = simulation.AddPublisher(1);

        simulation.RunFor(TimeSpan.FromSeconds(1));

        Assert.Equal([new SfuEvent.TransportClosed(host.Id, TransportCloseReason.DtlsFailed)], simulation.Events);
    }

    public void Dispose() => _server.Dispose();

    private static DtlsCertificate MakeCertificate() => DtlsCertificate.Create(Anchor, Anchor.AddYears(50));

    /// <summary>Announces one certificate and shows another.</summary>
    private sealed class Impostor(DtlsFingerprint announced, IDtlsSessionFactory shown) : IDtlsSessionFactory
    {
        public DtlsFingerprint LocalFingerprint => announced;

        public IDtlsSession CreatePassive(DtlsFingerprint remote) => shown.CreatePassive(remote);

        public IDtlsSession CreateActive(DtlsFingerprint remote, Rtc.Timestamp now) => shown.CreateActive(remote, now);
    }
}
