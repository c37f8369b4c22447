using System.Collections.Immutable;
using System.Text;
using Dais.Server.Media.Udp;
using Dais.Server.Messages;
using Dais.Server.Storage.Journal;
using Dais.Server.Webhooks;

namespace Dais.Server.Hosting;

/// <summary>Makes <see cref="DaisOptions"/> of the configuration, or refuses it in one sentence.</summary>
public static class DaisOptionsReader
{
    /// <summary>Shortest secret, in bytes: an HS256 key is at least as long as the hash (RFC 7518 §3.2).</summary>
    public const int KeyBytesMin = 32;

    /// <summary>Shortest token for metrics.</summary>
    public const int MetricsTokenCharactersMin = 16;

    /// <summary>TURN credentials are to outlast the way to the TURN server.</summary>
    private const int CredentialSecondsMin = 60;

    private const int CredentialSecondsMax = 30 * 24 * 3600;

    /// <summary>Ten years.</summary>
    private const int RetentionHoursMax = 87_600;

    private const int KeepEventsMax = 1_000_000;
    private const int EndedMegabytesMax = 1_000_000;
    private const int MegabyteBits = 20;

    private static readonly TimeSpan GraceMax = TimeSpan.FromHours(1);

    /// <summary>Reads and checks section <c>Dais</c>.</summary>
    /// <exception cref="DaisConfigurationException">A value is wrong; the message says which and what is
    /// expected.</exception>
    public static DaisOptions Read(IConfiguration configuration, bool isDevelopment)
    {
        var section = new ConfigurationSectionReader(configuration.GetSection("Dais"));
        var keys = ReadKeys(section);
        if (keys.IsEmpty && !isDevelopment)
        {
            throw new DaisConfigurationException(
                "Dais:Keys needs at least one key outside development mode: set Dais:Keys:<name> to a secret of "
                + $"{KeyBytesMin} bytes or more.");
        }

        var defaults = new DaisOptions();
        var options = new DaisOptions
        {
            Keys = keys,
            AllowBareUserIds = isDevelopment,
            SeatGrace = section.Seconds("SeatGraceSeconds", defaults.SeatGrace, GraceMax),
            AudienceGrace = section.Seconds("AudienceGraceSeconds", defaults.AudienceGrace, GraceMax),
            HostGrace = section.Seconds("HostGraceSeconds", defaults.HostGrace, GraceMax),
            IceServers = [.. section.Children("IceServers").Select(ReadIceServer)],
            Storage = ReadStorage(section),
            Media = ReadMedia(section.Section("Media")),
            Webhooks = WebhookOptions.Read(section),
            Messages = MessageOptions.Read(section),
            MetricsToken = ReadMetricsToken(section.Section("Metrics")),
            Limits = ReadLimits(section.Section("Limits")),
        };
        section.RefuseUnknownKeys();
        return options;
    }

    private static ImmutableSortedDictionary<string, string> ReadKeys(ConfigurationSectionReader section)
    {
        var keys = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var child in section.Children("Keys"))
        {
            string secret = child.Value ?? "";
            if (Encoding.UTF8.GetByteCount(secret) < KeyBytesMin)
            {
                // The value is a secret, even a short one: it is not repeated.
                throw new DaisConfigurationException(
                    $"{child.Path} must be a secret of at least {KeyBytesMin} bytes, but is shorter.");
            }

            keys[child.Key] = secret;
        }

        return keys.ToImmutable();
    }

    private static string? ReadMetricsToken(ConfigurationSectionReader section)
    {
        string? token = section.Text("Token");
        section.RefuseUnknownKeys();

        // A secret, even a short one: it is not repeated.
        return token is null or { Length: >= MetricsTokenCharactersMin }
            ? token
            : throw new DaisConfigurationException(
                $"Dais:Metrics:Token must have at least {MetricsTokenCharactersMin} characters, but is shorter.");
    }

    private static StorageOptions ReadStorage(ConfigurationSectionReader root)
    {
        var defaults = new StorageOptions();
        string dataPath = root.Text("DataPath") ?? defaults.DataPath;
        var section = root.Section("Storage");
        int retentionHours = section.WholeNumber("RetentionHours", (int)defaults.Retention.TotalHours, 0, RetentionHoursMax);
        string? durability = section.Text("Durability");
        var storage = new StorageOptions
        {
            DataPath = dataPath,
            Durability = durability?.ToLowerInvariant() switch
            {
                null => defaults.Durability,
                "fsync" => Durability.Fsync,
                "os" => Durability.Os,
                "memory" => Durability.Memory,
                _ => throw section.Refuse("Durability", "fsync, os or memory", durability),
            },
            Retention = TimeSpan.FromHours(retentionHours),
            KeepEvents = section.WholeNumber("KeepEvents", defaults.KeepEvents, 0, KeepEventsMax),
            EndedBytesMax = (long)section.WholeNumber(
                "EndedMegabytes", (int)(defaults.EndedBytesMax >> MegabyteBits), 0, EndedMegabytesMax) << MegabyteBits,
        };
        section.RefuseUnknownKeys();
        return storage;
    }

    private static MediaOptions ReadMedia(ConfigurationSectionReader section)
    {
        var defaults = new MediaOptions();
        int workers = section.WholeNumber("Workers", defaults.Workers, 0, 256);
        int count = workers == 0 ? Environment.ProcessorCount : workers;
        int viewerMax = section.WholeNumber("ViewerBitrateMax", defaults.ViewerBitrateMax, 100_000, 100_000_000);
        var media = new MediaOptions
        {
            Workers = count,
            Port = section.WholeNumber("Port", defaults.Port, 0, 65_536 - count),
            Tcp = section.YesOrNo("Tcp", defaults.Tcp),
            PublisherBitrateMax = section.WholeNumber("PublisherBitrateMax", defaults.PublisherBitrateMax, 100_000, 100_000_000),
            ViewerBitrateStart = section.WholeNumber("ViewerBitrateStart", Math.Min(defaults.ViewerBitrateStart, viewerMax), 100_000, viewerMax),
            ViewerBitrateMax = viewerMax,
            AdvertisedAddresses = ReadAddresses(section),
        };
        section.RefuseUnknownKeys();
        return media;
    }

    private static ImmutableArray<LocalAddress> ReadAddresses(ConfigurationSectionReader section)
    {
        try
        {
            return [.. section.List("AdvertisedAddresses").Select(LocalAddresses.Parse)];
        }
        catch (MediaAddressException refusal)
        {
            throw new DaisConfigurationException(refusal.Message);
        }
    }

    private static IceServerOptions ReadIceServer(IConfigurationSection child)
    {
        var section = new ConfigurationSectionReader(child);
        string? url = section.Text("Url");
        if (url is null || !IsIceUrl(url))
        {
            throw section.Refuse("Url", "a stun:, stuns:, turn: or turns: address", url);
        }

        var server = new IceServerOptions(url, section.Text("Username"), section.Text("Credential"));
        server = server with
        {
            Secret = section.Text("Secret"),
            CredentialTime = TimeSpan.FromSeconds(section.WholeNumber(
                "CredentialSeconds", (int)server.CredentialTime.TotalSeconds, CredentialSecondsMin, CredentialSecondsMax)),
        };
        section.RefuseUnknownKeys();
        bool isEither = server.Secret is null || (server.Username is null && server.Credential is null);
        return isEither
            ? server
            : throw new DaisConfigurationException(
                $"{child.Path} has a Secret, which makes a user name and a credential for each client, and beside it a Username or a "
                + "Credential; set one or the other.");
    }

    private static bool IsIceUrl(string url) =>
        url.IndexOf(':', StringComparison.Ordinal) is var colon && colon > 0 && colon < url.Length - 1
        && url[..colon].ToLowerInvariant() is "stun" or "stuns" or "turn" or "turns";

    private static LimitOptions ReadLimits(ConfigurationSectionReader section)
    {
        var defaults = new LimitOptions();
        var limits = new LimitOptions
        {
            MessageBytes = section.WholeNumber("MessageBytes", defaults.MessageBytes, 4_096, 16_777_216),
            RequestsPerSecond = section.WholeNumber("RequestsPerSecond", defaults.RequestsPerSecond, 1, 100_000),
            RequestsBurst = section.WholeNumber("RequestsBurst", defaults.RequestsBurst, 1, 100_000),
            RestPerSecond = section.WholeNumber("RestPerSecond", defaults.RestPerSecond, 1, 100_000),
            RestBurst = section.WholeNumber("RestBurst", defaults.RestBurst, 1, 100_000),
            ConnectionsMax = section.WholeNumber("ConnectionsMax", defaults.ConnectionsMax, 1, 10_000_000),
            WaitingSessionsMax = section.WholeNumber("WaitingSessionsMax", defaults.WaitingSessionsMax, 1, 10_000_000),
            RoomsMax = section.WholeNumber("RoomsMax", defaults.RoomsMax, 1, 1_000_000),
            RoomsPerConnectionMax = section.WholeNumber("RoomsPerConnectionMax", defaults.RoomsPerConnectionMax, 1, 1_000),
            MembersPerRoomMax = section.WholeNumber("MembersPerRoomMax", defaults.MembersPerRoomMax, 1, 10_000_000),
            OutgoingQueueMessages = section.WholeNumber("OutgoingQueueMessages", defaults.OutgoingQueueMessages, 16, 1_000_000),
        };
        section.RefuseUnknownKeys();
        return limits;
    }
}
