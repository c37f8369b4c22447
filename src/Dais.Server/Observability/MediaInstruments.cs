using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using Dais.Server.Media;
using Dais.Server.Media.Tcp;
using Dais.Sfu;

namespace Dais.Server.Observability;

/// <summary>
/// The media workers' figures, by worker. A worker counts in plain fields that nobody else writes; here they are read when
/// somebody collects, so that a packet costs no more than it did.
/// </summary>
public static class MediaInstruments
{
    private static readonly string[] DropReasons =
        [.. Enumerable.Range(0, (int)DropReason.Count).Select(reason => ToSnakeCase(((DropReason)reason).ToString()))];

    private static readonly string[] CloseReasons =
        [.. Enumerable.Range(0, (int)TcpCloseReason.Count).Select(reason => ToSnakeCase(((TcpCloseReason)reason).ToString()))];

    private static readonly string[] PreparationEnds =
        [.. Enumerable.Range(0, (int)PreparationEnd.Count).Select(end => ToSnakeCase(((PreparationEnd)end).ToString()))];

    /// <summary>Adds the instruments to <paramref name="meter"/>.</summary>
    public static void Add(Meter meter, MediaPlane media)
    {
        AddTraffic(meter, media);
        AddPrepared(meter, media.Prepared);
        AddTcp(meter, media);
        AddFeedback(meter, media);
        AddCongestion(meter, media);
        AddLoad(meter, media);
    }

    private static void AddTraffic(Meter meter, MediaPlane media)
    {
        Counter(meter, media, "dais.media.received.packets", "{packet}", "Datagrams received.", core => core.DatagramsReceived);
        Counter(meter, media, "dais.media.received", "By", "Bytes of the datagrams received.", core => core.BytesReceived);
        Counter(meter, media, "dais.media.forwarded.packets", "{packet}", "Media packets forwarded, one for each receiver.",
            core => core.PacketsForwarded);
        Counter(meter, media, "dais.media.forwarded", "By", "Bytes of the media packets forwarded.", core => core.BytesForwarded);
        Counter(meter, media, "dais.media.relayed.packets", "{packet}", "Media packets handed to other workers.",
            core => core.PacketsRelayed);
        Counter(meter, media, "dais.media.relays.received.packets", "{packet}", "Media packets that other workers handed over.",
            core => core.PacketsFromRelays);
        meter.CreateObservableCounter(
            "dais.media.dropped.packets",
            () => media.Figures().SelectMany(worker => DropReasons.Select((name, reason) => new Measurement<long>(
                worker.Figures.Core.Dropped((DropReason)reason), Worker(worker.Index), new("reason", name)))),
            "{packet}",
            $"Packets that went no further, by reason: {string.Join(", ", DropReasons)}.");
        meter.CreateObservableCounter(
            "dais.media.sent.packets",
            () => Measure(media, worker => worker.Datagrams?.Sent),
            "{packet}",
            "Datagrams handed to the system.");
        meter.CreateObservableCounter(
            "dais.media.socket.failures",
            () => media.Figures().Where(worker => worker.Figures.Datagrams is not null).SelectMany(worker =>
            {
                var sockets = worker.Figures.Datagrams!;
                return (Measurement<long>[])
                [
                    new(sockets.SendsDropped, Worker(worker.Index), new("kind", "send_dropped")),
                    new(sockets.SendErrors, Worker(worker.Index), new("kind", "send_error")),
                    new(sockets.ReceiveErrors, Worker(worker.Index), new("kind", "receive_error")),
                    new(sockets.Truncated, Worker(worker.Index), new("kind", "truncated")),
                ];
            }),
            "{failure}",
            "What the sockets could not do, by kind: send_dropped (full buffer), send_error, receive_error, truncated.");
    }

    private static void AddPrepared(Meter meter, PreparedTransports prepared)
    {
        meter.CreateObservableGauge(
            "dais.media.prepared.transports", () => prepared.Waiting, "{transport}", "Transports that clients have opened for rooms they have not joined yet.");
        meter.CreateObservableCounter(
            "dais.media.preparations",
            () => PreparationEnds.Select((name, end) => new Measurement<long>(prepared.EndedBy((PreparationEnd)end), new KeyValuePair<string, object?>("outcome", name))),
            "{transport}",
            $"Transports that were prepared and wait no longer, by outcome: {string.Join(", ", PreparationEnds)}.");
    }

    private static void AddTcp(Meter meter, MediaPlane media)
    {
        meter.CreateObservableGauge(
            "dais.media.tcp.connections", () => Measure<int>(media, worker => worker.Tcp?.Connections), "{connection}",
            "TCP connections of clients, for media.");
        meter.CreateObservableCounter(
            "dais.media.tcp.refused.connections", () => Measure<long>(media, worker => worker.Tcp?.Refused), "{connection}",
            "TCP connections closed at once because there were too many, of one address or altogether.");
        meter.CreateObservableCounter(
            "dais.media.tcp.closed.connections",
            () => media.Figures().Where(worker => worker.Figures.Tcp is not null).SelectMany(worker => CloseReasons.Select((name, reason) =>
                new Measurement<long>(
                    worker.Figures.Tcp!.Closed((TcpCloseReason)reason), Worker(worker.Index), new("reason", name)))),
            "{connection}",
            $"TCP connections that ended, by reason: {string.Join(", ", CloseReasons)}.");
        meter.CreateObservableCounter(
            "dais.media.tcp.received.packets", () => Measure<long>(media, worker => worker.Tcp?.Received), "{packet}",
            "Packets received by TCP; they are among all received ones.");
        meter.CreateObservableCounter(
            "dais.media.tcp.sent.packets", () => Measure<long>(media, worker => worker.Tcp?.Sent), "{packet}",
            "Packets sent by TCP.");
        meter.CreateObservableCounter(
            "dais.media.tcp.dropped.packets", () => Measure<long>(media, worker => worker.Tcp?.Dropped), "{packet}",
            "Packets not sent by TCP because the client is too slow, or its connection gone.");
    }

    private static void AddFeedback(Meter meter, MediaPlane media)
    {
        Counter(meter, media, "dais.media.keyframe_requests.received", "{request}", "Keyframe requests of receivers.",
            core => core.KeyframeRequestsReceived);
        Counter(meter, media, "dais.media.keyframe_requests.sent", "{request}", "Keyframe requests sent to publishers.",
            core => core.KeyframeRequestsSent);
        Counter(meter, media, "dais.media.nacks.received", "{packet}", "Retransmissions that receivers asked for.",
            core => core.NacksReceived);
        Counter(meter, media, "dais.media.nacks.sent", "{packet}", "Retransmissions asked of publishers.", core => core.PacketsAskedFor);
        Counter(meter, media, "dais.media.restored.packets", "{packet}", "Packets that were missing and publishers sent again in a stream of their own.",
            core => core.PacketsRestored);
        Counter(meter, media, "dais.media.retransmitted.packets", "{packet}", "Media packets sent again to receivers.",
            core => core.PacketsRetransmitted);
        Counter(meter, media, "dais.media.retransmitted", "By", "Bytes of the media packets sent again.", core => core.BytesRetransmitted);
        Counter(meter, media, "dais.media.retransmissions.refused", "{request}", "Retransmissions refused to receivers that ask for more than they may.",
            core => core.RetransmissionsRefused);
        Counter(meter, media, "dais.media.retransmissions.unasked", "{packet}", "Packets sent again because feedback showed them to be lost.",
            core => core.RetransmissionsUnasked);
        Counter(meter, media, "dais.media.replays", "{receiver}", "Receivers that began with a stored keyframe.",
            core => core.ReplaysWhole + core.ReplaysOfKeyframe);
        meter.CreateObservableGauge(
            "dais.media.viewers.lossy",
            () => Measure<int>(media, worker => worker.Quality.Lossy),
            "{transport}",
            "Receivers that reported a stream with more than 5 % of its packets lost.");
        meter.CreateObservableGauge(
            "dais.media.loss",
            () => Measure(media, worker => worker.Quality.FractionLost),
            "1",
            "Mean of the worst loss that each receiver reported.");
        meter.CreateObservableGauge(
            "dais.media.round_trip",
            () => Measure(media, worker => worker.Quality.RoundTripSeconds),
            "s",
            "Mean round trip of the receivers that reported one.");
    }

    private static void AddCongestion(Meter meter, MediaPlane media)
    {
        meter.CreateObservableGauge(
            "dais.media.estimate.bits_per_second", () => Measure(media, worker => worker.Quality.Estimates.Mean), "{bit}",
            "Mean of what is believed to pass to the receivers of which anything is known.");
        meter.CreateObservableGauge(
            "dais.media.viewers.estimated",
            () => media.Figures().SelectMany(worker => (Measurement<long>[])
            [
                new(worker.Figures.Quality.Estimates.Unknown, Worker(worker.Index), new("kbits", "unknown")),
                new(worker.Figures.Quality.Estimates.To300, Worker(worker.Index), new("kbits", "0-300")),
                new(worker.Figures.Quality.Estimates.To1000, Worker(worker.Index), new("kbits", "300-1000")),
                new(worker.Figures.Quality.Estimates.To3000, Worker(worker.Index), new("kbits", "1000-3000")),
                new(worker.Figures.Quality.Estimates.More, Worker(worker.Index), new("kbits", "3000-")),
            ]),
            "{transport}",
            "Receivers by what is believed to pass to them, in kilobits per second: unknown, 0-300, 300-1000, 1000-3000, 3000-.");
        meter.CreateObservableGauge(
            "dais.media.viewers.queued", () => Measure<int>(media, worker => worker.Quality.Queued), "{transport}",
            "Receivers for which packets wait longer than 300 ms on their way.");
        meter.CreateObservableGauge(
            "dais.media.viewers.paused", () => Measure<int>(media, worker => worker.Quality.Paused), "{transport}",
            "Receivers to which too little passes for every picture they want to see.");
        Counter(meter, media, "dais.media.pictures.paused", "{picture}", "Pictures paused because too little passes to a receiver.",
            core => core.PicturesPaused);
        Counter(meter, media, "dais.media.layer_switches", "{change}", "Changes from one encoding of a picture to another, one for each receiver.",
            core => core.LayerSwitches);
        Counter(meter, media, "dais.media.probes", "{probe}", "Probes of how much more passes to receivers.", core => core.ProbesSent);
        Counter(meter, media, "dais.media.padding", "By", "Bytes of padding sent for probes.", core => core.PaddingBytesSent);
        Counter(meter, media, "dais.media.transport_feedback.received", "{packet}", "Reports of receivers about every packet's arrival.",
            core => core.TransportFeedbackReceived);
        Counter(meter, media, "dais.media.transport_feedback.sent", "{packet}", "Reports to publishers about every packet's arrival.",
            core => core.TransportFeedbackSent);
    }

    private static void AddLoad(Meter meter, MediaPlane media)
    {
        meter.CreateObservableGauge(
            "dais.media.workers", () => media.Figures().Count(), "{worker}", "Media workers.");
        meter.CreateObservableGauge(
            "dais.media.transports", () => Measure<int>(media, worker => worker.Transports), "{transport}", "Transports of clients.");
        Counter(meter, media, "dais.media.transports.refused", "{transport}", "Transports refused because the worker was full.",
            core => core.TransportsRefused);
        meter.CreateObservableGauge(
            "dais.media.relays",
            () => media.Figures().SelectMany(worker => (Measurement<long>[])
            [
                new(worker.Figures.Core.OutboundRelays, Worker(worker.Index), new("direction", "out")),
                new(worker.Figures.Core.InboundRelays, Worker(worker.Index), new("direction", "in")),
            ]),
            "{relay}",
            "Publications that cross from worker to worker, by direction: in, out.");
        meter.CreateObservableCounter(
            "dais.media.worker.busy",
            () => Measure<double>(media, worker => worker.BusySeconds),
            "s",
            "Time the worker's thread was at work; its rate is the share of a core.");
        meter.CreateObservableCounter(
            "dais.media.worker.inbox.refused",
            () => Measure<long>(media, worker => worker.InboxRefused),
            "{command}",
            "Commands refused because the worker did not keep up.");
        meter.CreateObservableCounter(
            "dais.media.worker.failures",
            () => Measure<long>(media, worker => worker.Failures),
            "{failure}",
            "Mistakes of the server's own that a worker survived; report each.");
    }

    private static void Counter(
        Meter meter, MediaPlane media, string name, string unit, string meaning, Func<SfuStatistics, long> of) =>
        meter.CreateObservableCounter(name, () => Measure<long>(media, worker => of(worker.Core)), unit, meaning);

    private static IEnumerable<Measurement<T>> Measure<T>(MediaPlane media, Func<MediaFigures, T?> of)
        where T : struct =>
        from worker in media.Figures()
        let value = of(worker.Figures)
        where value is not null
        select new Measurement<T>(value.Value, Worker(worker.Index));

    private static KeyValuePair<string, object?> Worker(int index) => new("worker", index.ToString(CultureInfo.InvariantCulture));

    private static string ToSnakeCase(string name)
    {
        var text = new StringBuilder();
        foreach (char letter in name)
        {
            if (char.IsUpper(letter) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}
