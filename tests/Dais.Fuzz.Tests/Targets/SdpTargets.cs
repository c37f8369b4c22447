using System.Collections.Immutable;
using Dais.Rtc;
using Dais.Rtc.Dtls;
using Dais.Rtc.Ice;
using Dais.Rtc.Sdp;
using Dais.Sfu.Negotiation;

namespace Dais.Fuzz.Tests.Targets;

/// <summary>Offers, their answers, and the fragments of trickle ICE.</summary>
internal static class SdpTargets
{
    private const string Fragment =
        "a=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n"
        + "a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host generation 0 ufrag EsAw network-id 1\r\na=end-of-candidates\r\n";

    /// <summary>What an offer costs: each line becomes several objects, and an answer is as long as the offer.</summary>
    private static readonly (long, long) Costs = (256 * 1024, 512);

    private static readonly string[] Offers = [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "data", "sdp"))
        .Order(StringComparer.Ordinal).Where(path => new FileInfo(path).Length < 16_000).Select(path => File.ReadAllText(path).ReplaceLineEndings("\r\n"))];

    private static readonly LocalTransport Local = new(
        new IceCredentials("srvU", "serverPasswordOf24Chars0"),
        new DtlsFingerprint(string.Join(':', Enumerable.Repeat("AB", 32))),
        [NetworkAddress.FromIPv4(0xC0000202, 5181)]);

    public static ImmutableArray<FuzzTarget> All { get; } =
    [
        FuzzTargets.Text("SDP", "a client, by signalling or HTTP", ["SessionDescription.TryParse"], Offers, static text =>
        {
            bool isTaken = SessionDescription.TryParse(text, SdpLimits.Default, out var description, out string? problem);
            Assert.True(isTaken == (description is not null) && isTaken == (problem is null), "taken, or a sentence that says why not");
            var outcome = new Outcome(isTaken);
            outcome.Add(problem?.Length ?? 0);
            outcome.Add(description?.Media.Length ?? 0);
            outcome.Add(description?.Media.Sum(media => media.Formats.Length) ?? 0);
            return outcome.Value;
        }) with { Allocates = Costs },
        FuzzTargets.Text("trickle ICE fragments", "a WHIP or WHEP client", ["IceFragment.TryParse"], [Fragment], static text =>
        {
            bool isTaken = IceFragment.TryParse(text, out var fragment, out string? problem);
            Assert.True(isTaken == (fragment is not null) && isTaken == (problem is null), "taken, or a sentence that says why not");
            var outcome = new Outcome(isTaken);
            outcome.Add(problem?.Length ?? 0);
            outcome.Add(fragment?.Candidates ?? 0);
            outcome.Add(fragment?.Ice is not null);
            return outcome.Value;
        }),
        FuzzTargets.Text("offers of publishers", "a client, by signalling or HTTP", ["PublisherNegotiation.TryAnswer"], Offers, static text =>
        {
            bool isAnswered = PublisherNegotiation.TryAnswer(text, Local, out var answer, out string? problem);
            Check(text, isAnswered ? answer!.Sdp : null, problem);
            var outcome = new Outcome(isAnswered);
            outcome.Add(answer?.Tracks.Length ?? 0);
            outcome.Add(problem?.Length ?? 0);
            outcome.Add(answer?.Sdp.Length ?? 0);
            return outcome.Value;
        }) with { Allocates = Costs },
        FuzzTargets.Text("offers of viewers", "a client, by signalling or HTTP", ["SubscriberNegotiation.TryAnswer"], Offers, static text =>
        {
            bool isAnswered = SubscriberNegotiation.TryAnswer(text, Local, 7, out var answer, out string? problem);
            Check(text, isAnswered ? answer!.Sdp : null, problem);
            var outcome = new Outcome(isAnswered);
            outcome.Add(answer?.Slots.Length ?? 0);
            outcome.Add(problem?.Length ?? 0);
            outcome.Add(answer?.Sdp.Length ?? 0);
            return outcome.Value;
        }) with { Allocates = Costs },
    ];

    /// <summary>An answer has as many sections as its offer (RFC 3264 §6), can be read, and has no line that only the offer can have written.</summary>
    private static void Check(string offer, string? answer, string? problem)
    {
        Assert.True(answer is null == problem is not null, "answered, or a sentence that says why not");
        if (answer is null)
        {
            return;
        }

        Assert.True(SessionDescription.TryParse(offer, SdpLimits.Default, out var offered, out _), "what is answered can be read");
        Assert.True(SessionDescription.TryParse(answer, SdpLimits.Default, out var answered, out string? why), $"the answer cannot be read: {why}");
        Assert.True(offered!.Media.Length == answered!.Media.Length, "another number of sections");
        foreach (string line in answer.Split("\r\n"))
        {
            Assert.True(line.Length == 0 || (line.Length > 2 && line[1] == '=' && !line.AsSpan().ContainsAny('\r', '\n', '\0')), $"a line that is none: {line}");
        }
    }
}
