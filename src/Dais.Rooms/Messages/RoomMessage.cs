using System.Collections.Immutable;
using System.Text;
using Dais.Rooms.Audience;

namespace Dais.Rooms.Messages;

/// <summary>The id of a message.</summary>
/// <param name="Value">Unique within the room.</param>
public readonly record struct MessageId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>What kind of message it is.</summary>
public enum MessageKind
{
    /// <summary>Something to read.</summary>
    Text,

    /// <summary>Something for the application.</summary>
    Custom,
}

/// <summary>What a message says.</summary>
/// <param name="Kind">What kind of message it is.</param>
/// <param name="Text">What to read; null when there is nothing.</param>
/// <param name="Data">What the application makes of it; null when there is nothing.</param>
/// <param name="CustomType">Which of the application's messages it is; null when there is nothing to tell apart.</param>
public sealed record MessageContent(MessageKind Kind, string? Text, string? Data = null, string? CustomType = null)
{
    /// <summary>Bytes of UTF-8.</summary>
    public int Bytes =>
        Encoding.UTF8.GetByteCount(Text ?? "") + Encoding.UTF8.GetByteCount(Data ?? "") + Encoding.UTF8.GetByteCount(CustomType ?? "");
}

/// <summary>A message in a room.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Seq">The place of its event in the room's log.</param>
/// <param name="At">When it was sent.</param>
/// <param name="From">Who sent it.</param>
/// <param name="Content">What it says.</param>
/// <param name="To">Who receives it beside the sender; empty for everybody.</param>
public sealed record RoomMessage(
    MessageId Id, long Seq, WallClockTime At, User From, MessageContent Content, ImmutableArray<UserId> To)
{
    /// <summary>Bytes of UTF-8 of all its texts.</summary>
    public int Bytes
    {
        get
        {
            int bytes = Content.Bytes + Id.Value.Length + From.Id.Value.Length
                + Encoding.UTF8.GetByteCount(From.UserName) + Encoding.UTF8.GetByteCount(From.AvatarUrl);
            foreach (var user in To)
            {
                bytes += user.Value.Length;
            }

            return bytes;
        }
    }

    /// <summary>Whether <paramref name="user"/>, a member, may see it.</summary>
    public bool IsFor(UserId user) => To.IsEmpty || From.Id == user || To.Contains(user);
}
