using Dais.Rtc.Rtp;

namespace Dais.Client.Media;

/// <summary>An encoded frame that came over a slot of a subscription.</summary>
/// <param name="Slot">The slot; who is on it is said by the room's stage.</param>
/// <param name="Codec">What it is encoded with.</param>
/// <param name="Timestamp">
/// The RTP timestamp, modulo 2^32: 48,000 per second for sound, 90,000 for pictures; continuous for the life of the slot, whoever is on it.
/// </param>
/// <param name="IsKeyframe">Whether a decoder can start here; always true for sound.</param>
/// <param name="IsAfterLoss">Whether something between the frame before and this one is missing.</param>
/// <param name="Data">The frame; H.264 as an access unit with start codes.</param>
public sealed record MediaFrame(
    int Slot, Codec Codec, uint Timestamp, bool IsKeyframe, bool IsAfterLoss, ReadOnlyMemory<byte> Data)
{
    /// <summary>Sound or picture.</summary>
    public TrackKind Kind => Codec == Codec.Opus ? TrackKind.Audio : TrackKind.Video;
}
