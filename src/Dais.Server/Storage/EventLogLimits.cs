using System.Text;

namespace Dais.Server.Storage;

/// <summary>How much fits into a log. All limits are in bytes.</summary>
public sealed record EventLogLimits
{
    /// <summary>Longest stream name or command id, in UTF-8.</summary>
    public const int NameBytesMax = 1024;

    // Throws on half a surrogate pair, which would come back from a file as another name.
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Most streams in one append: a host connection of nine rooms and its own stream need ten.</summary>
    public const int StreamCountMax = 64;

    /// <summary>All events of one append together, bodies and bookkeeping. Default 1 MiB.</summary>
    public int AppendBytesMax { get; init; } = 1 << 20;

    /// <summary>One snapshot. Default 8 MiB.</summary>
    public int SnapshotBytesMax { get; init; } = 8 << 20;

    /// <summary>What a stream may hold in events that no snapshot let go, bodies and bookkeeping. Default 64 MiB.</summary>
    public long HeldBytesMax { get; init; } = 64 << 20;

    /// <summary>Checks that neither an append nor a snapshot may be longer than a log can write.</summary>
    internal void CheckFitInto(int bytesMax)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(AppendBytesMax, bytesMax, nameof(AppendBytesMax));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(SnapshotBytesMax, bytesMax, nameof(SnapshotBytesMax));
    }

    /// <summary>Checks an append and copies it, so that the caller's buffers are free again.</summary>
    /// <exception cref="ArgumentException">A limit is exceeded, or a stream is named twice.</exception>
    internal IReadOnlyList<StreamAppend> TakeCopy(IReadOnlyList<StreamAppend> appends)
    {
        ArgumentOutOfRangeException.ThrowIfZero(appends.Count, nameof(appends));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(appends.Count, StreamCountMax, nameof(appends));
        Check(appends);
        byte[] bodies = new byte[appends.Sum(static append => append.Events.Sum(static e => e.Body.Length))];
        int used = 0;
        var copies = new StreamAppend[appends.Count];
        for (int i = 0; i < copies.Length; i++)
        {
            var events = new NewEvent[appends[i].Events.Count];
            for (int j = 0; j < events.Length; j++)
            {
                var given = appends[i].Events[j];
                given.Body.CopyTo(bodies.AsMemory(used));
                events[j] = given with { At = ToMicrosecond(given.At), Body = bodies.AsMemory(used, given.Body.Length) };
                used += given.Body.Length;
            }

            var expiresAt = appends[i].ExpiresAt is { } at ? ToMicrosecond(at) : (DateTimeOffset?)null;
            copies[i] = appends[i] with { Events = events, ExpiresAt = expiresAt };
        }

        return copies;
    }

    /// <summary>Checks a snapshot and copies it.</summary>
    internal Snapshot TakeCopy(Snapshot snapshot, long keepAfter)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(snapshot.Seq, 1, nameof(snapshot));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(snapshot.State.Length, SnapshotBytesMax, nameof(snapshot));
        ArgumentOutOfRangeException.ThrowIfNegative(keepAfter);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(keepAfter, snapshot.Seq);
        return snapshot with { State = snapshot.State.ToArray() };
    }

    /// <summary>Checks the name of a stream.</summary>
    internal static void CheckName(string stream)
    {
        ArgumentException.ThrowIfNullOrEmpty(stream);
        if (Utf8.GetByteCount(stream) > NameBytesMax)
        {
            throw new ArgumentException($"A stream's name has at most {NameBytesMax} bytes.", nameof(stream));
        }
    }

    private void Check(IReadOnlyList<StreamAppend> appends)
    {
        long bytes = 0;
        for (int i = 0; i < appends.Count; i++)
        {
            CheckName(appends[i].Stream);
            for (int j = 0; j < i; j++)
            {
                if (appends[j].Stream == appends[i].Stream)
                {
                    throw new ArgumentException("An append names each stream once.", nameof(appends));
                }
            }

            foreach (var e in appends[i].Events)
            {
                int commandIdBytes = e.CommandId is { } id ? Utf8.GetByteCount(id) : 0;
                if (commandIdBytes > NameBytesMax)
                {
                    throw new ArgumentException($"A command id has at most {NameBytesMax} bytes.", nameof(appends));
                }

                bytes += e.Body.Length + StreamIndex.EventOverheadBytes + commandIdBytes;
            }
        }

        if (bytes > AppendBytesMax)
        {
            throw new ArgumentException($"An append has at most {AppendBytesMax} bytes.", nameof(appends));
        }
    }

    private static DateTimeOffset ToMicrosecond(DateTimeOffset at) =>
        new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}
