using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using Dais.Rtc.Dtls;
using Dais.Server.Hosting;
using Dais.Server.Rooms;
using Dais.Sfu;

namespace Dais.Server.Media;

/// <summary>
/// The media workers of this node. A room lives on one worker, always the same for its name; what the worker says about
/// a transport goes to the loop of the transport's room. A publisher of one room may be shown in another, also on another
/// worker: <see cref="Publishers"/> knows it.
/// </summary>
public sealed class MediaPlane(
    DaisOptions options, MediaWorkerFactory factory, IDtlsSessionFactory dtls, ServerLog log) : IDisposable
{
    private readonly ConcurrentDictionary<TransportId, RoomRunner> _owners = new();
    private ImmutableArray<IMediaWorker> _workers = [];
    private long _lastId;
    private volatile bool _isDisposed;

    /// <summary>Whether every worker runs.</summary>
    public bool IsRunning => !_workers.IsEmpty && _workers.All(worker => worker.IsRunning);

    /// <summary>The addresses media arrives at.</summary>
    public IEnumerable<string> Addresses =>
        _workers.SelectMany(worker => worker.Candidates).Select(address => address.ToString());

    /// <summary>The fingerprint of our certificate, for answers.</summary>
    public DtlsFingerprint Fingerprint => dtls.LocalFingerprint;

    /// <summary>Who publishes in which room.</summary>
    public PublisherDirectory Publishers { get; } = new();

    /// <summary>The transports of clients that have not joined yet.</summary>
    public PreparedTransports Prepared { get; } = new();

    /// <summary>Starts the workers. A port that is taken, or an address that is not ours, fails the start.</summary>
    public void Start()
    {
        _workers = [.. Enumerable.Range(0, options.Media.Workers).Select(index => factory(index))];
        for (int index = 0; index < _workers.Length; index++)
        {
            _ = ForwardEventsAsync(index);
        }
    }

    /// <summary>The number of the worker on which the room called <paramref name="roomId"/> lives.</summary>
    public int HomeOf(string roomId)
    {
        // FNV-1a: string.GetHashCode differs from process to process.
        uint hash = 2_166_136_261;
        foreach (byte letter in Encoding.UTF8.GetBytes(roomId))
        {
            hash = (hash ^ letter) * 16_777_619;
        }

        return (int)(hash % (uint)_workers.Length);
    }

    /// <summary>What the workers count, with their numbers.</summary>
    public IEnumerable<(int Index, MediaFigures Figures)> Figures() =>
        from worker in _workers.Select((worker, index) => (Index: index, Figures: worker.ReadFigures()))
        where worker.Figures is not null
        select (worker.Index, worker.Figures!);

    /// <summary>A worker by its number.</summary>
    public IMediaWorker Worker(int index) => _workers[index];

    /// <summary>A number for a transport, participant or stage that no other has.</summary>
    public long NextId() => Interlocked.Increment(ref _lastId);

    /// <summary>
    /// Hands a worker <paramref name="command"/>; false, and an entry in the log, when it is not taken.
    /// </summary>
    public bool TryPost(int worker, SfuCommand command)
    {
        if (_workers[worker].TryPost(command))
        {
            return true;
        }

        log.MediaCommandRefused(worker);
        return false;
    }

    /// <summary>Sends what the worker says about <paramref name="transport"/> to <paramref name="owner"/>.</summary>
    public void Watch(TransportId transport, RoomRunner owner) => _owners[transport] = owner;

    /// <summary>Nobody wants to hear of <paramref name="transport"/> any more.</summary>
    public void Unwatch(TransportId transport) => _owners.TryRemove(transport, out _);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            foreach (var worker in _workers)
            {
                worker.Dispose();
            }
        }
    }

    private async Task ForwardEventsAsync(int worker)
    {
        await foreach (var happened in _workers[worker].Events.ReadAllAsync())
        {
            var transport = IdOf(happened);
            if (_owners.TryGetValue(transport, out var owner))
            {
                if (!await owner.InvokeAsync(room => room.Media.Handle(happened)))
                {
                    // The room ended without having said so: its start came to nothing.
                    Unwatch(transport);
                }
            }
        }

        if (!_isDisposed)
        {
            ForgetWorker(worker);
        }
    }

    /// <summary>A worker has ended alone: the others neither wait for what it relays nor send it anything.</summary>
    private void ForgetWorker(int ended)
    {
        for (int worker = 0; worker < _workers.Length; worker++)
        {
            if (worker != ended)
            {
                TryPost(worker, new SfuCommand.ForgetWorker(ended));
            }
        }
    }

    private static TransportId IdOf(SfuEvent happened) => happened switch
    {
        SfuEvent.TransportConnected connected => connected.Id,
        SfuEvent.TransportClosed closed => closed.Id,
        SfuEvent.TrackStarted started => started.Id,
        SfuEvent.LayersWanted wanted => wanted.Id,
        _ => default,
    };
}
