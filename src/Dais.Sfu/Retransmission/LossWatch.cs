using Dais.Rtc;
using Dais.Rtc.Rtcp;

namespace Dais.Sfu.Retransmission;

/// <summary>
/// Finds out from one viewer's transport-wide feedback what it did not get, media and repeats alike, so that neither a request that got
/// lost nor a repeat that did waits for the viewer's patience. What it watches has eight bytes a packet.
/// </summary>
/// <remarks>
/// A packet is lost when the feedback leaves it out and has one that was sent <see cref="ReorderingTolerance"/> later, or when the
/// next feedback does not bring it either: packets may be turned around underway. Whatever a viewer says, a packet is found to be lost once.
/// </remarks>
internal sealed class LossWatch
{
    /// <summary>How many packets are remembered at most: more than a second at 15 Mbit/s.</summary>
    public const int CapacityMax = 2048;

    /// <summary>How many lost packets one feedback finds at most; the others are left to the viewer's asking.</summary>
    public const int FoundMax = 128;

    private const int CapacityMin = 256;
    private const int DoubtfulMax = 64;

    /// <summary>While packets younger than this would be forgotten, more are remembered.</summary>
    private const uint KeptMicroseconds = 1_000_000;

    /// <summary>How much later than its successor a packet may come.</summary>
    private static readonly TimeSpan ReorderingTolerance = TimeSpan.FromMilliseconds(10);

    private long[] _doubtful = [];
    private SentContent[] _found = [];
    private Entry[] _entries = [];
    private long _next;
    private int _doubtfulCount;
    private int _foundCount;

    /// <summary>Takes what the last feedback found to be lost; valid until the next.</summary>
    public ReadOnlySpan<SentContent> TakeFound()
    {
        var found = _found.AsSpan(0, _foundCount);
        _foundCount = 0;
        return found;
    }

    /// <summary>The next packet with a transport-wide number was sent, and carried <paramref name="content"/>.</summary>
    public void HandleSent(SentContent content, Timestamp now)
    {
        if (_entries.Length == 0)
        {
            _entries = new Entry[CapacityMin];
        }

        uint sentAt = unchecked((uint)now.Microseconds);
        ref var entry = ref EntryOf(_next);
        if (_entries.Length < CapacityMax && entry.IsOpen && unchecked(sentAt - entry.SentAt) < KeptMicroseconds)
        {
            Grow();
            entry = ref EntryOf(_next);
        }

        _next++;
        entry = new Entry { SentAt = sentAt, Content = content };
    }

    /// <summary>Takes a feedback, and finds what it shows to be lost.</summary>
    public void HandleFeedback(in TransportFeedback feedback)
    {
        _foundCount = 0;
        if (_entries.Length == 0)
        {
            return;
        }

        int doubtfulBefore = _doubtfulCount;
        long newest = -1;
        foreach (var status in feedback)
        {
            long number = Unwrap(status.SequenceNumber);
            if (!IsRemembered(number))
            {
                continue;
            }

            ref var entry = ref EntryOf(number);
            if (status.IsReceived)
            {
                newest = Math.Max(newest, number);
                entry.Content = default;
            }
            else if (entry is { IsOpen: true, IsMissing: false } && _doubtfulCount < DoubtfulMax)
            {
                entry.Content = entry.Content with { Try = (byte)(entry.Content.Try | Entry.Missing) };
                Doubt(number);
            }
        }

        Settle(doubtfulBefore, newest);
    }

    /// <summary>Decides about the doubtful ones: those from before this feedback, and those long before the newest that arrived.</summary>
    private void Settle(int doubtfulBefore, long newest)
    {
        int kept = 0;
        for (int i = 0; i < _doubtfulCount; i++)
        {
            long number = _doubtful[i];
            ref var entry = ref EntryOf(number);
            if (!IsRemembered(number) || !entry.IsMissing)
            {
                continue;
            }

            bool isLate = newest > number && unchecked(EntryOf(newest).SentAt - entry.SentAt) >= ReorderingTolerance.TotalMicroseconds;
            if (i >= doubtfulBefore && !isLate)
            {
                _doubtful[kept++] = number;
                continue;
            }

            if (_foundCount < FoundMax)
            {
                _found[_foundCount++] = entry.Content with { Try = (byte)(entry.Content.Try & ~Entry.Missing) };
            }

            entry.Content = default;
        }

        _doubtfulCount = kept;
    }

    private void Doubt(long number)
    {
        if (_doubtful.Length == 0)
        {
            _doubtful = new long[DoubtfulMax];
            _found = new SentContent[FoundMax];
        }

        _doubtful[_doubtfulCount++] = number;
    }

    private ref Entry EntryOf(long number) => ref _entries[number & (_entries.Length - 1)];

    private bool IsRemembered(long number) => number >= 0 && number < _next && number >= _next - _entries.Length;

    /// <summary>The whole number behind the 16 bits of one in a feedback: the newest that was sent and ends so.</summary>
    private long Unwrap(ushort sequenceNumber) => _next - 1 - (ushort)((ushort)(_next - 1) - sequenceNumber);

    private void Grow()
    {
        var larger = new Entry[_entries.Length * 2];
        for (long number = Math.Max(0, _next - _entries.Length); number < _next; number++)
        {
            larger[number & (larger.Length - 1)] = EntryOf(number);
        }

        _entries = larger;
    }

    private struct Entry
    {
        /// <summary>The bit of <see cref="SentContent.Try"/> that says that the packet was left out.</summary>
        public const int Missing = 0x80;

        public uint SentAt;

        /// <summary>What the packet carried; empty when it has arrived or is of no interest.</summary>
        public SentContent Content;

        public readonly bool IsOpen => Content.Section != 0;

        public readonly bool IsMissing => (Content.Try & Missing) != 0;
    }
}
