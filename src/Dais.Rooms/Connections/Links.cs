using System.Collections.Immutable;
using Dais.Rooms.Audience;
using Dais.Rooms.Guests;

namespace Dais.Rooms.Connections;

/// <summary>Which rooms are connected.</summary>
internal static class Links
{
    /// <summary>Whether guests keep the room from being connected.</summary>
    internal static bool HasUnwantedGuests(Room room) =>
        !room.Settings.AllowGuestsWhileConnected
        && room.Seats.Any(seat => seat.Occupant is { } occupant && occupant.User != room.Owner.Id);

    /// <summary>Why two rooms cannot be connected, whoever asked; null when they can.</summary>
    internal static RoomError? Obstacle(Room one, Room other)
    {
        if (one.Connection is not null && other.Connection is not null)
        {
            return RoomError.ConnectedElsewhere;
        }

        if ((one.Connection ?? other.Connection) is { Members.Length: >= HostConnection.MembersMax })
        {
            return RoomError.TooManyConnections;
        }

        return HasUnwantedGuests(one) || HasUnwantedGuests(other) ? RoomError.ConnectedElsewhere : null;
    }

    /// <summary>Connects the two rooms of an accepted request; one that is connected takes the other into its connection.</summary>
    /// <param name="draft">One of the two.</param>
    /// <param name="request">The request.</param>
    /// <param name="newLink">The id of the connection, if it is a new one.</param>
    internal static void Connect(Draft draft, HostRequest request, LinkId newLink)
    {
        var asker = draft.Of(request.From.RoomId)!;
        var asked = draft.Of(request.To.RoomId)!;
        var existing = asker.Room.Connection ?? asked.Room.Connection;
        ImmutableArray<RoomId> before = [.. existing?.Members.Select(member => member.RoomId) ?? []];
        if (!draft.TryGather(before))
        {
            return;
        }

        // 1. The connection itself.
        Draft[] newcomers = [.. new[] { asker, asked }.Where(room => room.Room.Connection is null)];
        ImmutableArray<RoomHost> joined = [.. newcomers.Select(room => room.Room.Host)];
        var id = existing?.Id ?? newLink;
        int templateId = existing?.LayoutTemplateId ?? request.LayoutTemplateId;
        LinkEvent[] happened =
        [
            .. existing is null ? [new LinkEvent.Started(templateId)] : Array.Empty<LinkEvent>(),
            .. joined.Select(room => new LinkEvent.Joined(room)),
        ];
        long version = draft.HappenToLink(id, existing?.Version ?? 0, happened);

        // 2. What each of its rooms knows of it.
        Draft[] members = [.. before.Select(draft.Of).OfType<Draft>(), .. newcomers];
        var facts = FactsOf(members);
        var hosts = facts.Select(member => new RoomHost(member.Room, member.Facts.User)).ToArray();
        foreach (var member in members)
        {
            var arrivals = newcomers.Contains(member) ? hosts : [.. joined];
            Show(
                member,
                RemoteHosts.View(member.Room, id, templateId, version, facts),
                [.. arrivals.Where(room => room.RoomId != member.Room.Id)],
                []);
        }

        // 3. The request, and whatever else they asked of each other.
        HostRequests.End(draft, request, RequestOutcome.Accepted, null);
        HostRequests.EndAmong(draft, members);
    }

    internal static RoomError? Exit(Draft draft, RoomCommand.ExitConnection command)
    {
        if (Permissions.RequireModerator(draft.Room, command.Actor, out _) is { } refusal)
        {
            return refusal;
        }

        if (draft.Room.Connection is null)
        {
            return RoomError.ConnectionNotFound;
        }

        Leave(draft, HostLeaveReason.Left);
        return null;
    }

    /// <summary>A room leaves its connection, if it has one. Nobody stays alone in it.</summary>
    internal static void Leave(Draft draft, HostLeaveReason reason)
    {
        if (draft.Room.Connection is not { } connection || !TryGatherMembers(draft, connection, out var members))
        {
            return;
        }

        Draft[] remaining = [.. members.Where(member => member != draft)];
        var departed = new DepartedHost(draft.Room.Host, reason);
        if (remaining.Length < 2)
        {
            var last = remaining.Select(member => new DepartedHost(member.Room.Host, HostLeaveReason.Alone));
            ImmutableArray<DepartedHost> all = [departed, .. last];
            Dissolve(draft, connection, all);
            Show(draft, null, [], [departed]);
            foreach (var member in remaining)
            {
                Show(member, null, [], all);
            }

            return;
        }

        long version = draft.HappenToLink(connection.Id, connection.Version, new LinkEvent.Left(departed.Host, reason));
        var facts = FactsOf(remaining);
        Show(draft, null, [], [departed]);
        foreach (var member in remaining)
        {
            var view = RemoteHosts.View(member.Room, connection.Id, connection.LayoutTemplateId, version, facts);
            Show(member, view, [], [departed]);
        }
    }

    /// <summary>The backend ends the whole connection.</summary>
    internal static RoomError? End(Draft draft)
    {
        if (draft.Room.Connection is not { } connection)
        {
            return RoomError.ConnectionNotFound;
        }

        if (TryGatherMembers(draft, connection, out var members))
        {
            ImmutableArray<DepartedHost> all =
                [.. members.Select(member => new DepartedHost(member.Room.Host, HostLeaveReason.Removed))];
            Dissolve(draft, connection, all);
            foreach (var member in members)
            {
                Show(member, null, [], all);
            }
        }

        return null;
    }

    private static void Dissolve(Draft draft, HostConnection connection, ImmutableArray<DepartedHost> departed)
    {
        LinkEvent[] happened =
        [
            .. departed.Select(room => new LinkEvent.Left(room.Host, room.Reason)),
            new LinkEvent.Ended(),
        ];
        draft.HappenToLink(connection.Id, connection.Version, happened);
    }

    private static bool TryGatherMembers(Draft draft, HostConnection connection, out Draft[] members)
    {
        bool hasAll = draft.TryGather(connection.Members.Select(member => member.RoomId));
        members = [.. connection.Members.Select(member => draft.Of(member.RoomId)).OfType<Draft>()];
        return hasAll;
    }

    private static ImmutableArray<(RoomId Room, HostFacts Facts)> FactsOf(Draft[] members) =>
        [.. members.Select(member => (member.Room.Id, member.Room.HostFacts))];

    private static void Show(
        Draft draft, HostConnection? connection, ImmutableArray<RoomHost> joined, ImmutableArray<DepartedHost> left)
    {
        draft.Happen(new RoomEvent.ConnectionChanged(connection, joined, left));
        draft.SettleStage();
    }
}
