using Dais.Rtc.Tests.Sdp;
using Dais.Sfu.Negotiation;

namespace Dais.Sfu.Tests.Negotiation;

public sealed class ExtensionIdTests
{
    private const string Clash = "a=extmap:1 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time";

    /// <summary>aiortc numbers the extensions of each section by themselves, and reads all packets by one table.</summary>
    [Fact]
    public void Rfc9143_14_an_id_means_the_same_in_every_section()
    {
        string publish = Clashing(Offers.Read("chromium-publish"));
        string subscribe = Clashing(Offers.Read("chromium-subscribe"));

        Assert.True(PublisherNegotiation.TryAnswer(publish, Answers.Local, out var published, out _));
        Assert.True(SubscriberNegotiation.TryAnswer(subscribe, Answers.Local, 1, out var subscribed, out _));

        foreach (string sdp in new[] { published!.Sdp, subscribed!.Sdp })
        {
            Assert.Contains("a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level", Answers.Sections(sdp)[1]);
            Assert.DoesNotContain(Answers.Sections(sdp)[2], line => line.StartsWith("a=extmap:1 ", StringComparison.Ordinal));
        }

        Assert.Equal((1, 0), (published.Tracks[0].Extensions.AudioLevel, published.Tracks[1].Extensions.AbsoluteSendTime));
        Assert.Equal((1, 0), (subscribed.Slots[0].Audio!.Extensions.AudioLevel, subscribed.Slots[0].Video!.Extensions.AbsoluteSendTime));
    }

    /// <summary>The picture's abs-send-time has the id of the sound's audio level.</summary>
    private static string Clashing(string offer)
    {
        int video = offer.IndexOf("m=video", StringComparison.Ordinal);
        return offer[..video] + offer[video..].Replace(
            "a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time", Clash, StringComparison.Ordinal);
    }
}
