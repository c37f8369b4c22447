using System.Collections.Immutable;
using Dais.Rtc.Dtls;
using Dais.Rtc.Ice;

namespace Dais.Rtc.Sdp;

/// <summary>
/// One media section (RFC 8866 §5.14). What the section does not say itself but the session does (direction, ICE
/// credentials, fingerprint, setup, header extensions) is filled in.
/// </summary>
public sealed record MediaDescription
{
    /// <summary>The kind: audio, video, application or another.</summary>
    public required string Kind { get; init; }

    /// <summary>The port; 0 rejects the section unless it is <see cref="IsBundleOnly"/>.</summary>
    public required int Port { get; init; }

    /// <summary>The transport, such as UDP/TLS/RTP/SAVPF.</summary>
    public required string Protocol { get; init; }

    /// <summary>The section's name in the BUNDLE group (RFC 5888 §4); null when it has none.</summary>
    public string? Mid { get; init; }

    /// <summary>Which way media flows, seen by the sender of the description; both ways when it says nothing.</summary>
    public MediaDirection Direction { get; init; }

    /// <summary>ICE credentials; null unless both halves are there and of the lengths RFC 8839 §5.4 asks for.</summary>
    public IceCredentials? Ice { get; init; }

    /// <summary>The certificate's SHA-256 fingerprint; null when none with that hash is given.</summary>
    public DtlsFingerprint? Fingerprint { get; init; }

    /// <summary>The part to play in the DTLS handshake; null when not said.</summary>
    public DtlsSetup? Setup { get; init; }

    /// <summary>Whether RTP and RTCP share the port (RFC 5761 §5.1.1).</summary>
    public bool HasRtcpMux { get; init; }

    /// <summary>Whether RTCP feedback may come without a report in front (RFC 5506 §5).</summary>
    public bool HasReducedSizeRtcp { get; init; }

    /// <summary>
    /// Whether the section has no address of its own, which makes port 0 mean no rejection (RFC 9143 §6).
    /// </summary>
    public bool IsBundleOnly { get; init; }

    /// <summary>Payload formats in order of preference; empty for kinds other than audio and video.</summary>
    public ImmutableArray<PayloadFormat> Formats { get; init; } = [];

    /// <summary>Header extensions (RFC 8285 §5).</summary>
    public ImmutableArray<HeaderExtension> Extensions { get; init; } = [];

    /// <summary>Announced sources, in order, each once (RFC 5576 §4.1).</summary>
    public ImmutableArray<MediaSource> Sources { get; init; } = [];

    /// <summary>Groups of sources (RFC 5576 §4.2).</summary>
    public ImmutableArray<MediaSourceGroup> SourceGroups { get; init; } = [];

    /// <summary>Restriction identifiers, in order (RFC 8851 §4).</summary>
    public ImmutableArray<RestrictionIdentifier> Rids { get; init; } = [];

    /// <summary>The value of the simulcast attribute (RFC 8853 §5.1); null when there is none.</summary>
    public string? Simulcast { get; init; }

    /// <summary>The media stream the section belongs to (RFC 8830 §2); null when there is none.</summary>
    public MediaStreamIdentification? Msid { get; init; }

    /// <summary>Where the sender of the description can be reached by UDP, in its order (RFC 8839 §5.1).</summary>
    public ImmutableArray<NetworkAddress> Candidates { get; init; } = [];

    /// <summary>Whether the sender of the description does not want the section (RFC 8829 §5.2.2).</summary>
    public bool IsRejected => Port == 0 && !IsBundleOnly;
}

/// <summary>Which way media flows (RFC 8866 §6.7).</summary>
public enum MediaDirection
{
    /// <summary>Both ways.</summary>
    SendReceive,

    /// <summary>Only from the sender of the description.</summary>
    SendOnly,

    /// <summary>Only to the sender of the description.</summary>
    ReceiveOnly,

    /// <summary>Not at all.</summary>
    Inactive,
}

/// <summary>The part to play in the DTLS handshake (RFC 4145 §4, RFC 8842 §5.1).</summary>
public enum DtlsSetup
{
    /// <summary>Either, as the answer says.</summary>
    ActivePassive,

    /// <summary>Sends the ClientHello.</summary>
    Active,

    /// <summary>Waits for the ClientHello.</summary>
    Passive,

    /// <summary>No connection for now.</summary>
    HoldConnection,
}

/// <summary>One header extension and its id (RFC 8285 §5).</summary>
/// <param name="Id">1 to 255; larger ids are offers of alternatives and are left out.</param>
/// <param name="Direction">Which way it is meant; both when not said.</param>
/// <param name="Uri">The extension's name.</param>
public sealed record HeaderExtension(byte Id, MediaDirection Direction, string Uri);

/// <summary>One announced source.</summary>
/// <param name="Ssrc">Its SSRC.</param>
/// <param name="CanonicalName">Its canonical name; null when not said.</param>
public sealed record MediaSource(uint Ssrc, string? CanonicalName);

/// <summary>Sources that belong together.</summary>
/// <param name="Semantics">How, such as FID (the second repairs the first) or SIM.</param>
/// <param name="Ssrcs">The sources, in order.</param>
public sealed record MediaSourceGroup(string Semantics, ImmutableArray<uint> Ssrcs);

/// <summary>One restriction identifier.</summary>
/// <param name="Id">The identifier, as it stands in header extensions.</param>
/// <param name="IsSend">Whether the sender of the description sends it.</param>
public sealed record RestrictionIdentifier(string Id, bool IsSend);

/// <summary>A media stream and a track in it.</summary>
/// <param name="Stream">The stream; "-" for none.</param>
/// <param name="Track">The track; null when not said.</param>
public sealed record MediaStreamIdentification(string Stream, string? Track);
