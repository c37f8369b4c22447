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
    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>The id of an application or invitation.</summary>
/// <param name="Value">Unique within the room.</param>
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
