using System.Collections.Immutable;
using Dais.Server.Media.Udp;
using Dais.Server.Messages;
using Dais.Server.Storage.Journal;
using Dais.Server.Webhooks;

namespace Dais.Server.Hosting;

/// <summary>
/// The settings of one node: section <c>Dais</c> of the configuration, read and checked once at the start.
/// </summary>
public sealed record DaisOptions
{
    /// <summary>The secrets that sign access tokens, by name. Empty is possible in development mode only.</summary>
    public ImmutableSortedDictionary<string, string> Keys { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Whether a client may say who it is without a token.</summary>
    public bool AllowBareUserIds { get; init; }

    /// <summary>How long the seat of a user whose connection dropped is kept; zero gives it up at once.</summary>
    public TimeSpan SeatGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a member who is on no seat stays in the room after the connection dropped; zero lets them leave at once.
    /// </summary>
    public TimeSpan AudienceGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a room waits for its host whose connection dropped; zero ends it at once.</summary>
    public TimeSpan HostGrace { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// The STUN and TURN servers clients are told of; none by default: the server itself is reachable.
    /// </summary>
    public ImmutableArray<IceServerOptions> IceServers { get; init; } = [];

    /// <summary>Where and how durably rooms are kept.</summary>
    public StorageOptions Storage { get; init; } = new();

    /// <summary>Settings of the media plane.</summary>
    public MediaOptions Media { get; init; } = new();

    /// <summary>Who is told of what happens in rooms.</summary>
    public WebhookOptions Webhooks { get; init; } = new();

    /// <summary>Settings of messages.</summary>
    public MessageOptions Messages { get; init; } = new();

    /// <summary>What <c>/metrics</c> wants to see; null lets only this machine ask without a token.</summary>
    public string? MetricsToken { get; init; }

    /// <summary>Bounds of what clients may ask for.</summary>
    public LimitOptions Limits { get; init; } = new();
}

/// <summary>Where and how durably rooms are kept.</summary>
public sealed record StorageOptions
{
    /// <summary>The server's folder, from the working directory; made if it is not there.</summary>
    public string DataPath { get; init; } = "data";

    /// <summary>What an event that somebody has seen survives.</summary>
    public Durability Durability { get; init; } = Durability.Fsync;

    /// <summary>How long a room is kept after its end; zero lets it go with the next sweep, at most five minutes later.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>
    /// How many events of a room stay readable at least, as long as they take no more than 16 MiB; zero keeps what came since the
    /// last snapshot.
    /// </summary>
    public int KeepEvents { get; init; } = 50_000;

    /// <summary>
    /// What rooms that have ended may take together, in bytes; beyond, those that ended first are deleted before their time.
    /// </summary>
    public long EndedBytesMax { get; init; } = 512L << 20;
}

/// <summary>Settings of the media plane.</summary>
public sealed record MediaOptions
{
    /// <summary>
    /// The UDP and TCP port of the first worker; each further worker has the next one. Zero lets the system choose each.
    /// </summary>
    public int Port { get; init; } = 5181;

    /// <summary>Whether clients that get nowhere by UDP may connect by TCP.</summary>
    public bool Tcp { get; init; } = true;

    /// <summary>How many workers, each one thread; zero means one per processor core.</summary>
    public int Workers { get; init; }

    /// <summary>
    /// The local addresses that media arrives at, each with what clients are told; empty means the first IPv4 and the first
    /// IPv6 address that others may reach, and loopback.
    /// </summary>
    public ImmutableArray<LocalAddress> AdvertisedAddresses { get; init; } = [];

    /// <summary>The ceiling publishers are told, in bits per second.</summary>
    public int PublisherBitrateMax { get; init; } = 2_500_000;

    /// <summary>What is believed to pass to a viewer before it has said anything, in bits per second.</summary>
    public int ViewerBitrateStart { get; init; } = 1_000_000;

    /// <summary>The most a viewer is sent, in bits per second.</summary>
    public int ViewerBitrateMax { get; init; } = 20_000_000;
}

/// <summary>A STUN or TURN server clients are told of.</summary>
/// <param name="Url">Such as <c>turn:turn.example.org:3478</c>.</param>
/// <param name="Username">For TURN, or null.</param>
/// <param name="Credential">For TURN, or null.</param>
public sealed record IceServerOptions(string Url, string? Username, string? Credential)
{
    /// <summary>What the TURN server and this one know, to give each client credentials of its own that end; or null.</summary>
    public string? Secret { get; init; }

    /// <summary>How long the credentials made with <see cref="Secret"/> are good.</summary>
    public TimeSpan CredentialTime { get; init; } = TimeSpan.FromDays(1);
}

/// <summary>Bounds of what clients may ask for. None can be switched off: a bound is always there.</summary>
public sealed record LimitOptions
{
    /// <summary>Longest message a client may send, in bytes.</summary>
    public int MessageBytes { get; init; } = 262_144;

    /// <summary>Requests one connection may send per second, on average.</summary>
    public int RequestsPerSecond { get; init; } = 50;

    /// <summary>Requests one connection may send at once after a pause.</summary>
    public int RequestsBurst { get; init; } = 100;

    /// <summary>Calls over HTTP one caller may make per second, on average.</summary>
    public int RestPerSecond { get; init; } = 500;

    /// <summary>Calls over HTTP one caller may make at once after a pause.</summary>
    public int RestBurst { get; init; } = 1_000;

    /// <summary>Signalling connections of this node.</summary>
    public int ConnectionsMax { get; init; } = 20_000;

    /// <summary>Sessions of this node that wait for their client to come back; further ones do not wait.</summary>
    public int WaitingSessionsMax { get; init; } = 20_000;

    /// <summary>Rooms of this node.</summary>
    public int RoomsMax { get; init; } = 5_000;

    /// <summary>Rooms one connection may be in.</summary>
    public int RoomsPerConnectionMax { get; init; } = 32;

    /// <summary>Members of one room.</summary>
    public int MembersPerRoomMax { get; init; } = 10_000;

    /// <summary>Messages that may wait for one connection to read them; more close it as a slow consumer.</summary>
    public int OutgoingQueueMessages { get; init; } = 8_192;
}
