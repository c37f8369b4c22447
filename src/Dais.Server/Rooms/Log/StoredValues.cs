using Dais.Rooms;
using Dais.Rooms.Audience;
using Dais.Rooms.Guests;
using Dais.Rooms.Layouts;
using Dais.Rooms.Seats;

namespace Dais.Server.Rooms.Log;

/// <summary>The values that stored events and rooms are made of, field by field.</summary>
internal static class StoredValues
{
    internal static void Write(this RecordWriter to, UserId id) => to.Text(id.Value);

    internal static UserId UserId(this RecordReader from) => new(from.Text());

    internal static void Write(this RecordWriter to, ConnectionId id) => to.Text(id.Value);

    internal static ConnectionId ConnectionId(this RecordReader from) => new(from.Text());

    internal static void Write(this RecordWriter to, WallClockTime at) => to.Number(at.Milliseconds);

    internal static WallClockTime Time(this RecordReader from) => new(from.Number());

    internal static void WriteOptional(this RecordWriter to, WallClockTime? at)
    {
        to.Bool(at is not null);
        if (at is { } given)
        {
            to.Write(given);
        }
    }

    internal static WallClockTime? OptionalTime(this RecordReader from) => from.Bool() ? from.Time() : null;

    internal static void Write(this RecordWriter to, User user)
    {
        to.Write(user.Id);
        to.Text(user.UserName);
        to.Text(user.AvatarUrl);
    }

    internal static User User(this RecordReader from) => new(from.UserId(), from.Text(), from.Text());

    internal static void WriteOptional(this RecordWriter to, User? user)
    {
        to.Bool(user is not null);
        if (user is not null)
        {
            to.Write(user);
        }
    }

    internal static User? OptionalUser(this RecordReader from) => from.Bool() ? from.User() : null;

    internal static void Write(this RecordWriter to, Member member)
    {
        to.Write(member.User);
        StoredEnums.Role.Write(to, member.Role);
        to.Write(member.Connection);
        StoredEnums.Platform.Write(to, member.Platform);
        to.Write(member.JoinedAt);
        to.Number(member.JoinNumber);
        StoredEnums.Device.Write(to, member.Microphone);
        StoredEnums.Device.Write(to, member.Camera);
        to.WriteOptional(member.ReturnBy);
    }

    internal static Member Member(this RecordReader from) =>
        new(
            from.User(),
            StoredEnums.Role.Read(from),
            from.ConnectionId(),
            StoredEnums.Platform.Read(from),
            from.Time(),
            from.Number())
        {
            Microphone = StoredEnums.Device.Read(from),
            Camera = StoredEnums.Device.Read(from),
            ReturnBy = from.OptionalTime(),
        };

    internal static void Write(this RecordWriter to, SeatRequest request)
    {
        to.Text(request.Id.Value);
        to.Write(request.User);
        to.WriteOptional(request.Inviter);
        to.Number(request.SeatIndex);
        to.Write(request.CreatedAt);
        to.Write(request.ExpiresAt);
        to.Text(request.ExtraInfo);
    }

    internal static SeatRequest SeatRequest(this RecordReader from) => new(
        new RequestId(from.Text()),
        from.User(),
        from.OptionalUser(),
        from.Whole(),
        from.Time(),
        from.Time(),
        from.Text());

    internal static void Write(this RecordWriter to, StageEntry entry)
    {
        to.Number(entry.Slot);
        to.Text(entry.RoomId.Value);
        to.Number(entry.SeatIndex);
        to.Write(entry.User);
        StoredEnums.Device.Write(to, entry.Microphone);
        StoredEnums.Device.Write(to, entry.Camera);
        to.Fraction(entry.Region.X);
        to.Fraction(entry.Region.Y);
        to.Fraction(entry.Region.Width);
        to.Fraction(entry.Region.Height);
        to.Number(entry.Region.ZOrder);
    }

    internal static StageEntry StageEntry(this RecordReader from) => new(
        from.Whole(),
        new RoomId(from.Text()),
        from.Whole(),
        from.User(),
        StoredEnums.Device.Read(from),
        StoredEnums.Device.Read(from),
        new Region(from.Fraction(), from.Fraction(), from.Fraction(), from.Fraction(), from.Whole()));

    internal static void Write(this RecordWriter to, Canvas canvas)
    {
        to.Number(canvas.Width);
        to.Number(canvas.Height);
    }

    internal static Canvas Canvas(this RecordReader from) => new(from.Whole(), from.Whole());

    internal static void Write(this RecordWriter to, Seat seat)
    {
        to.Number(seat.Index);
        to.Bool(seat.Locked);
        to.Bool(seat.Occupant is not null);
        if (seat.Occupant is { } occupant)
        {
            to.Write(occupant.User);
            to.Number(occupant.Slot);
        }
    }

    internal static Seat Seat(this RecordReader from) =>
        new(from.Whole(), from.Bool(), from.Bool() ? new SeatOccupant(from.UserId(), from.Whole()) : null);

    internal static void Write(this RecordWriter to, SeatMove move)
    {
        to.Write(move.User);
        to.Number(move.From);
        to.Number(move.To);
    }

    internal static SeatMove SeatMove(this RecordReader from) => new(from.User(), from.Whole(), from.Whole());

    internal static void Write(this RecordWriter to, RoomSettings settings)
    {
        to.Text(settings.Name);
        to.Text(settings.Notice);
        to.Text(settings.CoverUrl);
        to.Number(settings.SeatLayoutTemplateId);
        to.Number(settings.MaxSeats);
        StoredEnums.SeatMode.Write(to, settings.SeatMode);
        to.Bool(settings.KeepOwnerOnSeat);
        to.Bool(settings.IsPublic);
        to.Bool(settings.AllowGuestsWhileConnected);
        to.Write(settings.Metadata);
    }

    internal static RoomSettings RoomSettings(this RecordReader from) => new()
    {
        Name = from.Text(),
        Notice = from.Text(),
        CoverUrl = from.Text(),
        SeatLayoutTemplateId = from.Whole(),
        MaxSeats = from.Whole(),
        SeatMode = StoredEnums.SeatMode.Read(from),
        KeepOwnerOnSeat = from.Bool(),
        IsPublic = from.Bool(),
        AllowGuestsWhileConnected = from.Bool(),
        Metadata = from.Pairs(),
    };

    internal static void Write(this RecordWriter to, RoomChanges changes)
    {
        to.OptionalText(changes.Name);
        to.OptionalText(changes.Notice);
        to.OptionalText(changes.CoverUrl);
        to.Bool(changes.SeatLayoutTemplateId is not null);
        if (changes.SeatLayoutTemplateId is { } template)
        {
            to.Number(template);
        }

        StoredEnums.SeatMode.WriteOptional(to, changes.SeatMode);
        to.Bool(changes.Metadata is not null);
        if (changes.Metadata is { } metadata)
        {
            to.Write(metadata);
        }
    }

    internal static RoomChanges RoomChanges(this RecordReader from) => new()
    {
        Name = from.OptionalText(),
        Notice = from.OptionalText(),
        CoverUrl = from.OptionalText(),
        SeatLayoutTemplateId = from.Bool() ? from.Whole() : null,
        SeatMode = StoredEnums.SeatMode.ReadOptional(from),
        Metadata = from.Bool() ? from.Pairs() : null,
    };
}
