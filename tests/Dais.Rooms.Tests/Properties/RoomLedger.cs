using Dais.Rooms.Audience;
using Dais.Rooms.Connections;
using Dais.Rooms.Guests;
using Dais.Rooms.Layouts;
using static Dais.Rooms.RoomEvent;

namespace Dais.Rooms.Tests.Properties;

/// <summary>Keeps its own book of what the events say, and compares the room with it.</summary>
internal sealed class RoomLedger
{
    private readonly HashSet<RequestId> _everMade = [];
    private readonly HashSet<RequestId> _open = [];
    private readonly HashSet<UserId> _present = [];
    private readonly Dictionary<UserId, int> _seated = [];
    private WallClockTime? _countedAt;
    private bool _hostWasHere;

    /// <summary>Checks that an event is possible where it stands, and writes it down.</summary>
    internal void Record(Room before, RoomEvent happened, WallClockTime now)
    {
        switch (happened)
        {
            case Started or Ended:
                // The end of the room is the end of everything that was open or present.
                _open.Clear();
                _present.Clear();
                _seated.Clear();
                _countedAt = null;
                _hostWasHere = false;
                break;
            case MemberJoined joined:
                _hostWasHere |= joined.Member.Role == Role.Host;
                Assert.True(_present.Add(joined.Member.User.Id));
                break;
            case MemberLeft left:
                Assert.True(_present.Remove(left.Member.User.Id));
                Assert.DoesNotContain(left.Member.User.Id, _seated);
                Assert.False(before.Applications.ContainsKey(left.Member.User.Id));
                Assert.False(before.Invitations.ContainsKey(left.Member.User.Id));
                break;
            case SeatTaken taken:
                Assert.Contains(taken.User.Id, _present);
                Assert.False(before.Seats[taken.SeatIndex].Locked);
                Assert.Null(before.Seats[taken.SeatIndex].Occupant);
                Assert.True(_seated.TryAdd(taken.User.Id, taken.SeatIndex));
                break;
            case SeatLeft left:
                Assert.Equal(left.SeatIndex, _seated[left.User.Id]);
                _seated.Remove(left.User.Id);
                break;
            case SeatsMoved moved:
                foreach (var move in moved.Moves)
                {
                    Assert.Equal(move.From, _seated[move.User.Id]);
                    Assert.False(before.Seats[move.To].Locked);
                    Assert.True(before.Seats[move.To].Occupant is not { } other || moved.Moves.Any(back => back.User.Id == other.User));
                    _seated[move.User.Id] = move.To;
                }

                break;
            case Applied applied:
                Open(applied.Request);
                break;
            case Invited invited:
                Open(invited.Request);
                break;
            case ApplicationEnded ended:
                End(ended.Request, ended.Outcome, ended.Error);
                break;
            case InvitationEnded ended:
                End(ended.Request, ended.Outcome, ended.Error);
                break;
            case AudienceCounted counted:
                Assert.Equal(before.AudienceCount, counted.Count);
                Assert.True(_countedAt is null || now - _countedAt.Value >= TimeSpan.FromSeconds(1));
                _countedAt = now;
                break;
        }
    }

    /// <summary>Checks what must be true of a room between two commands.</summary>
    internal void Verify(Room room)
    {
        if (!room.IsLive)
        {
            Assert.Equal(WallClockTime.Never, room.NextDeadline);
            return;
        }

        Assert.True(_present.SetEquals(room.Members.Keys));
        Assert.Equal(_present.Count(user => user != room.Owner.Id), room.AudienceCount);
        Assert.Equal(room.AudienceCount, room.Audience(int.MaxValue).Length);
        VerifySeats(room);
        VerifyRequests(room);
        VerifyStage(room);
        Assert.True(room.Phase == RoomPhase.HostAway || room.HostReturnBy is null);

        // Only a host who has never been here may be waited for without end.
        Assert.True(room.Phase == RoomPhase.Live || room.HostReturnBy is not null || !_hostWasHere);
    }

    private void VerifySeats(Room room)
    {
        var occupants = room.Seats.Where(seat => seat.Occupant is not null).ToArray();
        Assert.Equal(_seated.Count, occupants.Length);
        Assert.All(occupants, seat => Assert.Equal(seat.Index, _seated[seat.Occupant!.Value.User]));
        Assert.Distinct(occupants.Select(seat => seat.Occupant!.Value.Slot));
        Assert.All(occupants, seat => Assert.InRange(seat.Occupant!.Value.Slot, 0, SlotsMax(room) - 1));
        Assert.All(
            room.Members.Values.Where(member => member.ReturnBy is not null),
            member => Assert.True(member.User.Id == room.Owner.Id || room.NextDeadline <= member.ReturnBy, "Someone is away without end."));
    }

    private void VerifyRequests(Room room)
    {
        var open = room.Applications.Values.Concat(room.Invitations.Values).ToArray();
        Assert.True(_open.SetEquals(open.Select(request => request.Id)));
        Assert.Distinct(open.Select(request => request.User.Id));
        Assert.All(open, request => Assert.Contains(request.User.Id, _present));
        Assert.All(open, request => Assert.DoesNotContain(request.User.Id, _seated));
    }

    /// <summary>A slot for each seat, and one for the host of every other room of a connection.</summary>
    private static int SlotsMax(Room room) => room.Seats.Length + HostConnection.MembersMax - 1;

    private static void VerifyStage(Room room)
    {
        var seats = room.Seats.Where(seat => seat.Occupant is not null).ToArray();
        var remotes = room.Connection?.Members.Where(member => member.Slot is not null).ToArray() ?? [];
        int[] own = [.. seats.Select(seat => seat.Index)];
        int[] free = [.. Enumerable.Range(0, SlotsMax(room)).Except(own).Take(remotes.Length)];
        var regions = StageLayout.Regions(room.StageTemplateId, [.. own, .. free]);
        var stage = seats.Zip(regions, (seat, region) =>
        {
            var member = room.Members[seat.Occupant!.Value.User];
            return new StageEntry(
                seat.Occupant.Value.Slot, room.Id, seat.Index, member.User, member.Microphone, member.Camera, region);
        });
        var visitors = remotes.Zip(regions.Skip(seats.Length), (remote, region) => new StageEntry(
            remote.Slot!.Value,
            remote.RoomId,
            remote.Facts.SeatIndex!.Value,
            remote.Facts.User,
            remote.Facts.Microphone,
            remote.Facts.Camera,
            region));
        Assert.Equal([.. stage, .. visitors], room.Stage);
        Assert.Distinct(room.Stage.Select(entry => entry.Slot));
        Assert.Equal(StageLayout.CanvasOf(room.StageTemplateId), room.Canvas);
    }

    private void Open(SeatRequest request)
    {
        Assert.True(_everMade.Add(request.Id));
        Assert.True(_open.Add(request.Id));
        Assert.DoesNotContain(request.User.Id, _seated);
    }

    private void End(SeatRequest request, RequestOutcome outcome, RoomError? error)
    {
        Assert.True(_open.Remove(request.Id), $"{request.Id} ended twice.");
        Assert.Equal(outcome is RequestOutcome.Accepted or RequestOutcome.AlreadySeated, _seated.ContainsKey(request.User.Id));
        Assert.Equal(outcome == RequestOutcome.Failed, error is not null);
    }
}
