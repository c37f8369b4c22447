using Dais.Rtc;
using Dais.Rtc.Dtls;

namespace Dais.Server.Tests.Media;

/// <summary>A certificate that is only talked about: for tests in which no handshake happens.</summary>
public sealed class FixedFingerprint : IDtlsSessionFactory
{
    /// <inheritdoc/>
    public DtlsFingerprint LocalFingerprint { get; } = new(string.Join(':', Enumerable.Repeat("CD", 32)));

    /// <inheritdoc/>
    public IDtlsSession CreatePassive(DtlsFingerprint remote) => throw new NotSupportedException();

    /// <inheritdoc/>
    public IDtlsSession CreateActive(DtlsFingerprint remote, Timestamp now) => throw new NotSupportedException();
}
