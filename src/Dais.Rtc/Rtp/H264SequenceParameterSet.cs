namespace Dais.Rtc.Rtp;

/// <summary>Reads what stands in front of the height in a sequence parameter set (ITU-T H.264 §7.3.2.1.1), and the height.</summary>
internal static class H264SequenceParameterSet
{
    /// <summary>No set is read further than this; what is of use stands at its beginning.</summary>
    private const int BytesMax = 128;

    private const int HeightMax = 16_384;

    /// <summary>Reads the height of the pictures, in pixels; <paramref name="unit"/> begins with the unit's header.</summary>
    public static bool TryReadHeight(ReadOnlySpan<byte> unit, out int height)
    {
        height = 0;
        Span<byte> bytes = stackalloc byte[BytesMax];
        var reader = new BitReader(bytes[..Unescape(unit, bytes)]);
        reader.Skip(8);
        uint profile = reader.Read(8);
        reader.Skip(16);
        reader.ReadExponential();
        uint chroma = 1;
        if (profile is 100 or 110 or 122 or 244 or 44 or 83 or 86 or 118 or 128)
        {
            chroma = reader.ReadExponential();
            if (!SkipHighProfile(ref reader, chroma))
            {
                return false;
            }
        }

        reader.ReadExponential();
        SkipOrder(ref reader);
        reader.ReadExponential();
        reader.Skip(1);
        reader.ReadExponential();
        uint rows = reader.ReadExponential() + 1;
        uint frameOnly = reader.Read(1);
        reader.Skip(frameOnly == 0 ? 2 : 1);
        uint cropped = 0;
        if (reader.Read(1) != 0)
        {
            reader.ReadExponential();
            reader.ReadExponential();
            cropped = reader.ReadExponential() + reader.ReadExponential();
        }

        long lines = ((2 - (long)frameOnly) * rows * 16) - ((2 - (long)frameOnly) * (chroma == 1 ? 2 : 1) * cropped);
        height = lines is > 0 and <= HeightMax && !reader.IsCutOff ? (int)lines : 0;
        return height > 0;
    }

    private static bool SkipHighProfile(ref BitReader reader, uint chroma)
    {
        reader.Skip(chroma == 3 ? 1 : 0);
        reader.ReadExponential();
        reader.ReadExponential();
        reader.Skip(1);
        // Scaling matrices are long, and no WebRTC encoder sends them.
        return reader.Read(1) == 0;
    }

    private static void SkipOrder(ref BitReader reader)
    {
        switch (reader.ReadExponential())
        {
            case 0:
                reader.ReadExponential();
                break;
            case 1:
                reader.Skip(1);
                reader.ReadExponential();
                reader.ReadExponential();
                for (uint count = Math.Min(255, reader.ReadExponential()); count > 0 && !reader.IsCutOff; count--)
                {
                    reader.ReadExponential();
                }

                break;
        }
    }

    /// <summary>Leaves out the bytes that keep the payload from looking like a start code (ITU-T H.264 §7.4.1); returns how many are left.</summary>
    private static int Unescape(ReadOnlySpan<byte> unit, Span<byte> bytes)
    {
        int count = 0;
        int zeros = 0;
        foreach (byte next in unit)
        {
            if (count == bytes.Length)
            {
                break;
            }

            if (zeros >= 2 && next == 3)
            {
                zeros = 0;
                continue;
            }

            zeros = next == 0 ? zeros + 1 : 0;
            bytes[count++] = next;
        }

        return count;
    }

    /// <summary>Reads bits from the front; behind the end there are zeros.</summary>
    private ref struct BitReader(ReadOnlySpan<byte> bytes)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;
        private int _position;

        public readonly bool IsCutOff => _position > _bytes.Length * 8;

        public void Skip(int bits) => _position += bits;

        public uint Read(int bits)
        {
            uint value = 0;
            for (int i = 0; i < bits; i++, _position++)
            {
                uint bit = _position < _bytes.Length * 8 ? (uint)(_bytes[_position / 8] >> (7 - (_position % 8))) & 1 : 0;
                value = (value << 1) | bit;
            }

            return value;
        }

        /// <summary>Reads a number in Exponential-Golomb form (ITU-T H.264 §9.1); at most 16 bits of it are believed.</summary>
        public uint ReadExponential()
        {
            int zeros = 0;
            while (zeros < 16 && !IsCutOff && Read(1) == 0)
            {
                zeros++;
            }

            return (1u << zeros) - 1 + Read(zeros);
        }
    }
}
