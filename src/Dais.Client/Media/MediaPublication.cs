using System.Collections.Immutable;
using System.Security.Cryptography;
using Dais.Rtc;
using Dais.Rtc.Rtcp;
using Dais.Rtc.Rtp;
using Dais.Rtc.Sdp;

namespace Dais.Client.Media;

/// <summary>What a publication sends.</summary>
public sealed record MediaPublicationOptions
{
    /// <summary>Whether sound is sent, as Opus.</summary>
    public bool HasAudio { get; init; } = true;

    /// <summary>What the picture is encoded with, VP8 or H.264; null sends none.</summary>
    public Codec? Video
    {
        get;
        init => field = value is null or Codec.Vp8 or Codec.H264
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Only VP8 and H.264 can be sent.");
    } = Codec.Vp8;
}

/// <summary>
/// What this client's user sends into a room: frames that are encoded already. Nobody receives them before the user is on stage. Methods may
/// be called from any thread; the frames of one kind have to come in order.
/// </summary>
public sealed class MediaPublication : IDisposable
{
    private readonly Lock _lock = new();
    private readonly MediaPublicationOptions _options;
    private readonly MediaSession _session;
    private readonly TimeProvider _time;
    private ImmutableArray<OfferedTrack> _offered = [];
    private End? _end;

    internal MediaPublication(MediaPublicationOptions options, Func<string, CancellationToken, Task<string>> negotiate, TimeProvider time)
    {
        if (!options.HasAudio && options.Video is null)
        {
            throw new ArgumentException("A publication sends sound, a picture or both.", nameof(options));
        }

        _options = options;
        _time = time;
        _session = new MediaSession(WriteOffer, negotiate, Attach, time);
    }

    /// <summary>
    /// The server asks for a keyframe of the picture, because somebody has come to see it: the next frame should be one. Raised on any
    /// thread.
    /// </summary>
    public event Action? KeyframeRequested;

    /// <summary><see cref="Status"/> has changed; raised on any thread.</summary>
    public event Action<MediaStatus>? StatusChanged
    {
        add => _session.StatusChanged += value;
        remove => _session.StatusChanged -= value;
    }

    /// <summary>Where the path to the server stands; it comes back by itself.</summary>
    public MediaStatus Status => _session.Status;

    /// <summary>What the server last said may be sent at most, in bits per second; null before it has.</summary>
    public long? BitrateMax { get; private set; }

    /// <summary>Waits until frames can be sent.</summary>
    public Task WaitConnectedAsync(CancellationToken cancellation = default) => _session.WaitConnectedAsync(cancellation);

    /// <summary>Sends a frame of sound (Opus).</summary>
    /// <param name="frame">The encoded frame.</param>
    /// <param name="timestamp">When it is to be heard, on a clock shared with the picture.</param>
    /// <returns>False when it was dropped, because there is no path to the server now.</returns>
    public bool SendAudio(ReadOnlyMemory<byte> frame, TimeSpan timestamp) => Send(frame, timestamp, isAudio: true);

    /// <summary>Sends a frame of the picture.</summary>
    /// <param name="frame">The encoded frame; H.264 as an access unit with start codes, parameter sets before every keyframe.</param>
    /// <param name="timestamp">When it is to be seen, on a clock shared with the sound.</param>
    /// <returns>False when it was dropped, because there is no path to the server now.</returns>
    public bool SendVideo(ReadOnlyMemory<byte> frame, TimeSpan timestamp) => Send(frame, timestamp, isAudio: false);

    /// <summary>Stops sending on this side; <see cref="Room.UnpublishAsync"/> tells the server as well.</summary>
    public void Dispose() => _session.Dispose();

    internal Task StartAsync(CancellationToken cancellation) => _session.StartAsync(cancellation);

    internal void Restart() => _session.Restart();

    private bool Send(ReadOnlyMemory<byte> frame, TimeSpan timestamp, bool isAudio)
    {
        lock (_lock)
        {
            if (isAudio ? !_options.HasAudio : _options.Video is null)
            {
                throw new InvalidOperationException(isAudio ? "No sound was published." : "No picture was published.");
            }

            var track = isAudio ? _end?.Audio : _end?.Video;
            return track is not null && track.Send(frame, timestamp, _end!.Path.Now);
        }
    }

    private string WriteOffer(MediaPath path)
    {
        // Sources of their own for every path: their packets are counted from the start again.
        ImmutableArray<OfferedTrack> tracks =
        [
            .. _options.HasAudio ? [new OfferedTrack(Codec.Opus, RandomSsrc())] : ReadOnlySpan<OfferedTrack>.Empty,
            .. _options.Video is { } codec ? [new OfferedTrack(codec, RandomSsrc())] : ReadOnlySpan<OfferedTrack>.Empty,
        ];
        _offered = tracks;
        return MediaOffer.Publish(path.Ice, path.Fingerprint, tracks);
    }

    private End Attach(SessionDescription answer, MediaPath path)
    {
        lock (_lock)
        {
            TrackSender? audio = null;
            TrackSender? video = null;
            for (int i = 0; i < Math.Min(_offered.Length, answer.Media.Length); i++)
            {
                if (!answer.Media[i].IsRejected)
                {
                    var sender = new TrackSender(path, _offered[i].Codec, _offered[i].Ssrc, RandomSsrc());
                    (audio, video) = _offered[i].Codec == Codec.Opus ? (sender, video) : (audio, sender);
                }
            }

            return _end = new End(this, path, audio, video);
        }
    }

    private static uint RandomSsrc() => (uint)RandomNumberGenerator.GetInt32(1, int.MaxValue);

    /// <summary>The publication on one path.</summary>
    private sealed class End(MediaPublication owner, MediaPath path, TrackSender? audio, TrackSender? video) : IMediaEnd
    {
        private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

        private Timestamp _nextReport;
        private bool _isKeyframeWanted;

        public MediaPath Path => path;

        public TrackSender? Audio => audio;

        public TrackSender? Video => video;

        public Timestamp NextTimeout => _nextReport;

        public void HandleRtp(ReadOnlySpan<byte> packet, Timestamp now)
        {
            // The server sends no media to a publisher.
        }

        public void HandleRtcp(ReadOnlySpan<byte> packet, Timestamp now)
        {
            if (!RtcpReader.TryParse(packet, out var reader))
            {
                return;
            }

            while (reader.MoveNext())
            {
                if (reader.Current.TryReadPictureLossIndication(out var loss))
                {
                    _isKeyframeWanted |= loss.MediaSsrc == video?.Ssrc;
                }
                else if (reader.Current.TryReadFullIntraRequest(out var request))
                {
                    _isKeyframeWanted |= request.Count > 0 && request[0].MediaSsrc == video?.Ssrc;
                }
                else if (reader.Current.TryReadReceiverEstimatedMaximumBitrate(out var estimate))
                {
                    owner.BitrateMax = estimate.BitsPerSecond;
                }
            }
        }

        public void HandleTimeout(Timestamp now)
        {
            _nextReport = now + ReportInterval;
            Span<byte> buffer = stackalloc byte[256];
            var writer = new RtcpWriter(buffer);
            var ntp = NtpNow();
            audio?.WriteReport(ref writer, ntp, now);
            video?.WriteReport(ref writer, ntp, now);
            if (writer.Length > 0)
            {
                path.SendRtcp(writer.Written);
            }
        }

        public void RaiseEvents()
        {
            if (_isKeyframeWanted)
            {
                _isKeyframeWanted = false;
                owner.KeyframeRequested?.Invoke();
            }
        }

        private NtpTimestamp NtpNow()
        {
            // Seconds from 1900 to 1970 (RFC 5905 §6).
            const ulong UnixEpoch = 2_208_988_800;
            return new NtpTimestamp(UnixEpoch << 32) + (owner._time.GetUtcNow() - DateTimeOffset.UnixEpoch);
        }
    }
}
