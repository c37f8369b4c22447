using Dais.Rtc;
using Dais.Sfu.Layers;

namespace Dais.Sfu.Tests.Layers;

public sealed class LayerDemandTests
{
    private readonly LayerDemand _demand = new(3);
    private Timestamp _now = new(1_000_000);

    [Fact]
    public void Less_is_told_after_a_while()
    {
        _demand.HandleChange();
        Assert.False(_demand.TryTake(0, _now));
        Assert.Equal(_now + LayerDemand.Patience, _demand.NextTimeout);

        _now += LayerDemand.Patience;

        Assert.True(_demand.TryTake(0, _now));
        Assert.Equal(Timestamp.Never, _demand.NextTimeout);
    }

    [Fact]
    public void What_was_less_for_a_moment_only_is_not_told()
    {
        _demand.HandleChange();
        Assert.False(_demand.TryTake(1, _now));
        _demand.HandleChange();

        Assert.False(_demand.TryTake(2, _now + TimeSpan.FromSeconds(1)));
        Assert.Equal(Timestamp.Never, _demand.NextTimeout);
    }

    [Fact]
    public void More_is_told_at_once()
    {
        _demand.HandleChange();
        Assert.False(_demand.TryTake(-1, _now));
        _now += LayerDemand.Patience;
        Assert.True(_demand.TryTake(-1, _now));

        _demand.HandleChange();

        Assert.True(_demand.TryTake(1, _now));
        _demand.HandleChange();
        Assert.True(_demand.TryTake(2, _now));
    }
}
