using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Dais.Protocol;

/// <summary>What kind of message it is.</summary>
[JsonConverter(typeof(WireEnumConverter<MessageKind>))]
public enum MessageKind
{
    /// <summary>Something to read.</summary>
    Text,

    /// <summary>Something for the application.</summary>
    Custom,
}

/// <summary>A message to a room.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="Kind">What kind of message it is.</param>
/// <param name="Text">What to read, of a text message: 1 to 2,000 characters.</param>
/// <param name="Data">What the application makes of it, at most 8 KiB; a custom message has it, a text message may.</param>
/// <param name="CustomType">Which of the application's messages it is, at most 64 bytes; absent when there is nothing to tell apart.</param>
/// <param name="To">Who receives it beside the sender: 1 to 50 members, of whom those who are not here are passed over; absent for everybody.</param>
public sealed record MessageSendParams(
    string RoomId,
    MessageKind Kind,
    string? Text = null,
    string? Data = null,
    string? CustomType = null,
    ImmutableArray<string>? To = null) : IParams
{
    /// <summary>How many members a message can be for.</summary>
    public const int RecipientsMax = 50;

    /// <summary>The longest name of a custom type, in bytes of UTF-8.</summary>
    private const int CustomTypeBytesMax = 64;

    /// <inheritdoc/>
    public string? InvalidField() =>
        Check.RoomId(RoomId)
        ?? (Kind == MessageKind.Text == !string.IsNullOrEmpty(Text) ? null : "text")
        ?? (Kind == MessageKind.Text || Data is not null ? null : "data")
        ?? Check.Text(CustomType, CustomTypeBytesMax, "customType")
        ?? InvalidRecipient();

    private string? InvalidRecipient()
    {
        if (To is not { } to)
        {
            return null;
        }

        return to.Length is >= 1 and <= RecipientsMax && to.All(user => user is not null && Check.UserId(user) is null) ? null : "to";
    }
}

/// <summary>A message has been sent.</summary>
/// <param name="MessageId">The message's id.</param>
/// <param name="Seq">Its place in the room's log.</param>
public sealed record MessageSendResult(string MessageId, long Seq);

/// <summary>Which messages of the past to list.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="BeforeSeq">Only messages before this place in the room's log; absent for the latest.</param>
/// <param name="Count">How many messages at most, up to 100; 0 leaves it to the server.</param>
public sealed record MessageHistoryParams(string RoomId, long? BeforeSeq = null, int Count = 0) : IParams
{
    /// <inheritdoc/>
    public string? InvalidField() =>
        Check.RoomId(RoomId) ?? (BeforeSeq is null or >= 0 ? null : "beforeSeq") ?? Check.Count(Count, 100);
}

/// <summary>Messages of the past.</summary>
/// <param name="Messages">The latest of those that were asked for and the caller may see, in order; none at the end.</param>
public sealed record MessageHistoryResult(ImmutableArray<RoomMessage> Messages);

/// <summary>A message of the past.</summary>
/// <param name="MessageId">The message's id.</param>
/// <param name="Seq">Its place in the room's log.</param>
/// <param name="At">When it was sent, in milliseconds since the Unix epoch.</param>
/// <param name="From">Who sent it.</param>
/// <param name="Kind">What kind of message it is.</param>
/// <param name="Text">What to read, of a text message.</param>
/// <param name="Data">What the application makes of it.</param>
/// <param name="CustomType">Which of the application's messages it is.</param>
/// <param name="To">Who received it beside the sender; absent for everybody.</param>
public sealed record RoomMessage(
    string MessageId,
    long Seq,
    long At,
    User From,
    MessageKind Kind,
    string? Text = null,
    string? Data = null,
    string? CustomType = null,
    ImmutableArray<string>? To = null);

/// <summary>Someone has sent a message.</summary>
/// <param name="MessageId">The message's id.</param>
/// <param name="From">Who sent it.</param>
/// <param name="Kind">What kind of message it is.</param>
/// <param name="Text">What to read, of a text message.</param>
/// <param name="Data">What the application makes of it.</param>
/// <param name="CustomType">Which of the application's messages it is.</param>
/// <param name="To">Who receives it beside the sender; absent for everybody.</param>
public sealed record MessageData(
    string MessageId,
    User From,
    MessageKind Kind,
    string? Text = null,
    string? Data = null,
    string? CustomType = null,
    ImmutableArray<string>? To = null);

/// <summary>Whether someone may write.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="UserId">Whom it is about.</param>
/// <param name="Disabled">Whether they may not write any more, or may again.</param>
public sealed record AudienceSetMessageDisabledParams(string RoomId, string UserId, bool Disabled) : IParams
{
    /// <inheritdoc/>
    public string? InvalidField() => Check.RoomId(RoomId) ?? Check.UserId(UserId);
}

/// <summary>Someone may not write any more, or may again.</summary>
/// <param name="User">Whom it is about.</param>
/// <param name="Disabled">Whether they may not.</param>
public sealed record MessageDisabledData(User User, bool Disabled);
