using Dais.Rtc.Rtp;

namespace Dais.Sfu.Slots;

/// <summary>
/// Maps the picture ids and base layer indexes of whichever VP8 source a slot shows onto one run (RFC 7741 §4.2), as
/// <see cref="SlotTimeline"/> does with sequence numbers: the first picture of a new source follows the last one sent, and from there the
/// source's steps are kept, so that its losses stay visible.
/// </summary>
internal struct PictureNumbering
{
    private Counter _pictures;
    private Counter _baseLayer;
    private Counter _keyframes;

    /// <summary>A source begins; what is sent of it follows what was sent before.</summary>
    public void Start()
    {
        _pictures.Start();
        _baseLayer.Start();
        _keyframes.Start();
    }

    /// <summary>Writes the slot's numbers into the payload of a packet, whose own <paramref name="source"/> tells.</summary>
    /// <param name="source">The packet's numbers.</param>
    /// <param name="payload">Its payload.</param>
    /// <param name="dropped">How many of the source's pictures were left out before it.</param>
    public void Apply(in Vp8Descriptor source, Span<byte> payload, ushort dropped)
    {
        ushort picture = source.HasPictureId ? _pictures.Map((ushort)(source.PictureId - dropped), source.PictureIdMask) : (ushort)0;
        ushort tl0 = source.HasTl0PictureIndex ? _baseLayer.Map(source.Tl0PictureIndex, 0xFF) : (ushort)0;
        ushort keyframe = source.HasKeyIndex ? _keyframes.Map(source.KeyIndex, 0x1F) : (ushort)0;
        source.Write(payload, picture, (byte)tl0, (byte)keyframe);
    }

    /// <summary>One counter of a number of bits that sources agree on or not.</summary>
    private struct Counter
    {
        private ushort _offset;
        private ushort _last;
        private bool _isFresh;
        private bool _everSent;

        public void Start() => _isFresh = true;

        public ushort Map(ushort number, ushort mask)
        {
            if (_isFresh)
            {
                _offset = _everSent ? (ushort)(_last + 1 - number) : (ushort)0;
                _last = (ushort)(number + _offset - 1);
                _isFresh = false;
                _everSent = true;
            }

            ushort mapped = (ushort)((number + _offset) & mask);
            int ahead = (mapped - _last) & mask;
            if (ahead <= mask / 2)
            {
                _last = mapped;
            }

            return mapped;
        }
    }
}
