using System.Collections.Immutable;

namespace Dais.Rtc.Sdp;

/// <summary>
/// An SDP description (RFC 8866) as far as WebRTC needs it (RFC 8829). Immutable; unknown lines are left out.
/// </summary>
public sealed record SessionDescription
{
    /// <summary>Whether the sender of the description is an ICE-lite agent (RFC 8839 §5.3).</summary>
    public bool IsIceLite { get; init; }

    /// <summary>The mids of the first BUNDLE group, in its order (RFC 9143 §7.1); empty when there is none.</summary>
    public ImmutableArray<string> Bundle { get; init; } = [];

    /// <summary>The media sections, in the order of the description.</summary>
    public ImmutableArray<MediaDescription> Media { get; init; } = [];

    /// <summary>
    /// Parses <paramref name="text"/>. False for a description that is malformed in a part that is read here, or over a
    /// limit; <paramref name="problem"/> then is a sentence that says what is wrong. Never throws.
    /// </summary>
    public static bool TryParse(string text, SdpLimits limits, out SessionDescription? description, out string? problem)
    {
        var parser = new SdpParser(limits);
        description = parser.Parse(text);
        problem = parser.Problem;
        return description is not null;
    }
}

/// <summary>Bounds of a description that is parsed. Each one reached refuses the description.</summary>
public sealed record SdpLimits
{
    /// <summary>Limits that leave room for what browsers offer with twenty slots.</summary>
    public static SdpLimits Default { get; } = new();

    /// <summary>Largest description, in characters.</summary>
    public int LengthMax { get; init; } = 256 * 1024;

    /// <summary>Most lines.</summary>
    public int LinesMax { get; init; } = 10_000;

    /// <summary>Longest line, in characters.</summary>
    public int LineLengthMax { get; init; } = 4096;

    /// <summary>Most media sections.</summary>
    public int MediaMax { get; init; } = 64;

    /// <summary>Most payload formats in one media section.</summary>
    public int FormatsMax { get; init; } = 128;

    /// <summary>Most header extensions in one media section.</summary>
    public int ExtensionsMax { get; init; } = 64;

    /// <summary>Most sources, most groups of sources and most rids in one media section, each.</summary>
    public int SourcesMax { get; init; } = 64;

    /// <summary>Most candidates of one media section that are kept.</summary>
    public int CandidatesMax { get; init; } = 64;
}
