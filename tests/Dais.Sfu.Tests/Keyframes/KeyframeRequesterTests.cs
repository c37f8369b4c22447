using Dais.Rtc;
using Dais.Sfu.Keyframes;

namespace Dais.Sfu.Tests.Keyframes;

public sealed class KeyframeRequesterTests
{
    private static readonly Timestamp Start = new(10_000_000);

    private readonly KeyframeRequester _requester = new(spacing: TimeSpan.FromSeconds(1), retry: TimeSpan.FromMilliseconds(500));

    [Fact]
    public void Nothing_is_due_while_nobody_asks()
    {
        Assert.Equal(Timestamp.Never, _requester.NextTimeout);
        Assert.False(_requester.TryTake(receiversWait: true, isLossy: false, Start));
    }

    [Fact]
    public void The_first_wish_is_served_at_once()
    {
        _requester.Request(Start);

        Assert.Equal(Start, _requester.NextTimeout);
        Assert.True(_requester.TryTake(receiversWait: false, isLossy: false, Start));
        Assert.Equal(Timestamp.Never, _requester.NextTimeout);
    }

    [Fact]
    public void A_hundred_wishes_at_once_are_one_request()
    {
        for (int i = 0; i < 100; i++)
        {
            _requester.Request(Start);
        }

        Assert.True(_requester.TryTake(receiversWait: false, isLossy: false, Start));
        Assert.False(_requester.TryTake(receiversWait: false, isLossy: false, Start));
    }

    [Fact]
    public void A_wish_within_the_spacing_is_served_at_its_end()
    {
        Take(Start);
        _requester.HandleKeyframe();

        _requester.Request(Start + TimeSpan.FromMilliseconds(100));

        Assert.Equal(Start + TimeSpan.FromMilliseconds(1000), _requester.NextTimeout);
        Assert.False(_requester.TryTake(receiversWait: false, isLossy: false, Start + TimeSpan.FromMilliseconds(999)));
        Assert.True(_requester.TryTake(receiversWait: false, isLossy: false, Start + TimeSpan.FromMilliseconds(1000)));
    }

    [Fact]
    public void On_a_way_that_loses_packets_a_request_that_no_keyframe_follows_may_be_lost_and_the_next_wish_is_served_sooner_once()
    {
        _requester.Request(Start);
        Assert.True(_requester.TryTake(receiversWait: false, isLossy: true, Start));
        Assert.True(_requester.TryTake(receiversWait: false, isLossy: true, Start + KeyframeRequester.EchoTime));

        _requester.Request(Start + TimeSpan.FromMilliseconds(100));
        Assert.Equal(Start + TimeSpan.FromMilliseconds(500), _requester.NextTimeout);
        Assert.True(_requester.TryTake(receiversWait: false, isLossy: true, Start + TimeSpan.FromMilliseconds(500)));
        Assert.True(_requester.TryTake(receiversWait: false, isLossy: true, Start + TimeSpan.FromMilliseconds(500) + KeyframeRequester.EchoTime));
        _requester.Request(Start + TimeSpan.FromMilliseconds(600));

        Assert.Equal(Start + TimeSpan.FromMilliseconds(1500), _requester.NextTimeout);
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

        Assert.Equal(Start + TimeSpan.FromMilliseconds(1000), _requester.NextTimeout);
    }

    [Fact]
    public void The_request_is_repeated_each_second_while_receivers_wait()
    {
        _requester.Request(Start);
        var now = Start;
        for (int i = 0; i < 5; i++)
        {
            Assert.True(_requester.TryTake(receiversWait: true, isLossy: false, now));
            now += TimeSpan.FromSeconds(1);
            Assert.Equal(now, _requester.NextTimeout);
        }

        _requester.HandleKeyframe();
        Assert.Equal(Timestamp.Never, _requester.NextTimeout);
    }

    [Fact]
    public void A_wish_after_a_keyframe_that_was_asked_for_twice_keeps_the_spacing_from_the_second()
    {
        _requester.Request(Start);
        _requester.TryTake(receiversWait: true, isLossy: false, Start);
        _requester.TryTake(receiversWait: true, isLossy: false, Start + TimeSpan.FromSeconds(1));
        Assert.Equal(Start + TimeSpan.FromSeconds(2), _requester.NextTimeout);

        _requester.HandleKeyframe();
        _requester.Request(Start + TimeSpan.FromMilliseconds(1100));

        Assert.Equal(Start + TimeSpan.FromSeconds(2), _requester.NextTimeout);
    }

    [Fact]
    public void The_request_is_not_repeated_for_receivers_that_have_begun_without_the_keyframe()
    {
        _requester.Request(Start);
        Assert.True(_requester.TryTake(receiversWait: true, isLossy: false, Start));

        Assert.False(_requester.TryTake(receiversWait: false, isLossy: false, Start + TimeSpan.FromSeconds(1)));
        Assert.Equal(Timestamp.Never, _requester.NextTimeout);
    }

    [Fact]
    public void On_a_way_that_loses_packets_a_request_goes_out_twice_unless_the_keyframe_is_faster()
    {
        _requester.Request(Start);
        Assert.True(_requester.TryTake(receiversWait: false, isLossy: true, Start));
        Assert.Equal(Start + KeyframeRequester.EchoTime, _requester.NextTimeout);
        Assert.False(_requester.TryTake(receiversWait: false, isLossy: true, Start));
        Assert.True(_requester.TryTake(receiversWait: false, isLossy: true, Start + KeyframeRequester.EchoTime));
        Assert.Equal(Timestamp.Never, _requester.NextTimeout);
        _requester.HandleKeyframe();

        _requester.Request(Start + TimeSpan.FromSeconds(2));
        Assert.True(_requester.TryTake(receiversWait: false, isLossy: true, Start + TimeSpan.FromSeconds(2)));
        _requester.HandleKeyframe();
        Assert.Equal(Timestamp.Never, _requester.NextTimeout);
    }

    private void Take(Timestamp now)
    {
        _requester.Request(now);
        Assert.True(_requester.TryTake(receiversWait: false, isLossy: false, now));
    }
}
