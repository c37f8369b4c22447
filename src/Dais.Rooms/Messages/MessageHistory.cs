using System.Collections.Immutable;

namespace Dais.Rooms.Messages;

/// <summary>The latest messages of a room: at most <see cref="CountMax"/>, and of <see cref="BytesMax"/> bytes together. What a
/// log led to must not depend on settings, so these are none.</summary>
public sealed class MessageHistory
{
    /// <summary>How many messages are kept.</summary>
    public const int CountMax = 100;

    /// <summary>How many bytes of UTF-8 all messages that are kept have together.</summary>
    public const int BytesMax = 64 * 1024;

    private readonly int _bytes;

    private MessageHistory(ImmutableArray<RoomMessage> messages, int bytes)
    {
        All = messages;
        _bytes = bytes;
    }

    /// <summary>No messages.</summary>
    public static MessageHistory Empty { get; } = new([], 0);

    /// <summary>The messages, in order.</summary>
    public ImmutableArray<RoomMessage> All { get; }

    /// <summary>These messages and <paramref name="message"/>, without the oldest when there is no room for them.</summary>
    public MessageHistory With(RoomMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        int bytes = _bytes + message.Bytes;
        int gone = 0;
        for (; gone < All.Length && (All.Length - gone >= CountMax || bytes > BytesMax); gone++)
        {
            bytes -= All[gone].Bytes;
        }

        return new MessageHistory([.. All.AsSpan()[gone..], message], bytes);
    }

    /// <summary>The latest messages that <paramref name="viewer"/> may see, in order.</summary>
    /// <param name="viewer">A member.</param>
    /// <param name="before">Only those of a lower <see cref="RoomMessage.Seq"/>.</param>
    /// <param name="countMax">How many at most.</param>
    public ImmutableArray<RoomMessage> For(UserId viewer, long before, int countMax) =>
    [
        .. All.Where(message => message.Seq < before && message.IsFor(viewer)).TakeLast(countMax),
    ];
}
