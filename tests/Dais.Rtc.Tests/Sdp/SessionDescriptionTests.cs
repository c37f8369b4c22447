using Dais.Rtc.Ice;
using Dais.Rtc.Sdp;

namespace Dais.Rtc.Tests.Sdp;

public sealed class SessionDescriptionTests
{
    public static TheoryData<string> RealOffers =>
    [
        "chromium-publish", "chromium-subscribe", "chromium-subscribe-ten-slots", "chromium-simulcast-publish",
        "firefox-publish", "firefox-subscribe",
    ];

    [Fact]
    public void Reads_what_Chromium_publishes()
    {
        var offer = Parse(Offers.Read("chromium-publish"));

        Assert.False(offer.IsIceLite);
        Assert.Equal(["0", "1"], offer.Bundle);
        var audio = offer.Media[0];
        Assert.Equal("audio", audio.Kind);
        Assert.Equal("UDP/TLS/RTP/SAVPF", audio.Protocol);
        Assert.Equal("0", audio.Mid);
        Assert.Equal(MediaDirection.SendOnly, audio.Direction);
        Assert.Equal(new IceCredentials("ry94", "yqF46N6AFxB9oJF6kE3fJfGU"), audio.Ice);
        Assert.StartsWith("FB:27:86:AC", audio.Fingerprint!.Value, StringComparison.Ordinal);
        Assert.Equal(DtlsSetup.ActivePassive, audio.Setup);
        Assert.True(audio.HasRtcpMux);
        Assert.False(audio.IsRejected);
        Assert.Equal([new MediaSource(3901724820, "m+qkMuMZclnKN2Hu")], audio.Sources);
        Assert.Equal(new HeaderExtension(1, MediaDirection.SendReceive, "urn:ietf:params:rtp-hdrext:ssrc-audio-level"), audio.Extensions[0]);
        var opus = audio.Formats[0];
        Assert.True(opus.Is("OPUS", 48_000));
        Assert.Equal((111, 2), (opus.PayloadType, opus.Channels));
        Assert.Equal("1", opus.GetParameter("useinbandfec"));
        Assert.Null(opus.GetParameter("stereo"));
    }

    [Fact]
    public void Reads_formats_feedback_and_groups_of_Chromiums_video()
    {
        var video = Parse(Offers.Read("chromium-publish")).Media[1];

        Assert.Equal(23, video.Formats.Length);
        var h264 = video.Formats.Single(format => format.PayloadType == 108);
        Assert.True(h264.Is("H264", 90_000));
        Assert.Equal("42e01f", h264.GetParameter("profile-level-id"));
        Assert.Equal(["goog-remb", "transport-cc", "ccm fir", "nack", "nack pli"], h264.Feedback);
        Assert.True(h264.HasFeedback("nack pli"));
        Assert.Equal(2, video.Sources.Length);
        Assert.Equal("FID", video.SourceGroups[0].Semantics);
        Assert.Equal([2693822467u, 2879059941u], video.SourceGroups[0].Ssrcs);
        Assert.Equal(11, video.Extensions.Length);
    }

    [Fact]
    public void Reads_rids_of_a_simulcast_offer()
    {
        var video = Parse(Offers.Read("chromium-simulcast-publish")).Media[1];

        Assert.Equal("send q;h;f", video.Simulcast);
        Assert.Equal(
            [new RestrictionIdentifier("q", true), new RestrictionIdentifier("h", true), new RestrictionIdentifier("f", true)], video.Rids);
        Assert.Empty(video.Sources);
    }

    [Fact]
    public void Firefoxs_sections_take_the_sessions_fingerprint_and_a_bundle_only_section_is_not_rejected()
    {
        var offer = Parse(Offers.Read("firefox-publish"));

        Assert.All(offer.Media, media => Assert.StartsWith("5F:1B:9F:12", media.Fingerprint!.Value, StringComparison.Ordinal));
        Assert.All(offer.Media, media => Assert.Equal(MediaDirection.SendOnly, media.Direction));
        Assert.Equal(0, offer.Media[1].Port);
        Assert.True(offer.Media[1].IsBundleOnly);
        Assert.False(offer.Media[1].IsRejected);
        Assert.Equal(MediaDirection.ReceiveOnly, offer.Media[0].Extensions[1].Direction);
        // Format parameters stand in front of the rtpmap there.
        Assert.Equal("1", offer.Media[0].Formats[0].GetParameter("stereo"));
        Assert.True(offer.Media[0].Formats[0].Is("opus", 48_000));
        Assert.Equal("{fde64624-258a-4eca-be5c-61c02507a0a8}", offer.Media[0].Msid!.Stream);
    }

    [Fact]
    public void Reads_ten_slots()
    {
        var offer = Parse(Offers.Read("chromium-subscribe-ten-slots"));

        Assert.Equal(20, offer.Media.Length);
        Assert.Equal(20, offer.Bundle.Length);
        Assert.All(offer.Media, media => Assert.Equal(MediaDirection.ReceiveOnly, media.Direction));
    }

    [Fact]
    public void Lines_may_end_in_line_feeds_alone() =>
        Assert.Equal(2, Parse(Offers.Read("chromium-publish").ReplaceLineEndings("\n")).Media.Length);

    [Fact]
    public void Feedback_of_all_payload_types_counts_for_each()
    {
        var media = Parse("v=0\nm=video 9 UDP/TLS/RTP/SAVPF 96 97\na=rtcp-fb:* nack pli\na=rtcp-fb:97 ccm fir\n").Media[0];

        Assert.True(media.Formats[0].HasFeedback("nack pli"));
        Assert.Equal(["ccm fir", "nack pli"], media.Formats[1].Feedback);
    }

    [Fact]
    public void Extension_ids_of_alternatives_are_left_out() =>
        Assert.Empty(Parse("v=0\nm=video 9 RTP/AVP 96\na=extmap:4096 urn:x\n").Media[0].Extensions);

    [Fact]
    public void A_data_channel_section_is_read_without_formats()
    {
        var media = Parse("v=0\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\na=mid:data\n").Media[0];

        Assert.Equal(("application", "data", 0), (media.Kind, media.Mid, media.Formats.Length));
    }

    [Theory]
    [InlineData("a=ice-ufrag:abc\na=ice-pwd:0123456789012345678901\n")]
    [InlineData("a=ice-ufrag:abcd\na=ice-pwd:012345678901234567890\n")]
    [InlineData("a=ice-ufrag:ab:d\na=ice-pwd:0123456789012345678901\n")]
    [InlineData("a=ice-ufrag:abcd\n")]
    public void Credentials_that_are_too_short_or_of_other_characters_are_none(string lines) =>
        Assert.Null(Parse("v=0\nm=audio 9 RTP/AVP 0\n" + lines).Media[0].Ice);

    [Theory]
    [InlineData("", "The description is empty.")]
    [InlineData("x", "Line 1: it is not of the form x=value.")]
    [InlineData("m=audio 9 RTP/AVP 0\n", "Line 1: a description begins with v=0.")]
    [InlineData("v=0\n\nt=0 0\n", "Line 2: it is not of the form x=value.")]
    [InlineData("v=0\na=mid:a\rb\n", "Line 2: it holds a control character.")]
    [InlineData("v=0\nm=audio 9 RTP/AVP\n", "Line 2: a media line has a kind, a port, a protocol and formats.")]
    [InlineData("v=0\nm=audio 65536 RTP/AVP 0\n", "Line 2: the port is no number from 0 to 65535.")]
    [InlineData("v=0\nm=audio -1 RTP/AVP 0\n", "Line 2: the port is no number from 0 to 65535.")]
    [InlineData("v=0\nm=audio 9 RTP/AVP 128\n", "Line 2: a payload type is no number from 0 to 127.")]
    [InlineData("v=0\nm=audio 9 RTP/AVP 0 0\n", "Line 2: the payload type 0 stands twice.")]
    [InlineData("v=0\nm=audio 9 RTP/AVP 0\na=mid:a b\n", "Line 3: the mid is no word.")]
    [InlineData("v=0\na=setup:maybe\n", "Line 2: the setup is none of actpass, active, passive and holdconn.")]
    [InlineData("v=0\na=fingerprint:sha-256 AA:BB\n", "Line 2: the fingerprint has not 32 bytes.")]
    [InlineData("v=0\na=group:BUNDLE 0 <\n", "Line 2: a mid in the group is no word.")]
    [InlineData("v=0\nm=audio 9 RTP/AVP 0\na=rtpmap:0\n", "Line 3: an rtpmap has a payload type and an encoding.")]
    [InlineData("v=0\nm=audio 9 RTP/AVP 0\na=rtpmap:0 PCMU\n", "Line 3: an encoding is of the form name/clock or name/clock/channels.")]
    [InlineData("v=0\nm=audio 9 RTP/AVP 0\na=fmtp:x y\n", "Line 3: format parameters have a payload type in front.")]
    [InlineData("v=0\nm=audio 9 RTP/AVP 0\na=rtcp-fb:\n", "Line 3: feedback has a payload type in front.")]
    [InlineData("v=0\nm=audio 9 RTP/AVP 0\na=extmap:one urn:x\n", "Line 3: the id of a header extension is no number.")]
    [InlineData("v=0\nm=audio 9 RTP/AVP 0\na=extmap:1\n", "Line 3: a header extension has an id and a name.")]
    [InlineData("v=0\nm=audio 9 RTP/AVP 0\na=ssrc:4294967296 cname:x\n", "Line 3: the SSRC is no 32-bit number.")]
    [InlineData("v=0\nm=audio 9 RTP/AVP 0\na=ssrc-group:FID x\n", "Line 3: a group of sources holds at most 64 32-bit numbers.")]
    [InlineData("v=0\nm=audio 9 RTP/AVP 0\na=rid:1 both\n", "Line 3: a rid has an identifier and a direction.")]
    public void What_is_malformed_is_said_in_a_sentence(string text, string expected) => Assert.Equal(expected, Problem(text));

    [Fact]
    public void Every_limit_is_refused_with_a_sentence()
    {
        const string Audio = "v=0\nm=audio 9 RTP/AVP 0\n";
        var limits = new SdpLimits
        {
            LengthMax = 500,
            LinesMax = 20,
            LineLengthMax = 100,
            MediaMax = 2,
            FormatsMax = 2,
            ExtensionsMax = 2,
            SourcesMax = 2,
        };

        Assert.Equal("The description is longer than 500 characters.", Problem(new string('x', 501), limits));
        Assert.Equal("The description has more than 20 lines.", Problem("v=0\n" + Repeat("a=x\n", 20), limits));
        Assert.Equal("Line 2: it is longer than 100 characters.", Problem("v=0\na=" + new string('x', 99), limits));
        Assert.Equal("Line 4: there are more than 2 media sections.", Problem("v=0\n" + Repeat("m=audio 9 RTP/AVP 0\n", 3), limits));
        Assert.Equal("Line 2: there are more than 2 payload formats.", Problem("v=0\nm=audio 9 RTP/AVP 0 1 2\n", limits));
        Assert.Equal("Line 5: there are more than 2 header extensions.", Problem(Audio + Repeat("a=extmap:1 urn:x\n", 3), limits));
        Assert.Equal("Line 5: there are more than 2 sources.", Problem(Audio + "a=ssrc:1\na=ssrc:2\na=ssrc:3\n", limits));
        Assert.Equal("Line 5: there are more than 2 groups of sources.", Problem(Audio + Repeat("a=ssrc-group:FID 1 2\n", 3), limits));
        Assert.Equal("Line 5: there are more than 2 rids.", Problem(Audio + Repeat("a=rid:1 send\n", 3), limits));
        Assert.Equal("Line 2: the group has more than 2 members.", Problem("v=0\na=group:BUNDLE 0 1 2\n", limits));
        Assert.Equal(
            "Line 35: a payload type has more than 32 kinds of feedback.", Problem(Audio + Repeat("a=rtcp-fb:0 nack\n", 33)));
    }

    [Theory]
    [MemberData(nameof(RealOffers))]
    public void No_truncation_of_a_real_offer_throws(string name)
    {
        string text = Offers.Read(name);
        int step = Math.Max(1, text.Length / 2000);
        for (int length = 0; length < text.Length; length += step)
        {
            bool parsed = SessionDescription.TryParse(text[..length], SdpLimits.Default, out var description, out string? problem);
            Assert.Equal(parsed, description is not null);
            Assert.Equal(parsed, problem is null);
        }
    }

    [Theory]
    [MemberData(nameof(RealOffers))]
    public void No_mutation_of_a_real_offer_throws(string name)
    {
        string text = Offers.Read(name);
        var random = new Random(1);
        const string Replacements = "\0\r\n =:;/*-0aZé\uD800";
        for (int round = 0; round < 1000; round++)
        {
            char[] mutated = text.ToCharArray();
            for (int i = 0; i < 5; i++)
            {
                mutated[random.Next(mutated.Length)] = Replacements[random.Next(Replacements.Length)];
            }

            bool parsed = SessionDescription.TryParse(new string(mutated), SdpLimits.Default, out var description, out string? problem);
            Assert.Equal(parsed, description is not null);
            Assert.Equal(parsed, problem is null);
        }
    }

    [Fact]
    public void A_written_description_reads_back()
    {
        var writer = new SdpWriter(sessionId: 12, version: 3);
        writer.WriteAttribute("ice-lite");
        writer.WriteAttribute("group:BUNDLE 0");
        writer.BeginMedia("audio", NetworkAddress.FromIPv4(0xC0000202, 5181), "UDP/TLS/RTP/SAVPF", "111");
        writer.WriteAttribute("mid:0");
        writer.WriteAttribute("recvonly");

        string text = writer.ToString();
        Assert.StartsWith("v=0\r\no=- 12 3 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=ice-lite\r\n", text, StringComparison.Ordinal);
        Assert.Contains("m=audio 5181 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 192.0.2.2\r\n", text, StringComparison.Ordinal);
        var description = Parse(text);
        Assert.True(description.IsIceLite);
        Assert.Equal(MediaDirection.ReceiveOnly, description.Media[0].Direction);
    }

    [Fact]
    public void Candidates_that_cannot_be_sent_to_are_left_out_and_spoil_nothing()
    {
        const string Sdp = "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"
            + "a=candidate:1 1 udp 2130706431 192.0.2.1 5181 typ host\r\n"
            + "a=candidate:2 1 UDP 2130706175 2001:db8::1 5182 typ host generation 0\r\n"
            + "a=candidate:3 1 tcp 1518280447 192.0.2.1 9 typ host tcptype active\r\n"
            + "a=candidate:4 1 udp 2130706431 0b0c.local 5181 typ host\r\n"
            + "a=candidate:5 2 udp 2130706431 192.0.2.1 5183 typ host\r\n"
            + "a=candidate:6 1 udp 2130706431 192.0.2.1 99999 typ host\r\n"
            + "a=candidate:nonsense\r\n";

        Assert.True(SessionDescription.TryParse(Sdp, SdpLimits.Default, out var description, out _));
        Assert.Equal(["192.0.2.1:5181", "[2001:db8::1]:5182"], description!.Media[0].Candidates.Select(candidate => candidate.ToString()));
    }

    private static SessionDescription Parse(string text)
    {
        Assert.True(SessionDescription.TryParse(text, SdpLimits.Default, out var description, out string? problem), problem);
        return description!;
    }

    private static string? Problem(string text, SdpLimits? limits = null)
    {
        Assert.False(SessionDescription.TryParse(text, limits ?? SdpLimits.Default, out _, out string? problem));
        return problem;
    }

    private static string Repeat(string line, int count) => string.Concat(Enumerable.Repeat(line, count));
}
