using Dais.Protocol;
using Dais.Rooms;
using Dais.Rooms.Messages;
using Dais.Server.Messages;
using Dais.Server.Rooms;

namespace Dais.Server.Signaling;

/// <summary>The methods about messages.</summary>
public static class MessageMethods
{
    private const int PageDefault = 50;

    /// <summary>Adds them to a table.</summary>
    public static void AddTo(MethodTable.Builder table)
    {
        table.Add(Methods.MessageSend, SendAsync);
        table.Add(Methods.MessageHistory, static call => call.InRoomAsync(call.Params.RoomId, List));
    }

    private static ValueTask SendAsync(ClientCall<MessageSendParams, MessageSendResult> call)
    {
        var draft = new Outgoing(
            new MessageId(RandomIds.Id()), call.Params.ToDomain(), [.. (call.Params.To ?? []).Select(user => new UserId(user))]);
        return call.Session.Signaling.Hook.IsSet
            ? AskAsync(call, draft)
            : call.InRoomAsync(call.Params.RoomId, (running, room) => Send(running, room, draft));
    }

    /// <summary>
    /// Has the application's backend asked. The connection goes on meanwhile, and so does the room; only the sender's own
    /// messages wait for each other.
    /// </summary>
    private static async ValueTask AskAsync(ClientCall<MessageSendParams, MessageSendResult> call, Outgoing draft)
    {
        // 1. Nobody is asked about what the room refuses anyway.
        HookQuestion? question = null;
        await call.InRoomAsync(call.Params.RoomId, (running, room) =>
        {
            var decision = room.TrySend(running.Session.UserId, draft.Id, draft.Content, draft.To);
            if (decision.Error is not null)
            {
                running.Refuse(RefusalOf(decision));
                return;
            }

            var sender = room.State.Members[running.Session.UserId].User;
            question = new HookQuestion(room.State.Id, sender, draft.Id, draft.Content, draft.To);
        });
        if (question is null)
        {
            return;
        }

        // 2. Ask, and go on; what follows keeps the sender's order.
        var signaling = call.Session.Signaling;
        if (!call.Session.Questions.TryAsk(
            () => signaling.Hook.AskAsync(question),
            verdict => FollowAsync(call, draft, verdict),
            exception => signaling.Log.CallFailed(call.Method.Name, exception)))
        {
            call.Refuse(new CallRefusal(ErrorCodes.RateLimited) { RetryAfter = signaling.Hook.Timeout });
        }
    }

    private static ValueTask FollowAsync(
        ClientCall<MessageSendParams, MessageSendResult> call, Outgoing draft, HookVerdict verdict)
    {
        switch (verdict)
        {
            case HookVerdict.Allowed allowed:
                return call.InRoomAsync(
                    call.Params.RoomId, (running, room) => Send(running, room, draft with { Content = allowed.Content }));
            case HookVerdict.Refused refused:
                var code = ErrorCodes.MessageRefused;
                call.Refuse(new CallRefusal(refused.Reason.Length > 0 ? code with { Message = refused.Reason } : code)
                {
                    ApplicationCode = refused.Code,
                });
                return ValueTask.CompletedTask;
            default:
                call.Refuse(ErrorCodes.MessageNotChecked);
                return ValueTask.CompletedTask;
        }
    }

    private static void Send(ClientCall<MessageSendParams, MessageSendResult> call, LiveRoom room, Outgoing draft)
    {
        var decision = room.Send(call.Session.UserId, draft.Id, draft.Content, draft.To);
        if (decision.Error is not null)
        {
            call.Refuse(RefusalOf(decision));
            return;
        }

        var sent = decision.Events.OfType<RoomEvent.MessageSent>().Single();
        call.Reply(new MessageSendResult(sent.Message.Id.Value, sent.Message.Seq));
    }

    private static void List(ClientCall<MessageHistoryParams, MessageHistoryResult> call, LiveRoom room)
    {
        if (room.State.MemberOf(call.Session.UserId) is null)
        {
            call.Refuse(ErrorCodes.UserNotInRoom);
            return;
        }

        int count = call.Params.Count == 0 ? PageDefault : call.Params.Count;
        var messages = room.State.Messages.For(call.Session.UserId, call.Params.BeforeSeq ?? long.MaxValue, count);
        call.Reply(new MessageHistoryResult([.. messages.Select(message => message.ToWire())]));
    }

    private static CallRefusal RefusalOf(Decision decision) =>
        new(decision.Error!.Value.ToWire()) { RetryAfter = decision.RetryAfter };

    private sealed record Outgoing(MessageId Id, MessageContent Content, IReadOnlyList<UserId> To);
}
