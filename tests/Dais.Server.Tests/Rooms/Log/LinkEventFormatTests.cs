using Dais.Rooms;
using Dais.Rooms.Connections;
using Dais.Server.Rooms.Log;
using Dais.Server.Storage;

namespace Dais.Server.Tests.Rooms.Log;

public sealed class LinkEventFormatTests
{
    [Fact]
    public void Every_kind_of_event_is_stored_as_the_golden_file_says() =>
        Golden.Check("links.txt", SampleEvents.Links.Select(sample =>
        {
            var stored = LinkEventFormat.ToStored(sample.Event, SampleEvents.At);
            return $"{stored.Type} v{stored.Version} {Convert.ToHexString(stored.Body.Span)} {sample.Name}";
        }));

    [Fact]
    public void Every_kind_of_event_has_a_sample() =>
        Assert.Equal(
            typeof(LinkEvent).GetNestedTypes().Select(kind => kind.Name).Order(),
            SampleEvents.Links.Select(sample => sample.Event.GetType().Name).Order());

    [Fact]
    public void Every_stored_event_is_read_as_it_was() => Assert.All(
        SampleEvents.Links,
        sample => Assert.Equal(sample.Event, LinkEventFormat.FromStored(Stored(LinkEventFormat.ToStored(sample.Event, SampleEvents.At)))));

    [Fact]
    public void A_body_that_is_cut_anywhere_or_too_long_is_refused()
    {
        foreach (var (_, happened) in SampleEvents.Links)
        {
            var stored = LinkEventFormat.ToStored(happened, SampleEvents.At);
            for (int length = 0; length < stored.Body.Length; length++)
            {
                Assert.Throws<EventLogException>(() => LinkEventFormat.FromStored(Stored(stored with { Body = stored.Body[..length] })));
            }

            byte[] longer = [.. stored.Body.Span, 0];
            Assert.Throws<EventLogException>(() => LinkEventFormat.FromStored(Stored(stored with { Body = longer })));
        }
    }

    [Fact]
    public void A_kind_of_a_later_server_is_refused() =>
        Assert.Throws<EventLogException>(
            () => LinkEventFormat.FromStored(new LogEvent(1, 99, 1, DateTimeOffset.UnixEpoch, new byte[] { 1 }, null)));

    [Fact]
    public void A_connection_that_has_ended_is_kept_for_the_retention_and_one_that_has_not_for_ever()
    {
        var ended = new LinkChange(new LinkId("k1"), 3, [new LinkEvent.Ended()]);
        var begun = new LinkChange(new LinkId("k1"), 0, [new LinkEvent.Started(600)]);

        var append = LinkEventFormat.ToAppend(ended, SampleEvents.At, TimeSpan.FromDays(1));
        Assert.Equal(("link:k1", 3L), (append.Stream, append.ExpectedHead));
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(SampleEvents.At.Milliseconds).AddDays(1), append.ExpiresAt);
        Assert.Null(LinkEventFormat.ToAppend(begun, SampleEvents.At, TimeSpan.FromDays(1)).ExpiresAt);
    }

    private static LogEvent Stored(NewEvent added) => new(1, added.Type, added.Version, added.At, added.Body, null);
}
