using System.Collections.Immutable;
using Dais.Rtc.Sdp;

namespace Dais.Sfu.Negotiation;

/// <summary>
/// An offer the server can answer: parsed, and with one transport for all its sections. The transport is described by
/// the first section of the BUNDLE group; bundle-only sections need not repeat it (RFC 9143 §7.2).
/// </summary>
internal sealed class Offer
{
    private readonly SessionDescription _description;

    private Offer(SessionDescription description, TransportParameters transport)
    {
        _description = description;
        Transport = transport;
    }

    public TransportParameters Transport { get; }

    public int Count => _description.Media.Length;

    public MediaDescription this[int index] => _description.Media[index];

    /// <summary>Parses and checks <paramref name="text"/>; null, and a sentence, when it cannot be answered.</summary>
    public static Offer? Read(string text, LocalTransport local, out string? problem)
    {
        if (!SessionDescription.TryParse(text, local.Limits, out var description, out problem))
        {
            return null;
        }

        problem = Check(description!, out var section);
        return problem is null
            ? new Offer(WithOneMeaningPerId(description!), new TransportParameters(local.Ice, section!.Ice!, section.Fingerprint!))
            : null;
    }

    /// <summary>
    /// Whether <paramref name="media"/> is a section of sound or picture over our transport; what it holds and which
    /// way it flows is still to be seen.
    /// </summary>
    public bool IsUsable(MediaDescription media) =>
        !media.IsRejected
        && media.Kind is "audio" or "video"
        && media.Protocol.EndsWith("RTP/SAVPF", StringComparison.Ordinal)
        && media.Mid is { } mid
        && (_description.Bundle.IsEmpty || _description.Bundle.Contains(mid));

    private static string? Check(SessionDescription description, out MediaDescription? transport)
    {
        transport = null;
        if (description.IsIceLite)
        {
            return "The offer is of an ICE-lite agent, which the server is itself; one side has to be a full agent.";
        }

        HashSet<string> mids = [];
        int live = 0;
        foreach (var media in description.Media)
        {
            live += media.IsRejected ? 0 : 1;
            if (media.Mid is { } mid && !mids.Add(mid))
            {
                return $"Two media sections have the mid {mid}.";
            }
        }

        if (live > 1 && description.Bundle.IsEmpty)
        {
            return "The offer has several media sections and no BUNDLE group.";
        }

        transport = FindTransport(description);
        return transport is null ? "The offer has no media section." : CheckTransport(transport);
    }

    /// <summary>
    /// The description in which each id of a header extension means the same in every section, as it has to on one transport (RFC 9143
    /// §14). Not every client keeps to that; then the first section's meaning holds, and the others do without.
    /// </summary>
    private static SessionDescription WithOneMeaningPerId(SessionDescription description)
    {
        Dictionary<byte, string> meanings = [];
        var sections = ImmutableArray.CreateBuilder<MediaDescription>(description.Media.Length);
        foreach (var media in description.Media)
        {
            if (!media.IsRejected)
            {
                foreach (var extension in media.Extensions)
                {
                    meanings.TryAdd(extension.Id, extension.Uri);
                }
            }

            sections.Add(media with { Extensions = [.. media.Extensions.Where(each => meanings.GetValueOrDefault(each.Id) == each.Uri)] });
        }

        return description with { Media = sections.MoveToImmutable() };
    }

    private static MediaDescription? FindTransport(SessionDescription description)
    {
        foreach (var media in description.Media)
        {
            if (description.Bundle.IsEmpty && !media.IsRejected)
            {
                return media;
            }
        }

        foreach (string mid in description.Bundle)
        {
            foreach (var media in description.Media)
            {
                if (media.Mid == mid && !media.IsRejected)
                {
                    return media;
                }
            }
        }

        return null;
    }

    private static string? CheckTransport(MediaDescription media)
    {
        if (media.Ice is null)
        {
            return "The offer has no ICE credentials (ice-ufrag of 4 to 256 and ice-pwd of 22 to 256 characters).";
        }

        if (media.Fingerprint is null)
        {
            return "The offer has no sha-256 fingerprint.";
        }

        if (media.Setup is not (DtlsSetup.ActivePassive or DtlsSetup.Active))
        {
            return "The offer's setup is neither actpass nor active; the server is always passive.";
        }

        return media.HasRtcpMux ? null : "The offer has no rtcp-mux.";
    }
}
