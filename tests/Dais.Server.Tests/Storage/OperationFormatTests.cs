using Dais.Server.Storage;
using Dais.Server.Storage.Journal;

namespace Dais.Server.Tests.Storage;

public sealed class OperationFormatTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 5, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<LogOperation> Operations { get; } =
    [
        new LogOperation.Append([]),
        new LogOperation.Append([new StreamAppend("room:a", 4, [])]),
        new LogOperation.Append(
        [
            new StreamAppend("room:ä", 4, [new NewEvent(1, 2, Noon, new byte[] { 9, 8 }, "c"), new NewEvent(3, 4, DateTimeOffset.MinValue, default)]),
            new StreamAppend("link:1", long.MaxValue - 1, [new NewEvent(ushort.MaxValue, 0, Noon.AddTicks(10), new byte[300], "")]) { ExpiresAt = Noon },
        ]),
        new LogOperation.SaveSnapshot("room:a", new Snapshot(7, 3, new byte[] { 1, 2, 3 }), 5),
        new LogOperation.SaveSnapshot("room:a", new Snapshot(7, 3, default), 0),
        new LogOperation.Delete("room:a", 7),
        new LogOperation.Restore("room:a", 12, null),
        new LogOperation.Restore("room:a", 0, Noon),
        new LogOperation.Close(3),
    ];

    [Theory]
    [MemberData(nameof(Operations))]
    public void An_operation_is_read_as_it_was_written(LogOperation operation)
    {
        byte[] bytes = Bytes(operation);

        Assert.True(OperationFormat.TryRead([.. bytes, 0xAA], out var read, out int bytesRead));

        Assert.Equal(bytes.Length, bytesRead);
        Assert.Equivalent(operation, read, strict: true);
        Assert.Equal(bytes, Bytes(read));
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void An_operation_with_any_byte_missing_is_not_read(LogOperation operation)
    {
        byte[] bytes = Bytes(operation);
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.False(OperationFormat.TryRead(bytes.AsSpan(0, length), out _, out _));
        }
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void No_byte_that_is_wrong_makes_the_reader_throw(LogOperation operation)
    {
        byte[] bytes = Bytes(operation);
        for (int i = 0; i < bytes.Length * 256; i++)
        {
            byte[] wrong = [.. bytes];
            wrong[i / 256] = (byte)i;
            OperationFormat.TryRead(wrong, out _, out int bytesRead);
            Assert.InRange(bytesRead, 0, wrong.Length);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    [InlineData(255)]
    public void An_operation_of_an_unknown_kind_is_not_read(byte kind)
    {
        Assert.False(OperationFormat.IsKind(kind));
        Assert.False(OperationFormat.TryRead([kind, .. new byte[100]], out _, out _));
    }

    private static byte[] Bytes(LogOperation operation)
    {
        byte[] bytes = new byte[OperationFormat.SizeOf(operation)];
        Assert.Equal(bytes.Length, OperationFormat.Write(operation, bytes));
        return bytes;
    }
}
