namespace Dais.Server.Storage.Journal;

/// <summary>Reads a journal's files at start: all of what was acknowledged, or a refusal that says what is wrong.</summary>
/// <remarks>
/// A frame that is not whole at the very end was being written when the process died, and nobody was told that it happened: it is
/// cut off. Anything else that does not fit is damage, and a server that went on would deny what it had promised: it is refused.
/// </remarks>
internal sealed partial class JournalRecovery(IJournalDirectory directory, EventLogLimits limits, ILogger logger)
{
    private readonly StreamIndex _index = new(limits);
    private long _bytesRead;

    /// <summary>Reads everything, and leaves the directory ready to be written.</summary>
    /// <exception cref="EventLogException">Something acknowledged may be missing.</exception>
    public RecoveredJournal Recover()
    {
        // 1. What is there?
        var names = directory.List();
        long checkpoint = 0;
        List<long> segments = [];
        foreach (string name in names)
        {
            if (JournalNames.TryReadCheckpoint(name, out long number))
            {
                checkpoint = Math.Max(checkpoint, number);
            }
            else if (JournalNames.TryReadSegment(name, out number))
            {
                segments.Add(number);
            }
        }

        // 2. The newest checkpoint: older files are leftovers of its making.
        long checkpointBytes = 0;
        if (checkpoint > 0 && !CheckpointFile.TryRead(directory, checkpoint, _index, out checkpointBytes))
        {
            throw Refuse($"{JournalNames.Checkpoint(checkpoint)} is damaged");
        }

        segments.RemoveAll(number => number < checkpoint);
        segments.Sort();

        // 3. The segments since, one after another.
        var active = ReadSegments(segments, Math.Max(checkpoint, 1));

        // 4. Only now that all is well is anything removed.
        foreach (string name in names.Where(static name => name.EndsWith(JournalNames.UnfinishedSuffix, StringComparison.Ordinal)))
        {
            directory.Delete(name);
        }

        CheckpointFile.DeleteOlder(directory, checkpoint);
        return new RecoveredJournal(_index, active, _bytesRead, checkpointBytes);
    }

    private FrameWriter ReadSegments(List<long> segments, long first)
    {
        if (segments.Count == 0 && first == 1)
        {
            return FrameWriter.CreateSegment(directory, first);
        }

        for (int i = 0; ; i++)
        {
            long number = first + i;
            if (i == segments.Count || segments[i] != number)
            {
                throw Refuse($"{JournalNames.Segment(number)} is missing");
            }

            bool isLast = i == segments.Count - 1;
            bool mayBeUnborn = isLast && number == 1;
            var file = directory.Open(JournalNames.Segment(number));
            bool isKept = false;
            try
            {
                if (!FrameReader.TryReadHeader(file, isCheckpoint: false, number, out uint salt))
                {
                    if (mayBeUnborn && file.Length <= JournalFormat.HeaderBytes)
                    {
                        return FrameWriter.CreateSegment(directory, number);
                    }

                    throw Refuse($"{JournalNames.Segment(number)} does not begin with its header");
                }

                long end = ReadFrames(file, number, salt, out long closedBy);
                if (closedBy == number + 1)
                {
                    RefuseDamage(file, number, end);
                    continue;
                }

                if (!isLast)
                {
                    DropUnborn(segments, i + 1);
                }

                isKept = true;
                CutTornEnd(file, number, end);
                return FrameWriter.Continue(file, number, salt, end);
            }
            finally
            {
                if (!isKept)
                {
                    file.Dispose();
                }
            }
        }
    }

    /// <summary>Applies a segment's frames.</summary>
    /// <returns>Where the last whole frame ends.</returns>
    private long ReadFrames(IJournalFile file, long number, uint salt, out long closedBy)
    {
        closedBy = 0;
        var reader = new FrameReader(file, salt);
        while (reader.TryReadNext(out var payload))
        {
            if (!Replay.TryApply(payload, _index, out closedBy))
            {
                throw Refuse($"{JournalNames.Segment(number)} does not continue what is before it, in the frame that ends at byte {reader.Position}");
            }
        }

        if (!reader.IsAtEnd && reader.FindsFrameBeyondDamage())
        {
            throw Refuse($"{JournalNames.Segment(number)} is damaged at byte {reader.Position}, and whole frames follow");
        }

        _bytesRead += reader.Position;
        return reader.Position;
    }

    // A segment is made before its predecessor names it; if that never happened, nothing can have been written to it.
    private void DropUnborn(List<long> segments, int next)
    {
        string name = JournalNames.Segment(segments[next]);
        long length;
        using (var file = directory.Open(name))
        {
            length = file.Length;
        }

        if (next != segments.Count - 1 || segments[next] != segments[next - 1] + 1 || length > JournalFormat.HeaderBytes)
        {
            throw Refuse($"{JournalNames.Segment(segments[next - 1])} is cut off, and {name} exists");
        }

        directory.Delete(name);
    }

    private void CutTornEnd(IJournalFile file, long number, long end)
    {
        if (file.Length > end)
        {
            LogTornEnd(JournalNames.Segment(number), file.Length - end, end);
            file.Truncate(end);
        }

        // The last frames may have been written but not flushed when the process died. They count now, so they must stay.
        file.Flush();
        directory.Flush();
    }

    private void RefuseDamage(IJournalFile file, long number, long end)
    {
        if (file.Length > end)
        {
            throw Refuse($"{JournalNames.Segment(number)} goes on after its last frame at byte {end}");
        }
    }

    private EventLogException Refuse(string what) => new(
        $"The journal in '{directory.Name}' can not be used: {what}. The server does not start, as it would deny what it has "
        + "acknowledged. Restore the folder from a backup, or move it away to begin with nothing.");

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "{Segment} ended in {Bytes} bytes that are not a whole frame; they were cut off at byte {Position}. "
        + "A stop in the middle of a write leaves such an end; nothing in it was acknowledged")]
    private partial void LogTornEnd(string segment, long bytes, long position);
}

/// <summary>A journal as found at start.</summary>
/// <param name="Index">Its streams.</param>
/// <param name="Active">Its last segment, ready for the next frame.</param>
/// <param name="SegmentBytes">Bytes read from segments.</param>
/// <param name="CheckpointBytes">Bytes of its checkpoint; 0 if it has none.</param>
internal sealed record RecoveredJournal(StreamIndex Index, FrameWriter Active, long SegmentBytes, long CheckpointBytes);
