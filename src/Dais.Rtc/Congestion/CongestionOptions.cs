namespace Dais.Rtc.Congestion;

/// <summary>Bounds of an estimate, in bits per second.</summary>
public sealed record CongestionOptions
{
    /// <summary>What is believed before anything is known: a picture of 720p in fair quality.</summary>
    public long StartBitrate { get; init; } = 1_000_000;

    /// <summary>What is believed at least, whatever the receiver says: sound and its overhead.</summary>
    public long BitrateMin { get; init; } = 60_000;

    /// <summary>What is believed at most, whatever the receiver says.</summary>
    public long BitrateMax { get; init; } = 20_000_000;
}
