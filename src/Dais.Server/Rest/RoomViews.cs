using System.Collections.Immutable;
using Dais.Protocol.Rest;
using Dais.Server.Rooms;
using Domain = Dais.Rooms;

namespace Dais.Server.Rest;

/// <summary>Rooms as the backend sees them: all of it.</summary>
public static class RoomViews
{
    /// <summary>A room.</summary>
    public static RoomDetails DetailsOf(RoomListing listing)
    {
        var room = listing.Room!;
        var settings = room.Settings;
        return new RoomDetails(
            room.Id.Value,
            settings.Name,
            settings.Notice,
            settings.CoverUrl,
            room.Owner.ToWire(),
            room.CreatedAt.Milliseconds,
            room.Phase.ToWire(),
            room.HostReturnBy?.Milliseconds,
            settings.SeatLayoutTemplateId,
            room.Canvas.ToWire(),
            settings.SeatMode.ToWire(),
            settings.MaxSeats,
            settings.KeepOwnerOnSeat,
            settings.IsPublic,
            settings.AllowGuestsWhileConnected,
            settings.Metadata,
            RoomSnapshots.SeatsOf(room),
            [.. room.Stage.Select(entry => entry.ToWire())],
            room.AudienceCount,
            InOrder(room.Applications),
            InOrder(room.Invitations),
            room.Connection?.ToWire(),
            InOrder(room.SentHostRequests),
            InOrder(room.ReceivedHostRequests),
            listing.Seq);
    }

    /// <summary>A room in the list.</summary>
    public static RoomEntry EntryOf(Domain.Room room) => new(
        room.Id.Value,
        room.Settings.Name,
        room.Settings.CoverUrl,
        room.Owner.ToWire(),
        room.CreatedAt.Milliseconds,
        room.Phase.ToWire(),
        room.Settings.SeatMode.ToWire(),
        room.Settings.MaxSeats,
        room.Seats.Count(seat => seat.Occupant is not null),
        room.AudienceCount,
        room.Settings.IsPublic);

    /// <summary>Somebody in <paramref name="room"/>.</summary>
    public static RoomMember MemberOf(Domain.Room room, Domain.Audience.Member member) => new(
        member.User.ToWire(),
        member.Role.ToWire(),
        member.JoinedAt.Milliseconds,
        (int)member.Platform,
        room.SeatOf(member.User.Id)?.Index,
        member.ReturnBy is not null,
        room.PresenceStates.Of(member.User.Id),
        room.MessageDisabled.Contains(member.User.Id));

    private static ImmutableArray<Protocol.SeatRequest> InOrder(
        ImmutableDictionary<Domain.UserId, Domain.Guests.SeatRequest> requests) =>
        [.. requests.Values.OrderBy(request => request.CreatedAt).Select(request => request.ToWire())];

    private static ImmutableArray<Protocol.HostRequest> InOrder(
        ImmutableDictionary<Domain.RoomId, Domain.Connections.HostRequest> requests) =>
        [.. requests.Values.OrderBy(request => request.CreatedAt).Select(request => request.ToWire())];
}
