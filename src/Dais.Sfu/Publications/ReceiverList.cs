using Dais.Sfu.Slots;

namespace Dais.Sfu.Publications;

/// <summary>The sections that show a publication, in no order, and how many of them wait for their first packet.</summary>
internal sealed class ReceiverList
{
    private SlotSender[] _receivers = new SlotSender[4];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>How many of them wait for a packet they can start with.</summary>
    public int WaitingCount { get; private set; }

    /// <summary>All of them.</summary>
    public ReadOnlySpan<SlotSender> All => _receivers.AsSpan(0, Count);

    /// <summary>Adds one; it remembers its place.</summary>
    public void Add(SlotSender receiver)
    {
        if (Count == _receivers.Length)
        {
            Array.Resize(ref _receivers, Count * 2);
        }

        receiver.ReceiverIndex = Count;
        _receivers[Count++] = receiver;
        WaitingCount += receiver.IsWaiting ? 1 : 0;
    }

    /// <summary>Takes one out; false when it is none of these.</summary>
    public bool Remove(SlotSender receiver)
    {
        int index = receiver.ReceiverIndex;
        if (index < 0)
        {
            return false;
        }

        WaitingCount -= receiver.IsWaiting ? 1 : 0;
        receiver.ReceiverIndex = -1;
        var last = _receivers[--Count];
        _receivers[Count] = null!;
        if (index != Count)
        {
            _receivers[index] = last;
            last.ReceiverIndex = index;
        }

        return true;
    }

    /// <summary>One that waited got its first packet.</summary>
    public void HandleStarted() => WaitingCount--;

    /// <summary>Whoever waits may begin with what is stored.</summary>
    public void BeginWaiting()
    {
        foreach (var receiver in All)
        {
            if (receiver.IsWaiting)
            {
                receiver.Subscriber.Replays.Enqueue(receiver);
            }
        }
    }

    /// <summary>The source begins anew, and so do all who show it.</summary>
    public void Restart()
    {
        WaitingCount = 0;
        foreach (var receiver in All)
        {
            receiver.Restart();
            WaitingCount += receiver.IsWaiting ? 1 : 0;
        }
    }
}
