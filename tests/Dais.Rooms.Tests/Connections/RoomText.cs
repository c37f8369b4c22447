using Dais.Rooms.Connections;

namespace Dais.Rooms.Tests.Connections;

/// <summary>All there is to know of a room or a connection, as text: two are the same when these are.</summary>
internal static class RoomText
{
    internal static string Of(Room room) => string.Join('\n', [
        $"{room.Id} {room.Phase} {room.Owner} {room.CreatedAt} {room.HostReturnBy} {room.JoinCount} {room.Canvas}",
        $"{room.Settings with { Metadata = RoomSettingsWithoutMetadata }} {room.AudienceChanged} {room.AudienceCountedAt}",
        .. room.Members.Values.OrderBy(member => member.JoinNumber).Select(member => $"{member}"),
        .. room.Admins.Select(admin => admin.Value).Order(StringComparer.Ordinal),
        .. room.Seats.Select(seat => $"{seat}"),
        .. room.Applications.Values.OrderBy(request => request.Id.Value, StringComparer.Ordinal).Select(request => $"{request}"),
        .. room.Invitations.Values.OrderBy(request => request.Id.Value, StringComparer.Ordinal).Select(request => $"{request}"),
        .. room.Stage.Select(entry => $"{entry}"),
        .. room.SentHostRequests.Values.OrderBy(request => request.Id.Value, StringComparer.Ordinal).Select(request => $"{request}"),
        .. room.ReceivedHostRequests.Values.OrderBy(request => request.Id.Value, StringComparer.Ordinal).Select(request => $"{request}"),
        Of(room.Connection),
    ]);

    internal static string Of(Link link) =>
        $"{link.Id} {link.LayoutTemplateId} {link.Version} {link.IsOver} {string.Join(' ', link.Members)}";

    private static readonly System.Collections.Immutable.ImmutableSortedDictionary<string, string> RoomSettingsWithoutMetadata =
        new RoomSettings().Metadata;

    private static string Of(HostConnection? connection) => connection is null
        ? "not connected"
        : $"{connection.Id} {connection.LayoutTemplateId} {connection.Version} {string.Join(' ', connection.Members)} "
            + string.Join(' ', connection.MutedRooms);
}
