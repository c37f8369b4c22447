using System.Collections.Immutable;

namespace Dais.Rtc.Sdp;

/// <summary>One payload format of a media section.</summary>
/// <param name="PayloadType">0 to 127.</param>
/// <param name="EncodingName">The name in the rtpmap, such as VP8; empty for a static payload type without one.</param>
/// <param name="ClockRate">Ticks of the RTP clock per second; 0 without rtpmap.</param>
/// <param name="Channels">Audio channels; 1 when not said.</param>
/// <param name="Parameters">The format parameters as they stand; empty when there are none.</param>
/// <param name="Feedback">RTCP feedback the format takes, such as "nack pli" (RFC 4585 §4.2).</param>
public sealed record PayloadFormat(
    byte PayloadType,
    string EncodingName,
    int ClockRate,
    int Channels,
    string Parameters,
    ImmutableArray<string> Feedback)
{
    /// <summary>
    /// Whether the format is <paramref name="name"/> at <paramref name="clockRate"/>; names ignore case (RFC 8866
    /// §6.6).
    /// </summary>
    public bool Is(string name, int clockRate) =>
        ClockRate == clockRate && EncodingName.Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>The value of the format parameter <paramref name="name"/>; null when it is not there.</summary>
    public string? GetParameter(string name)
    {
        var parameters = Parameters.AsSpan();
        foreach (var range in parameters.Split(';'))
        {
            var parameter = parameters[range].Trim();
            int equals = parameter.IndexOf('=');
            if (equals > 0 && parameter[..equals].Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return parameter[(equals + 1)..].Trim().ToString();
            }
        }

        return null;
    }

    /// <summary>Whether the format takes <paramref name="feedback"/>.</summary>
    public bool HasFeedback(string feedback) => Feedback.Contains(feedback, StringComparer.OrdinalIgnoreCase);
}
