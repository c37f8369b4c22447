using System.Buffers.Binary;
using Dais.Rtc.Srtp;

namespace Dais.Rtc.Tests.Srtp;

/// <summary>A sender and the receiver of its packets.</summary>
internal sealed class SrtpPair : IDisposable
{
    public SrtpPair(SrtpProfile profile, int streamsMax = 32)
    {
        var master = new SrtpMasterKey(Bytes(16, 3), Bytes(profile == SrtpProfile.AeadAes128Gcm ? 12 : 14, 77));
        Sender = new SrtpSender(profile, master);
        Receiver = new SrtpReceiver(profile, master, new SrtpReceiverOptions { StreamsMax = streamsMax });
    }

    public SrtpSender Sender { get; }

    public SrtpReceiver Receiver { get; }

    /// <summary>An RTP header with so many CSRCs and, when not negative, an extension of so many words.</summary>
    public static byte[] Header(ushort sequenceNumber, uint ssrc = 0xDA15, int csrcs = 0, int extensionWords = -1)
    {
        byte[] header = Bytes(12 + (4 * csrcs) + (extensionWords < 0 ? 0 : 4 + (4 * extensionWords)), 9);
        header[0] = (byte)(0x80 | (extensionWords < 0 ? 0 : 0x10) | csrcs);
        header[1] = 96;
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), sequenceNumber);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(8), ssrc);
        if (extensionWords >= 0)
        {
            BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(12 + (4 * csrcs) + 2), (ushort)extensionWords);
        }

        return header;
    }

    /// <summary>A sender report of one SSRC.</summary>
    public static byte[] Report(uint ssrc = 0xDA15)
    {
        byte[] report = Bytes(28, 41);
        report[0] = 0x80;
        report[1] = 200;
        BinaryPrimitives.WriteUInt16BigEndian(report.AsSpan(2), 6);
        BinaryPrimitives.WriteUInt32BigEndian(report.AsSpan(4), ssrc);
        return report;
    }

    public static byte[] Bytes(int length, int seed)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public byte[] Protect(byte[] header, byte[] payload, ulong index)
    {
        byte[] buffer = new byte[header.Length + payload.Length + Sender.Overhead];
        header.CopyTo(buffer, 0);
        int length = Sender.ProtectRtp(buffer, header.Length, payload, index);
        Assert.Equal(buffer.Length, length);
        return buffer;
    }

    /// <summary>A small packet with the index's sequence number.</summary>
    public byte[] Protect(ulong index, uint ssrc = 0xDA15) => Protect(Header((ushort)index, ssrc), [1, 2, 3], index);

    public byte[] ProtectReport(uint ssrc = 0xDA15)
    {
        byte[] destination = new byte[100];
        return destination[..Sender.ProtectRtcp(Report(ssrc), destination)];
    }

    /// <summary>Whether the receiver takes a copy of the packet.</summary>
    public bool Accepts(byte[] packet) => Receiver.TryUnprotectRtp([.. packet], out _);

    /// <summary>Whether the receiver takes a copy of the RTCP packet.</summary>
    public bool AcceptsReport(byte[] packet) => Receiver.TryUnprotectRtcp([.. packet], out _);

    public void Dispose()
    {
        Sender.Dispose();
        Receiver.Dispose();
    }
}
