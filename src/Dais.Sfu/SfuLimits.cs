namespace Dais.Sfu;

/// <summary>Bounds of a worker.</summary>
public static class SfuLimits
{
    /// <summary>Largest datagram sent or received, in bytes. Firefox sends DTLS datagrams of 1408.</summary>
    public const int DatagramBytesMax = 1500;

    /// <summary>How many slots a stage or a subscriber has; more are not looked at.</summary>
    public const int SlotsMax = 64;

    /// <summary>How many tracks a publisher sends; more are not looked at.</summary>
    public const int TracksMax = 16;
}
