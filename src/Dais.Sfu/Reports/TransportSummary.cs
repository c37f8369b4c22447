using Dais.Sfu.Transports;

namespace Dais.Sfu.Reports;

/// <summary>Puts together what a worker knows about one transport, and about all receivers.</summary>
internal static class TransportSummary
{
    /// <summary>What is known about a transport.</summary>
    public static TransportStatistics Of(Transport transport)
    {
        double fractionLost = 0;
        TimeSpan? roundTripTime = null;
        transport.Subscriber?.ReadFeedback(out fractionLost, out roundTripTime);
        roundTripTime ??= transport.Publisher?.RoundTripTime;
        var statistics = new TransportStatistics(transport.IsConnected, fractionLost, roundTripTime);
        if (transport.Subscriber is not { } subscriber)
        {
            return statistics;
        }

        var estimator = subscriber.Congestion.Estimator;
        return statistics with
        {
            EstimatedBitrate = estimator.IsKnown ? estimator.Bitrate : null,
            QueueDelay = estimator.QueueDelay,
            Probes = estimator.Prober.Clusters,
            PaddingBytes = subscriber.Congestion.PaddingBytes,
            PicturesPaused = subscriber.PicturesPaused,
        };
    }

    /// <summary>How all receivers together fare; looks at each.</summary>
    public static ReceptionSummary OfReceivers(IEnumerable<Transport> transports)
    {
        int receivers = 0;
        int lossy = 0;
        int timed = 0;
        double lost = 0;
        double seconds = 0;
        int queued = 0;
        int paused = 0;
        var estimates = default(EstimateSummary);
        foreach (var transport in transports)
        {
            if (transport.Subscriber is not { } subscriber)
            {
                continue;
            }

            subscriber.ReadFeedback(out double fractionLost, out var roundTripTime);
            receivers++;
            lost += fractionLost;
            lossy += fractionLost > ReceptionSummary.LossyAbove ? 1 : 0;
            if (roundTripTime is { } known)
            {
                timed++;
                seconds += known.TotalSeconds;
            }

            var estimator = subscriber.Congestion.Estimator;
            estimates = estimates.With(estimator.IsKnown ? estimator.Bitrate : null);
            queued += estimator.QueueDelay > ReceptionSummary.QueuedAbove ? 1 : 0;
            paused += subscriber.PicturesPaused > 0 ? 1 : 0;
        }

        return new ReceptionSummary(lossy, receivers == 0 ? null : lost / receivers, timed == 0 ? null : seconds / timed)
        {
            Estimates = estimates,
            Queued = queued,
            Paused = paused,
        };
    }
}
