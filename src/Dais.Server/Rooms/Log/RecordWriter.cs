using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Dais.Server.Rooms.Log;

/// <summary>
/// Writes the fields of a stored record one after another. Whole numbers are variable-length (base 128, least significant
/// group first, zigzag for the sign); a text is its length in bytes and UTF-8; what may be missing begins with 0 or 1.
/// </summary>
public sealed class RecordWriter
{
    private readonly ArrayBufferWriter<byte> _output = new();

    /// <summary>How much is written.</summary>
    public int Length => _output.WrittenCount;

    /// <summary>A whole number.</summary>
    public void Number(long value)
    {
        ulong rest = (ulong)((value << 1) ^ (value >> 63));
        while (rest > 0x7F)
        {
            Byte((byte)(rest | 0x80));
            rest >>= 7;
        }

        Byte((byte)rest);
    }

    /// <summary>Yes or no.</summary>
    public void Bool(bool value) => Byte(value ? (byte)1 : (byte)0);

    /// <summary>One byte.</summary>
    public void Byte(byte value)
    {
        _output.GetSpan(1)[0] = value;
        _output.Advance(1);
    }

    /// <summary>A fraction, as its eight bytes (IEEE 754), least significant first.</summary>
    public void Fraction(double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(_output.GetSpan(sizeof(double)), value);
        _output.Advance(sizeof(double));
    }

    /// <summary>A text.</summary>
    public void Text(string value)
    {
        Number(Encoding.UTF8.GetByteCount(value));
        Encoding.UTF8.GetBytes(value, _output);
    }

    /// <summary>A text that may be missing.</summary>
    public void OptionalText(string? value)
    {
        Bool(value is not null);
        if (value is not null)
        {
            Text(value);
        }
    }

    /// <summary>A list: its length and then each.</summary>
    public void Each<T>(IReadOnlyCollection<T> values, Action<RecordWriter, T> write)
    {
        Number(values.Count);
        foreach (var value in values)
        {
            write(this, value);
        }
    }

    /// <summary>What is written, in bytes of its own.</summary>
    public byte[] ToArray() => _output.WrittenSpan.ToArray();

    /// <summary>Begins anew.</summary>
    public void Clear() => _output.ResetWrittenCount();
}
