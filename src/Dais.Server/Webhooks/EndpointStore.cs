using System.Collections.Immutable;
using Dais.Server.Rooms.Log;
using Dais.Server.Storage;

namespace Dais.Server.Webhooks;

/// <summary>
/// The endpoints in the log: those made at run time in whole, those of the settings by name, and for each where it began in
/// the rooms that were there before it. In a room that came later it begins at the first event.
/// </summary>
public sealed class EndpointStore(IEventLog log)
{
    /// <summary>The one stream.</summary>
    public const string Stream = "webhooks";

    private const ushort BeganType = 1;
    private const ushort CreatedType = 2;
    private const ushort KnownType = 3;
    private const ushort DeletedType = 4;
    private const ushort Version = 1;

    /// <summary>How many rooms one event names.</summary>
    private const int RoomsPerEvent = 2_000;

    private readonly Dictionary<string, Dictionary<string, long>> _began = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WebhookEndpoint> _created = new(StringComparer.Ordinal);
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private long _head;

    /// <summary>The endpoints made at run time.</summary>
    public ImmutableArray<WebhookEndpoint> Created => [.. _created.Values.OrderBy(endpoint => endpoint.Id, StringComparer.Ordinal)];

    /// <summary>The endpoints of the settings of earlier processes.</summary>
    public IReadOnlyCollection<string> Known => _known;

    /// <summary>Where an endpoint began in a room's stream.</summary>
    public long BeganAt(string endpointId, string roomId)
    {
        lock (_began)
        {
            return _began.GetValueOrDefault(endpointId)?.GetValueOrDefault(roomId) ?? 0;
        }
    }

    /// <summary>A room's stream is gone; one of that name begins anew.</summary>
    public void Forget(string roomId)
    {
        lock (_began)
        {
            foreach (var rooms in _began.Values)
            {
                rooms.Remove(roomId);
            }
        }
    }

    /// <summary>Reads what the log has.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var stored = await log.LoadAsync(Stream, cancellationToken);
        _head = stored.Head;
        foreach (var happened in stored.Events)
        {
            Apply(happened);
        }
    }

    /// <summary>Keeps an endpoint, durably.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="heads">The rooms there are, each with the position from which the endpoint is told.</param>
    /// <param name="at">Now.</param>
    public async Task AddAsync(WebhookEndpoint endpoint, IReadOnlyList<KeyValuePair<string, long>> heads, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        foreach (var part in heads.Chunk(RoomsPerEvent))
        {
            await AppendAsync(BeganType, at, to =>
            {
                to.Text(endpoint.Id);
                to.Each(part, static (each, head) =>
                {
                    each.Text(head.Key);
                    each.Number(head.Value);
                });
            });
        }

        await AppendAsync(endpoint.IsFromSettings ? KnownType : CreatedType, at, to =>
        {
            to.Text(endpoint.Id);
            if (!endpoint.IsFromSettings)
            {
                to.Text(endpoint.Url.AbsoluteUri);
                to.Text(endpoint.Secret);
                to.Each(endpoint.Events.Names, static (each, name) => each.Text(name));
            }
        });
    }

    /// <summary>Forgets an endpoint, durably.</summary>
    public Task RemoveAsync(string endpointId, DateTimeOffset at) => AppendAsync(DeletedType, at, to => to.Text(endpointId));

    private async Task AppendAsync(ushort type, DateTimeOffset at, Action<RecordWriter> write)
    {
        var to = new RecordWriter();
        write(to);
        byte[] body = to.ToArray();
        var result = await log.AppendAsync(
            [new StreamAppend(Stream, _head, [new NewEvent(type, Version, at, body)])], CancellationToken.None);
        if (!result.IsAppended)
        {
            throw new InvalidOperationException("Someone else wrote into the stream of webhook endpoints, or it is full.");
        }

        _head++;
        Apply(new LogEvent(_head, type, Version, at, body, null));
    }

    private void Apply(LogEvent happened)
    {
        var from = new RecordReader(happened.Body);
        string id = from.Text();
        switch (happened.Type)
        {
            case BeganType:
                Begin(id, from.Each(static each => KeyValuePair.Create(each.Text(), each.Number())));
                break;
            case CreatedType:
                var url = new Uri(from.Text());
                string secret = from.Text();
                var names = from.Each(static each => each.Text());
                if (!WebhookEventFilter.TryParse(names, out var events, out string unknown))
                {
                    throw new EventLogException(
                        $"The event log holds a webhook endpoint for '{unknown}', which this version of Dais does not know. "
                        + "Start the version that made it.");
                }

                _created[id] = new WebhookEndpoint(id, url, secret, events, IsFromSettings: false);
                break;
            case KnownType:
                _known.Add(id);
                break;
            case DeletedType:
                _created.Remove(id);
                _known.Remove(id);
                lock (_began)
                {
                    _began.Remove(id);
                }

                break;
        }
    }

    private void Begin(string endpointId, IEnumerable<KeyValuePair<string, long>> heads)
    {
        lock (_began)
        {
            if (!_began.TryGetValue(endpointId, out var rooms))
            {
                _began[endpointId] = rooms = new Dictionary<string, long>(StringComparer.Ordinal);
            }

            foreach (var (room, head) in heads)
            {
                rooms[room] = head;
            }
        }
    }
}
