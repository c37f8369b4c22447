using Dais.Rtc.Congestion;
using Dais.Rtc.Rtcp;

namespace Dais.Rtc.Tests.Congestion;

/// <summary>Flows that share one line of a given rate with a queue in front, on a virtual clock of milliseconds.</summary>
internal sealed class Bottleneck(int seed = 1)
{
    private readonly Random _random = new(seed);
    private readonly List<Flow> _flows = [];
    private readonly PriorityQueue<Action, (long At, long Order)> _events = new();
    private long _order;
    private double _lineFreeAt;

    /// <summary>What passes, in bits per second.</summary>
    public double Rate { get; set; } = 1_000_000;

    /// <summary>The time each way, in milliseconds.</summary>
    public int Latency { get; set; } = 30;

    /// <summary>The most added to the time of a packet, in milliseconds; none overtakes another.</summary>
    public int Jitter { get; set; }

    /// <summary>The share lost beside the queue.</summary>
    public double Loss { get; set; }

    /// <summary>How much fits into the queue, in bytes.</summary>
    public int QueueBytes { get; set; } = 400_000;

    /// <summary>The present, in microseconds.</summary>
    public long Now { get; private set; } = 5_000_000;

    /// <summary>How long a packet would wait now, in milliseconds.</summary>
    public double QueueMilliseconds => Math.Max(0, (_lineFreeAt - Now) / 1000);

    /// <summary>What else uses the line, in bits per second.</summary>
    public double CrossTraffic { get; set; }

    public Flow AddFlow(double mediaMax = double.PositiveInfinity, CongestionOptions? options = null)
    {
        var flow = new Flow(this, mediaMax, options);
        _flows.Add(flow);
        return flow;
    }

    /// <summary>Lets milliseconds pass; <paramref name="each"/> is called after every one.</summary>
    public void Run(int milliseconds, Action? each = null)
    {
        long end = Now + (milliseconds * 1000L);
        while (Now < end)
        {
            Now += 1000;
            while (_events.TryPeek(out var happens, out var at) && at.At <= Now)
            {
                _events.Dequeue();
                happens();
            }

            if (CrossTraffic > 0 && Now / 1000 % 10 == 0)
            {
                TryPass((int)(CrossTraffic / 800), out _);
            }

            foreach (var flow in _flows)
            {
                flow.Tick();
            }

            each?.Invoke();
        }
    }

    private void After(double milliseconds, Action happens) => _events.Enqueue(happens, (Now + (long)(milliseconds * 1000), _order++));

    private bool TryPass(int bytes, out double milliseconds)
    {
        double begin = Math.Max(_lineFreeAt, Now);
        milliseconds = 0;
        if ((begin - Now) * Rate / 8_000_000 > QueueBytes)
        {
            return false;
        }

        _lineFreeAt = begin + (bytes * 8_000_000.0 / Rate);
        milliseconds = (_lineFreeAt - Now) / 1000;
        return true;
    }

    /// <summary>A sender that sends frames at its estimate, as far as it has that much, and its receiver.</summary>
    internal sealed class Flow
    {
        private const int PacketBytes = 1200;
        private const int PaddingBytes = 280;

        private readonly Bottleneck _line;
        private readonly double _mediaMax;
        private readonly ArrivalRecorder _recorder = new();
        private double _owed;
        private double _lastArrival;

        public Flow(Bottleneck line, double mediaMax, CongestionOptions? options)
        {
            _line = line;
            _mediaMax = mediaMax;
            Estimator = new BandwidthEstimator(options) { Goal = long.MaxValue };
        }

        public BandwidthEstimator Estimator { get; }

        /// <summary>Whether media follows the estimate; else it is always the most.</summary>
        public bool IsElastic { get; set; } = true;

        public long MediaSent { get; private set; }

        public long PaddingSent { get; private set; }

        public long Arrived { get; private set; }

        /// <summary>Changes what the receiver says before it is sent.</summary>
        public Func<byte[], byte[]>? Falsify { get; set; }

        private Timestamp Time => new(_line.Now);

        public void Tick()
        {
            if (_line.Now / 1000 % 33 == 0)
            {
                double rate = IsElastic ? Math.Min(Estimator.Bitrate, _mediaMax) : _mediaMax;
                _owed += rate * 0.033 / 8;
                for (; _owed >= PacketBytes; _owed -= PacketBytes)
                {
                    Send(PacketBytes);
                    MediaSent += PacketBytes;
                }
            }

            for (int due = Estimator.Prober.TakeDue(Time); due > 0; due -= PaddingBytes)
            {
                Send(PaddingBytes);
                PaddingSent += PaddingBytes;
            }

            if (_line.Now / 1000 % 1000 == 0)
            {
                Estimator.HandleTimeout(Time);
            }

            if (_recorder.NextTimeout <= Time)
            {
                SendFeedback();
            }
        }

        private void Send(int bytes)
        {
            ushort number = Estimator.NextSequenceNumber;
            Estimator.HandleSent(bytes, Time);
            if (!_line.TryPass(bytes, out double waits) || _line._random.NextDouble() < _line.Loss)
            {
                return;
            }

            double arrival = Math.Max(_lastArrival, _line.Now + ((waits + _line.Latency + (_line._random.NextDouble() * _line.Jitter)) * 1000));
            _lastArrival = arrival;
            // The receiver's clock is another.
            _line.After((arrival - _line.Now) / 1000, () =>
            {
                Arrived += bytes;
                _recorder.HandlePacket(number, Time);
            });
        }

        private void SendFeedback()
        {
            byte[] buffer = new byte[1200];
            while (true)
            {
                var writer = new RtcpWriter(buffer);
                if (!_recorder.TryWrite(ref writer, 1, 2, Time))
                {
                    return;
                }

                byte[] packet = writer.Written.ToArray();
                packet = Falsify?.Invoke(packet) ?? packet;
                _line.After(_line.Latency, () => Deliver(packet));
            }
        }

        private void Deliver(byte[] packet)
        {
            if (RtcpReader.TryParse(packet, out var reader) && reader.MoveNext() && reader.Current.TryReadTransportFeedback(out var feedback))
            {
                Estimator.HandleFeedback(feedback, Time);
            }
        }
    }
}
