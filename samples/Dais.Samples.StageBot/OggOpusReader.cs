namespace Dais.Samples.StageBot;

/// <summary>Reads Opus out of Ogg (RFC 3533, RFC 7845): the packets behind the two headers, with the time each begins at.</summary>
/// <remarks>
/// <code>
/// page: "OggS" | version (1) | flags (1) | granule position (8) | serial (4) | page number (4) | checksum (4)
///       | number of segments (1) | length of each segment | segments
/// </code>
/// A packet is a run of segments of 255 bytes and one shorter; it may go on in the next page. One stream per file, as ffmpeg writes it.
/// </remarks>
public sealed class OggOpusReader : IFrameReader
{
    private const int PageHeaderBytes = 27;
    private const int FullSegment = 255;
    private const int HeaderPackets = 2;
    private const int PacketBytesMax = 61_440;

    private readonly ByteBuffer _buffer = new();
    private readonly List<byte> _packet = [];
    private readonly Queue<byte[]> _packets = [];
    private int _packetsRead;
    private TimeSpan _next;

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        _buffer.Add(bytes);
        while (TryReadPage())
        {
        }
    }

    /// <inheritdoc/>
    public bool TryTake(out EncodedFrame frame)
    {
        if (!_packets.TryDequeue(out byte[]? packet))
        {
            frame = default;
            return false;
        }

        frame = new EncodedFrame(_next, packet);
        _next += DurationOf(packet);
        return true;
    }

    /// <summary>How long the sound in a packet is, by its table of contents (RFC 6716 §3.1).</summary>
    public static TimeSpan DurationOf(ReadOnlySpan<byte> packet)
    {
        if (packet.IsEmpty)
        {
            return TimeSpan.Zero;
        }

        int configuration = packet[0] >> 3;
        double frameMs = configuration switch
        {
            < 12 => (configuration & 3) switch { 0 => 10, 1 => 20, 2 => 40, _ => 60 },
            < 16 => (configuration & 1) == 0 ? 10 : 20,
            _ => (configuration & 3) switch { 0 => 2.5, 1 => 5, 2 => 10, _ => 20 },
        };
        int frames = (packet[0] & 3) switch
        {
            0 => 1,
            1 or 2 => 2,
            _ => packet.Length > 1 ? packet[1] & 0x3F : 0,
        };
        return TimeSpan.FromMilliseconds(frameMs * frames);
    }

    private bool TryReadPage()
    {
        var bytes = _buffer.Bytes;
        if (bytes.Length < PageHeaderBytes)
        {
            return false;
        }

        if (!bytes.StartsWith("OggS"u8) || bytes[4] != 0)
        {
            throw new InvalidDataException("This is no Ogg stream.");
        }

        int segments = bytes[26];
        if (bytes.Length < PageHeaderBytes + segments)
        {
            return false;
        }

        var lengths = bytes.Slice(PageHeaderBytes, segments);
        int total = PageHeaderBytes + segments;
        foreach (byte length in lengths)
        {
            total += length;
        }

        if (bytes.Length < total)
        {
            return false;
        }

        int position = PageHeaderBytes + segments;
        foreach (byte length in lengths)
        {
            _packet.AddRange(bytes.Slice(position, length));
            position += length;
            if (length < FullSegment)
            {
                EndPacket();
            }
            else if (_packet.Count > PacketBytesMax)
            {
                throw new InvalidDataException("An Ogg packet without an end is no sound.");
            }
        }

        _buffer.Skip(total);
        return true;
    }

    private void EndPacket()
    {
        byte[] packet = [.. _packet];
        _packet.Clear();
        if (_packetsRead == 0 && !packet.AsSpan().StartsWith("OpusHead"u8))
        {
            throw new InvalidDataException("This Ogg stream holds no Opus.");
        }

        if (_packetsRead++ >= HeaderPackets && packet.Length > 0)
        {
            _packets.Enqueue(packet);
        }
    }
}
