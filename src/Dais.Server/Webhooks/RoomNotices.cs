using System.Globalization;
using System.Text.Json;
using Dais.Rooms;
using Dais.Rooms.Audience;
using Dais.Server.Rooms;
using Dais.Server.Signaling;

namespace Dais.Server.Webhooks;

/// <summary>The events of a room as a backend is told of them. Pure: the same events give the same notices, byte for byte.</summary>
public static class RoomNotices
{
    /// <summary>The notices of <paramref name="placed"/>, in order.</summary>
    /// <param name="before">What was known before it.</param>
    /// <param name="after">What is known after it.</param>
    /// <param name="placed">The event.</param>
    /// <param name="extended">Whether anybody wants the extended event too; it comes last.</param>
    public static List<Notice> Of(NoticeFold before, NoticeFold after, PlacedEvent placed, bool extended)
    {
        var writer = new NoticeWriter(after, placed);
        switch (placed.Event)
        {
            case RoomEvent.Started:
                writer.Room(WebhookEventTypes.RoomCreated, null);
                break;
            case RoomEvent.MemberJoined joined:
                writer.Joined(joined.Member);
                break;
            case RoomEvent.MemberLeft left:
                writer.Left(left.Member, before.IsBroadcaster(left.Member), ReasonOf(left.Reason));
                break;
            case RoomEvent.SeatTaken taken when taken.User.Id != after.Room.Owner.Id:
                writer.Changed(WebhookEventTypes.BecameBroadcaster, taken.User.Id);
                break;
            case RoomEvent.SeatLeft left when left.User.Id != after.Room.Owner.Id && after.Leaving != left.User.Id:
                writer.Changed(WebhookEventTypes.BecameAudience, left.User.Id);
                break;
            case RoomEvent.Ended ended:
                End(writer, before, ended);
                break;
        }

        if (extended)
        {
            writer.Extended();
        }

        return writer.Notices;
    }

    /// <summary>The reason of the contract for leaving.</summary>
    public static int ReasonOf(MemberLeaveReason reason) => reason switch
    {
        MemberLeaveReason.Left => 1,
        MemberLeaveReason.ConnectionLost => 2,
        MemberLeaveReason.Kicked => 3,
        _ => 0,
    };

    /// <summary>Every member leaves with the room, in the order they came in; then it is gone.</summary>
    private static void End(NoticeWriter writer, NoticeFold before, RoomEvent.Ended ended)
    {
        uint lastUid = before.LastUid;
        foreach (var member in before.Room.Members.Values.OrderBy(member => member.JoinNumber))
        {
            // Whose connection was lost does not come back any more; the backend's end is a removal; everybody else just goes.
            int reason = member.ReturnBy is not null ? ReasonOf(MemberLeaveReason.ConnectionLost)
                : ended.Reason == RoomEndReason.Server ? ReasonOf(MemberLeaveReason.Kicked)
                : ReasonOf(MemberLeaveReason.Left);
            writer.Left(member, before.IsBroadcaster(member), reason);
            lastUid = WebhookUserNumber.Of(member.User.Id);
        }

        writer.Room(WebhookEventTypes.RoomDestroyed, lastUid);
    }

    /// <summary>Writes the notices of one event.</summary>
    private sealed class NoticeWriter(NoticeFold after, PlacedEvent placed)
    {
        private readonly string _sid = after.Sid;

        public List<Notice> Notices { get; } = [];

        private long Seconds => placed.At.Milliseconds / 1_000;

        public void Room(int eventType, uint? lastUid) => Add(eventType, json =>
        {
            json.WriteString("channelName"u8, after.Room.Id.Value);
            json.WriteNumber("ts"u8, Seconds);
            if (lastUid is { } uid)
            {
                json.WriteNumber("lastUid"u8, uid);
            }
        });

        public void Joined(Member member) => Add(
            after.IsBroadcaster(member) ? WebhookEventTypes.BroadcasterJoined : WebhookEventTypes.AudienceJoined,
            json =>
            {
                Begin(json, member.User.Id, member.Platform);
                json.WriteNumber("ts"u8, Seconds);
                json.WriteString("account"u8, member.User.Id.Value);
            });

        public void Left(Member member, bool isBroadcaster, int reason) => Add(
            isBroadcaster ? WebhookEventTypes.BroadcasterLeft : WebhookEventTypes.AudienceLeft,
            json =>
            {
                Begin(json, member.User.Id, member.Platform);
                json.WriteNumber("reason"u8, reason);
                json.WriteNumber("ts"u8, Seconds);
                json.WriteNumber("duration"u8, Math.Max((placed.At.Milliseconds - member.JoinedAt.Milliseconds) / 1_000, 0));
                json.WriteString("account"u8, member.User.Id.Value);
            });

        public void Changed(int eventType, UserId user) => Add(eventType, json =>
        {
            Begin(json, user, null);
            json.WriteNumber("ts"u8, Seconds);
            json.WriteString("account"u8, user.Value);
        });

        /// <summary>The event as clients are told of it, with the room and the place that a notification has around its data.</summary>
        public void Extended()
        {
            if (RoomNotifications.Of(placed.Event, after.Room, placed.Seq, placed.At) is not { } notification)
            {
                return;
            }

            using var message = JsonDocument.Parse(notification.Message);
            var parameters = message.RootElement.GetProperty("params"u8);
            string type = parameters.GetProperty("type"u8).GetString()!;
            if (!WebhookEventTypes.Extended.TryGetValue(type, out int eventType))
            {
                return;
            }

            Add(eventType, json =>
            {
                json.WriteString("channelName"u8, after.Room.Id.Value);
                json.WriteString("type"u8, type);
                json.WriteNumber("seq"u8, placed.Seq);
                json.WriteNumber("ts"u8, Seconds);
                foreach (var property in parameters.GetProperty("data"u8).EnumerateObject())
                {
                    property.WriteTo(json);
                }
            });
        }

        private void Begin(Utf8JsonWriter json, UserId user, ClientPlatform? platform)
        {
            json.WriteString("channelName"u8, after.Room.Id.Value);
            json.WriteNumber("uid"u8, WebhookUserNumber.Of(user));
            if (platform is { } given)
            {
                json.WriteNumber("platform"u8, (int)given);
            }

            json.WriteNumber("clientSeq"u8, after.Clock);
        }

        private void Add(int eventType, Action<Utf8JsonWriter> write)
        {
            var output = MessageBytes.Begin();
            using (var json = new Utf8JsonWriter(output))
            {
                json.WriteStartObject();
                write(json);
                json.WriteEndObject();
            }

            // Not the number of the notice: which others the event has depends on who wants what.
            string id = string.Create(CultureInfo.InvariantCulture, $"{_sid}:{placed.Seq}:{eventType}");
            Notices.Add(new Notice(
                eventType is WebhookEventTypes.BroadcasterLeft or WebhookEventTypes.AudienceLeft ? $"{id}:{Notices.Count}" : id,
                eventType,
                _sid,
                after.Room.Id.Value,
                MessageBytes.Take(output)));
        }
    }
}
