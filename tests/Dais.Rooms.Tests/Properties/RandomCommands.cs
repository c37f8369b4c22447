using System.Collections.Immutable;
using Dais.Rooms.Audience;
using Dais.Rooms.Guests;
using Dais.Rooms.Messages;
using Dais.Rooms.Seats;

namespace Dais.Rooms.Tests.Properties;

/// <summary>Commands of a handful of users who know no manners.</summary>
internal sealed class RandomCommands(SeededRandom random)
{
    private static readonly string[] Users = ["host", "ann", "bob", "cid", "dan", "eve", "fay"];

    private int _requests;
    private int _connections;

    internal RoomCommand Next(Room room)
    {
        if (!room.IsLive)
        {
            return new RoomCommand.Start(Scenario.Host, Settings(), NewConnection(), ClientPlatform.Web);
        }

        return random.Below(29) switch
        {
            0 or 1 or 2 => new RoomCommand.Join(Scenario.Named(User().Value), NewConnection(), ClientPlatform.Web, random.Chance(10)),
            3 => Leave(room),
            4 => Disconnect(room),
            5 or 6 or 7 => new RoomCommand.ApplyForSeat(User(), SeatIndex(), Timeout(), NewRequest(), ""),
            8 => new RoomCommand.CancelApplication(User()),
            9 or 10 or 11 => new RoomCommand.AcceptApplication(Actor(), Applicant(room)),
            12 => new RoomCommand.RejectApplication(Actor(), Applicant(room)),
            13 => new RoomCommand.LeaveSeat(User()),
            14 => new RoomCommand.KickOffSeat(Actor(), User()),
            15 => new RoomCommand.SetDevices(User(), Maybe(), Maybe()),
            16 => Rarely(room),
            17 or 18 => new RoomCommand.InviteToSeat(Actor(), User(), SeatIndex(), Timeout(), NewRequest(), ""),
            19 => Answer(room),
            20 => new RoomCommand.TakeSeat(User(), SeatIndex()),
            21 => new RoomCommand.LockSeat(Actor(), random.Below(10), random.Chance(40)),
            22 => new RoomCommand.MoveSeat(Actor(), User(), random.Below(10), Policy()),
            23 => new RoomCommand.OrderDevices(Actor(), User(), Order(), Order()),
            24 => new RoomCommand.SendMessage(User(), new MessageId("m"), Content(), random.Chance(80) ? [] : [User(), User()], 0),
            25 => new RoomCommand.SetPresence(User(), Presence()),
            26 => new RoomCommand.SetMessageDisabled(Actor(), User(), random.Chance(50)),
            _ => new RoomCommand.Tick(),
        };
    }

    private MessageContent Content() => random.Chance(50)
        ? new MessageContent(MessageKind.Text, "hello")
        : new MessageContent(MessageKind.Custom, null, "data", "type");

    private ImmutableSortedDictionary<string, string?> Presence() =>
        ImmutableSortedDictionary.Create<string, string?>(StringComparer.Ordinal)
            .Add(random.Pick("a", "b"), random.Pick<string?>(null, "1", "2"));

    private RoomCommand Answer(Room room)
    {
        var invitee = room.Invitations.IsEmpty
            ? User()
            : room.Invitations.Keys.OrderBy(user => user.Value, StringComparer.Ordinal).First();
        return random.Below(4) switch
        {
            0 => new RoomCommand.RejectInvitation(invitee),
            1 => new RoomCommand.CancelInvitation(Actor(), invitee),
            _ => new RoomCommand.AcceptInvitation(invitee),
        };
    }

    private RoomCommand Rarely(Room room) => random.Below(12) switch
    {
        0 => new RoomCommand.EndRoom(Actor()),
        1 or 2 => new RoomCommand.KickMember(Actor(), User()),
        3 or 4 => new RoomCommand.SetAdmin(Actor(), User(), random.Chance(50)),
        5 => new RoomCommand.Update(Actor(), new RoomChanges { SeatLayoutTemplateId = Template() }),
        6 => new RoomCommand.Update(Actor(), new RoomChanges { SeatMode = random.Pick(SeatMode.Apply, SeatMode.Apply, SeatMode.Free) }),
        7 => new RoomCommand.Start(Scenario.Host, Settings(), NewConnection(), ClientPlatform.Web),
        8 => new RoomCommand.Restart(User()),
        9 => new RoomCommand.Update(Actor(), new RoomChanges { MessagesDisabled = random.Chance(30) }),
        _ => new RoomCommand.ApplyForSeat(User(), room.Seats.Length, Timeout(), NewRequest(), ""),
    };

    private RoomSettings Settings() => new()
    {
        MaxSeats = random.Pick(1, 2, 3, 5, 10),
        KeepOwnerOnSeat = random.Chance(80),
        SeatLayoutTemplateId = Template(),
        AllowGuestsWhileConnected = random.Chance(80),
    };

    private RoomCommand.Leave Leave(Room room)
    {
        var user = User();
        return new RoomCommand.Leave(user, ConnectionOf(room, user));
    }

    private RoomCommand.Disconnect Disconnect(Room room)
    {
        var user = User();
        return new RoomCommand.Disconnect(user, ConnectionOf(room, user), random.Chance(80));
    }

    /// <summary>Mostly the connection they have, at times one they no longer have.</summary>
    private ConnectionId ConnectionOf(Room room, UserId user) =>
        random.Chance(80) && room.MemberOf(user) is { } member ? member.Connection : new ConnectionId("stale");

    private UserId User() => new(random.Pick<string>(Users));

    private UserId? Actor() => random.Below(4) switch
    {
        0 => User(),
        1 => null,
        _ => Scenario.Host.Id,
    };

    private UserId Applicant(Room room) =>
        room.Applications.IsEmpty ? User() : room.Applications.Keys.OrderBy(user => user.Value, StringComparer.Ordinal).First();

    private int SeatIndex() => random.Chance(60) ? SeatRequest.AnySeat : random.Below(11);

    private int Template() => random.Pick(600, 601, 800, 801, 200, 777);

    private MovePolicy Policy() => random.Pick(MovePolicy.Abort, MovePolicy.Replace, MovePolicy.Swap);

    private DeviceOrder? Order() => random.Pick<DeviceOrder?>(null, DeviceOrder.Off, DeviceOrder.Lock, DeviceOrder.Unlock);

    private TimeSpan Timeout() => TimeSpan.FromSeconds(random.Pick(0, 1, 5, 60));

    private bool? Maybe() => random.Below(3) switch
    {
        0 => null,
        1 => true,
        _ => false,
    };

    private RequestId NewRequest() => new($"r{++_requests}");

    private ConnectionId NewConnection() => new($"c{++_connections}");
}
