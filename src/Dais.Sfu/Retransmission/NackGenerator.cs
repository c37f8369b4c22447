using Dais.Rtc;

namespace Dais.Sfu.Retransmission;

/// <summary>
/// Finds out which packets of a source are missing and when to ask for them (RFC 4585 §6.2.1): shortly after the gap shows, for packets may
/// be turned around underway, then once per round trip, a bounded number of times, for a bounded number of packets.
/// </summary>
/// <remarks>
/// Each time the request goes out twice, a moment apart: it is small, it gets lost as other packets do, and a source that has answered it
/// does not answer again within a round trip of its own.
/// </remarks>
internal sealed class NackGenerator
{
    /// <summary>Packets asked for at once; a gap beyond is an outage, which a keyframe mends sooner.</summary>
    public const int MissingMax = 500;

    /// <summary>For how many round trips one packet is asked for.</summary>
    public const int RoundsMax = 10;

    /// <summary>How often it is asked for in each.</summary>
    public const int RequestsPerRound = 2;

    /// <summary>How much later than its successor a packet may come without being asked for.</summary>
    private static readonly TimeSpan ReorderingTolerance = TimeSpan.FromMilliseconds(10);

    /// <summary>How much later the request is said once more.</summary>
    private static readonly TimeSpan RequestSpacing = TimeSpan.FromMilliseconds(20);

    /// <summary>How much longer than a round trip an answer may take; libwebrtc answers again 5 ms after a round trip, by its own measure.</summary>
    private static readonly TimeSpan RoundMargin = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan RoundTripDefault = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RoundTripMin = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan RoundTripMax = TimeSpan.FromMilliseconds(400);

    private Entry[] _missing = [];
    private int _count;
    private bool _started;
    private ulong _highest;
    private ulong _keyframe;
    private TimeSpan? _answerTime;

    /// <summary>When <see cref="Take"/> wants to be called next.</summary>
    public Timestamp NextTimeout { get; private set; } = Timestamp.Never;

    /// <summary>Packets missing that are being asked for.</summary>
    public int MissingCount => _count;

    /// <summary>Whether the packet of <paramref name="index"/> is missing and being asked for.</summary>
    public bool IsMissing(ulong index) => Find(index) >= 0;

    /// <summary>The round trip to the source as it reports it; null when it does not.</summary>
    public TimeSpan? ReportedRoundTrip { get; set; }

    private TimeSpan RoundTrip
    {
        get
        {
            var known = ReportedRoundTrip ?? _answerTime ?? RoundTripDefault;
            return known < RoundTripMin ? RoundTripMin : known > RoundTripMax ? RoundTripMax : known;
        }
    }

    /// <summary>A packet came; false when so many are missing that they are not worth asking for, and a keyframe is.</summary>
    public bool HandlePacket(ulong index, Timestamp now)
    {
        if (!_started)
        {
            _started = true;
            _highest = index;
            return true;
        }

        if (index <= _highest)
        {
            Remove(index, now);
            return true;
        }

        ulong gap = index - _highest - 1;
        bool fits = gap <= (ulong)(MissingMax - _count);
        if (!fits && gap <= MissingMax)
        {
            DropBefore(_keyframe);
            fits = gap <= (ulong)(MissingMax - _count);
        }

        if (fits)
        {
            Add(_highest + 1, (int)gap, now);
        }
        else
        {
            _count = 0;
            NextTimeout = Timestamp.Never;
        }

        _highest = index;
        return fits;
    }

    /// <summary>A keyframe begins at <paramref name="index"/>: what is missing of before no picture needs.</summary>
    public void HandleKeyframe(ulong index) => _keyframe = Math.Max(_keyframe, index);

    /// <summary>Begins anew with the next packet.</summary>
    public void Reset()
    {
        _started = false;
        _keyframe = 0;
        _count = 0;
        NextTimeout = Timestamp.Never;
    }

    /// <summary>Takes the sequence numbers to ask for now, ascending; returns how many.</summary>
    /// <param name="numbers">Where they go; what does not fit is due again at once.</param>
    /// <param name="now">The present.</param>
    /// <param name="givenUp">How many packets are not asked for any more that the picture needs.</param>
    public int Take(Span<ushort> numbers, Timestamp now, out int givenUp)
    {
        givenUp = 0;
        if (now < NextTimeout)
        {
            return 0;
        }

        int taken = 0;
        int kept = 0;
        var next = Timestamp.Never;
        var round = RoundTrip + RoundMargin;
        for (int i = 0; i < _count; i++)
        {
            var entry = _missing[i];
            if (entry.Due <= now && entry.Requests == RoundsMax * RequestsPerRound)
            {
                givenUp += entry.Index > _keyframe ? 1 : 0;
                continue;
            }

            if (entry.Due <= now && taken < numbers.Length)
            {
                numbers[taken++] = (ushort)entry.Index;
                entry = entry.Requests % RequestsPerRound == 0
                    ? entry with { Requests = entry.Requests + 1, Due = now + RequestSpacing, AskedAt = now }
                    : entry with { Requests = entry.Requests + 1, Due = Later(entry.AskedAt + round, now + RequestSpacing) };
            }

            next = entry.Due < next ? entry.Due : next;
            _missing[kept++] = entry;
        }

        _count = kept;
        NextTimeout = next;
        return taken;
    }

    private void Add(ulong first, int count, Timestamp now)
    {
        if (count == 0)
        {
            return;
        }

        if (_missing.Length < _count + count)
        {
            Array.Resize(ref _missing, Math.Min(MissingMax, Math.Max(32, 2 * (_count + count))));
        }

        var due = now + ReorderingTolerance;
        for (int i = 0; i < count; i++)
        {
            _missing[_count++] = new Entry(first + (ulong)i, due, default, 0);
        }

        NextTimeout = due < NextTimeout ? due : NextTimeout;
    }

    private void Remove(ulong index, Timestamp now)
    {
        int place = Find(index);
        if (place < 0)
        {
            return;
        }

        var entry = _missing[place];
        if (entry.Requests is > 0 and <= RequestsPerRound)
        {
            // Asked for in several rounds, nobody knows which question it answers.
            var answer = now - entry.AskedAt;
            _answerTime = _answerTime is { } before ? ((before * 7) + answer) / 8 : answer;
        }

        Array.Copy(_missing, place + 1, _missing, place, --_count - place);
        NextTimeout = _count == 0 ? Timestamp.Never : NextTimeout;
    }

    private void DropBefore(ulong index)
    {
        int dropped = 0;
        while (dropped < _count && _missing[dropped].Index < index)
        {
            dropped++;
        }

        Array.Copy(_missing, dropped, _missing, 0, _count -= dropped);
    }

    private int Find(ulong index)
    {
        int low = 0;
        int high = _count - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            if (_missing[middle].Index == index)
            {
                return middle;
            }

            (low, high) = _missing[middle].Index < index ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }

    private static Timestamp Later(Timestamp left, Timestamp right) => left > right ? left : right;

    /// <param name="Index">The packet's index.</param>
    /// <param name="Due">When it is to be asked for next.</param>
    /// <param name="AskedAt">When the present round began.</param>
    /// <param name="Requests">How often it was asked for.</param>
    private readonly record struct Entry(ulong Index, Timestamp Due, Timestamp AskedAt, int Requests);
}
