using Dais.Sfu.Relays;

namespace Dais.Sfu;

/// <summary>
/// Where what a worker says to others goes. What was taken arrives once and in order at the other's
/// <see cref="SfuWorker.HandleRelayed{TSink}"/>.
/// </summary>
public interface IRelaySink
{
    /// <summary>
    /// Takes a message to <paramref name="worker"/> and a copy of <paramref name="packet"/>; false when there is no room for it.
    /// </summary>
    bool TrySend(int worker, in RelayMessage message, ReadOnlySpan<byte> packet);
}
