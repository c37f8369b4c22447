using System.Collections.Immutable;
using Dais.Rooms.Audience;
using Dais.Rooms.Seats;

namespace Dais.Rooms.Connections;

/// <summary>What a room shows and lets hear of the hosts it is connected with.</summary>
internal static class RemoteHosts
{
    internal static RoomError? Mute(Draft draft, RoomCommand.MuteRemoteAudio command)
    {
        if (Permissions.RequireModerator(draft.Room, command.Actor, out _) is { } refusal)
        {
            return refusal;
        }

        if (draft.Room.Connection is not { } connection
            || command.Remote == draft.Room.Id
            || connection.MemberOf(command.Remote) is null)
        {
            return RoomError.ConnectionNotFound;
        }

        if (command.Muted != connection.IsMuted(command.Remote))
        {
            var muted = command.Muted ? connection.MutedRooms.Add(command.Remote) : connection.MutedRooms.Remove(command.Remote);
            draft.Happen(new RoomEvent.ConnectionChanged(connection with { MutedRooms = muted }, [], []));
        }

        return null;
    }

    internal static RoomError? Change(Draft draft, RoomCommand.RemoteHostChanged command)
    {
        var room = draft.Room;
        if (command.Remote != room.Id
            && room.Connection?.MemberOf(command.Remote) is { } remote
            && remote.Facts != command.Facts)
        {
            draft.Happen(new RoomEvent.RemoteHostUpdated(new ConnectedRoom(
                command.Remote, command.Facts, SlotFor(room, command.Facts, remote.Slot))));
        }

        return null;
    }

    /// <summary>A connection as <paramref name="room"/> is to know it.</summary>
    /// <param name="room">The room, with the connection as it knew it so far, if it did.</param>
    /// <param name="id">The connection's id.</param>
    /// <param name="templateId">How the stage is drawn.</param>
    /// <param name="version">How many events the connection has.</param>
    /// <param name="members">What is shown of each member.</param>
    internal static HostConnection View(
        Room room, LinkId id, int templateId, long version, ImmutableArray<(RoomId Room, HostFacts Facts)> members)
    {
        var before = room.Connection;
        var now = new HostConnection(id, templateId, version, [], [.. before?.MutedRooms.Where(IsMember) ?? []]);

        // 1. Who stays keeps their slot.
        now = now with
        {
            Members =
            [
                .. members.Select(member => new ConnectedRoom(
                    member.Room, member.Facts, member.Facts.SeatIndex is null ? null : before?.MemberOf(member.Room)?.Slot)),
            ],
        };

        // 2. Who comes takes the lowest one that is free then.
        foreach (var member in now.Members.Where(member => member.RoomId != room.Id))
        {
            int? slot = SlotFor(room with { Connection = now }, member.Facts, member.Slot);
            now = now.WithMember(member with { Slot = slot });
        }

        return now;

        bool IsMember(RoomId muted) => members.Any(member => member.Room == muted);
    }

    private static int? SlotFor(Room room, HostFacts facts, int? current) =>
        facts.SeatIndex is null ? null : current ?? Seating.LowestFreeSlot(room);
}
