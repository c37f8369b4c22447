using Dais.Server.Media.Relays;
using Dais.Sfu.Relays;

namespace Dais.Server.Tests.Media.Relays;

public sealed class RelayPortTests
{
    private readonly RelayMesh _mesh = new(3, capacity: 2);
    private readonly int[] _wakes = new int[3];
    private readonly RelayPort[] _ports;

    public RelayPortTests()
    {
        _ports = [_mesh.PortOf(0), _mesh.PortOf(1), _mesh.PortOf(2)];
        for (int i = 0; i < 3; i++)
        {
            int worker = i;
            _ports[i].Attach(() => _wakes[worker]++);
        }
    }

    [Fact]
    public void What_is_sent_arrives_at_the_worker_it_is_for_when_that_looks()
    {
        Assert.True(_ports[0].TrySend(2, Message(7), [1, 2]));

        Assert.False(_ports[2].TryPeek(0, out _, out _));
        _ports[2].Look();
        Assert.True(_ports[2].TryPeek(0, out var message, out var packet));
        Assert.Equal(7, message.Relay.Value);
        Assert.Equal([1, 2], packet.ToArray());
        _ports[2].Release(0);
        Assert.False(_ports[2].TryPeek(0, out _, out _));
        _ports[1].Look();
        Assert.False(_ports[1].TryPeek(0, out _, out _));
    }

    [Fact]
    public void Those_written_to_are_woken_once_for_all_messages()
    {
        _ports[0].TrySend(1, Message(1), []);
        _ports[0].TrySend(1, Message(2), []);
        Assert.Equal([0, 0, 0], _wakes);

        _ports[0].WakeReached();
        _ports[0].WakeReached();

        Assert.Equal([0, 1, 0], _wakes);
    }

    [Fact]
    public void A_full_ring_refuses_and_others_do_not()
    {
        Assert.True(_ports[0].TrySend(1, Message(1), []));
        Assert.True(_ports[0].TrySend(1, Message(2), []));

        Assert.False(_ports[0].TrySend(1, Message(3), []));

        Assert.True(_ports[0].TrySend(2, Message(4), []));
        Assert.True(_ports[1].TrySend(0, Message(5), []));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(3)]
    public void There_is_no_way_to_oneself_or_to_nobody(int worker) => Assert.False(_ports[0].TrySend(worker, Message(1), []));

    [Fact]
    public void A_worker_that_has_ended_takes_nothing_and_is_not_woken()
    {
        _ports[0].TrySend(1, Message(1), []);
        _ports[1].Detach();

        Assert.False(_ports[0].TrySend(1, Message(2), []));
        _ports[0].WakeReached();
        Assert.Equal(0, _wakes[1]);
    }

    private static RelayMessage Message(long relay) => new() { Kind = RelayMessageKind.Packet, Relay = new RelayId(relay) };
}
