using System.Diagnostics;
using System.Text;

namespace Dais.Server.Storage.Journal;

/// <summary>The bytes of one operation in a frame's payload.</summary>
/// <remarks>
/// <code>
/// append    1 | streams 2 | per stream: name, expected head 8, expires at 8, events 4
///                           per event: type 2, version 2, at 8, command id, body length 4, body
/// snapshot  2 | name, seq 8, keep after 8, version 2, state length 4, state
/// delete    3 | name, expected head 8
/// restore   4 | name, forgotten through 8, expires at 8
/// close     5 | next segment 8
/// </code>
/// A name is its length (2) and UTF-8; length 65535 is none. An instant is microseconds since 1970; the least number is none.
/// </remarks>
public static class OperationFormat
{
    private const byte AppendKind = 1;
    private const byte SnapshotKind = 2;
    private const byte DeleteKind = 3;
    private const byte RestoreKind = 4;
    private const byte CloseKind = 5;
    private const int AppendStreamBytes = 8 + 8 + 4;
    private const int AppendEventBytes = 2 + 2 + 8 + 4;

    /// <summary>Whether an operation may begin with this byte.</summary>
    public static bool IsKind(byte kind) => kind is >= AppendKind and <= CloseKind;

    /// <summary>How many bytes <see cref="Write"/> needs.</summary>
    public static int SizeOf(LogOperation operation) => operation switch
    {
        LogOperation.Append append => 1 + 2 + append.Streams.Sum(SizeOf),
        LogOperation.SaveSnapshot save => 1 + SizeOf(save.Stream) + 8 + 8 + 2 + 4 + save.Snapshot.State.Length,
        LogOperation.Delete delete => 1 + SizeOf(delete.Stream) + 8,
        LogOperation.Restore restore => 1 + SizeOf(restore.Stream) + 8 + 8,
        LogOperation.Close => 1 + 8,
        _ => throw new UnreachableException(),
    };

    /// <summary>Writes an operation to the start of <paramref name="destination"/>.</summary>
    /// <returns>The bytes written.</returns>
    public static int Write(LogOperation operation, Span<byte> destination)
    {
        var writer = new SpanWriter(destination);
        switch (operation)
        {
            case LogOperation.Append append:
                writer.WriteByte(AppendKind);
                WriteAppend(ref writer, append);
                break;
            case LogOperation.SaveSnapshot save:
                writer.WriteByte(SnapshotKind);
                writer.WriteName(save.Stream);
                writer.WriteInt64(save.Snapshot.Seq);
                writer.WriteInt64(save.KeepAfter);
                writer.WriteUInt16(save.Snapshot.Version);
                writer.WriteBytes(save.Snapshot.State.Span);
                break;
            case LogOperation.Delete delete:
                writer.WriteByte(DeleteKind);
                writer.WriteName(delete.Stream);
                writer.WriteInt64(delete.ExpectedHead);
                break;
            case LogOperation.Restore restore:
                writer.WriteByte(RestoreKind);
                writer.WriteName(restore.Stream);
                writer.WriteInt64(restore.ForgottenThrough);
                writer.WriteInstant(restore.ExpiresAt);
                break;
            case LogOperation.Close close:
                writer.WriteByte(CloseKind);
                writer.WriteInt64(close.NextSegment);
                break;
            default:
                throw new UnreachableException();
        }

        return writer.Written;
    }

    /// <summary>Reads the operation at the start of <paramref name="source"/>; it owns its bytes.</summary>
    /// <returns>False if the bytes are not one.</returns>
    public static bool TryRead(ReadOnlySpan<byte> source, out LogOperation operation, out int bytesRead)
    {
        var reader = new SpanReader(source);
        LogOperation? read = reader.ReadByte() switch
        {
            AppendKind => ReadAppend(ref reader),
            SnapshotKind => ReadSnapshot(ref reader),
            DeleteKind => new LogOperation.Delete(reader.ReadName() ?? "", reader.ReadInt64()),
            RestoreKind => new LogOperation.Restore(reader.ReadName() ?? "", reader.ReadInt64(), reader.ReadInstant()),
            CloseKind => new LogOperation.Close(reader.ReadInt64()),
            _ => null,
        };
        operation = read!;
        bytesRead = reader.BytesRead;
        return read is not null && !reader.HasFailed;
    }

    private static int SizeOf(StreamAppend append) => SizeOf(append.Stream) + AppendStreamBytes
        + append.Events.Sum(static e => AppendEventBytes + SizeOf(e.CommandId) + e.Body.Length);

    private static int SizeOf(string? name) => 2 + (name is null ? 0 : Encoding.UTF8.GetByteCount(name));

    private static void WriteAppend(ref SpanWriter writer, LogOperation.Append append)
    {
        writer.WriteUInt16((ushort)append.Streams.Count);
        foreach (var stream in append.Streams)
        {
            writer.WriteName(stream.Stream);
            writer.WriteInt64(stream.ExpectedHead);
            writer.WriteInstant(stream.ExpiresAt);
            writer.WriteInt32(stream.Events.Count);
            foreach (var e in stream.Events)
            {
                writer.WriteUInt16(e.Type);
                writer.WriteUInt16(e.Version);
                writer.WriteInstant(e.At);
                writer.WriteName(e.CommandId);
                writer.WriteBytes(e.Body.Span);
            }
        }
    }

    private static LogOperation.Append ReadAppend(ref SpanReader reader)
    {
        int count = reader.ReadUInt16();
        List<StreamAppend> streams = [];
        for (int i = 0; i < count && !reader.HasFailed; i++)
        {
            string name = reader.ReadName() ?? "";
            long expectedHead = reader.ReadInt64();
            var expiresAt = reader.ReadInstant();
            int eventCount = reader.ReadInt32();
            List<NewEvent> events = [];
            for (int j = 0; j < eventCount && !reader.HasFailed; j++)
            {
                ushort type = reader.ReadUInt16();
                ushort version = reader.ReadUInt16();
                var at = reader.ReadInstant() ?? DateTimeOffset.UnixEpoch;
                string? commandId = reader.ReadName();
                events.Add(new NewEvent(type, version, at, reader.ReadBytes(), commandId));
            }

            streams.Add(new StreamAppend(name, expectedHead, events) { ExpiresAt = expiresAt });
        }

        return new LogOperation.Append(streams);
    }

    private static LogOperation.SaveSnapshot ReadSnapshot(ref SpanReader reader)
    {
        string name = reader.ReadName() ?? "";
        long seq = reader.ReadInt64();
        long keepAfter = reader.ReadInt64();
        ushort version = reader.ReadUInt16();
        return new LogOperation.SaveSnapshot(name, new Snapshot(seq, version, reader.ReadBytes()), keepAfter);
    }
}
