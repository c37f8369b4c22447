using Dais.Rtc.Dtls;

namespace Dais.Rtc.Tests.Dtls;

public sealed class DtlsClosingTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_other_end_learns_of_a_close(bool clientCloses)
    {
        using var pair = new DtlsPair();
        pair.Run();

        (clientCloses ? pair.Client : pair.Server).Close(DtlsPair.T0);
        pair.Run();

        Assert.Equal(DtlsState.Closed, pair.Client.State);
        Assert.Equal(DtlsState.Closed, pair.Server.State);
        Assert.Equal(Timestamp.Never, pair.Server.NextTimeout);
    }

    [Fact]
    public void Closing_during_the_handshake_ends_it_silently()
    {
        using var pair = new DtlsPair();

        pair.Server.Close(DtlsPair.T0);
        pair.Run();

        Assert.Equal(DtlsState.Closed, pair.Server.State);
        Assert.Equal(DtlsState.Handshaking, pair.Client.State);
    }

    [Fact]
    public void A_disposed_session_ignores_everything()
    {
        using var pair = new DtlsPair();
        var hello = DtlsPair.Take(pair.Client);
        pair.Server.Dispose();

        DtlsPair.Feed(pair.Server, hello);
        pair.Server.HandleTimeout(DtlsPair.T0);
        pair.Server.Close(DtlsPair.T0);
        pair.Server.Dispose();

        Assert.Equal(DtlsState.Closed, pair.Server.State);
        Assert.Empty(DtlsPair.Take(pair.Server));
    }
}
