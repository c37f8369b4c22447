using Dais.Rtc;
using Dais.Rtc.Congestion;
using Dais.Rtc.Rtcp;
using Dais.Rtc.Rtp;

namespace Dais.Simulation.Peers;

/// <summary>
/// How a publisher finds out what its way to the server holds, as browsers do: from the server's transport-wide feedback, and no more than the
/// server's REMB says.
/// </summary>
/// <param name="options">Where it begins, and the least and the most it believes.</param>
public sealed class PublisherCongestion(CongestionOptions options)
{
    private static readonly TimeSpan TimeoutInterval = TimeSpan.FromSeconds(1);

    private Timestamp _nextTimeout;
    private long _ceiling = long.MaxValue;

    /// <summary>The estimator.</summary>
    public BandwidthEstimator Estimator { get; } = new(options);

    /// <summary>What is to be sent in all, in bits per second.</summary>
    public long Target => Math.Min(Estimator.Bitrate, _ceiling);

    /// <summary>Bytes sent in packets that have a transport-wide number.</summary>
    public long BytesSent { get; private set; }

    /// <summary>When a probe wants padding, or it is to be noticed that nothing is heard.</summary>
    public Timestamp NextTimeout => _nextTimeout < Estimator.Prober.NextTimeout ? _nextTimeout : Estimator.Prober.NextTimeout;

    /// <summary>Advances the clock; returns how many bytes of padding are due.</summary>
    public int HandleTimeout(Timestamp now)
    {
        if (now >= _nextTimeout)
        {
            _nextTimeout = now + TimeoutInterval;
            Estimator.HandleTimeout(now);
        }

        return Estimator.Prober.TakeDue(now);
    }

    /// <summary>Takes a feedback of the server.</summary>
    public void HandleFeedback(in TransportFeedback feedback, Timestamp now)
    {
        Estimator.Goal = Math.Min(options.BitrateMax, _ceiling);
        Estimator.HandleFeedback(feedback, now);
    }

    /// <summary>The server says what it takes at most.</summary>
    public void HandleCeiling(long bitsPerSecond) => _ceiling = bitsPerSecond;

    /// <summary>Remembers what goes out by <paramref name="output"/>: each media packet has the next transport-wide number.</summary>
    public IDatagramOutput Watch(IDatagramOutput output, Timestamp now) => new WatchedOutput(this, output, now);

    private sealed class WatchedOutput(PublisherCongestion congestion, IDatagramOutput output, Timestamp now) : IDatagramOutput
    {
        public void Send(ReadOnlySpan<byte> datagram)
        {
            if (Datagram.Classify(datagram) == DatagramKind.Rtp)
            {
                congestion.Estimator.HandleSent(datagram.Length, now);
                congestion.BytesSent += datagram.Length;
            }

            output.Send(datagram);
        }
    }
}
