using System.Collections.Immutable;

namespace Dais.Protocol;

/// <summary>Why the server closes a WebSocket, and what the client does then.</summary>
/// <param name="Code">The close code.</param>
/// <param name="Name">Its name.</param>
/// <param name="Reconnect">Whether the client should connect again.</param>
/// <param name="Meaning">What it means.</param>
public sealed record CloseCode(int Code, string Name, bool Reconnect, string Meaning);

/// <summary>The close codes: 4400-4499 reconnect, 4500-4999 do not; 4401 is the exception.</summary>
public static class CloseCodes
{
    /// <summary>No session, or one whose token is no longer good.</summary>
    public static CloseCode Unauthorized { get; } =
        new(4401, "unauthorized", false, "The session was not opened, or its token is no longer good: get a new token first.");

    /// <summary>The client reads too slowly.</summary>
    public static CloseCode SlowConsumer { get; } = new(4408, "slowConsumer", true, "The client reads its messages too slowly.");

    /// <summary>Nothing was heard from the client for more than two ping intervals.</summary>
    public static CloseCode Silent { get; } = new(4409, "silent", true, "Nothing was heard from the client for too long.");

    /// <summary>The server shuts down.</summary>
    public static CloseCode GoingAway { get; } = new(4410, "goingAway", true, "The server is going away.");

    /// <summary>The same user joined the room with a newer connection.</summary>
    public static CloseCode Replaced { get; } = new(4501, "replaced", false, "The same user came with a newer connection.");

    /// <summary>A host or admin removed the user.</summary>
    public static CloseCode Kicked { get; } = new(4503, "kicked", false, "A host or admin removed the user.");

    /// <summary>The room ended.</summary>
    public static CloseCode RoomEnded { get; } = new(4504, "roomEnded", false, "The room has ended.");

    /// <summary>The client broke the protocol.</summary>
    public static CloseCode ProtocolError { get; } = new(4510, "protocolError", false, "The client broke the protocol.");

    /// <summary>Every close code, by number.</summary>
    public static ImmutableArray<CloseCode> All { get; } =
        [Unauthorized, SlowConsumer, Silent, GoingAway, Replaced, Kicked, RoomEnded, ProtocolError];
}
