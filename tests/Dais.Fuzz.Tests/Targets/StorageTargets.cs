using System.Buffers.Binary;
using System.Collections.Immutable;
using Dais.Rooms;
using Dais.Server.Rooms.Log;
using Dais.Server.Storage;
using Dais.Server.Storage.Journal;
using Dais.Server.Tests.Rooms.Log;
using Dais.Server.Webhooks;

namespace Dais.Fuzz.Tests.Targets;

/// <summary>
/// What was stored. It is our own and every record has its checksum; whatever makes no sense all the same has to end in one kind of exception,
/// whose sentence says what to do.
/// </summary>
internal static class StorageTargets
{
    private const uint Salt = 7;

    /// <summary>Lists say how many they have, each with room for its values.</summary>
    private static readonly (long, long) Costs = (64 * 1024, 1024);

    private static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeMilliseconds(1_790_000_000_123);

    private static readonly LogOperation[] Operations =
    [
        new LogOperation.Append([new StreamAppend("room:a", 3, [new NewEvent(1, 1, At, new byte[] { 1, 2, 3 }, "c1"), new NewEvent(2, 1, At, new byte[5])])]),
        new LogOperation.SaveSnapshot("room:a", new Snapshot(4, 1, new byte[] { 9, 8 }), 2),
        new LogOperation.Delete("room:a", 4),
        new LogOperation.Close(7),
    ];

    public static ImmutableArray<FuzzTarget> All { get; } =
    [
        FuzzTargets.Bytes("operations of the journal", "the disk", ["OperationFormat.TryRead"], [.. Operations.Select(Written)], static input =>
        {
            var outcome = new Outcome(OperationFormat.TryRead(input, out var operation, out int bytesRead));
            Assert.True(bytesRead <= input.Length, "more was read than there is");
            outcome.Add(bytesRead);
            outcome.Add(operation?.GetType().Name.Length ?? 0);
            return outcome.Value;
        }) with { Allocates = Costs },
        FuzzTargets.Bytes(
            "frames of the journal", "the disk", ["JournalFormat.TryReadHeader", "JournalFormat.TryReadLength", "JournalFormat.TryReadFrame"], [.. Operations.Select(Sealed), Header()], static input =>
            {
                var outcome = new Outcome(JournalFormat.TryReadFrame(input, Salt, out var payload));
                outcome.Add(payload.Length);
                outcome.Add(input.Length >= JournalFormat.FrameHeaderBytes && JournalFormat.TryReadLength(input, out _));
                outcome.Add(input.Length >= JournalFormat.HeaderBytes && JournalFormat.TryReadHeader(input, false, 1, out _));
                outcome.Add(JournalFormat.ContainsFrame(input, Salt));
                return outcome.Value;
            }),
        Stored("events of rooms", ["RoomEventFormat.FromStored"], [.. SampleEvents.All.Select(sample => Event(RoomEventFormat.ToStored(sample.Event, SampleEvents.At)))], static input =>
            RoomEventFormat.FromStored(Event(input)).GetType()),
        Stored("events of connections", ["LinkEventFormat.FromStored"], [.. SampleEvents.Links.Select(sample => Event(LinkEventFormat.ToStored(sample.Event, SampleEvents.At)))], static input =>
            LinkEventFormat.FromStored(Event(input)).GetType()),
        Stored("rooms in snapshots", ["RoomStateFormat.FromStored"], [.. Rooms()], static input =>
            RoomStateFormat.FromStored(new RoomId("a"), new RoomOptions(), new Snapshot(1, Version(input), input.AsMemory(2))).GetType()),
        Stored("cursors of webhooks", ["CursorFormat.FromStored"], [Cursors()], static input =>
            CursorFormat.FromStored(new RoomId("a"), new StreamState(1, new Snapshot(1, Version(input), input.AsMemory(2)), [])).GetType()),
    ];

    private static FuzzTarget Stored(string name, string[] covers, IReadOnlyList<byte[]> seeds, Func<byte[], Type> read) =>
        FuzzTargets.Bytes(name, "the disk", covers, seeds, input => Read(input, read)) with { LengthMax = 4096, Allocates = Costs };

    private static ulong Read(byte[] input, Func<byte[], Type> read)
    {
        if (input.Length < 4)
        {
            return Outcome.Refused;
        }

        try
        {
            var outcome = new Outcome(true);
            outcome.AddExactly((uint)read(input).Name.Length);
            return outcome.Value;
        }
        catch (EventLogException refused)
        {
            var outcome = new Outcome(false);
            outcome.AddExactly((uint)refused.Message.Length);
            return outcome.Value;
        }
    }

    private static byte[] Written(LogOperation operation)
    {
        byte[] bytes = new byte[OperationFormat.SizeOf(operation)];
        OperationFormat.Write(operation, bytes);
        return bytes;
    }

    private static byte[] Sealed(LogOperation operation)
    {
        byte[] frame = [.. new byte[JournalFormat.FrameHeaderBytes], .. Written(operation)];
        JournalFormat.SealFrame(frame, Salt);
        return frame;
    }

    private static byte[] Header()
    {
        byte[] header = new byte[JournalFormat.HeaderBytes];
        JournalFormat.WriteHeader(header, false, 1, Salt);
        return header;
    }

    /// <summary>Type, version and body of an event.</summary>
    private static byte[] Event(NewEvent stored)
    {
        byte[] bytes = [0, 0, 0, 0, .. stored.Body.Span];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, stored.Type);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), stored.Version);
        return bytes;
    }

    private static LogEvent Event(byte[] input) =>
        new(1, BinaryPrimitives.ReadUInt16BigEndian(input), BinaryPrimitives.ReadUInt16BigEndian(input.AsSpan(2)), At, input.AsMemory(4), null);

    private static ushort Version(byte[] input) => BinaryPrimitives.ReadUInt16BigEndian(input);

    /// <summary>The golden files: a version and hexadecimal digits.</summary>
    private static IEnumerable<byte[]> Rooms() =>
        from file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "data", "rooms")).Order(StringComparer.Ordinal)
        from line in File.ReadLines(file)
        let parts = line.Split(' ')
        select (byte[])[0, byte.Parse(parts[0].AsSpan(1), System.Globalization.CultureInfo.InvariantCulture), .. Convert.FromHexString(parts[1])];

    private static byte[] Cursors()
    {
        RoomCursor[] cursors = [new("hook", 5, 3), new("other", 7, 0)];
        return [0, 1, .. CursorFormat.ToStored(cursors, new CursorBase(4, NoticeFold.Unstarted(new RoomId("a"), 12, 3)))];
    }
}
