using System.Collections.Immutable;
using Dais.Rooms.Seats;

namespace Dais.Rooms;

/// <summary>What the owner decides about a room.</summary>
public sealed record RoomSettings
{
    /// <summary>The room's name.</summary>
    public string Name { get; init; } = "";

    /// <summary>What everybody is to read.</summary>
    public string Notice { get; init; } = "";

    /// <summary>The picture lists show.</summary>
    public string CoverUrl { get; init; } = "";

    /// <summary>How the stage is drawn.</summary>
    public int SeatLayoutTemplateId { get; init; } = 600;

    /// <summary>How many seats there are.</summary>
    public int MaxSeats { get; init; } = 10;

    /// <summary>How members come on stage.</summary>
    public SeatMode SeatMode { get; init; }

    /// <summary>Whether the owner is seated on seat 0 at the start, and it is kept for them while they are away.</summary>
    public bool KeepOwnerOnSeat { get; init; } = true;

    /// <summary>Whether lists show the room.</summary>
    public bool IsPublic { get; init; } = true;

    /// <summary>Whether guests may sit while rooms are connected.</summary>
    public bool AllowGuestsWhileConnected { get; init; } = true;

    /// <summary>Values of the application.</summary>
    public ImmutableSortedDictionary<string, string> Metadata { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Whether only hosts and admins may write.</summary>
    public bool MessagesDisabled { get; init; }
}

/// <summary>What changes about a room; null is what stays.</summary>
public sealed record RoomChanges
{
    /// <summary>The room's name.</summary>
    public string? Name { get; init; }

    /// <summary>What everybody is to read.</summary>
    public string? Notice { get; init; }

    /// <summary>The picture lists show.</summary>
    public string? CoverUrl { get; init; }

    /// <summary>How the stage is drawn.</summary>
    public int? SeatLayoutTemplateId { get; init; }

    /// <summary>How members come on stage.</summary>
    public SeatMode? SeatMode { get; init; }

    /// <summary>Values to set; an empty one removes its key.</summary>
    public ImmutableSortedDictionary<string, string>? Metadata { get; init; }

    /// <summary>Whether only hosts and admins may write.</summary>
    public bool? MessagesDisabled { get; init; }
}
