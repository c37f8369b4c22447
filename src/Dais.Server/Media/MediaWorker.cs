using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Dais.Rtc;
using Dais.Server.Media.Relays;
using Dais.Server.Media.Udp;
using Dais.Sfu;

namespace Dais.Server.Media;

/// <summary>Bounds of a <see cref="MediaWorker"/>.</summary>
public sealed record MediaWorkerOptions
{
    /// <summary>Most commands waiting to be carried out; one more is refused.</summary>
    public int InboxCapacity { get; init; } = 4096;

    /// <summary>
    /// Most events waiting to be read. When they are not read, the worker keeps further ones itself and loses none.
    /// </summary>
    public int EventsCapacity { get; init; } = 4096;
}

/// <summary>
/// The shell around one <see cref="SfuWorker"/>: a thread that waits for datagrams, commands, what other workers relay, and
/// deadlines, feeds them to the core, and sends what comes out. Disposes of the core and the sockets at its end.
/// </summary>
public sealed partial class MediaWorker : IMediaWorker
{
    /// <summary>How soon something that failed for now is tried again.</summary>
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(10);

    /// <summary>How often it is looked how receivers fare.</summary>
    private static readonly TimeSpan SummaryPeriod = TimeSpan.FromSeconds(1);

    private readonly SfuWorker _core;
    private readonly DatagramTransport _transport;
    private readonly RelayPort _relays;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Channel<SfuCommand> _inbox;
    private readonly Channel<SfuEvent> _events;
    private readonly Thread _thread;
    private readonly long _start;
    private SfuEvent? _unread;
    private long _failures;
    private long _inboxRefused;
    private long _busyTicks;
    private Timestamp _nextSummary;
    private volatile StrongBox<ReceptionSummary> _summary = new();
    private volatile bool _stopping;

    /// <summary>Starts the thread.</summary>
    /// <param name="core">The core; belongs to the worker from now on.</param>
    /// <param name="transport">The sockets; belong to the worker from now on.</param>
    /// <param name="advertised">The addresses clients are told, one for each of the sockets.</param>
    /// <param name="options">Bounds.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where failures are logged.</param>
    /// <param name="relays">Its end of the ways to the other workers, which the core has as its sink; null when it is alone.</param>
    public MediaWorker(
        SfuWorker core,
        DatagramTransport transport,
        ImmutableArray<LocalAddress> advertised,
        MediaWorkerOptions options,
        TimeProvider time,
        ILogger<MediaWorker> logger,
        RelayPort? relays = null)
    {
        _core = core;
        _transport = transport;
        _relays = relays ?? new RelayMesh(1).PortOf(0);
        _time = time;
        _logger = logger;
        _start = time.GetTimestamp();
        _inbox = Channel.CreateBounded<SfuCommand>(
            new BoundedChannelOptions(options.InboxCapacity) { SingleReader = true });
        _events = Channel.CreateBounded<SfuEvent>(
            new BoundedChannelOptions(options.EventsCapacity) { SingleWriter = true });
        Candidates =
        [
            .. advertised.Zip(
                transport.LocalAddresses, (address, bound) => NetworkAddress.From(address.Advertised, bound.Port)),
        ];
        TcpCandidates = transport.TcpStatistics is null ? [] : Candidates;
        _relays.Attach(_transport.Wake);
        _thread = new Thread(Run) { IsBackground = true, Name = "media worker" };
        _thread.Start();
    }

    /// <inheritdoc/>
    public ImmutableArray<NetworkAddress> Candidates { get; }

    /// <inheritdoc/>
    public ImmutableArray<NetworkAddress> TcpCandidates { get; }

    /// <inheritdoc/>
    public bool IsRunning => !_stopping && _thread.IsAlive;

    /// <inheritdoc/>
    public ChannelReader<SfuEvent> Events => _events.Reader;

    /// <summary>What the sockets count.</summary>
    public DatagramStatistics Datagrams => _transport.Statistics;

    /// <summary>How often the core threw. Each is a mistake of ours; the worker goes on.</summary>
    public long Failures => Volatile.Read(ref _failures);

    /// <inheritdoc/>
    public bool TryPost(SfuCommand command)
    {
        if (!_inbox.Writer.TryWrite(command))
        {
            Interlocked.Increment(ref _inboxRefused);
            return false;
        }

        _transport.Wake();
        return true;
    }

    /// <inheritdoc/>
    public MediaFigures ReadFigures() => new(_core.Statistics)
    {
        Datagrams = _transport.Statistics,
        Tcp = _transport.TcpStatistics,
        Transports = _core.TransportCount,
        Quality = _core.TransportCount == 0 ? default : _summary.Value,
        BusySeconds = (double)Volatile.Read(ref _busyTicks) / _time.TimestampFrequency,
        InboxRefused = Volatile.Read(ref _inboxRefused),
        Failures = Failures,
    };

    /// <summary>Stops the thread and waits for its end.</summary>
    public void Dispose()
    {
        _stopping = true;
        _inbox.Writer.TryComplete();
        _transport.Wake();
        _thread.Join();
    }

    private void Run()
    {
        while (!_stopping)
        {
            try
            {
                Step();
            }
            catch (Exception problem)
            {
                CountFailure(problem, "its loop");
                // Whatever it was may be there again at once; the processor has others to serve.
                Thread.Sleep(RetryDelay);
            }
        }

        _relays.Detach();
        _events.Writer.TryComplete();
        _transport.Dispose();
        _core.Dispose();
    }

    /// <summary>Once around: wait and receive, handle datagrams, commands and a deadline, send, tell.</summary>
    private void Step()
    {
        int received = _transport.Receive(NextWait());
        long woken = _time.GetTimestamp();
        var now = At(woken);
        for (int i = 0; i < received; i++)
        {
            HandleDatagram(i, now);
        }

        // Before the commands: whoever relays something may rely on those given before it.
        _relays.WakeReached();
        _relays.Look();
        while (_inbox.Reader.TryRead(out var command))
        {
            HandleCommand(command, now);
        }

        HandleRelayed(now);
        HandleTimeout(now);
        _relays.WakeReached();
        _transport.Flush();
        TellEvents();
        Summarize(now);
        Volatile.Write(ref _busyTicks, _busyTicks + (_time.GetTimestamp() - woken));
    }

    private void Summarize(Timestamp now)
    {
        if (now >= _nextSummary)
        {
            _nextSummary = now + SummaryPeriod;
            _summary = new StrongBox<ReceptionSummary>(_core.SummarizeReception());
        }
    }

    private TimeSpan NextWait()
    {
        var deadline = _core.NextTimeout;
        var wait = deadline == Timestamp.Never ? Timeout.InfiniteTimeSpan : deadline - Now();
        if (_unread is not null && (wait > RetryDelay || wait == Timeout.InfiniteTimeSpan))
        {
            return RetryDelay;
        }

        // A negative wait of just one millisecond would read as infinite.
        return deadline != Timestamp.Never && wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private void HandleDatagram(int index, Timestamp now)
    {
        var sink = new TransmitSink(_transport);
        try
        {
            var datagram = _transport.GetReceived(index, out var path);
            _core.HandleDatagram(path, datagram, now, ref sink);
        }
        catch (Exception problem)
        {
            CountFailure(problem, "a datagram");
        }
    }

    private void HandleCommand(SfuCommand command, Timestamp now)
    {
        var sink = new TransmitSink(_transport);
        try
        {
            _core.HandleCommand(command, now, ref sink);
        }
        catch (Exception problem)
        {
            CountFailure(problem, "a command");
        }
    }

    private void HandleRelayed(Timestamp now)
    {
        var sink = new TransmitSink(_transport);
        for (int worker = 0; worker < _relays.Workers; worker++)
        {
            while (_relays.TryPeek(worker, out var message, out var packet))
            {
                try
                {
                    _core.HandleRelayed(worker, message, packet, now, ref sink);
                }
                catch (Exception problem)
                {
                    CountFailure(problem, "what another worker relays");
                }

                _relays.Release(worker);
            }
        }
    }

    private void HandleTimeout(Timestamp now)
    {
        var sink = new TransmitSink(_transport);
        try
        {
            if (now >= _core.NextTimeout)
            {
                _core.HandleTimeout(now, ref sink);
            }
        }
        catch (Exception problem)
        {
            CountFailure(problem, "a deadline");
        }
    }

    private void TellEvents()
    {
        while (_unread is not null || _core.TryDequeue(out _unread))
        {
            if (!_events.Writer.TryWrite(_unread!))
            {
                return;
            }

            _unread = null;
        }
    }

    private Timestamp Now() => At(_time.GetTimestamp());

    private Timestamp At(long timestamp) => new((long)_time.GetElapsedTime(_start, timestamp).TotalMicroseconds);

    private void CountFailure(Exception problem, string input)
    {
        Volatile.Write(ref _failures, _failures + 1);
        // The more there are the fewer are logged: whoever finds a way to cause them must not fill the disk.
        if (BitOperations.IsPow2(_failures))
        {
            LogFailure(input, problem.GetType().Name, problem.StackTrace, _failures);
        }
    }

    /// <summary>
    /// The transport as a value type, for which the runtime compiles the packet path anew, with direct calls.
    /// </summary>
    private readonly struct TransmitSink(DatagramTransport transport) : ITransmitSink
    {
        public Span<byte> GetBuffer() => transport.GetBuffer();

        public void Commit(in NetworkPath path, int length) => transport.Commit(path, length);
    }

    [LoggerMessage(90, LogLevel.Error,
        "The media worker failed on {Input}: {Exception}, failure number {Count}. {Stack}")]
    private partial void LogFailure(string input, string exception, string? stack, long count);
}
