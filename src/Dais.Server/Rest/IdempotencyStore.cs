namespace Dais.Server.Rest;

/// <summary>What is known of a call with a key.</summary>
public enum IdempotencyVerdict
{
    /// <summary>Nothing: it is the first, and has to be kept or forgotten.</summary>
    New,

    /// <summary>It was answered before.</summary>
    Known,

    /// <summary>The first one is under way.</summary>
    InUse,

    /// <summary>The key came with another call.</summary>
    Reused,

    /// <summary>As many calls are under way as there is room for.</summary>
    Full,
}

/// <summary>An answer that is given again.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="ContentType">What the body is.</param>
/// <param name="Location">The address of what was created; may be empty.</param>
/// <param name="Body">The body.</param>
public sealed record KeptAnswer(int Status, string? ContentType, string Location, byte[] Body);

/// <summary>
/// The answers of calls with a key: each for a day, and as long as there is room; when there is none, the oldest goes first.
/// </summary>
public sealed class IdempotencyStore(TimeProvider time, int countMax = IdempotencyStore.CountMax, long bytesMax = IdempotencyStore.BytesMax)
{
    /// <summary>How long an answer is kept.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromHours(24);

    private const int CountMax = 10_000;
    private const long BytesMax = 32 << 20;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _answered = [];
    private long _bytes;

    /// <summary>How many calls are kept or under way.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>A call with the key <paramref name="id"/> has come.</summary>
    /// <param name="id">Who calls, and their key.</param>
    /// <param name="digest">Of everything the call says.</param>
    /// <param name="kept">The answer, when it is known.</param>
    public IdempotencyVerdict Begin(string id, byte[] digest, out KeptAnswer? kept)
    {
        lock (_lock)
        {
            kept = null;
            Expire();
            if (_entries.TryGetValue(id, out var found))
            {
                kept = found.Answer;
                return !found.Digest.AsSpan().SequenceEqual(digest) ? IdempotencyVerdict.Reused
                    : kept is null ? IdempotencyVerdict.InUse
                    : IdempotencyVerdict.Known;
            }

            while (_entries.Count >= countMax && _answered.First is { } oldest)
            {
                Remove(oldest.Value);
            }

            if (_entries.Count >= countMax)
            {
                return IdempotencyVerdict.Full;
            }

            _entries[id] = new Entry(id, digest);
            return IdempotencyVerdict.New;
        }
    }

    /// <summary>The call is answered.</summary>
    public void Keep(string id, KeptAnswer answer)
    {
        lock (_lock)
        {
            var entry = _entries[id];
            entry.Answer = answer;
            entry.AnsweredAt = time.GetTimestamp();
            entry.Place = _answered.AddLast(entry);
            _bytes += answer.Body.Length;
            while (_bytes > bytesMax && _answered.First is { } oldest)
            {
                Remove(oldest.Value);
            }
        }
    }

    /// <summary>The call came to nothing: the next one with its key is the first.</summary>
    public void Forget(string id)
    {
        lock (_lock)
        {
            _entries.Remove(id);
        }
    }

    private void Expire()
    {
        while (_answered.First is { } oldest && time.GetElapsedTime(oldest.Value.AnsweredAt) >= KeptFor)
        {
            Remove(oldest.Value);
        }
    }

    private void Remove(Entry entry)
    {
        _answered.Remove(entry.Place!);
        _entries.Remove(entry.Id);
        _bytes -= entry.Answer!.Body.Length;
    }

    private sealed class Entry(string id, byte[] digest)
    {
        public string Id { get; } = id;

        public byte[] Digest { get; } = digest;

        public KeptAnswer? Answer { get; set; }

        public long AnsweredAt { get; set; }

        public LinkedListNode<Entry>? Place { get; set; }
    }
}
