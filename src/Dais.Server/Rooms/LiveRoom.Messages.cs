using Dais.Rooms;
using Dais.Rooms.Audience;
using Dais.Rooms.Messages;
using Dais.Server.Observability;

namespace Dais.Server.Rooms;

/// <summary>The side of a room that takes messages.</summary>
public sealed partial class LiveRoom
{
    /// <summary>Who else wants to know who is here; null for nobody.</summary>
    public UserPlaces? Places { get; init; }

    /// <summary>Counts what happens here.</summary>
    public ServerMetrics? Metrics { get; init; }

    /// <summary>
    /// Decides whether <paramref name="sender"/> may send <paramref name="content"/> to <paramref name="to"/>, all when empty, and
    /// lets it happen.
    /// </summary>
    public Decision Send(UserId sender, MessageId id, MessageContent content, IReadOnlyList<UserId> to) =>
        Execute(new RoomCommand.SendMessage(sender, id, content, [.. to], LastSeq));

    /// <summary>What <see cref="Send"/> would decide now; nothing happens.</summary>
    public Decision TrySend(UserId sender, MessageId id, MessageContent content, IReadOnlyList<UserId> to) =>
        State.Decide(new RoomCommand.SendMessage(sender, id, content, [.. to], LastSeq), Now());

    /// <summary>Lets the backend send <paramref name="content"/> in the name of <paramref name="from"/>.</summary>
    public Decision Announce(User from, MessageId id, MessageContent content, IReadOnlyList<UserId> to) =>
        Execute(new RoomCommand.Announce(from, id, content, [.. to], LastSeq));

    private void NotePlaces(RoomEvent happened)
    {
        if (Places is { } places
            && happened is RoomEvent.MemberJoined or RoomEvent.MemberLeft or RoomEvent.RoleChanged or RoomEvent.Ended)
        {
            var room = State;
            Afterwards(() => places.Record(happened, room));
        }
    }
}
