using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Dais.Samples.StageBot;

/// <summary>Where the bot's sound and picture come from: files, or the output of ffmpeg. A source can be opened again and again.</summary>
/// <param name="OpenAudio">Opens the sound: Opus in Ogg.</param>
/// <param name="OpenVideo">Opens the picture: VP8 in IVF.</param>
public sealed record BotMedia(Func<Stream> OpenAudio, Func<Stream> OpenVideo)
{
    /// <summary>
    /// A tone and a moving test picture made by ffmpeg. It cannot be asked for a keyframe, so it makes one every second: whoever begins to
    /// watch waits at most so long.
    /// </summary>
    public static BotMedia Ffmpeg(string program = "ffmpeg") => new(
        () => Run(program, "-f lavfi -i sine=frequency=440:sample_rate=48000 -ac 2 -c:a libopus -b:a 48k -frame_duration 20 -page_duration 20000 -f ogg"),
        () => Run(program, "-f lavfi -i testsrc2=size=640x360:rate=30 -pix_fmt yuv420p -c:v libvpx -deadline realtime -cpu-used 8 -b:v 800k -g 30 -f ivf"));

    /// <summary>Files.</summary>
    public static BotMedia Files(string audio, string video) => new(() => File.OpenRead(audio), () => File.OpenRead(video));

    /// <summary>The frames of a source, as fast as they are taken: ffmpeg waits while its pipe is full.</summary>
    internal static async IAsyncEnumerable<EncodedFrame> ReadAsync(
        Func<Stream> open, IFrameReader reader, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await using var stream = open();
        byte[] buffer = new byte[16_384];
        while (await stream.ReadAsync(buffer, cancellation).ConfigureAwait(false) is > 0 and var length)
        {
            reader.Add(buffer.AsSpan(0, length));
            while (reader.TryTake(out var frame))
            {
                yield return frame;
            }
        }
    }

    private static ProcessStream Run(string program, string arguments)
    {
        var start = new ProcessStartInfo(program, $"-hide_banner -loglevel error -nostdin {arguments} pipe:1") { RedirectStandardOutput = true };
        return new ProcessStream(Process.Start(start)!);
    }

    /// <summary>The output of a process, which ends with it.</summary>
    private sealed class ProcessStream(Process process) : Stream
    {
        private readonly Stream _output = process.StandardOutput.BaseStream;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => _output.Read(buffer, offset, count);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            _output.ReadAsync(buffer, cancellationToken);

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                try
                {
                    process.Kill();
                }
                catch (InvalidOperationException)
                {
                    // It has ended by itself.
                }

                process.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
