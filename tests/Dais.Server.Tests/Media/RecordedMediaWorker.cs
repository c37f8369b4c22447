using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;
using Dais.Rtc;
using Dais.Server.Media;
using Dais.Sfu;

namespace Dais.Server.Tests.Media;

/// <summary>A media worker that only remembers what it was told, and says what a test lets it say.</summary>
public sealed class RecordedMediaWorker : IMediaWorker
{
    private readonly Channel<SfuEvent> _events = Channel.CreateUnbounded<SfuEvent>();

    /// <inheritdoc/>
    public ImmutableArray<NetworkAddress> Candidates { get; } = [NetworkAddress.FromIPv4(0x7F000001, 5181)];

    /// <inheritdoc/>
    public bool IsRunning { get; set; } = true;

    /// <summary>Whether it takes commands.</summary>
    public bool IsFull { get; set; }

    /// <inheritdoc/>
    public ChannelReader<SfuEvent> Events => _events.Reader;

    /// <summary>Every command, in order.</summary>
    public ConcurrentQueue<SfuCommand> Commands { get; } = new();

    /// <inheritdoc/>
    public bool TryPost(SfuCommand command)
    {
        if (IsFull)
        {
            return false;
        }

        Commands.Enqueue(command);
        return true;
    }

    /// <summary>Lets the worker say <paramref name="happened"/>.</summary>
    public void Say(SfuEvent happened) => _events.Writer.TryWrite(happened);

    /// <summary>The last command of type <typeparamref name="TCommand"/>.</summary>
    public TCommand Last<TCommand>()
        where TCommand : SfuCommand => Commands.OfType<TCommand>().Last();

    /// <inheritdoc/>
    public void Dispose() => _events.Writer.TryComplete();
}
