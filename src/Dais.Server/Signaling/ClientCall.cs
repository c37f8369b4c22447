using Dais.Protocol;
using Dais.Rooms;
using Dais.Server.Observability;
using Dais.Server.Rooms;

namespace Dais.Server.Signaling;

/// <summary>One call of a client, to be answered exactly once, from any thread.</summary>
/// <param name="From">The connection it came by, and its answer goes by.</param>
/// <param name="Id">The id to answer to; null when the client wants no answer.</param>
/// <param name="Method">The method called.</param>
/// <param name="Params">Its parameters.</param>
public sealed record ClientCall<TParams, TResult>(
    ClientConnection From, JsonRpcId? Id, Method<TParams, TResult> Method, TParams Params)
    where TParams : class, IParams
    where TResult : class
{
    /// <summary>Who calls; there in every call but the one that opens it.</summary>
    public ClientSession Session => From.Session ?? throw new InvalidOperationException("The session is not open.");

    /// <summary>
    /// The room whose loop the call runs in, or null. Its answers wait, as everything that leaves the room, until the log has
    /// what they follow from.
    /// </summary>
    public LiveRoom? Room { get; init; }

    /// <summary>Answers with <paramref name="result"/>.</summary>
    public void Reply(TResult result)
    {
        if (Id is { } id)
        {
            var output = MessageBytes.Begin();
            JsonRpcWriter.WriteResult(output, id, result, Method.Result);
            byte[] answer = MessageBytes.Take(output);
            WhenDecided(() => From.Connection.Send(answer));
        }

        From.Answered(Method.Name, ServerMetrics.Succeeded);
    }

    /// <summary>Answers that the call was refused.</summary>
    public void Refuse(CallRefusal refusal) => WhenDecided(() => From.Refuse(Id, refusal, Method.Name));

    /// <summary>
    /// Lets <paramref name="work"/> run in the loop of room <paramref name="roomId"/>, which answers the call there: so
    /// the answer has its
    /// place among the room's notifications. Returns when it has run.
    /// </summary>
    public async ValueTask InRoomAsync(string roomId, Action<ClientCall<TParams, TResult>, LiveRoom> work)
    {
        var runner = Session.Signaling.Rooms.Find(roomId);
        if (runner is null || !await runner.InvokeAsync(room => Run(work, room)))
        {
            Refuse(ErrorCodes.RoomNotFound);
        }
    }

    /// <summary>Runs <paramref name="work"/>; when it fails, the client is told before the room's loop is.</summary>
    public void Run(Action<ClientCall<TParams, TResult>, LiveRoom> work, LiveRoom room)
    {
        var running = this with { Room = room };
        try
        {
            work(running, room);
        }
        catch
        {
            running.Refuse(ErrorCodes.InternalError);
            throw;
        }
    }

    private void WhenDecided(Action answer)
    {
        if (Room is { } room)
        {
            room.Afterwards(answer);
        }
        else
        {
            answer();
        }
    }
}

/// <summary>What many calls do.</summary>
public static class RoomCalls
{
    /// <summary>
    /// Lets room <paramref name="roomId"/> decide <paramref name="command"/> and answers with nothing, or why not.
    /// </summary>
    public static ValueTask ExecuteAsync<TParams>(this ClientCall<TParams, EmptyResult> call, string roomId, RoomCommand command)
        where TParams : class, IParams =>
        call.ExecuteAsync(roomId, command, static (running, decision) => running.ReplyTo(decision));

    /// <summary>
    /// Lets room <paramref name="roomId"/> decide <paramref name="command"/>, together with other rooms if it concerns them, and
    /// <paramref name="reply"/> answer. Returns when it has.
    /// </summary>
    public static async ValueTask ExecuteAsync<TParams, TResult>(
        this ClientCall<TParams, TResult> call,
        string roomId,
        RoomCommand command,
        Action<ClientCall<TParams, TResult>, Decision> reply)
        where TParams : class, IParams
        where TResult : class
    {
        var decided = Task.FromResult(true);
        await call.InRoomAsync(
            roomId, (running, room) => decided = room.ExecuteAsync(command, decision => reply(running, decision)));
        if (!await decided)
        {
            call.Refuse(ErrorCodes.RoomNotFound);
        }
    }

    /// <summary>Answers with nothing, or why <paramref name="decision"/> was a refusal.</summary>
    public static void ReplyTo<TParams>(this ClientCall<TParams, EmptyResult> call, Decision decision)
        where TParams : class, IParams
    {
        if (decision.Error is { } error)
        {
            call.Refuse(error.ToWire());
        }
        else
        {
            call.Reply(EmptyResult.Value);
        }
    }
}
