using System.IO.Pipelines;
using Dais.Server.Signaling;
using Microsoft.AspNetCore.Http.Features;

namespace Dais.Server.Whip;

/// <summary>
/// What is below a connection that leads nowhere: with it a WHIP or WHEP client is a member of a room as any other, and what the room
/// tells it is dropped.
/// </summary>
internal static class SilentTransport
{
    /// <summary>One for a new connection.</summary>
    public static WebSocketTransport Create() =>
        new(Stream.Null, PipeWriter.Create(Stream.Null), new HttpRequestLifetimeFeature());
}
