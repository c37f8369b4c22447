using System.Buffers.Binary;
using System.Text;

namespace Dais.Server.Rooms.Log;

/// <summary>Reads what <see cref="RecordWriter"/> wrote.</summary>
/// <remarks>The bytes are our own and checked by the log; if they still make no sense, that is an
/// <see cref="InvalidDataException"/>.</remarks>
public sealed class RecordReader(ReadOnlyMemory<byte> source)
{
    private int _position;

    /// <summary>A whole number.</summary>
    public long Number()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte group = Byte();
            value |= (ulong)(group & 0x7F) << shift;
            if (group < 0x80)
            {
                return (long)(value >> 1) ^ -(long)(value & 1);
            }
        }

        throw new InvalidDataException("A number is too long.");
    }

    /// <summary>A whole number that fits 32 bits.</summary>
    public int Whole() => Number() is >= int.MinValue and <= int.MaxValue and var value
        ? (int)value
        : throw new InvalidDataException("A number is too large.");

    /// <summary>Yes or no.</summary>
    public bool Bool() => Byte() switch
    {
        0 => false,
        1 => true,
        _ => throw new InvalidDataException("Neither yes nor no."),
    };

    /// <summary>One byte.</summary>
    public byte Byte() => Take(1)[0];

    /// <summary>A fraction.</summary>
    public double Fraction() => BinaryPrimitives.ReadDoubleLittleEndian(Take(sizeof(double)));

    /// <summary>A text.</summary>
    public string Text() => Encoding.UTF8.GetString(Take(Whole()));

    /// <summary>A text that may be missing.</summary>
    public string? OptionalText() => Bool() ? Text() : null;

    /// <summary>A list.</summary>
    public IReadOnlyList<T> Each<T>(Func<RecordReader, T> read)
    {
        int count = Whole();
        var values = new List<T>();
        for (int i = 0; i < count; i++)
        {
            values.Add(read(this));
        }

        return values;
    }

    /// <summary>Nothing may be left.</summary>
    public void End()
    {
        if (_position != source.Length)
        {
            throw new InvalidDataException("It goes on after its end.");
        }
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length < 0 || length > source.Length - _position)
        {
            throw new InvalidDataException("It ends too early.");
        }

        var taken = source.Span.Slice(_position, length);
        _position += length;
        return taken;
    }
}
