using System.Buffers.Binary;
using System.Text;

namespace Dais.Server.Storage.Journal;

/// <summary>Writes the journal's fields one after another. The span must have room for them.</summary>
internal ref struct SpanWriter(Span<byte> destination)
{
    /// <summary>Stands for no name: longer than any.</summary>
    public const ushort NoName = ushort.MaxValue;

    /// <summary>Stands for no instant.</summary>
    public const long NoInstant = long.MinValue;

    private readonly Span<byte> _destination = destination;

    /// <summary>Bytes written so far.</summary>
    public int Written { get; private set; }

    public void WriteByte(byte value)
    {
        _destination[Written] = value;
        Written++;
    }

    public void WriteUInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_destination[Written..], value);
        Written += sizeof(ushort);
    }

    public void WriteInt32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_destination[Written..], value);
        Written += sizeof(int);
    }

    public void WriteInt64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_destination[Written..], value);
        Written += sizeof(long);
    }

    public void WriteInstant(DateTimeOffset? value) =>
        WriteInt64(value is { } at ? (at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond : NoInstant);

    public void WriteName(string? value)
    {
        if (value is null)
        {
            WriteUInt16(NoName);
            return;
        }

        int bytes = Encoding.UTF8.GetBytes(value, _destination[(Written + sizeof(ushort))..]);
        WriteUInt16((ushort)bytes);
        Written += bytes;
    }

    public void WriteBytes(ReadOnlySpan<byte> value)
    {
        WriteInt32(value.Length);
        value.CopyTo(_destination[Written..]);
        Written += value.Length;
    }
}
