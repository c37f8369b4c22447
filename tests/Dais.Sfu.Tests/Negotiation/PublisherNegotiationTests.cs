using Dais.Rtc;
using Dais.Rtc.Ice;
using Dais.Rtc.Rtp;
using Dais.Rtc.Tests.Sdp;
using Dais.Sfu.Negotiation;

namespace Dais.Sfu.Tests.Negotiation;

public sealed class PublisherNegotiationTests
{
    [Fact]
    public void Candidates_are_those_of_UDP_then_those_of_TCP_with_less_priority()
    {
        var local = Answers.Local with
        {
            Candidates = [Address("2001:db8::1"), Address("192.0.2.2")],
            TcpCandidates = [Address("2001:db8::1"), Address("192.0.2.2")],
        };
        Assert.True(PublisherNegotiation.TryAnswer(Offers.Read("chromium-publish"), local, out var answer, out _));

        string[] media = Answers.Sections(answer!.Sdp)[1];
        Assert.Equal("c=IN IP6 2001:db8::1", media[1]);
        Assert.Equal(
            [
                "a=candidate:1 1 udp 2130706431 2001:db8::1 5181 typ host",
                "a=candidate:2 1 udp 2130706175 192.0.2.2 5181 typ host",
                "a=candidate:3 1 tcp 1520435199 2001:db8::1 5181 typ host tcptype passive",
                "a=candidate:4 1 tcp 1520434943 192.0.2.2 5181 typ host tcptype passive",
            ],
            media.Where(line => line.StartsWith("a=candidate", StringComparison.Ordinal)));

        static NetworkAddress Address(string text) => NetworkAddress.From(System.Net.IPAddress.Parse(text), 5181);
    }

    [Fact]
    public void Chromiums_offer_gets_this_answer()
    {
        var answer = Accept(Offers.Read("chromium-publish"));
        string[][] sections = Answers.Sections(answer.Sdp);

        Assert.Equal(
            [
                "v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0",
                "a=ice-lite", "a=group:BUNDLE 0 1", "a=msid-semantic: WMS *",
            ],
            sections[0]);
        Assert.Equal(
            [
                "m=audio 5181 UDP/TLS/RTP/SAVPF 63 111", "c=IN IP4 192.0.2.2", "a=mid:0",
                "a=ice-ufrag:srvU", "a=ice-pwd:serverPasswordOf24Chars0",
                "a=fingerprint:sha-256 " + Answers.Fingerprint, "a=setup:passive", "a=rtcp-mux", "a=rtcp-rsize",
                "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level",
                "a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
                "a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
                "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid",
                "a=recvonly", "a=rtpmap:111 opus/48000/2", "a=fmtp:111 minptime=10;useinbandfec=1", "a=rtcp-fb:111 transport-cc",
                "a=rtpmap:63 red/48000/2", "a=fmtp:63 111/111",
                "a=candidate:1 1 udp 2130706431 192.0.2.2 5181 typ host",
                "a=candidate:2 1 udp 2130706175 127.0.0.1 5181 typ host",
                "a=end-of-candidates",
            ],
            sections[1]);
        Assert.Equal(
            [
                "m=video 5181 UDP/TLS/RTP/SAVPF 96 97", "c=IN IP4 192.0.2.2", "a=mid:1",
                "a=ice-ufrag:srvU", "a=ice-pwd:serverPasswordOf24Chars0",
                "a=fingerprint:sha-256 " + Answers.Fingerprint, "a=setup:passive", "a=rtcp-mux", "a=rtcp-rsize",
                "a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
                "a=extmap:13 urn:3gpp:video-orientation",
                "a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
                "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid",
                "a=recvonly", "a=rtpmap:96 VP8/90000",
                "a=rtcp-fb:96 goog-remb", "a=rtcp-fb:96 ccm fir", "a=rtcp-fb:96 nack", "a=rtcp-fb:96 nack pli",
                "a=rtcp-fb:96 transport-cc",
                "a=rtpmap:97 rtx/90000", "a=fmtp:97 apt=96",
            ],
            sections[2]);
    }

    [Fact]
    public void Chromiums_offer_gives_these_tracks_and_this_transport()
    {
        var answer = Accept(Offers.Read("chromium-publish"));

        Assert.Equal(Answers.Local.Ice, answer.Transport.LocalIce);
        Assert.Equal(new IceCredentials("ry94", "yqF46N6AFxB9oJF6kE3fJfGU"), answer.Transport.RemoteIce);
        Assert.StartsWith("FB:27:86:AC", answer.Transport.RemoteFingerprint.Value, StringComparison.Ordinal);
        Assert.Equal(
            [
                new PublishedTrack(
                    TrackKind.Audio, "0", Codec.Opus, 111, 3901724820, new RtpExtensionIds { Mid = 4, AudioLevel = 1, AbsoluteSendTime = 2, TransportSequenceNumber = 3 })
                {
                    RedundancyPayloadType = 63,
                },
                new PublishedTrack(
                    TrackKind.Video, "1", Codec.Vp8, 96, 2693822467,
                    new RtpExtensionIds { Mid = 4, VideoOrientation = 13, AbsoluteSendTime = 2, TransportSequenceNumber = 3 })
                {
                    AnswersNack = true,
                    Retransmission = new PublishedRetransmission(97, 2879059941),
                },
            ],
            answer.Tracks);
    }

    [Fact]
    public void Firefoxs_bundle_only_section_is_taken_and_its_first_source_is_the_media()
    {
        var answer = Accept(Offers.Read("firefox-publish"));

        Assert.Equal([("0", (byte)109, 1999774968u), ("1", 120, 499459412)], answer.Tracks.Select(t => (t.Mid, t.PayloadType, t.Ssrc!.Value)));
        Assert.Contains("a=group:BUNDLE 0 1", Answers.Sections(answer.Sdp)[0]);
        Assert.Contains("m=video 5181 UDP/TLS/RTP/SAVPF 120 124", Answers.Sections(answer.Sdp)[2]);
    }

    [Fact]
    public void Rfc8853_5_3_2_encodings_are_accepted_and_each_is_a_track()
    {
        var answer = Accept(Offers.Read("chromium-simulcast-publish"));

        Assert.Equal([null, "q", "h", "f"], answer.Tracks.Select(track => track.Rid));
        Assert.All(answer.Tracks[1..], track =>
        {
            Assert.Equal((null, "1", Codec.Vp8, (byte)96), (track.Ssrc, track.Mid, track.Codec, track.PayloadType));
            Assert.Equal((4, 10, 11), (track.Extensions.Mid, track.Extensions.RtpStreamId, track.Extensions.RepairedRtpStreamId));
            Assert.Equal(new PublishedRetransmission(97, null), track.Retransmission);
        });
        string[] video = Answers.Sections(answer.Sdp)[2];
        Assert.Equal(["a=rid:q recv", "a=rid:h recv", "a=rid:f recv", "a=simulcast:recv q;h;f"], video[^4..]);
        Assert.Contains("a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id", video);
        Assert.Contains("a=extmap:11 urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id", video);
    }

    [Theory]
    [InlineData("send f;h;q", "q h f")]
    [InlineData("send q;f", "q f")]
    [InlineData("send q;~h;f recv x", "q h f")]
    [InlineData("send q,f;h", "q h")]
    [InlineData("send q;q;h", "q h")]
    [InlineData("send q;other", "")]
    [InlineData("send q", "")]
    [InlineData("recv q;h;f", "")]
    [InlineData("send", "")]
    public void Encodings_are_taken_from_the_lowest_on(string simulcast, string expected)
    {
        string offer = Offers.Read("chromium-simulcast-publish").Replace("send q;h;f", simulcast, StringComparison.Ordinal);

        var answer = Accept(offer);

        Assert.Equal(expected, string.Join(' ', answer.Tracks[1..].Select(track => track.Rid).OfType<string>()));
        Assert.Equal(expected.Length > 0, answer.Sdp.Contains("simulcast:recv", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a=extmap:10 ")]
    [InlineData("a=simulcast")]
    [InlineData("a=rid:")]
    public void Encodings_that_could_not_be_told_are_not_accepted_and_the_source_is_learnt_from_the_mid(string missing)
    {
        var answer = Accept(Answers.Without(Offers.Read("chromium-simulcast-publish"), missing));

        Assert.Equal(2, answer.Tracks.Length);
        Assert.Null(answer.Tracks[1].Ssrc);
        Assert.Equal(4, answer.Tracks[1].Extensions.Mid);
        Assert.Equal(0, answer.Tracks[1].Extensions.RtpStreamId);
        Assert.DoesNotContain("rid", answer.Sdp, StringComparison.Ordinal);
        Assert.DoesNotContain("simulcast", answer.Sdp, StringComparison.Ordinal);
        Assert.DoesNotContain("rtp-stream-id", answer.Sdp, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { "VP8" }, Codec.H264, 108, "a=fmtp:108 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f")]
    [InlineData(new[] { "VP8", "H264" }, Codec.Vp9, 98, "a=rtpmap:98 VP9/90000")]
    [InlineData(new[] { "VP8", "H264", "VP9" }, Codec.Av1, 45, "a=rtpmap:45 AV1/90000")]
    public void The_next_codec_is_taken_when_the_better_ones_are_missing(string[] missing, Codec expected, byte payloadType, string line)
    {
        string offer = missing.Aggregate(
            Offers.Read("chromium-publish"), (text, name) => text.Replace(name + "/90000", "other/90000", StringComparison.Ordinal));

        var answer = Accept(offer);

        Assert.Equal((expected, payloadType), (answer.Tracks[1].Codec, answer.Tracks[1].PayloadType));
        Assert.Contains(line, Answers.Sections(answer.Sdp)[2]);
    }

    [Fact]
    public void H264_baseline_is_taken_when_constrained_baseline_is_missing()
    {
        string offer = Offers.Read("chromium-publish")
            .Replace("VP8/90000", "other/90000", StringComparison.Ordinal)
            .Replace("profile-level-id=42e01f", "profile-level-id=640c1f", StringComparison.Ordinal);

        Assert.Equal(102, Accept(offer).Tracks[1].PayloadType);
    }

    [Fact]
    public void Sections_beyond_one_of_each_kind_are_rejected_and_left_out_of_the_bundle()
    {
        string offer = Offers.Read("chromium-publish");
        string video = offer[offer.IndexOf("m=video", StringComparison.Ordinal)..];
        offer = offer.Replace("BUNDLE 0 1", "BUNDLE 0 1 2", StringComparison.Ordinal)
            + video.Replace("a=mid:1", "a=mid:2", StringComparison.Ordinal).Replace("2693822467", "7", StringComparison.Ordinal);

        var answer = Accept(offer);
        string[][] sections = Answers.Sections(answer.Sdp);

        Assert.Equal(2, answer.Tracks.Length);
        Assert.Contains("a=group:BUNDLE 0 1", sections[0]);
        Assert.Equal(["m=video 0 UDP/TLS/RTP/SAVPF 96", "c=IN IP4 0.0.0.0", "a=mid:2", "a=inactive"], sections[3]);
    }

    [Fact]
    public void A_data_channel_is_rejected()
    {
        string offer = Offers.Read("chromium-publish").Replace("BUNDLE 0 1", "BUNDLE 0 1 2", StringComparison.Ordinal)
            + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:2\r\na=sctp-port:5000\r\n";

        Assert.Equal("m=application 0 UDP/DTLS/SCTP webrtc-datachannel", Answers.Sections(Accept(offer).Sdp)[3][0]);
    }

    [Fact]
    public void A_picture_in_no_known_codec_is_rejected_and_the_sound_is_taken()
    {
        string offer = Offers.Read("chromium-publish").Replace("/90000", "/45000", StringComparison.Ordinal);

        var answer = Accept(offer);

        Assert.Equal(TrackKind.Audio, Assert.Single(answer.Tracks).Kind);
        Assert.Contains("a=group:BUNDLE 0", Answers.Sections(answer.Sdp)[0]);
        Assert.StartsWith("m=video 0 ", Answers.Sections(answer.Sdp)[2][0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_section_that_stopped_sending_is_answered_inactive()
    {
        string offer = Offers.Read("chromium-publish");
        int video = offer.IndexOf("m=video", StringComparison.Ordinal);
        offer = offer[..video] + offer[video..].Replace("a=sendonly", "a=inactive", StringComparison.Ordinal);

        var answer = Accept(offer);

        Assert.Equal(TrackKind.Audio, Assert.Single(answer.Tracks).Kind);
        Assert.Contains("a=group:BUNDLE 0 1", Answers.Sections(answer.Sdp)[0]);
        Assert.Contains("a=inactive", Answers.Sections(answer.Sdp)[2]);
    }

    [Theory]
    [InlineData("a=sendonly", "a=recvonly", "No section of the offer sends sound or picture in a codec the server forwards (Opus; VP8, H.264, VP9, AV1).")]
    [InlineData("a=fingerprint:sha-256", "a=fingerprint:sha-1", "The offer has no sha-256 fingerprint.")]
    [InlineData("a=setup:actpass", "a=setup:passive", "The offer's setup is neither actpass nor active; the server is always passive.")]
    [InlineData("a=setup:actpass", "a=other", "The offer's setup is neither actpass nor active; the server is always passive.")]
    [InlineData("a=group:BUNDLE", "a=group:LS", "The offer has several media sections and no BUNDLE group.")]
    [InlineData("a=rtcp-mux", "a=other", "The offer has no rtcp-mux.")]
    [InlineData("a=ice-ufrag", "a=other", "The offer has no ICE credentials (ice-ufrag of 4 to 256 and ice-pwd of 22 to 256 characters).")]
    [InlineData("a=mid:1", "a=mid:0", "Two media sections have the mid 0.")]
    [InlineData("a=extmap-allow-mixed", "a=ice-lite", "The offer is of an ICE-lite agent, which the server is itself; one side has to be a full agent.")]
    [InlineData("2693822467", "3901724820", "Two media sections announce the SSRC 3901724820.")]
    [InlineData("v=0", "v=1", "Line 1: a description begins with v=0.")]
    public void An_offer_that_cannot_be_answered_gets_a_sentence(string part, string replacement, string expected)
    {
        string offer = Offers.Read("chromium-publish").Replace(part, replacement, StringComparison.Ordinal);

        Assert.False(PublisherNegotiation.TryAnswer(offer, Answers.Local, out var answer, out string? problem));
        Assert.Null(answer);
        Assert.Equal(expected, problem);
    }

    [Fact]
    public void A_source_that_could_not_be_told_is_refused()
    {
        string offer = Answers.Without(Offers.Read("chromium-simulcast-publish"), "a=extmap:4 ");

        Assert.False(PublisherNegotiation.TryAnswer(offer, Answers.Local, out _, out string? problem));
        Assert.Equal("The media section 1 announces no SSRC and offers no mid extension, so its packets could not be told.", problem);
    }

    [Fact]
    public void An_offer_without_media_is_refused()
    {
        Assert.False(PublisherNegotiation.TryAnswer("v=0\r\n", Answers.Local, out _, out string? problem));
        Assert.Equal("The offer has no media section.", problem);
    }

    [Fact]
    public void A_single_section_needs_no_bundle()
    {
        string offer = Answers.Without(Offers.Read("chromium-publish"), "a=group");
        offer = offer[..offer.IndexOf("m=video", StringComparison.Ordinal)];

        Assert.Equal(TrackKind.Audio, Assert.Single(Accept(offer).Tracks).Kind);
    }

    [Fact]
    public void Feedback_the_offer_lacks_is_not_answered()
    {
        string sdp = Accept(Answers.Without(Offers.Read("chromium-publish"), "a=rtcp-fb:96 goog-remb")).Sdp;

        Assert.DoesNotContain("goog-remb", sdp, StringComparison.Ordinal);
        Assert.Contains("a=rtcp-fb:96 nack pli", sdp, StringComparison.Ordinal);
    }

    [Fact]
    public void An_extension_the_browser_only_receives_is_not_accepted()
    {
        string offer = Offers.Read("chromium-publish").Replace("a=extmap:1 ", "a=extmap:1/recvonly ", StringComparison.Ordinal)
            .Replace("a=extmap:2 ", "a=extmap:2/sendonly ", StringComparison.Ordinal);

        var answer = Accept(offer);

        Assert.Equal(0, answer.Tracks[0].Extensions.AudioLevel);
        Assert.Contains("a=extmap:2/recvonly http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time", Answers.Sections(answer.Sdp)[1]);
    }

    [Theory]
    [InlineData("chromium-publish")]
    [InlineData("firefox-publish")]
    [InlineData("chromium-subscribe-ten-slots")]
    [InlineData("chromium-simulcast-publish")]
    public void No_mutation_of_an_offer_throws_or_leaves_both_empty(string name)
    {
        string offer = Offers.Read(name);
        var random = new Random(1);
        for (int round = 0; round < 500; round++)
        {
            char[] mutated = offer.ToCharArray();
            for (int i = 0; i < 4; i++)
            {
                mutated[random.Next(mutated.Length)] = "\r\n =:;/0a"[random.Next(9)];
            }

            string text = new(mutated);
            bool published = PublisherNegotiation.TryAnswer(text, Answers.Local, out var publisher, out string? publisherProblem);
            bool subscribed = SubscriberNegotiation.TryAnswer(text, Answers.Local, 1, out var subscriber, out string? subscriberProblem);
            Assert.Equal((published, published), (publisher is not null, publisherProblem is null));
            Assert.Equal((subscribed, subscribed), (subscriber is not null, subscriberProblem is null));
        }
    }

    private static PublisherAnswer Accept(string offer)
    {
        Assert.True(PublisherNegotiation.TryAnswer(offer, Answers.Local, out var answer, out string? problem), problem);
        return answer!;
    }
}
