using System.Collections.Immutable;

namespace Dais.Protocol;

/// <summary>A session description offered for a room.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="Offer">The offer (SDP).</param>
public sealed record MediaOfferParams(string RoomId, string Offer) : IParams
{
    /// <inheritdoc/>
    public string? InvalidField() => Check.RoomId(RoomId) ?? Check.Offer(Offer);
}

/// <summary>The session description that answers an offer.</summary>
/// <param name="Answer">The answer (SDP).</param>
public sealed record MediaAnswer(string Answer);

/// <summary>Which of the caller's own devices to mute; what is absent stays.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="Microphone">Whether the microphone is muted.</param>
/// <param name="Camera">Whether the camera is muted.</param>
public sealed record MediaSetMutedParams(string RoomId, bool? Microphone = null, bool? Camera = null) : IParams
{
    /// <inheritdoc/>
    public string? InvalidField() => Check.RoomId(RoomId);
}

/// <summary>How a viewer shows one slot of the stage.</summary>
/// <param name="Slot">The slot, from 0.</param>
/// <param name="MaxHeight">
/// The height of the place for the picture, in pixels of the screen: a higher picture is of no use; 0 when any is.
/// </param>
/// <param name="Paused">Whether the picture is not shown at all, so that nothing of it is sent; sound is not concerned.</param>
public sealed record SlotWish(int Slot, int MaxHeight, bool Paused = false);

/// <summary>How the caller shows some slots; the others stay as they were.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="Slots">The slots, at most 64.</param>
public sealed record MediaPreferParams(string RoomId, ImmutableArray<SlotWish> Slots) : IParams
{
    private const int SlotsMax = 64;
    private const int HeightMax = 16_384;

    /// <inheritdoc/>
    public string? InvalidField() =>
        Check.RoomId(RoomId)
        ?? (!Slots.IsDefault
            && Slots.Length <= SlotsMax
            && Slots.All(slot => slot is { Slot: >= 0 and < SlotsMax, MaxHeight: >= 0 and <= HeightMax })
                ? null
                : "slots");
}

/// <summary>Which encodings of the picture the client publishes somebody watches, at the moment.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="Rids">
/// Their names as in the client's offer (RFC 8851), from the lowest on; none when nobody watches. Until the first such notification after an offer
/// all are wanted.
/// </param>
public sealed record MediaLayersWantedParams(string RoomId, ImmutableArray<string> Rids);
