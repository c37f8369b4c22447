using System.Diagnostics.Metrics;
using System.Reflection;
using Dais.Rooms;
using Dais.Server.Hosting;
using Dais.Server.Rooms;
using Dais.Server.Signaling;
using Dais.Server.Webhooks;

namespace Dais.Server.Observability;

/// <summary>What can be read of the server at any time: read when somebody collects, and never otherwise.</summary>
public static class ObservedFigures
{
    /// <summary>The version of this server.</summary>
    public static string Version { get; } =
        typeof(ObservedFigures).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    /// <summary>Adds the instruments of rooms, connections and webhooks to <paramref name="meter"/>.</summary>
    public static void Add(
        Meter meter,
        DaisOptions options,
        RoomDirectory rooms,
        ConnectionRegistry connections,
        SessionRegistry sessions,
        WebhookDispatcher webhooks)
    {
        meter.CreateObservableGauge(
            "dais.info",
            () => new Measurement<long>(1, new KeyValuePair<string, object?>("version", Version)),
            null,
            "Always 1; the label says which version runs.");
        AddRooms(meter, rooms);
        meter.CreateObservableGauge(
            "dais.signaling.connections", () => connections.Count, "{connection}", "Connections that are open.");
        meter.CreateObservableGauge(
            "dais.signaling.connections.limit",
            () => options.Limits.ConnectionsMax,
            "{connection}",
            "Connections that may be open: Dais:Limits:ConnectionsMax.");
        meter.CreateObservableGauge(
            "dais.signaling.sessions.waiting",
            () => sessions.Waiting,
            "{session}",
            "Sessions whose connection is lost and that wait for their client.");
        AddWebhooks(meter, webhooks);
    }

    private static void AddRooms(Meter meter, RoomDirectory rooms)
    {
        meter.CreateObservableGauge(
            "dais.rooms",
            () => ByLabel(
                "phase",
                ("live", rooms.Listings.Count(listing => listing.Room!.Phase == RoomPhase.Live)),
                ("host_away", rooms.Listings.Count(listing => listing.Room!.Phase == RoomPhase.HostAway))),
            "{room}",
            "Rooms that are live, by phase: live, host_away.");
        meter.CreateObservableGauge(
            "dais.members", () => Sum(rooms, room => room.Members.Count), "{member}", "Members of all rooms, hosts included.");
        meter.CreateObservableGauge(
            "dais.seats", () => Sum(rooms, room => room.Seats.Length), "{seat}", "Seats of all rooms.");
        meter.CreateObservableGauge(
            "dais.seats.taken",
            () => Sum(rooms, room => room.Seats.Count(seat => seat.Occupant is not null)),
            "{seat}",
            "Seats somebody sits on.");
        meter.CreateObservableGauge(
            "dais.requests.open",
            () => ByLabel(
                "kind",
                ("application", Sum(rooms, room => room.Applications.Count)),
                ("invitation", Sum(rooms, room => room.Invitations.Count)),
                ("host_connection", Sum(rooms, room => room.SentHostRequests.Count))),
            "{request}",
            "Requests that wait for an answer, by kind: application, invitation, host_connection.");
        meter.CreateObservableGauge(
            "dais.host_connections",
            () => rooms.Listings.Select(listing => listing.Room!.Connection?.Id).OfType<LinkId>().Distinct().Count(),
            "{connection}",
            "Connections of hosts of different rooms.");
        meter.CreateObservableGauge(
            "dais.host_connections.rooms",
            () => Sum(rooms, room => room.Connection is null ? 0 : 1),
            "{room}",
            "Rooms that are connected with others.");
    }

    private static void AddWebhooks(Meter meter, WebhookDispatcher webhooks)
    {
        var counters = webhooks.Counters;
        meter.CreateObservableGauge(
            "dais.webhooks.endpoints", () => webhooks.Desks.Count(), "{endpoint}", "Webhook endpoints.");
        meter.CreateObservableCounter(
            "dais.webhooks.delivered", () => counters.Delivered, "{notice}", "Notices that an endpoint took.");
        meter.CreateObservableCounter(
            "dais.webhooks.failures", () => counters.Failed, "{attempt}", "Tries to deliver a notice that failed.");
        meter.CreateObservableCounter(
            "dais.webhooks.given_up", () => counters.Parked, "{notice}", "Notices that were given up and parked.");
        meter.CreateObservableCounter(
            "dais.webhooks.discarded", () => counters.Discarded, "{notice}", "Parked notices that made room for newer ones: lost.");
        meter.CreateObservableCounter(
            "dais.webhooks.lost", () => counters.Lost, "{event}", "Events that were gone from the log before an endpoint was told.");
        meter.CreateObservableGauge(
            "dais.webhooks.parked",
            () => webhooks.Desks.Sum(desk => (long)desk.Parked.Count),
            "{notice}",
            "Notices that are parked and wait for redelivery.");
        meter.CreateObservableGauge(
            "dais.webhooks.in_flight",
            () => webhooks.Desks.Sum(desk => (long)desk.InFlight),
            "{request}",
            "Requests to endpoints that are under way.");
        meter.CreateObservableGauge(
            "dais.webhooks.retries_waiting",
            () => webhooks.Desks.Sum(desk => (long)desk.RetriesWaiting),
            "{notice}",
            "Notices, each of another room, that failed and wait for their next try.");
        meter.CreateObservableGauge(
            "dais.webhooks.lag",
            () => webhooks.Feeds.Lag.TotalSeconds,
            "s",
            "Age of the oldest event that some endpoint has still to be told of.");
    }

    private static long Sum(RoomDirectory rooms, Func<Room, int> of) => rooms.Listings.Sum(listing => (long)of(listing.Room!));

    private static IEnumerable<Measurement<long>> ByLabel(string label, params (string Value, long Count)[] figures) =>
        figures.Select(figure => new Measurement<long>(figure.Count, new KeyValuePair<string, object?>(label, figure.Value)));
}
