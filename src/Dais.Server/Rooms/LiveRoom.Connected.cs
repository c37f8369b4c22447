using System.Collections.Immutable;
using Dais.Rooms;
using Dais.Server.Storage;

namespace Dais.Server.Rooms;

/// <summary>The side of a room that other rooms are concerned with.</summary>
public sealed partial class LiveRoom
{
    private readonly HostNews _hostNews;

    /// <summary>Whether others see to what is due here; they borrow the room for it.</summary>
    public bool IsTickElsewhere { get; private set; }

    /// <summary>
    /// Has <paramref name="command"/> decided, here or, when it concerns other rooms too, together with them a moment later.
    /// </summary>
    /// <param name="command">The command.</param>
    /// <param name="then">
    /// Takes the decision, when what follows from it has happened and is not in the log yet; called by whoever has the room then.
    /// </param>
    /// <returns>
    /// Completes when nothing more is to be waited for: true, or false when the room was over before the command could be decided;
    /// then, and when the server stops, nobody called <paramref name="then"/>.
    /// </returns>
    public Task<bool> ExecuteAsync(RoomCommand command, Action<Decision> then)
    {
        var decision = Decide(command);
        if (!decision.Needs.IsEmpty)
        {
            return _connections.HandOverAsync(this, command, then);
        }

        then(decision);
        return Task.FromResult(true);
    }

    /// <summary>Lets happen what was decided for this room and others; whoever calls this has borrowed the room.</summary>
    public void Adopt(ImmutableArray<RoomEvent> events, WallClockTime now) => LetHappen(events, now);

    /// <summary>What was decided since the last commit, for an append together with other streams; null for nothing.</summary>
    public StreamAppend? PendingAppend => _events.Pending(EndedAt);

    /// <summary>The log has what was decided; the room's loop lets the world know.</summary>
    public void Committed() => _events.Committed();

    /// <summary>What was due is seen to; whoever calls this has borrowed the room.</summary>
    public void TickDone() => IsTickElsewhere = false;

    /// <summary>Tells the rooms this one is connected with what they show of its host, whatever they know.</summary>
    public Task TellHostAsync() => _hostNews.TellAsync();

    private void HandOver(RoomCommand command)
    {
        if (command is RoomCommand.Tick)
        {
            IsTickElsewhere = true;
        }

        _connections.HandOver(this, command);
    }
}
