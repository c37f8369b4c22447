namespace Dais.Sfu;

/// <summary>Bounds of a worker.</summary>
public static class SfuLimits
{
    /// <summary>Largest datagram sent or received, in bytes. Firefox sends DTLS datagrams of 1408.</summary>
    public const int DatagramBytesMax = 1500;
}
