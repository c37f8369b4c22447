namespace Dais.Rooms.Audience;

/// <summary>Microphones and cameras.</summary>
internal static class Devices
{
    internal static RoomError? Set(Draft draft, RoomCommand.SetDevices command)
    {
        if (draft.Room.MemberOf(command.User) is not { } member)
        {
            return RoomError.UserNotInRoom;
        }

        var microphone = Switch(member.Microphone, command.Microphone);
        var camera = Switch(member.Camera, command.Camera);
        if (microphone != member.Microphone || camera != member.Camera)
        {
            draft.Happen(new RoomEvent.DevicesChanged(member.User, microphone, camera));
            return null;
        }

        return command.Microphone == true && microphone == DeviceState.Locked ? RoomError.MicrophoneLocked
            : command.Camera == true && camera == DeviceState.Locked ? RoomError.CameraLocked
            : null;
    }

    /// <summary>A member publishes nothing any more.</summary>
    internal static void SwitchOff(Draft draft, Member member)
    {
        var microphone = Switch(member.Microphone, false);
        var camera = Switch(member.Camera, false);
        if (microphone != member.Microphone || camera != member.Camera)
        {
            draft.Happen(new RoomEvent.DevicesChanged(member.User, microphone, camera));
        }
    }

    private static DeviceState Switch(DeviceState current, bool? on) => (current, on) switch
    {
        (DeviceState.Locked, _) or (_, null) => current,
        (_, true) => DeviceState.On,
        (_, false) => DeviceState.Off,
    };
}
