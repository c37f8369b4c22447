using Dais.Rtc.Tests.Sdp;
using Dais.Sfu.Negotiation;

namespace Dais.Sfu.Tests.Negotiation;

/// <summary>Every offer of a real client that is kept here, and what its answer may say.</summary>
public sealed class RealOffersTests
{
    private const string Ending = "-offer.sdp";

    public static TheoryData<string> Names =>
        [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "data", "sdp")).Select(path => Path.GetFileName(path)[..^Ending.Length]).Order()];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_answer_says_nothing_the_offer_has_not(string name)
    {
        string offer = Offers.Read(name);
        string answer = Answer(name, offer);
        string[][] offered = Sections(offer);
        string[][] answered = Answers.Sections(answer);

        Assert.Equal(offered.Length, answered.Length);
        for (int i = 1; i < offered.Length; i++)
        {
            AssertWithin(offered[i], answered[i]);
        }
    }

    private static string Answer(string name, string offer)
    {
        if (name.Contains("publish", StringComparison.Ordinal))
        {
            Assert.True(PublisherNegotiation.TryAnswer(offer, Answers.Local, out var published, out string? why), why);
            Assert.Equal(2, published!.Tracks.DistinctBy(track => track.Mid).Count());
            return published.Sdp;
        }

        Assert.True(SubscriberNegotiation.TryAnswer(offer, Answers.Local, 7, out var subscribed, out string? problem), problem);
        Assert.NotEmpty(subscribed!.Slots);
        return subscribed.Sdp;
    }

    /// <summary>Formats, feedback, extensions and groups of one section (RFC 3264 §6.1).</summary>
    private static void AssertWithin(string[] offered, string[] answered)
    {
        Assert.Equal(offered.Single(line => line.StartsWith("a=mid:", StringComparison.Ordinal)), answered.Single(line => line.StartsWith("a=mid:", StringComparison.Ordinal)));
        string[] payloadTypes = answered[0].Split(' ')[3..];
        Assert.Subset(offered[0].Split(' ')[3..].ToHashSet(), payloadTypes.ToHashSet());
        foreach (string prefix in new[] { "a=rtcp-fb:", "a=rtpmap:" })
        {
            Assert.Subset(
                offered.Where(line => line.StartsWith(prefix, StringComparison.Ordinal)).Select(Plain).ToHashSet(),
                answered.Where(line => line.StartsWith(prefix, StringComparison.Ordinal)).Select(Plain).ToHashSet());
        }

        Assert.Subset(
            offered.Where(line => line.StartsWith("a=extmap:", StringComparison.Ordinal)).Select(Extension).ToHashSet(),
            answered.Where(line => line.StartsWith("a=extmap:", StringComparison.Ordinal)).Select(Extension).ToHashSet());

        // RFC 4588 §8.6: without rtx-time, and with the payload type that is sent again, which has to be in the answer.
        foreach (string line in answered.Where(line => line.Contains("apt=", StringComparison.Ordinal)))
        {
            Assert.DoesNotContain("rtx-time", line, StringComparison.Ordinal);
            Assert.Contains(line[(line.IndexOf("apt=", StringComparison.Ordinal) + 4)..], payloadTypes);
            Assert.Contains(offered, other => other.StartsWith(line, StringComparison.Ordinal));
        }

        // RFC 5576 §4.2: what sends and what sends again, each announced; nothing of the kind where we only receive.
        bool sends = answered.Contains("a=sendonly");
        bool repeats = answered.Any(line => line.EndsWith(" rtx/90000", StringComparison.Ordinal));
        string[] groups = [.. answered.Where(line => line.StartsWith("a=ssrc-group:FID ", StringComparison.Ordinal))];
        Assert.Equal(sends && repeats ? 1 : 0, groups.Length);
        foreach (string ssrc in groups.SelectMany(group => group.Split(' ')[1..]))
        {
            Assert.Contains(answered, line => line.StartsWith($"a=ssrc:{ssrc} cname:", StringComparison.Ordinal));
        }
    }

    /// <summary>Names of formats are compared without regard to case (RFC 4855 §3).</summary>
    private static string Plain(string line) => line.ToUpperInvariant();

    /// <summary>The id and what it stands for, without direction and attributes (RFC 8285 §5).</summary>
    private static string Extension(string line) => string.Join(' ', line.Split(' ')[..2]).Replace("/sendonly", "", StringComparison.Ordinal).Replace("/recvonly", "", StringComparison.Ordinal);

    private static string[][] Sections(string sdp)
    {
        List<List<string>> sections = [[]];
        foreach (string line in sdp.Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("m=", StringComparison.Ordinal))
            {
                sections.Add([]);
            }

            sections[^1].Add(line);
        }

        return [.. sections.Select(lines => lines.ToArray())];
    }
}
