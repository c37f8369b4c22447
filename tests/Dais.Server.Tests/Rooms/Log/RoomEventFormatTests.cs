using Dais.Rooms;
using Dais.Server.Rooms.Log;
using Dais.Server.Storage;

namespace Dais.Server.Tests.Rooms.Log;

public sealed class RoomEventFormatTests
{
    [Fact]
    public void Every_kind_of_event_is_stored_as_the_golden_file_says() =>
        Golden.Check("events.txt", SampleEvents.All.Select(sample =>
        {
            var stored = RoomEventFormat.ToStored(sample.Event, SampleEvents.At);
            return $"{stored.Type} v{stored.Version} {Convert.ToHexString(stored.Body.Span)} {sample.Name}";
        }));

    [Fact]
    public void Every_kind_of_event_has_a_sample() =>
        Assert.Equal(
            typeof(RoomEvent).GetNestedTypes().Select(kind => kind.Name).Order(),
            SampleEvents.All.Select(sample => sample.Event.GetType().Name).Distinct().Order());

    [Fact]
    public void Every_stored_event_is_read_as_it_was()
    {
        foreach (string line in Golden.Lines("events.txt"))
        {
            string[] parts = line.Split(' ', 4);
            var stored = Stored(ushort.Parse(parts[0]), ushort.Parse(parts[1][1..]), Convert.FromHexString(parts[2]));

            var again = RoomEventFormat.ToStored(RoomEventFormat.FromStored(stored), SampleEvents.At);

            Assert.Equal((stored.Type, parts[2]), (again.Type, Convert.ToHexString(again.Body.Span)));
        }
    }

    [Fact]
    public void What_was_decided_before_there_were_messages_says_nothing_of_them()
    {
        foreach (string line in Golden.Lines("events.v1.txt"))
        {
            string[] parts = line.Split(' ', 4);
            var stored = Stored(ushort.Parse(parts[0]), 1, Convert.FromHexString(parts[2]));

            var again = RoomEventFormat.ToStored(RoomEventFormat.FromStored(stored), SampleEvents.At);

            Assert.Equal((stored.Type, 2, parts[2] + "00"), (again.Type, again.Version, Convert.ToHexString(again.Body.Span)));
        }
    }

    [Fact]
    public void Every_value_of_every_enumeration_has_its_number() => Golden.Check(
        "enums.txt",
        [
            .. Lines(StoredEnums.Phase),
            .. Lines(StoredEnums.EndReason),
            .. Lines(StoredEnums.Role),
            .. Lines(StoredEnums.Platform),
            .. Lines(StoredEnums.Device),
            .. Lines(StoredEnums.MemberLeave),
            .. Lines(StoredEnums.Announcement),
            .. Lines(StoredEnums.SeatMode),
            .. Lines(StoredEnums.SeatLeave),
            .. Lines(StoredEnums.Outcome),
            .. Lines(StoredEnums.HostLeave),
            .. Lines(StoredEnums.MessageKind),
            .. Lines(StoredEnums.Error),
        ]);

    [Theory]
    [InlineData(9_999, 1)]
    [InlineData(10, 2)]
    public void A_kind_or_version_of_a_later_server_is_refused_with_a_sentence(int type, int version)
    {
        var refusal = Assert.Throws<EventLogException>(() => RoomEventFormat.FromStored(Stored(type, version, new byte[] { 1, 2, 3 })));

        Assert.Equal(
            $"The event log holds a room event of kind {type} in version {version}, which this version of Dais does not know. "
            + "Start the version that wrote it, or move the data path away to begin with nothing.",
            refusal.Message);
    }

    [Fact]
    public void A_body_that_is_cut_anywhere_or_too_long_is_refused()
    {
        foreach (var (_, happened) in SampleEvents.All)
        {
            var stored = RoomEventFormat.ToStored(happened, SampleEvents.At);
            for (int length = 0; length < stored.Body.Length; length++)
            {
                var cut = Stored(stored.Type, stored.Version, stored.Body[..length]);
                Assert.Throws<EventLogException>(() => RoomEventFormat.FromStored(cut));
            }

            byte[] longer = [.. stored.Body.Span, 0];
            Assert.Throws<EventLogException>(() => RoomEventFormat.FromStored(Stored(stored.Type, stored.Version, longer)));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public void Numbers_of_every_size_come_back(long value)
    {
        var to = new RecordWriter();
        to.Number(value);

        Assert.Equal(value, new RecordReader(to.ToArray()).Number());
    }

    private static IEnumerable<string> Lines<TEnum>(EnumCodes<TEnum> codes)
        where TEnum : struct, Enum
    {
        Assert.Equal(Enum.GetValues<TEnum>().Order(), codes.Codes.Keys.Order());
        return codes.Codes.OrderBy(pair => pair.Value).Select(pair => $"{typeof(TEnum).Name} {pair.Value} {pair.Key}");
    }

    private static LogEvent Stored(int type, int version, ReadOnlyMemory<byte> body) =>
        new(1, (ushort)type, (ushort)version, DateTimeOffset.UnixEpoch, body, null);
}
