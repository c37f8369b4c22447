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
