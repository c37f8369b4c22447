using System.Buffers.Binary;
using System.Text;

namespace Dais.Fuzz.Tests;

/// <summary>Changes inputs by chance: equal seeds give equal changes.</summary>
internal sealed class Mutator(int seed, bool isText, int lengthMax)
{
    private static readonly byte[] Bytes = [0, 1, 2, 0x0F, 0x10, 0x1F, 0x7F, 0x80, 0x90, 0xBE, 0xC0, 0xDE, 0xFE, 0xFF];
    private static readonly ushort[] Words = [0, 1, 2, 3, 0xFF, 0x100, 0x1000, 0x7FFF, 0x8000, 0xBEDE, 0xFFFE, 0xFFFF];

    private static readonly byte[][] Texts =
    [
        .. new[]
        {
            "0", "-1", "65536", "4294967296", "9223372036854775807", "-9223372036854775808", "99999999999999999999", "1e999", "0x7F", " ", "\r\n", "\n", "\0", "\t", ":", ";", ",", "/", "=", "~", "*",
            "\"", "\\", "\\ud800", "\\u0000", "{", "}", "[", "]", "[[[[[[[[", "null", "true", "a=", "m=", "a=rid:", "a=ssrc:", "é", "花", "\U0001F600", "\u202E", "%00", "%2F",
        }.Select(Encoding.UTF8.GetBytes),
        [0xFF], [0xC3], [0xED, 0xA0, 0x80],
    ];

    private readonly Random _random = new(seed);

    /// <summary>A changed copy of one of <paramref name="corpus"/>.</summary>
    public byte[] Next(IReadOnlyList<byte[]> corpus)
    {
        byte[] input = corpus[_random.Next(corpus.Count)];
        for (int changes = 1 + _random.Next(_random.Next(2) == 0 ? 3 : 12); changes > 0; changes--)
        {
            input = isText && _random.Next(2) == 0 ? ChangeText(input) : ChangeBytes(input, corpus);
        }

        return input.Length > lengthMax ? input[..lengthMax] : input;
    }

    private byte[] ChangeBytes(byte[] input, IReadOnlyList<byte[]> corpus)
    {
        if (input.Length == 0)
        {
            return RandomBytes(1 + _random.Next(64));
        }

        int at = _random.Next(input.Length);
        int length = 1 + _random.Next(Math.Min(input.Length - at, _random.Next(3) == 0 ? int.MaxValue : 16));
        return _random.Next(12) switch
        {
            0 => Overwrite(input, at, [(byte)(input[at] ^ (1 << _random.Next(8)))]),
            1 => Overwrite(input, at, [(byte)_random.Next(256)]),
            2 => Overwrite(input, at, [Bytes[_random.Next(Bytes.Length)]]),
            3 => Overwrite(input, at, Word(Words[_random.Next(Words.Length)])),
            4 => Overwrite(input, at, Word((ushort)(input.Length + _random.Next(-4, 5)))),
            5 => Overwrite(input, at, [(byte)(input[at] + _random.Next(-4, 5))]),
            6 => [.. input[..at], .. input[(at + length)..]],
            7 => Repeat(input, at, length),
            8 => [.. input[..at], .. RandomBytes(length), .. input[at..]],
            9 => input[..at],
            10 => Overwrite(input, at, input.AsSpan(_random.Next(input.Length)).ToArray()),
            _ => Splice(input, at, corpus[_random.Next(corpus.Count)]),
        };
    }

    private byte[] ChangeText(byte[] input)
    {
        byte[] word = Texts[_random.Next(Texts.Length)];
        var lines = input.Split((byte)'\n');
        int line = _random.Next(lines.Count);
        switch (_random.Next(6))
        {
            case 0 when lines.Count > 1:
                lines.RemoveAt(line);
                return lines.Join();
            case 1:
                lines.InsertRange(line, Enumerable.Repeat(lines[line], 1 << _random.Next(8)));
                return lines.Join();
            case 2:
                int other = _random.Next(lines.Count);
                (lines[line], lines[other]) = (lines[other], lines[line]);
                return lines.Join();
            case 3 when FindWord(input, out int start, out int end):
                return [.. input[..start], .. word, .. input[end..]];
            default:
                int at = _random.Next(input.Length + 1);
                return [.. input[..at], .. word, .. input[at..]];
        }
    }

    /// <summary>A run of letters and digits.</summary>
    private bool FindWord(byte[] input, out int start, out int end)
    {
        start = input.Length == 0 ? 0 : _random.Next(input.Length);
        while (start < input.Length && !char.IsAsciiLetterOrDigit((char)input[start]))
        {
            start++;
        }

        end = start;
        while (end < input.Length && char.IsAsciiLetterOrDigit((char)input[end]))
        {
            end++;
        }

        return end > start;
    }

    private byte[] Repeat(byte[] input, int at, int length)
    {
        int times = Math.Min(1 << _random.Next(9), 1 + (lengthMax / length));
        byte[] repeated = new byte[input.Length + (times * length)];
        input.AsSpan(0, at).CopyTo(repeated);
        for (int i = 0; i < times; i++)
        {
            input.AsSpan(at, length).CopyTo(repeated.AsSpan(at + (i * length)));
        }

        input.AsSpan(at).CopyTo(repeated.AsSpan(at + (times * length)));
        return repeated;
    }

    private byte[] Splice(byte[] input, int at, byte[] other) => other.Length == 0 ? input : [.. input[..at], .. other[_random.Next(other.Length)..]];

    private byte[] RandomBytes(int length)
    {
        byte[] bytes = new byte[length];
        _random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Overwrite(byte[] input, int at, byte[] value)
    {
        byte[] changed = [.. input];
        value.AsSpan(0, Math.Min(value.Length, changed.Length - at)).CopyTo(changed.AsSpan(at));
        return changed;
    }

    private static byte[] Word(ushort value)
    {
        byte[] bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        return bytes;
    }
}

/// <summary>Lines of bytes.</summary>
internal static class ByteLines
{
    public static List<byte[]> Split(this byte[] input, byte separator)
    {
        List<byte[]> lines = [];
        int start = 0;
        for (int i = 0; i <= input.Length; i++)
        {
            if (i == input.Length || input[i] == separator)
            {
                lines.Add(input[start..i]);
                start = i + 1;
            }
        }

        return lines;
    }

    public static byte[] Join(this List<byte[]> lines)
    {
        byte[] all = new byte[lines.Sum(line => line.Length) + lines.Count - 1];
        int at = 0;
        foreach (byte[] line in lines)
        {
            line.CopyTo(all, at);
            at += line.Length;
            if (at < all.Length)
            {
                all[at++] = (byte)'\n';
            }
        }

        return all;
    }
}
