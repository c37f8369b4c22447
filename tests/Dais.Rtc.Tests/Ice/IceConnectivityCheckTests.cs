using Dais.Rtc.Ice;
using Dais.Rtc.Stun;

namespace Dais.Rtc.Tests.Ice;

public sealed class IceConnectivityCheckTests
{
    private readonly IceScene _scene = new();
    private readonly IceConnectivityCheck _check = new(
        IceScene.Client, IceScene.Server, seed: 12345, new IceCheckOptions(), IceScene.T0);

    private readonly byte[] _buffer = new byte[600];

    [Fact]
    public void Connects_with_a_lite_agent_and_nominates()
    {
        byte[] answer = _scene.Receive(SendAt(0)!, IceScene.Path(1), IceScene.T0);

        Assert.True(_check.TryHandleResponse(answer, IceScene.At(0.05)));

        Assert.Equal(IceCheckState.Succeeded, _check.State);
        Assert.Equal(IceScene.Path(1).Remote, _check.MappedAddress);
        Assert.Equal(IceScene.Path(1), _scene.Agent.SelectedPath);
        Assert.False(_check.TryHandleResponse(answer, IceScene.At(0.06)));
    }

    [Fact]
    public void Repeats_an_unanswered_request_at_doubling_intervals_then_fails()
    {
        byte[] first = SendAt(0)!;
        Assert.Null(SendAt(0.09));
        Assert.Equal(first, SendAt(0.1));
        Assert.Equal(first, SendAt(0.3));
        Assert.Equal(first, SendAt(0.7));

        Assert.Null(SendAt(30));
        Assert.Equal(IceCheckState.Failed, _check.State);
        Assert.Equal(Timestamp.Never, _check.NextTimeout);
    }

    [Fact]
    public void Keeps_consent_up_with_fresh_transactions_until_the_peer_is_silent()
    {
        byte[] first = SendAt(0)!;
        _check.TryHandleResponse(_scene.Receive(first, IceScene.Path(1), IceScene.T0), IceScene.T0);
        Assert.Equal(IceScene.At(5), _check.NextTimeout);

        byte[] second = SendAt(5)!;
        Assert.NotEqual(first[8..20], second[8..20]);
        _check.TryHandleResponse(_scene.Receive(second, IceScene.Path(1), IceScene.At(5)), IceScene.At(5));
        Assert.Equal(IceScene.At(35), _scene.Agent.NextTimeout);

        Assert.NotNull(SendAt(10));
        Assert.Null(SendAt(35));
        Assert.Equal(IceCheckState.Failed, _check.State);
    }

    [Fact]
    public void Ignores_answers_that_are_not_authentic()
    {
        byte[] request = SendAt(0)!;
        byte[] forged = new byte[128];
        var writer = new StunWriter(forged, StunClass.SuccessResponse, request.AsSpan(8, 12));
        writer.AddXorMappedAddress(IceScene.Path(9).Remote);
        writer.AddMessageIntegrity("not the server's pass."u8);
        writer.AddFingerprint();

        Assert.False(_check.TryHandleResponse(forged.AsSpan(0, writer.Length), IceScene.T0));
        Assert.False(_check.TryHandleResponse(request, IceScene.T0));
        Assert.False(_check.TryHandleResponse([], IceScene.T0));
        Assert.Equal(IceCheckState.InProgress, _check.State);
    }

    private byte[]? SendAt(double seconds)
    {
        _check.HandleTimeout(IceScene.At(seconds));
        return _check.TryDequeue(_buffer, out int length) ? _buffer[..length] : null;
    }
}
