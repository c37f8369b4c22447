using System.Buffers;
using System.Collections.Immutable;
using Dais.Protocol;
using Dais.Rooms;

namespace Dais.Server.Signaling;

/// <summary>What follows when a client resumes its session: each of its rooms catches it up.</summary>
public static class SessionResumption
{
    /// <summary>
    /// Brings a client that has resumed <paramref name="session"/> by <paramref name="connection"/> up to date: for each
    /// room in <paramref name="seqs"/> the events it has missed, or the whole room, or that it is in it no longer. Other
    /// rooms, whose joining it has not heard of, it leaves.
    /// </summary>
    public static async Task CatchUpAsync(ClientSession session, Connection connection, ImmutableDictionary<string, long> seqs)
    {
        foreach (var (roomId, runner) in session.Rooms.All)
        {
            if (!seqs.ContainsKey(roomId))
            {
                await runner.InvokeAsync(room => room.Execute(new RoomCommand.Leave(session.UserId, session.ConnectionId)));
            }
        }

        // Half of the queue is for what happens meanwhile; who has missed more gets snapshots.
        int replayMax = session.Signaling.Options.Limits.OutgoingQueueMessages / 2;
        foreach (var (roomId, seq) in seqs)
        {
            int? sent = null;
            bool hasRun = false;
            if (session.Rooms.Find(roomId) is { } runner
                && await runner.InvokeAsync(room =>
                {
                    hasRun = true;
                    sent = room.Resume(session, connection, seq, replayMax);
                })
                && !hasRun)
            {
                // The server stops: the room stands still, and the client is in it when the next server goes on with it.
                continue;
            }

            replayMax -= sent ?? 0;
            if (sent is null)
            {
                connection.Send(FarewellOf(session, roomId, seq));
            }
        }
    }

    /// <summary>
    /// What ended it, when that is known and news, else just that the client is not in the room.
    /// </summary>
    private static ReadOnlyMemory<byte> FarewellOf(ClientSession session, string roomId, long seq)
    {
        if (session.Farewells.Find(roomId) is { } last && last.Seq > seq)
        {
            return last.Message;
        }

        var output = new ArrayBufferWriter<byte>();
        JsonRpcWriter.WriteRoomSync(output, new RoomSyncParams(roomId, seq, null));
        return output.WrittenMemory;
    }
}
