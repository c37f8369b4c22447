using System.Buffers.Binary;
using System.Text;

namespace Dais.Server.Storage.Journal;

/// <summary>Reads the journal's fields one after another. Past the end it gives zeros and says that it has failed.</summary>
internal ref struct SpanReader(ReadOnlySpan<byte> source)
{
    // The years 1 to 9999, outside of which a DateTimeOffset throws.
    private static readonly long FirstMicrosecond = -DateTimeOffset.UnixEpoch.Ticks / TimeSpan.TicksPerMicrosecond;
    private static readonly long LastMicrosecond =
        (DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private readonly ReadOnlySpan<byte> _source = source;

    /// <summary>Bytes read so far.</summary>
    public int BytesRead { get; private set; }

    /// <summary>Whether something did not fit or made no sense; then nothing that was read counts.</summary>
    public bool HasFailed { get; private set; }

    public byte ReadByte() => Take(1, out var bytes) ? bytes[0] : (byte)0;

    public ushort ReadUInt16() => Take(sizeof(ushort), out var bytes) ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : (ushort)0;

    public int ReadInt32() => Take(sizeof(int), out var bytes) ? BinaryPrimitives.ReadInt32LittleEndian(bytes) : 0;

    public long ReadInt64() => Take(sizeof(long), out var bytes) ? BinaryPrimitives.ReadInt64LittleEndian(bytes) : 0;

    public DateTimeOffset? ReadInstant()
    {
        long value = ReadInt64();
        if (value == SpanWriter.NoInstant)
        {
            return null;
        }

        if (value < FirstMicrosecond || value > LastMicrosecond)
        {
            HasFailed = true;
            return null;
        }

        return DateTimeOffset.UnixEpoch.AddTicks(value * TimeSpan.TicksPerMicrosecond);
    }

    public string? ReadName()
    {
        ushort length = ReadUInt16();
        return length != SpanWriter.NoName && Take(length, out var bytes) ? Encoding.UTF8.GetString(bytes) : null;
    }

    public byte[] ReadBytes() => Take(ReadInt32(), out var bytes) ? bytes.ToArray() : [];

    private bool Take(int length, out ReadOnlySpan<byte> bytes)
    {
        HasFailed |= length < 0 || length > _source.Length - BytesRead;
        if (HasFailed)
        {
            bytes = default;
            return false;
        }

        bytes = _source.Slice(BytesRead, length);
        BytesRead += length;
        return true;
    }
}
