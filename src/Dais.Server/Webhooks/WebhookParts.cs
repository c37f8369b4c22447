using Dais.Server.Hosting;
using Dais.Server.Storage;

namespace Dais.Server.Webhooks;

/// <summary>What lanes work with.</summary>
/// <param name="Events">The log.</param>
/// <param name="Endpoints">Where endpoints began.</param>
/// <param name="Counters">What is counted.</param>
/// <param name="Time">The clock.</param>
/// <param name="Log">The log lines.</param>
public sealed record WebhookParts(
    IEventLog Events, EndpointStore Endpoints, WebhookCounters Counters, TimeProvider Time, ServerLog Log);
