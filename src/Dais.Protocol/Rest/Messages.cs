using System.Collections.Immutable;

namespace Dais.Protocol.Rest;

/// <summary>A message the backend sends to a room.</summary>
/// <param name="UserId">In whose name; they need not be in the room.</param>
/// <param name="Kind">What kind of message it is.</param>
/// <param name="UserName">The name others see with it.</param>
/// <param name="AvatarUrl">The picture others see with it.</param>
/// <param name="Text">What to read, of a text message: 1 to 2,000 characters.</param>
/// <param name="Data">What the application makes of it, at most 8 KiB; a custom message has it, a text message may.</param>
/// <param name="CustomType">Which of the application's messages it is, at most 64 bytes; absent when there is nothing to tell apart.</param>
/// <param name="To">Who receives it: 1 to 50 members, of whom those who are not here are passed over; absent for everybody.</param>
public sealed record MessagePost(
    string UserId,
    MessageKind Kind,
    string UserName = "",
    string AvatarUrl = "",
    string? Text = null,
    string? Data = null,
    string? CustomType = null,
    ImmutableArray<string>? To = null) : IParams
{
    /// <summary>What it says, as a member would say it in <paramref name="roomId"/>.</summary>
    public MessageSendParams In(string roomId) => new(roomId, Kind, Text, Data, CustomType, To);

    /// <inheritdoc/>
    public string? InvalidField() =>
        Check.UserId(UserId)
        ?? Check.Text(UserName, 256, "userName")
        ?? Check.Text(AvatarUrl, 2048, "avatarUrl")
        ?? In("any").InvalidField();
}
