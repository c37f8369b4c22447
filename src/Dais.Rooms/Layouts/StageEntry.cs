using Dais.Rooms.Audience;

namespace Dais.Rooms.Layouts;

/// <summary>Where someone is drawn, in fractions of the canvas.</summary>
/// <param name="X">The left edge.</param>
/// <param name="Y">The upper edge.</param>
/// <param name="Width">The width.</param>
/// <param name="Height">The height.</param>
/// <param name="ZOrder">Regions of a higher order cover those of a lower one.</param>
public readonly record struct Region(double X, double Y, double Width, double Height, int ZOrder);

/// <summary>What the regions of a stage are fractions of, in pixels.</summary>
/// <param name="Width">The width.</param>
/// <param name="Height">The height.</param>
public readonly record struct Canvas(int Width, int Height);

/// <summary>Someone everybody in the room sees.</summary>
/// <param name="Slot">The slot that carries them.</param>
/// <param name="RoomId">The room they sit in.</param>
/// <param name="SeatIndex">The seat they sit on.</param>
/// <param name="User">Who it is.</param>
/// <param name="Microphone">Their microphone.</param>
/// <param name="Camera">Their camera.</param>
/// <param name="Region">Where they are drawn.</param>
public sealed record StageEntry(
    int Slot, RoomId RoomId, int SeatIndex, User User, DeviceState Microphone, DeviceState Camera, Region Region);
