using Dais.Rtc;
using Dais.Sfu.Keyframes;

namespace Dais.Sfu.Tests.Keyframes;

public sealed class KeyframeRequesterTests
{
    private static readonly Timestamp Start = new(10_000_000);

    private readonly KeyframeRequester _requester = new(spacing: TimeSpan.FromMilliseconds(500), retry: TimeSpan.FromSeconds(1));

    [Fact]
    public void Nothing_is_due_while_nobody_asks()
    {
        Assert.Equal(Timestamp.Never, _requester.NextTimeout);
        Assert.False(_requester.TryTake(receiversWait: true, Start));
    }

    [Fact]
    public void The_first_wish_is_served_at_once()
    {
        _requester.Request(Start);

        Assert.Equal(Start, _requester.NextTimeout);
        Assert.True(_requester.TryTake(receiversWait: false, Start));
        Assert.Equal(Timestamp.Never, _requester.NextTimeout);
    }

    [Fact]
    public void A_hundred_wishes_at_once_are_one_request()
    {
        for (int i = 0; i < 100; i++)
        {
            _requester.Request(Start);
        }

        Assert.True(_requester.TryTake(receiversWait: false, Start));
        Assert.False(_requester.TryTake(receiversWait: false, Start));
    }

    [Fact]
    public void A_wish_within_the_spacing_is_served_at_its_end()
    {
        Take(Start);

        _requester.Request(Start + TimeSpan.FromMilliseconds(100));

        Assert.Equal(Start + TimeSpan.FromMilliseconds(500), _requester.NextTimeout);
        Assert.False(_requester.TryTake(receiversWait: false, Start + TimeSpan.FromMilliseconds(499)));
        Assert.True(_requester.TryTake(receiversWait: false, Start + TimeSpan.FromMilliseconds(500)));
    }

    [Fact]
    public void A_wish_within_the_spacing_is_forgotten_when_a_keyframe_comes()
    {
        Take(Start);
        _requester.Request(Start + TimeSpan.FromMilliseconds(100));

        _requester.HandleKeyframe();

        Assert.Equal(Timestamp.Never, _requester.NextTimeout);
    }

    [Fact]
    public void A_wish_after_the_keyframe_still_keeps_the_spacing()
    {
        Take(Start);
        _requester.HandleKeyframe();

        _requester.Request(Start + TimeSpan.FromMilliseconds(200));

        Assert.Equal(Start + TimeSpan.FromMilliseconds(500), _requester.NextTimeout);
    }

    [Fact]
    public void The_request_is_repeated_each_second_while_receivers_wait()
    {
        _requester.Request(Start);
        var now = Start;
        for (int i = 0; i < 5; i++)
        {
            Assert.True(_requester.TryTake(receiversWait: true, now));
            now += TimeSpan.FromSeconds(1);
            Assert.Equal(now, _requester.NextTimeout);
        }

        _requester.HandleKeyframe();
        Assert.Equal(Timestamp.Never, _requester.NextTimeout);
    }

    [Fact]
    public void A_wish_while_a_repetition_is_pending_brings_it_forward()
    {
        _requester.Request(Start);
        _requester.TryTake(receiversWait: true, Start);

        _requester.Request(Start + TimeSpan.FromMilliseconds(600));

        Assert.Equal(Start + TimeSpan.FromMilliseconds(600), _requester.NextTimeout);
    }

    private void Take(Timestamp now)
    {
        _requester.Request(now);
        Assert.True(_requester.TryTake(receiversWait: false, now));
    }
}
