using System.Collections.Immutable;
using Dais.Rtc.Rtp;

namespace Dais.Sfu;

/// <summary>What a worker tells the signalling side.</summary>
public abstract record SfuEvent
{
    private SfuEvent() { }

    /// <summary>ICE and DTLS are done; media can flow.</summary>
    public sealed record TransportConnected(TransportId Id) : SfuEvent;

    /// <summary>A transport ended by itself; it is gone.</summary>
    public sealed record TransportClosed(TransportId Id, TransportCloseReason Reason) : SfuEvent;

    /// <summary>The first packet of a track arrived.</summary>
    public sealed record TrackStarted(TransportId Id, TrackKind Kind) : SfuEvent;

    /// <summary>
    /// Other encodings of a publisher's picture are watched than before: those of <paramref name="Rids"/>, lowest first, which may be none.
    /// Until the first is told, all are.
    /// </summary>
    public sealed record LayersWanted(TransportId Id, ImmutableArray<string> Rids) : SfuEvent;
}

/// <summary>Why a transport ended by itself.</summary>
public enum TransportCloseReason
{
    /// <summary>The client's consent to receive ran out (RFC 7675 §5.1).</summary>
    ConsentExpired,

    /// <summary>No connection came about in time.</summary>
    ConnectTimeout,

    /// <summary>The DTLS handshake failed or the certificate was not the announced one.</summary>
    DtlsFailed,

    /// <summary>The client closed the DTLS session.</summary>
    ClosedByPeer,

    /// <summary>The worker holds as many transports as it may.</summary>
    TooManyTransports,
}
