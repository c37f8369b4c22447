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

    /// <summary>In how many encodings a picture comes at once.</summary>
    public const int LayersMax = 3;

    /// <summary>How long the name of an encoding is, so that it fits a header extension of the short form (RFC 8285 §4.2).</summary>
    public const int RidLengthMax = 16;
}
