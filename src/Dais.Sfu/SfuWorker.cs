using Dais.Rtc;
using Dais.Rtc.Dtls;

namespace Dais.Sfu;

/// <summary>
/// The core of one media worker, without I/O: commands, datagrams and time go in; datagrams (pushed into a sink), events (polled) and
/// the next deadline come out.
/// </summary>
public sealed class SfuWorker(IDtlsSessionFactory dtls) : IDisposable
{
    /// <summary>When <see cref="HandleTimeout"/> wants to be called next.</summary>
    public Timestamp NextTimeout => dtls is null ? default : throw new NotImplementedException();

    /// <summary>Carries out <paramref name="command"/>.</summary>
    public void HandleCommand<TSink>(SfuCommand command, Timestamp now, ref TSink sink)
        where TSink : ITransmitSink, allows ref struct => throw new NotImplementedException();

    /// <summary>Feeds one received datagram; it is decrypted in place.</summary>
    public void HandleDatagram<TSink>(in NetworkPath path, Span<byte> datagram, Timestamp now, ref TSink sink)
        where TSink : ITransmitSink, allows ref struct => throw new NotImplementedException();

    /// <summary>Advances the clock to <paramref name="now"/>.</summary>
    public void HandleTimeout<TSink>(Timestamp now, ref TSink sink)
        where TSink : ITransmitSink, allows ref struct => throw new NotImplementedException();

    /// <summary>Takes the next event; false when there is none.</summary>
    public bool TryDequeue(out SfuEvent? happened) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Dispose() => throw new NotImplementedException();
}
