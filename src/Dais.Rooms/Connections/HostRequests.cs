using System.Collections.Immutable;
using System.Text;
using Dais.Rooms.Audience;
using Dais.Rooms.Guests;

namespace Dais.Rooms.Connections;

/// <summary>Asking other rooms to connect, and what becomes of it.</summary>
internal static class HostRequests
{
    internal static ImmutableSortedDictionary<RoomId, HostRequestResult> NoResults { get; } =
        ImmutableSortedDictionary.Create<RoomId, HostRequestResult>(RoomId.Order);

    internal static RoomError? Make(Draft draft, RoomCommand.RequestConnection command)
    {
        if (Permissions.RequireModerator(draft.Room, command.Actor, out _) is { } refusal)
        {
            return refusal;
        }

        if (Encoding.UTF8.GetByteCount(command.ExtraInfo) > draft.Room.Options.Limits.ExtraInfoBytesMax)
        {
            return RoomError.LimitReached;
        }

        if (Links.HasUnwantedGuests(draft.Room))
        {
            return RoomError.ConnectedElsewhere;
        }

        if (draft.TryGather(command.Targets.Select(target => target.Room)))
        {
            // Agreements first: whoever else is in the connection that comes of them need not be asked any more.
            var received = draft.Room.ReceivedHostRequests;
            foreach (var target in command.Targets.OrderByDescending(target => received.ContainsKey(target.Room)))
            {
                if (!draft.Results.ContainsKey(target.Room))
                {
                    draft.Results = draft.Results.Add(target.Room, MakeOne(draft, target, command));
                }
            }
        }

        return null;
    }

    internal static RoomError? Cancel(Draft draft, RoomCommand.CancelConnectionRequest command)
    {
        if (Permissions.RequireModerator(draft.Room, command.Actor, out _) is { } refusal)
        {
            return refusal;
        }

        if (!draft.Room.SentHostRequests.TryGetValue(command.Target, out var request))
        {
            return RoomError.NoSuchRequest;
        }

        End(draft, request, RequestOutcome.Cancelled, null);
        return null;
    }

    internal static RoomError? Reject(Draft draft, RoomCommand.RejectConnection command)
    {
        if (Permissions.RequireModerator(draft.Room, command.Actor, out _) is { } refusal)
        {
            return refusal;
        }

        if (!draft.Room.ReceivedHostRequests.TryGetValue(command.From, out var request))
        {
            return RoomError.NoSuchRequest;
        }

        End(draft, request, RequestOutcome.Rejected, null);
        return null;
    }

    internal static RoomError? Accept(Draft draft, RoomCommand.AcceptConnection command)
    {
        if (Permissions.RequireModerator(draft.Room, command.Actor, out _) is { } refusal)
        {
            return refusal;
        }

        if (!draft.Room.ReceivedHostRequests.TryGetValue(command.From, out var request))
        {
            return RoomError.NoSuchRequest;
        }

        if (!draft.TryGather([command.From]))
        {
            return null;
        }

        if (draft.Of(command.From) is not { } asker)
        {
            End(draft, request, RequestOutcome.RoomEnded, null);
            return RoomError.NoSuchRequest;
        }

        if (Links.Obstacle(asker.Room, draft.Room) is { } obstacle)
        {
            End(draft, request, RequestOutcome.Failed, obstacle);
            return obstacle;
        }

        Links.Connect(draft, request, command.NewLink);
        return null;
    }

    /// <summary>Ends a request in both of its rooms; in one that is not there any more, it has ended already.</summary>
    internal static void End(Draft draft, HostRequest request, RequestOutcome outcome, RoomError? error)
    {
        if (draft.TryGather([request.From.RoomId, request.To.RoomId]))
        {
            draft.Of(request.From.RoomId)?.Happen(new RoomEvent.HostRequestEnded(request, outcome, error));
            draft.Of(request.To.RoomId)?.Happen(new RoomEvent.HostRequestEnded(request, outcome, error));
        }
    }

    /// <summary>Ends what rooms that are connected now still ask of each other: they have what they wanted.</summary>
    internal static void EndAmong(Draft draft, IReadOnlyCollection<Draft> members)
    {
        foreach (var member in members)
        {
            foreach (var request in InOrder(member.Room.SentHostRequests))
            {
                if (members.Any(other => other.Room.Id == request.To.RoomId))
                {
                    End(draft, request, RequestOutcome.AlreadySeated, null);
                }
            }
        }
    }

    /// <summary>The room ends: the rooms it asked, and those that asked it, are told. In the room itself, its end tells it.</summary>
    internal static void EndWithRoom(Draft draft)
    {
        var room = draft.Room;
        if (!draft.TryGather(room.SentHostRequests.Keys) | !draft.TryGather(room.ReceivedHostRequests.Keys))
        {
            return;
        }

        foreach (var request in InOrder(room.SentHostRequests))
        {
            draft.Of(request.To.RoomId)?.Happen(new RoomEvent.HostRequestEnded(request, RequestOutcome.RoomEnded, null));
        }

        foreach (var request in InOrder(room.ReceivedHostRequests))
        {
            draft.Of(request.From.RoomId)?.Happen(new RoomEvent.HostRequestEnded(request, RequestOutcome.RoomEnded, null));
        }
    }

    /// <summary>A request has run out, unless something else of the same moment has ended it already.</summary>
    internal static void Expire(Draft draft, HostRequest request)
    {
        if (draft.Room.SentHostRequests.TryGetValue(request.To.RoomId, out var open) && open.Id == request.Id)
        {
            End(draft, request, RequestOutcome.TimedOut, null);
        }
    }

    /// <summary>The requests of a room that have run out. The room that asked sees to it.</summary>
    internal static IEnumerable<HostRequest> Expired(Room room, WallClockTime now) =>
        InOrder(room.SentHostRequests).Where(request => request.ExpiresAt <= now);

    private static HostRequestResult MakeOne(Draft draft, HostRequestTarget target, RoomCommand.RequestConnection command)
    {
        var room = draft.Room;
        if (target.Room == room.Id)
        {
            return HostRequestResult.NotPossible;
        }

        if (draft.Of(target.Room) is not { } other)
        {
            return HostRequestResult.RoomNotFound;
        }

        if (room.Connection?.MemberOf(target.Room) is not null || room.SentHostRequests.ContainsKey(target.Room))
        {
            return HostRequestResult.AlreadyConnecting;
        }

        if (Refusal(room, other.Room) is { } refusal)
        {
            return refusal;
        }

        if (room.ReceivedHostRequests.TryGetValue(target.Room, out var crossing))
        {
            // Both sides want the same, so asking is accepting.
            Links.Connect(draft, crossing, command.NewLink);
            return HostRequestResult.Sent;
        }

        int requestsMax = room.Options.Limits.HostRequestsMax;
        if (room.SentHostRequests.Count >= requestsMax || other.Room.ReceivedHostRequests.Count >= requestsMax)
        {
            return HostRequestResult.TryAgain;
        }

        var request = new HostRequest(
            target.Request,
            room.Host,
            other.Room.Host,
            command.LayoutTemplateId,
            command.ExtraInfo,
            draft.Now,
            RequestLimits.Deadline(draft.Now, command.Timeout));
        draft.Happen(new RoomEvent.HostRequested(request));
        other.Happen(new RoomEvent.HostRequested(request));
        return HostRequestResult.Sent;
    }

    private static HostRequestResult? Refusal(Room room, Room other) => Links.Obstacle(room, other) switch
    {
        null => null,
        RoomError.TooManyConnections => HostRequestResult.TooManyRooms,
        _ => HostRequestResult.ConnectedElsewhere,
    };

    private static IOrderedEnumerable<HostRequest> InOrder(ImmutableDictionary<RoomId, HostRequest> requests) =>
        requests.Values.OrderBy(request => request.Id.Value, StringComparer.Ordinal);
}
