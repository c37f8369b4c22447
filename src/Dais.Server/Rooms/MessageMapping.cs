using System.Collections.Immutable;
using System.Diagnostics;
using Dais.Protocol;
using Domain = Dais.Rooms;

namespace Dais.Server.Rooms;

/// <summary>Messages and members of the domain in the words of the contract.</summary>
public static class MessageMapping
{
    /// <summary>A message as it is told.</summary>
    public static MessageData ToData(this Domain.Messages.RoomMessage message) => new(
        message.Id.Value,
        message.From.ToWire(),
        message.Content.Kind.ToWire(),
        message.Content.Text,
        message.Content.Data,
        message.Content.CustomType,
        RecipientsOf(message));

    /// <summary>A message of the past.</summary>
    public static RoomMessage ToWire(this Domain.Messages.RoomMessage message) => new(
        message.Id.Value,
        message.Seq,
        message.At.Milliseconds,
        message.From.ToWire(),
        message.Content.Kind.ToWire(),
        message.Content.Text,
        message.Content.Data,
        message.Content.CustomType,
        RecipientsOf(message));

    /// <summary>What a message says, in the domain's words. A custom message has no text.</summary>
    public static Domain.Messages.MessageContent ToDomain(this MessageSendParams message) => message.Kind switch
    {
        MessageKind.Text => new(Domain.Messages.MessageKind.Text, message.Text, message.Data, message.CustomType),
        MessageKind.Custom => new(Domain.Messages.MessageKind.Custom, null, message.Data, message.CustomType),
        _ => throw new UnreachableException(),
    };

    /// <summary>A kind of message.</summary>
    public static MessageKind ToWire(this Domain.Messages.MessageKind kind) => kind switch
    {
        Domain.Messages.MessageKind.Text => MessageKind.Text,
        Domain.Messages.MessageKind.Custom => MessageKind.Custom,
        _ => throw new UnreachableException(),
    };

    /// <summary>A member of <paramref name="room"/> as lists show them.</summary>
    public static AudienceMember ToWire(this Domain.Room room, Domain.Audience.Member member)
    {
        var state = room.PresenceStates.Of(member.User.Id);
        return new AudienceMember(
            member.User.ToWire(),
            member.Role.ToWire(),
            member.JoinedAt.Milliseconds,
            room.MessageDisabled.Contains(member.User.Id),
            state.IsEmpty ? null : state);
    }

    private static ImmutableArray<string>? RecipientsOf(Domain.Messages.RoomMessage message) =>
        message.To.IsEmpty ? null : [.. message.To.Select(user => user.Value)];
}
