using System.Net.WebSockets;

namespace Dais.Client;

/// <summary>Where a client connects to, and as whom.</summary>
public sealed record DaisClientOptions
{
    internal const string Subprotocol = "dais.v1";

    private const string SocketPath = "/v1/ws";

    /// <summary>The server's web address, such as <c>https://live.example.org</c>.</summary>
    public required Uri Url { get; init; }

    /// <summary>Who the user is; enough by itself in development mode only, otherwise the token says it.</summary>
    public string? UserId { get; init; }

    /// <summary>The name others see; the token's wins.</summary>
    public string? UserName { get; init; }

    /// <summary>The picture others see.</summary>
    public string? AvatarUrl { get; init; }

    /// <summary>The access token.</summary>
    public string? Token { get; init; }

    /// <summary>Gets a new token when the server refuses the last one; null, or a null token, gives up.</summary>
    public Func<CancellationToken, Task<string?>>? RenewTokenAsync { get; init; }

    /// <summary>What the client runs on, in the contract's numbers: 1 Android, 2 iOS, 5 Windows, 6 Linux, 8 macOS, 0 other.</summary>
    public int Platform { get; init; } =
        OperatingSystem.IsLinux() ? 6
        : OperatingSystem.IsWindows() ? 5
        : OperatingSystem.IsMacOS() ? 8
        : OperatingSystem.IsAndroid() ? 1
        : OperatingSystem.IsIOS() ? 2
        : 0;

    /// <summary>How long a connection attempt may take.</summary>
    public TimeSpan OpenTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the answer to a call may take.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Opens the WebSocket with the subprotocol <c>dais.v1</c>, for those who need a proxy or headers; null for the usual way.
    /// </summary>
    public Func<Uri, CancellationToken, Task<WebSocket>>? OpenWebSocketAsync { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The WebSocket's address of a server that is known by its web address.</summary>
    internal static Uri SocketAddress(Uri url)
    {
        bool isSecure = url.Scheme is "https" or "wss";
        return new UriBuilder(url) { Scheme = isSecure ? "wss" : "ws", Path = SocketPath, Port = url.IsDefaultPort ? -1 : url.Port }.Uri;
    }
}
