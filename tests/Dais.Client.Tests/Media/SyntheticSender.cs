using System.Buffers.Binary;
using Dais.Client.Media;
using Dais.Rtc.Rtp;

namespace Dais.Client.Tests.Media;

/// <summary>Sends frames that look like the codec to whoever reads headers, at the pace of a camera, with a keyframe when asked.</summary>
public sealed class SyntheticSender : IDisposable
{
    /// <summary>Ticks of the RTP clock from one picture to the next.</summary>
    public const uint VideoTicks = 3000;

    private readonly MediaPublication _publication;
    private readonly Codec _codec;
    private readonly Lock _lock = new();
    private readonly List<string> _sent = [];
    private readonly Timer _timer;
    private int _number;
    private bool _isKeyframeWanted = true;

    /// <summary>Begins to send.</summary>
    public SyntheticSender(MediaPublication publication, Codec codec)
    {
        _publication = publication;
        _codec = codec;
        publication.KeyframeRequested += () => _isKeyframeWanted = true;
        _timer = new Timer(_ => SendNext(), null, TimeSpan.Zero, TimeSpan.FromMilliseconds(10));
    }

    /// <summary>What was sent of the same kind from <paramref name="first"/> on, the first <paramref name="count"/> of it.</summary>
    public IEnumerable<string> Following(ReadOnlyMemory<byte> first, int count)
    {
        lock (_lock)
        {
            int start = _sent.IndexOf(Convert.ToHexString(first.Span));
            Assert.NotEqual(-1, start);

            // A picture and a sound were sent in turn.
            return [.. _sent.Skip(start).Where((_, i) => i % 2 == 0).Take(count)];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void SendNext()
    {
        lock (_lock)
        {
            var timestamp = TimeSpan.FromSeconds(_number / 30.0);
            byte[] picture = Picture();
            byte[] sound = [0x78, .. Number(), 1, 2, 3];
            _number++;
            _sent.Add(Convert.ToHexString(picture));
            _sent.Add(Convert.ToHexString(sound));
            if (_publication.SendVideo(picture, timestamp))
            {
                _isKeyframeWanted = false;
            }

            _publication.SendAudio(sound, timestamp);
        }
    }

    private byte[] Number()
    {
        byte[] number = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, _number + 0x01010101);
        return number;
    }

    private byte[] Picture()
    {
        // A keyframe takes several packets.
        byte[] rest = [.. Enumerable.Range(0, _isKeyframeWanted ? 5000 : 500).Select(i => (byte)((i % 250) + 1))];
        return _codec == Codec.Vp8 ? [(byte)(_isKeyframeWanted ? 0x50 : 0x51), .. Number(), .. rest]
            : _isKeyframeWanted
                ? [0, 0, 0, 1, 0x67, 0x42, 0xE0, 0x1F, 0, 0, 0, 1, 0x68, 0xCE, 0x3C, 0x80, 0, 0, 0, 1, 0x65, .. Number(), .. rest]
                : [0, 0, 0, 1, 0x61, .. Number(), .. rest];
    }
}
