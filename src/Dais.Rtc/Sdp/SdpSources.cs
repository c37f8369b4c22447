using System.Collections.Immutable;
using System.Globalization;

namespace Dais.Rtc.Sdp;

/// <summary>Gathers the sources, groups of sources and rids of one media section.</summary>
internal sealed class SdpSources(SdpLimits limits)
{
    private readonly List<MediaSource> _sources = [];
    private readonly List<MediaSourceGroup> _groups = [];
    private readonly List<RestrictionIdentifier> _rids = [];

    /// <summary>
    /// Reads an attribute of a source (RFC 5576 §4.1); of its attributes only the canonical name is kept.
    /// </summary>
    public string? ReadSource(ReadOnlySpan<char> value)
    {
        int space = value.IndexOf(' ');
        if (!TryParseSsrc(space < 0 ? value : value[..space], out uint ssrc))
        {
            return "the SSRC is no 32-bit number.";
        }

        const string CanonicalName = "cname:";
        var attribute = space < 0 ? default : value[(space + 1)..];
        string? name = attribute.StartsWith(CanonicalName, StringComparison.Ordinal)
            ? attribute[CanonicalName.Length..].ToString()
            : null;
        int index = _sources.FindIndex(source => source.Ssrc == ssrc);
        if (index >= 0)
        {
            _sources[index] = _sources[index] with { CanonicalName = _sources[index].CanonicalName ?? name };
            return null;
        }

        if (_sources.Count == limits.SourcesMax)
        {
            return $"there are more than {limits.SourcesMax} sources.";
        }

        _sources.Add(new MediaSource(ssrc, name));
        return null;
    }

    /// <summary>Reads a group of sources (RFC 5576 §4.2).</summary>
    public string? ReadGroup(ReadOnlySpan<char> value)
    {
        if (_groups.Count == limits.SourcesMax)
        {
            return $"there are more than {limits.SourcesMax} groups of sources.";
        }

        int space = value.IndexOf(' ');
        var semantics = space < 0 ? value : value[..space];
        if (!SdpSection.IsToken(semantics))
        {
            return "a group of sources has its semantics in front.";
        }

        var ssrcs = ImmutableArray.CreateBuilder<uint>();
        var rest = space < 0 ? default : value[(space + 1)..];
        foreach (var range in rest.Split(' '))
        {
            if (rest[range].IsEmpty)
            {
                continue;
            }

            if (ssrcs.Count == limits.SourcesMax || !TryParseSsrc(rest[range], out uint ssrc))
            {
                return $"a group of sources holds at most {limits.SourcesMax} 32-bit numbers.";
            }

            ssrcs.Add(ssrc);
        }

        _groups.Add(new MediaSourceGroup(semantics.ToString(), ssrcs.ToImmutable()));
        return null;
    }

    /// <summary>Reads a restriction identifier (RFC 8851 §4); its restrictions are left out.</summary>
    public string? ReadRid(ReadOnlySpan<char> value)
    {
        Span<Range> parts = stackalloc Range[3];
        int count = value.Split(parts, ' ', StringSplitOptions.RemoveEmptyEntries);
        if (count < 2 || !SdpSection.IsToken(value[parts[0]]) || value[parts[1]] is not ("send" or "recv"))
        {
            return "a rid has an identifier and a direction.";
        }

        if (_rids.Count == limits.SourcesMax)
        {
            return $"there are more than {limits.SourcesMax} rids.";
        }

        _rids.Add(new RestrictionIdentifier(value[parts[0]].ToString(), value[parts[1]] is "send"));
        return null;
    }

    public ImmutableArray<MediaSource> BuildSources() => [.. _sources];

    public ImmutableArray<MediaSourceGroup> BuildGroups() => [.. _groups];

    public ImmutableArray<RestrictionIdentifier> BuildRids() => [.. _rids];

    private static bool TryParseSsrc(ReadOnlySpan<char> text, out uint ssrc) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ssrc);
}
