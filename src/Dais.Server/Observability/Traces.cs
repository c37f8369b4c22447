using System.Diagnostics;

namespace Dais.Server.Observability;

/// <summary>
/// The spans of this server: source <c>Dais</c>. Nothing is made while nobody listens. No tag names a user, a room or an
/// address; a room is told apart by its number, as in logs.
/// </summary>
public static class Traces
{
    /// <summary>The name of the source.</summary>
    public const string SourceName = "Dais";

    /// <summary>The tag that says how something ended.</summary>
    public const string Outcome = "dais.outcome";

    private static readonly ActivitySource Source = new(SourceName, ObservedFigures.Version);

    /// <summary>The span this runs in, for work that goes on elsewhere; null while nobody listens.</summary>
    public static Activity? Current => Source.HasListeners() ? Activity.Current : null;

    /// <summary>Starts a span in the one this runs in, or null.</summary>
    public static Activity? Start(string name) => Source.StartActivity(name);

    /// <summary>
    /// Starts a span that is in no other, whatever this runs in: the request that a WebSocket began with lasts as long as its client stays.
    /// </summary>
    public static Activity? StartRoot(string name, ActivityKind kind)
    {
        Follow(null);
        return Source.StartActivity(name, kind);
    }

    /// <summary>From here on, spans are in <paramref name="caller"/>.</summary>
    public static void Follow(Activity? caller)
    {
        if (Source.HasListeners())
        {
            Activity.Current = caller;
        }
    }
}
