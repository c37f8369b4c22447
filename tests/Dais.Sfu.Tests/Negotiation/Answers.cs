using Dais.Rtc;
using Dais.Rtc.Dtls;
using Dais.Rtc.Ice;
using Dais.Rtc.Sdp;
using Dais.Sfu.Negotiation;

namespace Dais.Sfu.Tests.Negotiation;

/// <summary>What the tests of both sides of negotiation share.</summary>
internal static class Answers
{
    public const string Fingerprint =
        "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF";

    public static LocalTransport Local { get; } = new(
        new IceCredentials("srvU", "serverPasswordOf24Chars0"),
        new DtlsFingerprint(Fingerprint),
        [NetworkAddress.FromIPv4(0xC0000202, 5181), NetworkAddress.FromIPv4(0x7F000001, 5181)]);

    /// <summary>The lines of an answer: those before the first media section, then those of each.</summary>
    public static string[][] Sections(string sdp)
    {
        Assert.EndsWith("\r\n", sdp, StringComparison.Ordinal);
        List<List<string>> sections = [[]];
        foreach (string line in sdp.Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("m=", StringComparison.Ordinal))
            {
                sections.Add([]);
            }

            sections[^1].Add(line);
        }

        // What we write must be readable to ourselves at least.
        Assert.True(SessionDescription.TryParse(sdp, SdpLimits.Default, out _, out string? problem), problem);
        return [.. sections.Select(lines => lines.ToArray())];
    }

    /// <summary>Every line of <paramref name="offer"/> that begins with <paramref name="start"/> left out.</summary>
    public static string Without(string offer, string start) =>
        string.Join("\r\n", offer.Split("\r\n").Where(line => !line.StartsWith(start, StringComparison.Ordinal)));
}
