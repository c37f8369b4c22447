using System.Text;
using Dais.Rtc.Ice;
using Dais.Rtc.Stun;

namespace Dais.Rtc.Tests.Ice;

public sealed class IceLiteAgentTests
{
    private static readonly byte[] ServerPassword = Encoding.ASCII.GetBytes(IceScene.Server.Password);

    private readonly IceScene _scene = new();

    private IceLiteAgent Agent => _scene.Agent;

    [Fact]
    public void Answers_a_check_with_the_address_it_came_from()
    {
        byte[] answer = _scene.Receive(IceScene.Request(), IceScene.Path(1), IceScene.T0);

        Assert.True(StunMessage.TryParse(answer, out var message));
        Assert.Equal(StunClass.SuccessResponse, message.Class);
        Assert.Equal("transaction1"u8, message.TransactionId);
        Assert.True(message.TryGetXorMappedAddress(out var mapped));
        Assert.Equal(IceScene.Path(1).Remote, mapped);
        Assert.True(message.HasValidIntegrity(ServerPassword));
        Assert.True(message.HasValidFingerprint());
    }

    [Fact]
    public void An_answer_is_not_much_larger_than_its_request()
    {
        byte[] smallest = new byte[100];
        var writer = new StunWriter(smallest, StunClass.Request, "transaction1"u8);
        writer.Add(StunAttributeType.Username, "srvr:clnt"u8);
        writer.AddMessageIntegrity(ServerPassword);
        writer.AddFingerprint();
        var path = new NetworkPath(0, NetworkAddress.From(System.Net.IPAddress.Parse("2001:db8::1"), 9));

        byte[] answer = _scene.Receive(smallest[..writer.Length], path, IceScene.T0);

        Assert.NotEmpty(answer);
        Assert.True(answer.Length <= 1.2 * writer.Length, $"{answer.Length} bytes answer {writer.Length}");
    }

    [Fact]
    public void A_checked_path_is_usable_before_it_is_nominated()
    {
        _scene.Receive(IceScene.Request(), IceScene.Path(1), IceScene.T0);

        Assert.Equal(IceState.Connected, Agent.State);
        Assert.True(Agent.IsValidated(IceScene.Path(1)));
        Assert.False(Agent.IsValidated(IceScene.Path(2)));
        Assert.False(Agent.IsValidated(IceScene.Path(1) with { Socket = 1 }));
        Assert.Null(Agent.SelectedPath);
        Assert.Equal(IceScene.Path(1), Agent.SendPath);
    }

    [Fact]
    public void The_path_nominated_last_is_selected()
    {
        _scene.Receive(IceScene.Request(nominate: true), IceScene.Path(1), IceScene.T0);
        _scene.Receive(IceScene.Request(), IceScene.Path(2), IceScene.At(1));
        Assert.Equal(IceScene.Path(1), Agent.SelectedPath);

        _scene.Receive(IceScene.Request(nominate: true), IceScene.Path(2), IceScene.At(2));
        Assert.Equal(IceScene.Path(2), Agent.SelectedPath);
        Assert.Equal(IceScene.Path(2), Agent.SendPath);
    }

    [Fact]
    public void Wrong_credentials_are_met_with_silence()
    {
        _scene.AssertSilent(IceScene.Request(password: "a password it is not.."));
        _scene.AssertSilent(IceScene.Request(username: "srvr:other"));
        _scene.AssertSilent(IceScene.Request(username: "other:clnt"));
        _scene.AssertSilent(IceScene.Request(username: "srvr"));
        Assert.Equal(4, Agent.UnauthenticatedRequests);
    }

    [Fact]
    public void What_is_no_request_is_met_with_silence()
    {
        _scene.AssertSilent(IceScene.Request(withFingerprint: false));
        _scene.AssertSilent(IceScene.Request(messageClass: StunClass.Indication));
        _scene.AssertSilent(IceScene.Request(messageClass: StunClass.SuccessResponse));
        _scene.AssertSilent([]);
        _scene.AssertSilent([1, 2, 3]);
        Assert.Equal(5, Agent.MalformedRequests);
    }

    [Fact]
    public void No_changed_byte_gets_an_answer()
    {
        byte[] request = IceScene.Request(nominate: true);
        for (int position = 0; position < request.Length; position++)
        {
            byte[] changed = [.. request];
            changed[position] ^= 1;
            _scene.AssertSilent(changed);
        }
    }

    [Fact]
    public void An_attribute_it_must_understand_and_does_not_is_named()
    {
        byte[] answer = _scene.Receive(IceScene.Request(unknownAttribute: 0x7ABC), IceScene.Path(1), IceScene.T0);

        Assert.True(StunMessage.TryParse(answer, out var message));
        Assert.Equal(StunErrorCode.UnknownAttribute, message.ErrorCode);
        Assert.True(message.HasValidIntegrity(ServerPassword));
        Assert.True(answer.AsSpan().IndexOf(new byte[] { 0x00, 0x0A, 0x00, 0x02, 0x7A, 0xBC }) > 0);
        Assert.False(Agent.IsValidated(IceScene.Path(1)));
    }

    [Fact]
    public void A_peer_that_says_to_be_controlled_is_told_of_the_conflict()
    {
        byte[] answer = _scene.Receive(IceScene.Request(controlled: true), IceScene.Path(1), IceScene.T0);

        Assert.True(StunMessage.TryParse(answer, out var message));
        Assert.Equal(StunErrorCode.RoleConflict, message.ErrorCode);
        Assert.Equal(IceState.New, Agent.State);
    }

    [Fact]
    public void Gives_up_when_nobody_comes()
    {
        Assert.Equal(IceScene.At(30), Agent.NextTimeout);

        Agent.HandleTimeout(IceScene.At(29.9));
        Assert.Equal(IceState.New, Agent.State);

        Agent.HandleTimeout(IceScene.At(30));
        Assert.Equal(IceState.Failed, Agent.State);
        Assert.Equal(Timestamp.Never, Agent.NextTimeout);
        Assert.Empty(_scene.Receive(IceScene.Request(), IceScene.Path(1), IceScene.At(31)));
    }

    [Fact]
    public void Consent_runs_out_thirty_seconds_after_the_last_check()
    {
        _scene.Receive(IceScene.Request(nominate: true), IceScene.Path(1), IceScene.T0);
        _scene.Receive(IceScene.Request(), IceScene.Path(1), IceScene.At(20));
        Assert.Equal(IceScene.At(50), Agent.NextTimeout);

        Agent.HandleTimeout(IceScene.At(49.9));
        Assert.Equal(IceState.Connected, Agent.State);

        Agent.HandleTimeout(IceScene.At(50));
        Assert.Equal(IceState.Disconnected, Agent.State);
        Assert.False(Agent.IsValidated(IceScene.Path(1)));
        Assert.Null(Agent.SendPath);
        Assert.Empty(_scene.Receive(IceScene.Request(), IceScene.Path(1), IceScene.At(51)));
    }

    [Fact]
    public void A_nominated_path_with_consent_follows_one_that_lost_it()
    {
        _scene.Receive(IceScene.Request(nominate: true), IceScene.Path(1), IceScene.T0);
        _scene.Receive(IceScene.Request(nominate: true), IceScene.Path(2), IceScene.T0);
        _scene.Receive(IceScene.Request(), IceScene.Path(3), IceScene.At(29));
        _scene.Receive(IceScene.Request(), IceScene.Path(1), IceScene.At(25));
        Assert.Equal(IceScene.Path(2), Agent.SelectedPath);

        Agent.HandleTimeout(IceScene.At(30));

        Assert.Equal(IceState.Connected, Agent.State);
        Assert.Equal(IceScene.Path(1), Agent.SelectedPath);
        Assert.Equal(IceScene.At(55), Agent.NextTimeout);
    }

    [Fact]
    public void Holds_a_bounded_number_of_paths_and_never_drops_the_selected_one()
    {
        _scene.Receive(IceScene.Request(nominate: true), IceScene.Path(0), IceScene.T0);
        for (int number = 1; number <= 20; number++)
        {
            _scene.Receive(IceScene.Request(), IceScene.Path(number), IceScene.At(number * 0.1));
        }

        Assert.Equal(8, Enumerable.Range(0, 21).Count(number => Agent.IsValidated(IceScene.Path(number))));
        Assert.Equal(IceScene.Path(0), Agent.SelectedPath);
        Assert.True(Agent.IsValidated(IceScene.Path(20)));
        Assert.False(Agent.IsValidated(IceScene.Path(13)));
    }

    [Fact]
    public void After_a_restart_both_credentials_are_valid_until_the_new_ones_are_used()
    {
        byte[] oldCheck = IceScene.Request(nominate: true);
        byte[] newCheck = IceScene.Request(username: "srv2:cln2", password: "server-password-no-two");
        _scene.Receive(oldCheck, IceScene.Path(1), IceScene.T0);

        Agent.Restart(new("srv2", "server-password-no-two"), new("cln2", "client-password-no-two"), IceScene.At(1));
        Assert.NotEmpty(_scene.Receive(oldCheck, IceScene.Path(1), IceScene.At(2)));

        Assert.NotEmpty(_scene.Receive(newCheck, IceScene.Path(2), IceScene.At(3)));
        Assert.Empty(_scene.Receive(oldCheck, IceScene.Path(1), IceScene.At(4)));
        Assert.Equal(IceScene.Path(1), Agent.SelectedPath);
        Assert.Equal(IceState.Connected, Agent.State);
    }

    [Fact]
    public void A_restart_revives_a_disconnected_agent_but_not_the_old_credentials()
    {
        _scene.Receive(IceScene.Request(), IceScene.Path(1), IceScene.T0);
        Agent.HandleTimeout(IceScene.At(30));

        Agent.Restart(new("srv2", "server-password-no-two"), new("cln2", "client-password-no-two"), IceScene.At(31));

        Assert.Equal(IceState.New, Agent.State);
        Assert.Equal(IceScene.At(61), Agent.NextTimeout);
        Assert.Empty(_scene.Receive(IceScene.Request(), IceScene.Path(1), IceScene.At(32)));
        byte[] check = IceScene.Request(username: "srv2:cln2", password: "server-password-no-two");
        Assert.NotEmpty(_scene.Receive(check, IceScene.Path(1), IceScene.At(33)));
        Assert.Equal(IceState.Connected, Agent.State);
    }

    [Fact]
    public void Nothing_is_allocated_per_request()
    {
        byte[] good = IceScene.Request(nominate: true);
        byte[] bad = IceScene.Request(password: "a password it is not..");
        byte[] response = new byte[128];
        var path = IceScene.Path(1);
        Check(10);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Check(200);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Check(int count)
        {
            for (int i = 0; i < count; i++)
            {
                Agent.TryHandleRequest(good, path, IceScene.T0, response, out _);
                Agent.TryHandleRequest(bad, path, IceScene.T0, response, out _);
                StunMessage.TryReadLocalFragment(good, out _);
            }
        }
    }
}
