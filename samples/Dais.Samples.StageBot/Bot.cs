using Dais.Client;
using Dais.Client.Media;
using Dais.Protocol;

namespace Dais.Samples.StageBot;

/// <summary>A guest without a face: joins a room, asks for a seat, and plays its sound and picture while it sits.</summary>
/// <param name="client">The connected client.</param>
/// <param name="media">What to play.</param>
/// <param name="log">What the bot does, for whoever watches it.</param>
public sealed class Bot(DaisClient client, BotMedia media, TextWriter log)
{
    /// <summary>Done when the bot was declined, is off stage again, or the room is over.</summary>
    public async Task RunAsync(string roomId, CancellationToken cancellation)
    {
        var room = await client.JoinRoomAsync(roomId, cancellation).ConfigureAwait(false);
        var events = room.ReadEvents();

        // 1. Prepare the path while the application is open: nobody receives anything before the bot sits.
        var publication = await room.PublishAsync(new MediaPublicationOptions(), cancellation).ConfigureAwait(false);
        await room.ApplyForSeatAsync(extraInfo: "a test tone and picture", cancellation: cancellation).ConfigureAwait(false);
        log.WriteLine($"Asked for a seat in {roomId}.");

        // 2. Play from sitting down to standing up.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var playing = room.State.OwnSeat is null ? null : PlayAsync(publication, stop);
        try
        {
            await foreach (var happened in events.WithCancellation(stop.Token).ConfigureAwait(false))
            {
                if (happened is RoomNotification.SeatApplicationEnded { Outcome: not RequestOutcome.Accepted } ended
                    && ended.Request.User.UserId == client.UserId)
                {
                    log.WriteLine($"The application ended: {ended.Outcome}.");
                    break;
                }

                if (room.State.OwnSeat is { } seat && playing is null)
                {
                    log.WriteLine($"On stage, on seat {seat.Index}.");
                    playing = PlayAsync(publication, stop);
                }
                else if (room.State.OwnSeat is null && playing is not null)
                {
                    log.WriteLine("Off stage.");
                    break;
                }
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await (playing ?? Task.CompletedTask).ConfigureAwait(false);
        }

        // 3. Leave, unless the room is over anyhow.
        if (room.State.Closed is null)
        {
            await room.LeaveAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Plays until <paramref name="stop"/>, and stops everything when it cannot.</summary>
    private async Task PlayAsync(MediaPublication publication, CancellationTokenSource stop)
    {
        var cancellation = stop.Token;
        try
        {
            await publication.WaitConnectedAsync(cancellation).ConfigureAwait(false);
            var start = DateTimeOffset.UtcNow;
            await Task.WhenAll(
                SendAsync(media.OpenAudio, static () => new OggOpusReader(), publication.SendAudio, start, cancellation),
                SendAsync(media.OpenVideo, static () => new IvfReader(), publication.SendVideo, start, cancellation)).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Off stage.
        }
        catch
        {
            await stop.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Sends every frame at its time, on one clock for sound and picture; from the start again when the source ends.</summary>
    private static async Task SendAsync(
        Func<Stream> open,
        Func<IFrameReader> createReader,
        Func<ReadOnlyMemory<byte>, TimeSpan, bool> send,
        DateTimeOffset start,
        CancellationToken cancellation)
    {
        var played = TimeSpan.Zero;
        while (true)
        {
            bool isEmpty = true;
            var last = TimeSpan.Zero;
            var step = TimeSpan.FromMilliseconds(20);
            await foreach (var frame in BotMedia.ReadAsync(open, createReader(), cancellation).ConfigureAwait(false))
            {
                isEmpty = false;
                step = frame.Timestamp > last ? frame.Timestamp - last : step;
                last = frame.Timestamp;
                var timestamp = played + frame.Timestamp;
                var wait = start + timestamp - DateTimeOffset.UtcNow;
                if (wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait, cancellation).ConfigureAwait(false);
                }

                send(frame.Data, timestamp);
            }

            cancellation.ThrowIfCancellationRequested();
            if (isEmpty)
            {
                throw new InvalidDataException("There is nothing to play: the source has no frames.");
            }

            played += last + step;
        }
    }
}
