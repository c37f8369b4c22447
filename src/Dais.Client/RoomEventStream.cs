using System.Threading.Channels;

namespace Dais.Client;

/// <summary>
/// The events of a room as a stream, from the moment it was asked for. It holds a bounded number; a reader that falls behind more than that
/// is told how many it missed.
/// </summary>
internal sealed class RoomEventStream(string roomId, int capacity, Action onEnd) : IAsyncEnumerable<RoomNotification>
{
    private readonly Lock _lock = new();
    private readonly Queue<RoomNotification> _waiting = [];
    private readonly Channel<bool> _arrived = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private int _missed;
    private bool _isComplete;

    /// <summary>Adds an event; the last one ends the stream.</summary>
    public void Add(RoomNotification notification)
    {
        lock (_lock)
        {
            if (notification is RoomNotification.Closed)
            {
                _isComplete = true;
            }
            else if (_missed > 0 || _waiting.Count >= capacity)
            {
                _missed++;
                return;
            }

            if (_isComplete && _missed > 0)
            {
                _waiting.Enqueue(Missed());
            }

            _waiting.Enqueue(notification);
        }

        _arrived.Writer.TryWrite(true);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerator<RoomNotification> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        try
        {
            while (true)
            {
                while (TryTake(out var notification))
                {
                    yield return notification;
                    if (notification is RoomNotification.Closed)
                    {
                        yield break;
                    }
                }

                await _arrived.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            onEnd();
        }
    }

    private bool TryTake(out RoomNotification notification)
    {
        lock (_lock)
        {
            if (_waiting.TryDequeue(out notification!))
            {
                return true;
            }

            if (_missed == 0)
            {
                return false;
            }

            // Everything missed came behind what was waiting, so this is its place.
            notification = Missed();
            return true;
        }
    }

    private RoomNotification.Overflowed Missed()
    {
        int missed = _missed;
        _missed = 0;
        return new RoomNotification.Overflowed(missed) { RoomId = roomId };
    }
}
