using System.Collections.Immutable;
using Dais.Rooms;
using Dais.Rooms.Audience;
using Dais.Rooms.Messages;

namespace Dais.Server.Rooms.Log;

/// <summary>Messages and what members let others know of them, field by field.</summary>
internal static class StoredMessages
{
    internal static void Write(this RecordWriter to, RoomMessage message)
    {
        to.Text(message.Id.Value);
        to.Number(message.Seq);
        to.Write(message.At);
        to.Write(message.From);
        StoredEnums.MessageKind.Write(to, message.Content.Kind);
        to.OptionalText(message.Content.Text);
        to.OptionalText(message.Content.Data);
        to.OptionalText(message.Content.CustomType);
        to.Each(message.To, StoredValues.Write);
    }

    internal static RoomMessage Message(this RecordReader from) => new(
        new MessageId(from.Text()),
        from.Number(),
        from.Time(),
        from.User(),
        new MessageContent(StoredEnums.MessageKind.Read(from), from.OptionalText(), from.OptionalText(), from.OptionalText()),
        [.. from.Each(StoredValues.UserId)]);

    /// <summary>Everything about messages and presence in a room, in an order of its own.</summary>
    internal static void WriteMessages(this RecordWriter to, Room room)
    {
        to.Bool(room.Settings.MessagesDisabled);
        to.Each(room.Messages.All, Write);
        to.Each(room.Pace.All, static (each, pace) =>
        {
            each.Write(pace.User);
            each.Write(pace.FreeAt);
        });
        to.Each([.. room.MessageDisabled.OrderBy(user => user.Value, StringComparer.Ordinal)], StoredValues.Write);
        to.Each([.. room.PresenceStates.All.OrderBy(state => state.Key.Value, StringComparer.Ordinal)], static (each, state) =>
        {
            each.Write(state.Key);
            each.Write(state.Value);
        });
    }

    internal static Room ReadMessages(this RecordReader from, Room room) => room with
    {
        Settings = room.Settings with { MessagesDisabled = from.Bool() },
        Messages = from.Each(Message).Aggregate(MessageHistory.Empty, static (history, message) => history.With(message)),
        Pace = from.Each(static each => (User: each.UserId(), FreeAt: each.Time()))
            .Aggregate(SendingPace.Idle, static (pace, one) => pace.With(one.User, one.FreeAt, new WallClockTime(long.MinValue))),
        MessageDisabled = [.. from.Each(StoredValues.UserId)],
        PresenceStates = from.Each(static each => (User: each.UserId(), State: each.Pairs()))
            .Aggregate(PresenceStates.Empty, static (states, one) => states.With(one.User, one.State)),
    };

    internal static void Write(this RecordWriter to, ImmutableSortedDictionary<string, string> pairs) =>
        to.Each(pairs, static (each, pair) =>
        {
            each.Text(pair.Key);
            each.Text(pair.Value);
        });

    internal static ImmutableSortedDictionary<string, string> Pairs(this RecordReader from) =>
        from.Each(static each => KeyValuePair.Create(each.Text(), each.Text())).ToImmutableSortedDictionary(StringComparer.Ordinal);
}
