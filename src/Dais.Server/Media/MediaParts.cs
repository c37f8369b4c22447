using Dais.Rtc.Dtls;
using Dais.Rtc.Dtls.OpenSsl;
using Dais.Rtc.Rtcp;
using Dais.Server.Hosting;
using Dais.Server.Media.Relays;
using Dais.Server.Media.Tcp;
using Dais.Server.Media.Udp;
using Dais.Sfu;

namespace Dais.Server.Media;

/// <summary>What the media plane is made of.</summary>
public static class MediaParts
{
    /// <summary>
    /// Clients know our certificate by its fingerprint and look at no dates; no process lives longer than this.
    /// </summary>
    private static readonly TimeSpan CertificateLife = TimeSpan.FromDays(3650);

    /// <summary>Seconds from the start of NTP's first era to the Unix epoch (RFC 5905 §6).</summary>
    private const ulong NtpSecondsAtUnixEpoch = 2_208_988_800;

    /// <summary>Adds the media plane.</summary>
    public static void AddMedia(this IServiceCollection services)
    {
        services.AddSingleton<MediaPlane>();
        services.AddSingleton(provider => new RelayMesh(provider.GetRequiredService<DaisOptions>().Media.Workers));
        services.AddSingleton<IDtlsSessionFactory>(CreateDtls);
        services.AddSingleton<MediaWorkerFactory>(provider => index => CreateWorker(provider, index));
    }

    private static OpenSslDtlsSessionFactory CreateDtls(IServiceProvider provider)
    {
        var now = provider.GetRequiredService<TimeProvider>().GetUtcNow();
        return new OpenSslDtlsSessionFactory(DtlsCertificate.Create(now - TimeSpan.FromDays(1), now + CertificateLife));
    }

    private static MediaWorker CreateWorker(IServiceProvider provider, int index)
    {
        var options = provider.GetRequiredService<DaisOptions>().Media;
        var time = provider.GetRequiredService<TimeProvider>();
        var addresses = options.AdvertisedAddresses.IsEmpty ? LocalAddresses.Choose([]) : options.AdvertisedAddresses;
        var relays = provider.GetRequiredService<RelayMesh>().PortOf(index);
        int port = options.Port == 0 ? 0 : options.Port + index;
        var settings = new SfuOptions
        {
            // The worker's own clock starts with it.
            NtpAtZero = NtpOf(time.GetUtcNow()),
            PublisherBitrateMax = options.PublisherBitrateMax,
            ViewerBitrateStart = options.ViewerBitrateStart,
            ViewerBitrateMax = options.ViewerBitrateMax,
        };
        var core = new SfuWorker(provider.GetRequiredService<IDtlsSessionFactory>(), settings, relays);
        return new MediaWorker(
            core,
            MediaSockets.Open([.. addresses.Select(address => address.Local)], port, options.Tcp ? new TcpOptions() : null, time),
            addresses,
            new MediaWorkerOptions(),
            time,
            provider.GetRequiredService<ILogger<MediaWorker>>(),
            relays);
    }

    private static NtpTimestamp NtpOf(DateTimeOffset instant) =>
        new NtpTimestamp(NtpSecondsAtUnixEpoch << 32) + (instant - DateTimeOffset.UnixEpoch);
}
