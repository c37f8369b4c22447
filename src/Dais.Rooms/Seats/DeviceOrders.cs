using Dais.Rooms.Audience;

namespace Dais.Rooms.Seats;

/// <summary>What hosts and admins do to the devices of those on stage.</summary>
internal static class DeviceOrders
{
    internal static RoomError? Decide(Draft draft, RoomCommand.OrderDevices command)
    {
        if (Permissions.RequireModerator(draft.Room, command.Actor, out _) is { } refusal)
        {
            return refusal;
        }

        if (draft.Room.MemberOf(command.User) is not { } member)
        {
            return RoomError.UserNotInRoom;
        }

        if (draft.Room.SeatOf(command.User) is null)
        {
            return RoomError.NotSeated;
        }

        if (Permissions.RequirePower(draft.Room, command.Actor, member) is { } tooWeak)
        {
            return tooWeak;
        }

        var microphone = Obey(member.Microphone, command.Microphone);
        var camera = Obey(member.Camera, command.Camera);
        if (microphone != member.Microphone || camera != member.Camera)
        {
            draft.Happen(new RoomEvent.DevicesChanged(member.User, microphone, camera));
        }

        return null;
    }

    /// <summary>Unlocking does not switch on: that is for the user to do.</summary>
    private static DeviceState Obey(DeviceState current, DeviceOrder? order) => (current, order) switch
    {
        (_, DeviceOrder.Lock) => DeviceState.Locked,
        (DeviceState.Locked, DeviceOrder.Unlock) => DeviceState.Off,
        (DeviceState.On, DeviceOrder.Off) => DeviceState.Off,
        _ => current,
    };
}
