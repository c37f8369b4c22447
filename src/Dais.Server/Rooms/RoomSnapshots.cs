using System.Collections.Immutable;
using Dais.Protocol;
using Domain = Dais.Rooms;

namespace Dais.Server.Rooms;

/// <summary>A room as its members and lists see it.</summary>
public static class RoomSnapshots
{
    /// <summary>
    /// How many members a snapshot and `audience.changed` name, of the 200 the contract allows: everybody in a room whose joins are
    /// told one by one. In a large one every member gets this again each second, so it is most of what a change of the audience costs.
    /// </summary>
    public const int SampleMax = 50;

    /// <summary>
    /// The room as <paramref name="viewer"/> sees it: hosts and admins see every open request, everybody else those
    /// they made or have to answer.
    /// </summary>
    public static RoomSnapshot For(Domain.Room room, Domain.Audience.Member viewer) => new(
        room.Id.Value,
        room.Settings.Name,
        room.Settings.Notice,
        room.Settings.CoverUrl,
        room.Owner.ToWire(),
        room.CreatedAt.Milliseconds,
        room.Phase.ToWire(),
        room.Settings.SeatLayoutTemplateId,
        room.Canvas.ToWire(),
        room.Settings.SeatMode.ToWire(),
        room.Settings.MaxSeats,
        SeatsOf(room),
        [.. room.Stage.Select(entry => entry.ToWire())],
        room.AudienceCount,
        Sample(room),
        room.Settings.Metadata,
        viewer.Role.ToWire(),
        VisibleTo(viewer, room.Applications),
        VisibleTo(viewer, room.Invitations),
        room.Connection?.ToWire(),
        VisibleTo(viewer, room.SentHostRequests),
        VisibleTo(viewer, room.ReceivedHostRequests),
        room.Settings.MessagesDisabled,
        room.MessageDisabled.Contains(viewer.User.Id),
        PresenceOf(room));

    /// <summary>The room as lists show it.</summary>
    public static RoomInfo InfoOf(Domain.Room room) => new(
        room.Id.Value,
        room.Settings.Name,
        room.Settings.CoverUrl,
        room.Owner.ToWire(),
        room.CreatedAt.Milliseconds,
        room.Phase.ToWire(),
        room.Settings.SeatMode.ToWire(),
        room.Settings.MaxSeats,
        room.AudienceCount);

    /// <summary>The latest members, without the host.</summary>
    public static ImmutableArray<User> Sample(Domain.Room room) =>
        [.. room.Audience(SampleMax).Select(member => member.User.ToWire())];

    /// <summary>The seats, by index, each with the devices of who sits there.</summary>
    public static ImmutableArray<Seat> SeatsOf(Domain.Room room) => [.. room.Seats.Select(seat => SeatOf(room, seat))];

    /// <summary>What members let others know of them, while they are few enough for everybody to hear of each change.</summary>
    private static ImmutableArray<PresenceState>? PresenceOf(Domain.Room room) =>
        room.Members.Count > room.Options.MembersAnnounced
            ? null
            :
            [
                .. room.PresenceStates.All
                    .OrderBy(state => room.Members[state.Key].JoinNumber)
                    .Select(state => new PresenceState(room.Members[state.Key].User.ToWire(), state.Value)),
            ];

    private static Seat SeatOf(Domain.Room room, Domain.Seats.Seat seat)
    {
        var member = seat.Occupant is { } occupant ? room.MemberOf(occupant.User) : null;
        return member is null
            ? new Seat(seat.Index, seat.Locked, null, DeviceState.Off, DeviceState.Off, false)
            : new Seat(
                seat.Index,
                seat.Locked,
                member.User.ToWire(),
                member.Microphone.ToWire(),
                member.Camera.ToWire(),
                member.ReturnBy is not null);
    }

    private static ImmutableArray<HostRequest> VisibleTo(
        Domain.Audience.Member viewer, ImmutableDictionary<Domain.RoomId, Domain.Connections.HostRequest> requests) =>
        viewer.MayModerate
            ?
            [
                .. requests.Values
                    .OrderBy(request => request.CreatedAt)
                    .ThenBy(request => request.Id.Value, StringComparer.Ordinal)
                    .Select(request => request.ToWire()),
            ]
            : [];

    private static ImmutableArray<SeatRequest> VisibleTo(
        Domain.Audience.Member viewer, ImmutableDictionary<Domain.UserId, Domain.Guests.SeatRequest> requests) =>
    [
        .. requests.Values
            .Where(request => viewer.MayModerate || request.User.Id == viewer.User.Id || request.Inviter?.Id == viewer.User.Id)
            .OrderBy(request => request.CreatedAt)
            .ThenBy(request => request.Id.Value, StringComparer.Ordinal)
            .Select(request => request.ToWire()),
    ];
}
