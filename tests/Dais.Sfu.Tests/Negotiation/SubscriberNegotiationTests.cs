using System.Globalization;
using Dais.Rtc.Rtp;
using Dais.Rtc.Tests.Sdp;
using Dais.Sfu.Negotiation;

namespace Dais.Sfu.Tests.Negotiation;

public sealed class SubscriberNegotiationTests
{
    private const uint SsrcBase = 0x12345678;

    [Fact]
    public void Chromiums_offer_gets_this_answer()
    {
        string[][] sections = Answers.Sections(Accept(Offers.Read("chromium-subscribe")).Sdp);
        uint audioSsrc = SubscriberNegotiation.SsrcOf(SsrcBase, 0, TrackKind.Audio);
        uint videoSsrc = SubscriberNegotiation.SsrcOf(SsrcBase, 0, TrackKind.Video);

        Assert.Equal(
            [
                "m=audio 5181 UDP/TLS/RTP/SAVPF 63 111", "c=IN IP4 192.0.2.2", "a=mid:0",
                "a=ice-ufrag:srvU", "a=ice-pwd:serverPasswordOf24Chars0",
                "a=fingerprint:sha-256 " + Answers.Fingerprint, "a=setup:passive", "a=rtcp-mux", "a=rtcp-rsize",
                "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level",
                "a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
                "a=sendonly", "a=rtpmap:111 opus/48000/2", "a=fmtp:111 minptime=10;useinbandfec=1", "a=rtcp-fb:111 transport-cc",
                "a=rtpmap:63 red/48000/2", "a=fmtp:63 111/111",
                "a=msid:slot-0 slot-0-audio",
                string.Create(CultureInfo.InvariantCulture, $"a=ssrc:{audioSsrc} cname:dais"),
                "a=candidate:1 1 udp 2130706431 192.0.2.2 5181 typ host",
                "a=candidate:2 1 udp 2130706175 127.0.0.1 5181 typ host",
                "a=end-of-candidates",
            ],
            sections[1]);
        Assert.Equal(
            [
                "m=video 5181 UDP/TLS/RTP/SAVPF 96 97 108 109 98 99 45 46", "c=IN IP4 192.0.2.2", "a=mid:1",
                "a=ice-ufrag:srvU", "a=ice-pwd:serverPasswordOf24Chars0",
                "a=fingerprint:sha-256 " + Answers.Fingerprint, "a=setup:passive", "a=rtcp-mux", "a=rtcp-rsize",
                "a=extmap:13 urn:3gpp:video-orientation",
                "a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
                "a=sendonly",
                "a=rtpmap:96 VP8/90000", "a=rtcp-fb:96 ccm fir", "a=rtcp-fb:96 nack", "a=rtcp-fb:96 nack pli", "a=rtcp-fb:96 transport-cc",
                "a=rtpmap:97 rtx/90000", "a=fmtp:97 apt=96",
                "a=rtpmap:108 H264/90000",
                "a=fmtp:108 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f",
                "a=rtcp-fb:108 ccm fir", "a=rtcp-fb:108 nack", "a=rtcp-fb:108 nack pli", "a=rtcp-fb:108 transport-cc",
                "a=rtpmap:109 rtx/90000", "a=fmtp:109 apt=108",
                "a=rtpmap:98 VP9/90000", "a=rtcp-fb:98 ccm fir", "a=rtcp-fb:98 nack", "a=rtcp-fb:98 nack pli", "a=rtcp-fb:98 transport-cc",
                "a=rtpmap:99 rtx/90000", "a=fmtp:99 apt=98",
                "a=rtpmap:45 AV1/90000", "a=rtcp-fb:45 ccm fir", "a=rtcp-fb:45 nack", "a=rtcp-fb:45 nack pli", "a=rtcp-fb:45 transport-cc",
                "a=rtpmap:46 rtx/90000", "a=fmtp:46 apt=45",
                "a=msid:slot-0 slot-0-video",
                string.Create(CultureInfo.InvariantCulture, $"a=ssrc-group:FID {videoSsrc} {videoSsrc + 0x1000}"),
                string.Create(CultureInfo.InvariantCulture, $"a=ssrc:{videoSsrc} cname:dais"),
                string.Create(CultureInfo.InvariantCulture, $"a=ssrc:{videoSsrc + 0x1000} cname:dais"),
            ],
            sections[2]);
    }

    [Fact]
    public void A_slot_knows_the_payload_types_of_every_codec()
    {
        var slot = Assert.Single(Accept(Offers.Read("chromium-subscribe")).Slots);

        Assert.Equal(0, slot.Index);
        Assert.Equal("0", slot.Audio!.Mid);
        Assert.Equal(111, slot.Audio.PayloadTypes[Codec.Opus]);
        Assert.Equal((byte?)63, slot.Audio.RedundancyPayloadType);
        Assert.Null(slot.Video!.RedundancyPayloadType);
        Assert.Equal(new RtpExtensionIds { AudioLevel = 1, TransportSequenceNumber = 3 }, slot.Audio.Extensions);
        Assert.Equal("1", slot.Video!.Mid);
        Assert.Equal(
            [(Codec.Vp8, 96), (Codec.H264, 108), (Codec.Vp9, 98), (Codec.Av1, 45)],
            slot.Video.PayloadTypes.OrderBy(pair => pair.Key).Select(pair => (pair.Key, (int)pair.Value)));
        Assert.Equal(new RtpExtensionIds { VideoOrientation = 13, TransportSequenceNumber = 3 }, slot.Video.Extensions);
    }

    [Fact]
    public void A_slot_knows_how_its_packets_are_sent_again()
    {
        var slots = Accept(Offers.Read("chromium-subscribe-ten-slots")).Slots;
        var video = slots[0].Video!;

        Assert.True(video.AnswersNack);
        Assert.Equal(
            [(Codec.Vp8, 97), (Codec.H264, 109), (Codec.Vp9, 99), (Codec.Av1, 46)],
            video.Retransmission!.PayloadTypes.OrderBy(pair => pair.Key).Select(pair => (pair.Key, (int)pair.Value)));
        Assert.False(slots[0].Audio!.AnswersNack);
        Assert.Null(slots[0].Audio!.Retransmission);
        uint[] ssrcs = [.. slots.SelectMany(slot => new[] { slot.Audio!.Ssrc, slot.Video!.Ssrc, slot.Video.Retransmission!.Ssrc })];
        Assert.Equal(30, ssrcs.Distinct().Count());
    }

    [Fact]
    public void Without_retransmission_in_the_offer_packets_are_sent_again_as_they_were()
    {
        string offer = Answers.Without(Answers.Without(Offers.Read("chromium-subscribe"), "a=rtpmap:97 "), "a=fmtp:97 ");
        // A number for feedback would be another each time.
        var answer = Accept(Answers.Without(offer, "a=extmap:3 "));

        Assert.True(answer.Slots[0].Video!.AnswersNack);
        Assert.False(answer.Slots[0].Video!.Retransmission!.PayloadTypes.ContainsKey(Codec.Vp8));
        Assert.True(answer.Slots[0].Video!.Retransmission!.PayloadTypes.ContainsKey(Codec.H264));
    }

    [Fact]
    public void Without_nack_in_the_offer_nothing_is_sent_again()
    {
        string offer = string.Join(
            "\r\n", Offers.Read("chromium-subscribe").Split("\r\n").Where(line => !line.EndsWith(" nack", StringComparison.Ordinal)));
        var answer = Accept(offer);

        Assert.False(answer.Slots[0].Video!.AnswersNack);
        Assert.Null(answer.Slots[0].Video!.Retransmission);
        Assert.DoesNotContain("rtx", answer.Sdp, StringComparison.Ordinal);
        Assert.DoesNotContain("FID", answer.Sdp, StringComparison.Ordinal);
    }

    [Fact]
    public void Sound_is_sent_again_where_the_offer_says_so()
    {
        string offer = Offers.Read("chromium-subscribe")
            .Replace("a=rtcp-fb:111 transport-cc", "a=rtcp-fb:111 transport-cc\r\na=rtcp-fb:111 nack", StringComparison.Ordinal);
        var answer = Accept(offer);

        Assert.True(answer.Slots[0].Audio!.AnswersNack);
        Assert.Contains("a=rtcp-fb:111 nack\r\n", answer.Sdp, StringComparison.Ordinal);
    }

    [Fact]
    public void Firefoxs_offer_gets_its_own_payload_types()
    {
        var slot = Assert.Single(Accept(Offers.Read("firefox-subscribe")).Slots);

        Assert.Equal(109, slot.Audio!.PayloadTypes[Codec.Opus]);
        Assert.Equal(120, slot.Video!.PayloadTypes[Codec.Vp8]);
        Assert.False(slot.Video.PayloadTypes.ContainsKey(Codec.H264));
    }

    [Fact]
    public void Ten_pairs_are_ten_slots_in_order_with_sources_of_their_own()
    {
        var answer = Accept(Offers.Read("chromium-subscribe-ten-slots"));

        Assert.Equal(10, answer.Slots.Length);
        for (int k = 0; k < 10; k++)
        {
            Assert.Equal(k, answer.Slots[k].Index);
            Assert.Equal((2 * k).ToString(CultureInfo.InvariantCulture), answer.Slots[k].Audio!.Mid);
            Assert.Equal(((2 * k) + 1).ToString(CultureInfo.InvariantCulture), answer.Slots[k].Video!.Mid);
        }

        Assert.Equal(20, answer.Slots.SelectMany(slot => new[] { slot.Audio!.Ssrc, slot.Video!.Ssrc }).Distinct().Count());
        string[][] sections = Answers.Sections(answer.Sdp);
        Assert.Contains("a=group:BUNDLE " + string.Join(' ', Enumerable.Range(0, 20)), sections[0]);
        Assert.Contains("a=msid:slot-9 slot-9-video", sections[20]);
        Assert.Single(sections, section => section.Contains("a=end-of-candidates"));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(uint.MaxValue)]
    [InlineData(0x3FFFFFFFu)]
    public void Sources_are_never_zero(uint ssrcBase)
    {
        for (int slot = 0; slot < 32; slot++)
        {
            Assert.NotEqual(0u, SubscriberNegotiation.SsrcOf(ssrcBase, slot, TrackKind.Audio));
            Assert.NotEqual(0u, SubscriberNegotiation.SsrcOf(ssrcBase, slot, TrackKind.Video));
        }
    }

    [Fact]
    public void Slots_beyond_the_limit_are_rejected()
    {
        Assert.True(SubscriberNegotiation.TryAnswer(
            Offers.Read("chromium-subscribe-ten-slots"), Answers.Local, SsrcBase, out var answer, out _, slotsMax: 3));

        Assert.Equal(3, answer!.Slots.Length);
        string[][] sections = Answers.Sections(answer.Sdp);
        Assert.Contains("a=group:BUNDLE 0 1 2 3 4 5", sections[0]);
        Assert.StartsWith("m=audio 0 ", sections[7][0], StringComparison.Ordinal);
        Assert.StartsWith("m=video 0 ", sections[20][0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_offer_with_new_credentials_keeps_mids_and_sources()
    {
        string offer = Offers.Read("chromium-subscribe-ten-slots");
        var first = Accept(offer);

        Assert.True(SubscriberNegotiation.TryAnswer(
            offer.Replace("a=ice-ufrag:DGpP", "a=ice-ufrag:anew", StringComparison.Ordinal),
            Answers.Local with { SessionVersion = 2 },
            SsrcBase,
            out var second,
            out _));

        Assert.Equal("anew", second!.Transport.RemoteIce.UsernameFragment);
        Assert.Contains("o=- 1 2 IN IP4 127.0.0.1", second.Sdp, StringComparison.Ordinal);
        Assert.Equal(Sources(first), Sources(second));
    }

    [Fact]
    public void A_stopped_or_inactive_section_still_counts_so_that_slots_keep_their_numbers()
    {
        string[] parts = Offers.Read("chromium-subscribe-ten-slots").Split("m=");
        parts[1] = "audio 0" + parts[1]["audio 9".Length..];
        parts[4] = parts[4].Replace("a=recvonly", "a=inactive", StringComparison.Ordinal);
        string offer = string.Join("m=", parts).Replace("BUNDLE 0 1", "BUNDLE 1", StringComparison.Ordinal);

        var answer = Accept(offer);

        Assert.Null(answer.Slots[0].Audio);
        Assert.Equal("1", answer.Slots[0].Video!.Mid);
        Assert.Equal("2", answer.Slots[1].Audio!.Mid);
        Assert.Null(answer.Slots[1].Video);
        Assert.Equal(SubscriberNegotiation.SsrcOf(SsrcBase, 2, TrackKind.Video), answer.Slots[2].Video!.Ssrc);
        string[][] sections = Answers.Sections(answer.Sdp);
        Assert.StartsWith("m=audio 0 ", sections[1][0], StringComparison.Ordinal);
        Assert.Contains("a=end-of-candidates", sections[2]);
        Assert.Contains("a=inactive", sections[4]);
        Assert.DoesNotContain(sections[4], line => line.StartsWith("a=ssrc", StringComparison.Ordinal));
    }

    [Fact]
    public void An_offer_that_only_sends_is_refused()
    {
        Assert.False(SubscriberNegotiation.TryAnswer(
            Offers.Read("chromium-publish"), Answers.Local, SsrcBase, out var answer, out string? problem));

        Assert.Null(answer);
        Assert.Equal("No section of the offer receives sound or picture in a codec the server forwards (Opus; VP8, H.264, VP9, AV1).", problem);
    }

    private static List<(string Mid, uint Ssrc)> Sources(SubscriberAnswer answer) =>
        [.. answer.Slots.SelectMany(slot => new[] { slot.Audio!, slot.Video! }).Select(track => (track.Mid, track.Ssrc))];

    [Fact]
    public void A_viewer_without_feedback_for_the_transport_is_asked_for_its_own_estimate()
    {
        string offer = Answers.Without(Offers.Read("chromium-subscribe"), "a=extmap:3 ");

        var answer = Accept(offer);

        Assert.Contains("a=rtcp-fb:96 goog-remb", answer.Sdp, StringComparison.Ordinal);
        Assert.DoesNotContain("transport-cc", answer.Sdp, StringComparison.Ordinal);
        Assert.Equal(2, answer.Slots[0].Video!.Extensions.AbsoluteSendTime);
        Assert.Equal(0, answer.Slots[0].Video!.Extensions.TransportSequenceNumber);
    }

    [Fact]
    public void Packets_are_not_numbered_where_no_feedback_is_offered()
    {
        string offer = Offers.Read("chromium-subscribe").Replace(" transport-cc", " x-other", StringComparison.Ordinal);

        var answer = Accept(offer);

        Assert.DoesNotContain("transport-wide-cc", answer.Sdp, StringComparison.Ordinal);
        Assert.Equal(0, answer.Slots[0].Video!.Extensions.TransportSequenceNumber);
    }

    private static SubscriberAnswer Accept(string offer)
    {
        Assert.True(SubscriberNegotiation.TryAnswer(offer, Answers.Local, SsrcBase, out var answer, out string? problem), problem);
        return answer!;
    }
}
