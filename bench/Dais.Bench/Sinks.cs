using Dais.Rtc;
using Dais.Sfu;

namespace Dais.Bench;

/// <summary>Takes what is forwarded and sends nothing.</summary>
internal sealed class NullSink : ITransmitSink
{
    private readonly byte[] _buffer = GC.AllocateArray<byte>(SfuLimits.DatagramBytesMax, pinned: true);

    /// <summary>Datagrams taken.</summary>
    public long Count { get; private set; }

    /// <inheritdoc/>
    public Span<byte> GetBuffer() => _buffer;

    /// <inheritdoc/>
    public void Commit(in NetworkPath path, int length) => Count++;
}

/// <summary>Keeps the worker's answers while clients connect.</summary>
internal sealed class CollectingSink : ITransmitSink
{
    private readonly byte[] _buffer = new byte[SfuLimits.DatagramBytesMax];

    /// <summary>What is to be delivered, and where.</summary>
    public Queue<(NetworkPath Path, byte[] Datagram)> Datagrams { get; } = new();

    /// <inheritdoc/>
    public Span<byte> GetBuffer() => _buffer;

    /// <inheritdoc/>
    public void Commit(in NetworkPath path, int length) => Datagrams.Enqueue((path, _buffer[..length]));
}
