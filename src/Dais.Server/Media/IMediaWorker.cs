using System.Collections.Immutable;
using System.Threading.Channels;
using Dais.Rtc;
using Dais.Sfu;

namespace Dais.Server.Media;

/// <summary>A media worker as the signalling side sees it: commands go in, events come out, nothing ever waits.</summary>
public interface IMediaWorker : IDisposable
{
    /// <summary>Where clients reach it by UDP, best first; one at least.</summary>
    ImmutableArray<NetworkAddress> Candidates { get; }

    /// <summary>Where clients reach it by TCP, best first; empty when it takes UDP alone.</summary>
    ImmutableArray<NetworkAddress> TcpCandidates => [];

    /// <summary>Whether it takes datagrams and commands.</summary>
    bool IsRunning { get; }

    /// <summary>What it has to say; completes when it ends.</summary>
    ChannelReader<SfuEvent> Events { get; }

    /// <summary>Hands it <paramref name="command"/>; false when it does not keep up or has ended.</summary>
    bool TryPost(SfuCommand command);

    /// <summary>What it counts; null when it counts nothing.</summary>
    MediaFigures? ReadFigures() => null;
}

/// <summary>Starts the worker with a number, from 0.</summary>
public delegate IMediaWorker MediaWorkerFactory(int index);
