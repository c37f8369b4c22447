using System.Text;
using Dais.Rtc.Ice;

namespace Dais.Rtc.Sdp;

/// <summary>
/// A piece of a description that says only where its sender is (RFC 8840 §9): what WHIP clients send to trickle candidates or
/// to restart ICE (RFC 9725 §4.3).
/// </summary>
/// <param name="Ice">The sender's credentials; null when the fragment has none.</param>
/// <param name="Candidates">How many candidates it names. An ICE-lite agent has no use for them: it learns where its peer is from the
/// peer's checks.</param>
public sealed record IceFragment(IceCredentials? Ice, int Candidates)
{
    /// <summary>The media type.</summary>
    public const string MediaType = "application/trickle-ice-sdpfrag";

    private const int LinesMax = 1_000;

    /// <summary>
    /// Parses <paramref name="text"/>; false, and a sentence, when it is no fragment. Never throws. Every section is on one transport,
    /// so the first credentials are those of all.
    /// </summary>
    public static bool TryParse(string text, out IceFragment? fragment, out string? problem)
    {
        fragment = null;
        problem = null;
        string? ufrag = null;
        string? password = null;
        int candidates = 0;
        int lines = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.IsEmpty)
            {
                continue;
            }

            if (++lines > LinesMax || line.Length < 2 || line[1] != '=' || !char.IsAsciiLetterLower(line[0]))
            {
                problem = lines > LinesMax ? $"The fragment has more than {LinesMax} lines." : "A line of the fragment is not of the form x=value.";
                return false;
            }

            ufrag ??= ValueOf(line, "a=ice-ufrag:");
            password ??= ValueOf(line, "a=ice-pwd:");
            candidates += line.StartsWith("a=candidate:", StringComparison.Ordinal) ? 1 : 0;
        }

        problem = lines == 0 ? "The fragment is empty."
            : (ufrag, password) is (null, null) ? null
            : !SdpSection.IsIceWord(ufrag, 4) || !SdpSection.IsIceWord(password, 22)
                ? "The fragment's ICE credentials are not an ice-ufrag of 4 to 256 and an ice-pwd of 22 to 256 characters."
            : null;
        if (problem is not null)
        {
            return false;
        }

        fragment = new IceFragment(ufrag is null ? null : new IceCredentials(ufrag, password!), candidates);
        return true;
    }

    /// <summary>Writes the fragment that answers a restart: our credentials and all our candidates (RFC 9725 §4.3.3).</summary>
    /// <param name="answer">The answer the session began with; its bundle and first section are named again.</param>
    /// <param name="local">The new credentials.</param>
    public static string Answer(string answer, IceCredentials local)
    {
        var text = new StringBuilder();
        bool isMedia = false;
        foreach (string line in answer.Split("\r\n"))
        {
            bool begins = line.StartsWith("m=", StringComparison.Ordinal);
            if (begins && isMedia)
            {
                break;
            }

            isMedia |= begins;
            string? kept = begins || IsKept(line) ? line
                : line.StartsWith("a=ice-ufrag:", StringComparison.Ordinal) ? "a=ice-ufrag:" + local.UsernameFragment
                : line.StartsWith("a=ice-pwd:", StringComparison.Ordinal) ? "a=ice-pwd:" + local.Password
                : null;
            if (kept is not null)
            {
                text.Append(kept).Append("\r\n");
            }
        }

        return text.ToString();
    }

    private static bool IsKept(string line) =>
        line is "a=ice-lite" or "a=end-of-candidates"
        || line.StartsWith("a=group:BUNDLE", StringComparison.Ordinal)
        || line.StartsWith("a=mid:", StringComparison.Ordinal)
        || line.StartsWith("a=candidate:", StringComparison.Ordinal);

    private static string? ValueOf(ReadOnlySpan<char> line, string start) =>
        line.StartsWith(start, StringComparison.Ordinal) ? line[start.Length..].ToString() : null;
}
