namespace Dais.Sfu.Reports;

/// <summary>Constants of the RTCP the worker sends.</summary>
internal static class RtcpLimits
{
    /// <summary>Largest compound packet before protection, in bytes: fits every usual path with SRTCP's index and tag.</summary>
    public const int CompoundBytesMax = 1200;

    /// <summary>
    /// Our SSRC where we only receive. Nothing refers to it; 1 is what browsers use in that place, so that no client can be surprised.
    /// </summary>
    public const uint ReceiverSsrc = 1;

    /// <summary>Packets asked for in one compound packet: each takes four bytes at most, and reports have to stand in front.</summary>
    public const int NackNumbersMax = 200;
}
