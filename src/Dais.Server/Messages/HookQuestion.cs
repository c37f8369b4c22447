using System.Buffers;
using System.Text.Json;
using Dais.Protocol;
using Dais.Rooms;
using Dais.Rooms.Messages;
using Dais.Server.Rooms;
using User = Dais.Rooms.Audience.User;

namespace Dais.Server.Messages;

/// <summary>A message that somebody wants to send, as the application's backend is asked about it.</summary>
/// <param name="Room">The room.</param>
/// <param name="From">Who wants to send it.</param>
/// <param name="Id">The message's id.</param>
/// <param name="Content">What it says.</param>
/// <param name="To">Whom it is for; empty for everybody.</param>
public sealed record HookQuestion(RoomId Room, User From, MessageId Id, MessageContent Content, IReadOnlyList<UserId> To)
{
    /// <summary>The body of the request.</summary>
    /// <param name="at">When it is asked, in milliseconds since the Unix epoch.</param>
    public byte[] ToBody(long at)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            writer.WriteString("roomId"u8, Room.Value);
            writer.WriteString("messageId"u8, Id.Value);
            writer.WriteNumber("at"u8, at);
            writer.WritePropertyName("from"u8);
            JsonSerializer.Serialize(writer, From.ToWire(), WireJson.Default.User);
            writer.WriteString("kind"u8, WireName.Of(Content.Kind.ToWire()));
            WriteText(writer, "text", Content.Text);
            WriteText(writer, "data", Content.Data);
            WriteText(writer, "customType", Content.CustomType);
            if (To.Count > 0)
            {
                writer.WriteStartArray("to"u8);
                foreach (var user in To)
                {
                    writer.WriteStringValue(user.Value);
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }

    private static void WriteText(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }
}
