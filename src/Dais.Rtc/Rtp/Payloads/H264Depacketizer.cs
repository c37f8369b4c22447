using System.Buffers.Binary;

namespace Dais.Rtc.Rtp.Payloads;

/// <summary>
/// H.264: units alone, together (STAP-A) and in pieces (FU-A) become an access unit as a byte stream (RFC 6184 §5.6 to §5.8).
/// </summary>
public sealed class H264Depacketizer : Depacketizer
{
    private const byte UnitTypeMax = 23;

    private bool _isFragmentOpen;

    /// <inheritdoc/>
    public override void Reset()
    {
        base.Reset();
        _isFragmentOpen = false;
    }

    /// <inheritdoc/>
    public override bool IsStart(ReadOnlySpan<byte> payload) => payload.Length > 1
        && (Type(payload) != H264Packetizer.FragmentationUnit || (payload[1] & H264Packetizer.StartBit) != 0);

    /// <inheritdoc/>
    public override bool TryAdd(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < 2)
        {
            return false;
        }

        byte type = Type(payload);
        if (type == H264Packetizer.FragmentationUnit)
        {
            return TryAddFragment(payload);
        }

        // A unit that was cut ends before anything else begins.
        if (_isFragmentOpen)
        {
            return false;
        }

        return type switch
        {
            >= 1 and <= UnitTypeMax => Add(payload),
            H264Packetizer.AggregationPacket => TryAddTogether(payload[1..]),
            _ => false,
        };
    }

    private static byte Type(ReadOnlySpan<byte> payload) => (byte)(payload[0] & H264Packetizer.TypeMask);

    private bool Add(ReadOnlySpan<byte> unit)
    {
        Append(AnnexB.StartCode);
        Append(unit);
        return true;
    }

    private bool TryAddTogether(ReadOnlySpan<byte> units)
    {
        while (units.Length > 2)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(units);
            if (length == 0 || units.Length < 2 + length)
            {
                return false;
            }

            Add(units.Slice(2, length));
            units = units[(2 + length)..];
        }

        return units.IsEmpty;
    }

    private bool TryAddFragment(ReadOnlySpan<byte> payload)
    {
        bool isFirst = (payload[1] & H264Packetizer.StartBit) != 0;
        if (payload.Length < 3 || isFirst == _isFragmentOpen)
        {
            return false;
        }

        if (isFirst)
        {
            byte header = (byte)((payload[0] & ~H264Packetizer.TypeMask) | (payload[1] & H264Packetizer.TypeMask));
            Append(AnnexB.StartCode);
            Append([header]);
        }

        Append(payload[2..]);
        _isFragmentOpen = (payload[1] & H264Packetizer.EndBit) == 0;
        return true;
    }
}
