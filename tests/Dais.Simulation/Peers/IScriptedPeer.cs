using Dais.Rtc;

namespace Dais.Simulation.Peers;

/// <summary>A client on the virtual network.</summary>
public interface IScriptedPeer
{
    /// <summary>When <see cref="HandleTimeout"/> wants to be called next.</summary>
    Timestamp NextTimeout { get; }

    /// <summary>Advances the clock to <paramref name="now"/>.</summary>
    void HandleTimeout(Timestamp now, IDatagramOutput output);

    /// <summary>Feeds one received datagram.</summary>
    void HandleDatagram(Span<byte> datagram, Timestamp now, IDatagramOutput output);
}

/// <summary>Where a peer's datagrams go.</summary>
public interface IDatagramOutput
{
    /// <summary>Sends one datagram; it is copied.</summary>
    void Send(ReadOnlySpan<byte> datagram);
}
