namespace Dais.Server.Storage.Journal;

/// <summary>Writes and reads checkpoints: every stream as it was before a certain segment.</summary>
internal static class CheckpointFile
{
    private const int FrameBytes = 1 << 20;

    /// <summary>
    /// Writes a checkpoint in place of everything before a segment. It gets its name only when it is whole and on the disk,
    /// and only when the name is there too are older files removed: a crash at any point leaves one complete history.
    /// </summary>
    /// <returns>The checkpoint's bytes.</returns>
    public static long Write(IJournalDirectory directory, long number, IReadOnlyList<StreamIndex.HeldStream> streams)
    {
        long bytes;
        using (var writer = FrameWriter.CreateCheckpoint(directory, number))
        {
            var frame = new FrameBuffer();
            foreach (var stream in streams)
            {
                WriteStream(writer, frame, stream);
            }

            frame.Add(new LogOperation.Close(number));
            writer.Write(frame);
            writer.Flush();
            bytes = writer.Position;
        }

        string name = JournalNames.Checkpoint(number);
        directory.Rename(name + JournalNames.UnfinishedSuffix, name);
        directory.Flush();
        DeleteOlder(directory, number);
        return bytes;
    }

    /// <summary>Removes what a checkpoint stands for.</summary>
    public static void DeleteOlder(IJournalDirectory directory, long number)
    {
        foreach (string name in directory.List())
        {
            if ((JournalNames.TryReadSegment(name, out long found) || JournalNames.TryReadCheckpoint(name, out found))
                && found < number)
            {
                directory.Delete(name);
            }
        }
    }

    /// <summary>Reads a checkpoint into an empty index: false if it is damaged anywhere.</summary>
    public static bool TryRead(IJournalDirectory directory, long number, StreamIndex index, out long bytes)
    {
        using var file = directory.Open(JournalNames.Checkpoint(number));
        bytes = file.Length;
        if (!FrameReader.TryReadHeader(file, isCheckpoint: true, number, out uint salt))
        {
            return false;
        }

        var reader = new FrameReader(file, salt);
        long closedBy = 0;
        while (reader.TryReadNext(out var payload))
        {
            if (!Replay.TryApply(payload, index, out closedBy))
            {
                return false;
            }
        }

        return reader.IsAtEnd && closedBy == number;
    }

    private static void WriteStream(FrameWriter writer, FrameBuffer frame, StreamIndex.HeldStream stream)
    {
        frame.Add(new LogOperation.Restore(stream.Name, stream.ForgottenThrough, stream.ExpiresAt));
        foreach (var e in stream.Events)
        {
            var copy = new NewEvent(e.Type, e.Version, e.At, e.Body, e.CommandId);
            frame.Add(new LogOperation.Append([new StreamAppend(stream.Name, e.Seq - 1, [copy]) { ExpiresAt = stream.ExpiresAt }]));
            WriteIfLong(writer, frame);
        }

        foreach (var snapshot in stream.Snapshots)
        {
            frame.Add(new LogOperation.SaveSnapshot(stream.Name, snapshot, stream.ForgottenThrough));
            WriteIfLong(writer, frame);
        }
    }

    private static void WriteIfLong(FrameWriter writer, FrameBuffer frame)
    {
        if (frame.PayloadBytes >= FrameBytes)
        {
            writer.Write(frame);
        }
    }
}
