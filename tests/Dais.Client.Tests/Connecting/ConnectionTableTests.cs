using Dais.Client.Connecting;
using Dais.Protocol;

namespace Dais.Client.Tests.Connecting;

public sealed class ConnectionTableTests
{
    [Fact]
    public void Connects_opens_its_session_and_announces_it()
    {
        var (status, effects) = Run(ConnectionStatus.Idle, ConnectionEvent.Connect, ConnectionEvent.SocketOpened, ConnectionEvent.SessionOpened);

        Assert.Equal(ConnectionStatus.Open, status);
        Assert.Equal(
            [
                ConnectionEffect.OpenSocket, ConnectionEffect.StartDeadline,
                ConnectionEffect.StopDeadline, ConnectionEffect.OpenSession, ConnectionEffect.StartDeadline,
                ConnectionEffect.StopDeadline, ConnectionEffect.ForgetAttempts, ConnectionEffect.StartPings, ConnectionEffect.AnnounceOpen,
            ],
            effects);
    }

    [Fact]
    public void A_lost_connection_is_tried_again_after_a_delay()
    {
        var (status, effects) = Run(ConnectionStatus.Open, ConnectionEvent.Lost, ConnectionEvent.RetryDue);

        Assert.Equal(ConnectionStatus.Connecting, status);
        Assert.Equal(
            [
                ConnectionEffect.StopPings, ConnectionEffect.DiscardSocket, ConnectionEffect.StartRetryTimer,
                ConnectionEffect.StopRetryTimer, ConnectionEffect.OpenSocket, ConnectionEffect.StartDeadline,
            ],
            effects);
    }

    [Fact]
    public void A_refused_token_is_renewed_and_tried_after_the_usual_delay()
    {
        Assert.Equal(ConnectionStatus.Waiting, Run(ConnectionStatus.Opening, ConnectionEvent.Unauthorized, ConnectionEvent.TokenReady).Status);
        Assert.Equal(ConnectionStatus.Closed, Run(ConnectionStatus.Opening, ConnectionEvent.Unauthorized, ConnectionEvent.TokenUnavailable).Status);
    }

    [Fact]
    public void Every_status_can_be_reached_and_closed()
    {
        HashSet<ConnectionStatus> reached = [ConnectionStatus.Idle];
        for (int round = 0; round < 10; round++)
        {
            reached.UnionWith(
                from status in reached.ToArray()
                from happened in Enum.GetValues<ConnectionEvent>()
                select ConnectionTable.Transition(status, happened).Status);
        }

        Assert.Equal(Enum.GetValues<ConnectionStatus>().Order(), reached.Order());
        Assert.All(reached, status => Assert.Equal(ConnectionStatus.Closed, ConnectionTable.Transition(status, ConnectionEvent.Close).Status));
    }

    [Fact]
    public void Whatever_is_started_on_the_way_into_a_status_is_stopped_on_the_way_out()
    {
        (ConnectionEffect Start, ConnectionEffect Stop)[] pairs =
        [
            (ConnectionEffect.StartDeadline, ConnectionEffect.StopDeadline),
            (ConnectionEffect.StartPings, ConnectionEffect.StopPings),
            (ConnectionEffect.StartRetryTimer, ConnectionEffect.StopRetryTimer),
        ];
        var random = new Random(20261202);
        var status = ConnectionStatus.Idle;
        HashSet<ConnectionEffect> running = [];
        for (int step = 0; step < 10_000; step++)
        {
            (status, var effects) = ConnectionTable.Transition(status, (ConnectionEvent)random.Next(0, 11));
            foreach (var effect in effects)
            {
                foreach (var (start, stop) in pairs)
                {
                    Assert.True(effect != start || running.Add(start));
                    Assert.True(effect != stop || running.Remove(start));
                }
            }
        }
    }

    [Fact]
    public void Every_close_code_of_the_contract_leads_where_the_contract_says() => Assert.All(CloseCodes.All, code =>
        Assert.Equal(
            code == CloseCodes.Unauthorized ? ConnectionEvent.Unauthorized : code.Reconnect ? ConnectionEvent.Lost : ConnectionEvent.Dismissed,
            ConnectionTable.Classify(code.Code)));

    [Theory]
    [InlineData(1000)]
    [InlineData(1006)]
    [InlineData(4499)]
    [InlineData(5000)]
    public void Any_other_end_is_worth_another_try(int code) => Assert.Equal(ConnectionEvent.Lost, ConnectionTable.Classify(code));

    [Theory]
    [InlineData(0, 0.25, 0.5)]
    [InlineData(1, 0.5, 1)]
    [InlineData(4, 4, 8)]
    [InlineData(5, 7.5, 15)]
    [InlineData(1000, 7.5, 15)]
    public void The_delay_doubles_up_to_a_limit_and_half_of_it_is_chance(int attempt, double least, double most)
    {
        Assert.Equal(least, ConnectionTable.RetryDelay(attempt, 0).TotalSeconds);
        Assert.Equal(most, ConnectionTable.RetryDelay(attempt, 1).TotalSeconds);
    }

    private static (ConnectionStatus Status, List<ConnectionEffect> Effects) Run(ConnectionStatus status, params ConnectionEvent[] events)
    {
        List<ConnectionEffect> effects = [];
        foreach (var happened in events)
        {
            (status, var caused) = ConnectionTable.Transition(status, happened);
            effects.AddRange(caused);
        }

        return (status, effects);
    }
}
