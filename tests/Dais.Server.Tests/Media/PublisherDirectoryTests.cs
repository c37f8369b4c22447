using Dais.Rooms;
using Dais.Server.Media;
using Dais.Sfu;

namespace Dais.Server.Tests.Media;

public sealed class PublisherDirectoryTests
{
    private static readonly PublisherName Name = new(new RoomId("lobby"), new UserId("hana"));
    private static readonly PublisherName Other = new(new RoomId("lobby"), new UserId("gus"));

    private readonly PublisherDirectory _directory = new();

    [Fact]
    public void Finds_what_was_announced_until_it_is_withdrawn()
    {
        Assert.Null(_directory.Find(Name));
        _directory.Announce(Name, Transport(1));
        _directory.Announce(Other, Transport(2));

        Assert.Equal(1, _directory.Find(Name)?.Id.Value);
        _directory.Withdraw(Name, new TransportId(1));
        Assert.Null(_directory.Find(Name));
        Assert.Equal(2, _directory.Find(Other)?.Id.Value);
    }

    [Fact]
    public void The_end_of_an_earlier_transport_does_not_withdraw_the_later()
    {
        _directory.Announce(Name, Transport(1));
        _directory.Announce(Name, Transport(2));

        _directory.Withdraw(Name, new TransportId(1));

        Assert.Equal(2, _directory.Find(Name)?.Id.Value);
    }

    [Fact]
    public void The_same_name_in_another_room_is_somebody_else()
    {
        _directory.Announce(Name, Transport(1));

        Assert.Null(_directory.Find(Name with { Room = new RoomId("den") }));
    }

    private static PublishedTransport Transport(long id) =>
        new(new TransportId(id), new RemotePublisher(0, new ParticipantId(id), []));
}
