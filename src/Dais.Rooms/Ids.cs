namespace Dais.Rooms;

/// <summary>The id the application gave a user.</summary>
/// <param name="Value">1 to 64 printable ASCII characters.</param>
public readonly record struct UserId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>The id of a room.</summary>
/// <param name="Value">1 to 48 printable ASCII characters.</param>
public readonly record struct RoomId(string Value)
{
    /// <summary>The order of rooms where one is needed: that of the characters of their ids.</summary>
    public static IComparer<RoomId> Order { get; } =
        Comparer<RoomId>.Create((left, right) => string.CompareOrdinal(left.Value, right.Value));

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>The id of an application, an invitation, or a request to connect.</summary>
/// <param name="Value">Unique within the room, or the two rooms.</param>
public readonly record struct RequestId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>The id of the connection through which a member is in the room.</summary>
/// <param name="Value">Unique within the server.</param>
public readonly record struct ConnectionId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>The id of a connection of rooms.</summary>
/// <param name="Value">Unique for ever.</param>
public readonly record struct LinkId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}
