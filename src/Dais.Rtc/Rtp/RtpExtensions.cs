namespace Dais.Rtc.Rtp;

/// <summary>
/// A view over the header extensions of one RTP packet, with one-byte or two-byte headers (RFC 8285 §4.2, §4.3).
/// </summary>
public readonly ref struct RtpExtensions
{
    /// <summary>The profile number of one-byte headers (RFC 8285 §4.2).</summary>
    public const ushort OneByteProfile = 0xBEDE;

    private const int TwoByteProfile = 0x100;
    private const int OneByteStop = 15;

    private readonly ReadOnlySpan<byte> _elements;
    private readonly bool _oneByte;

    /// <summary>
    /// A view over <paramref name="elements"/>, the bytes behind the extension header; empty for an unknown profile.
    /// </summary>
    public RtpExtensions(ushort profile, ReadOnlySpan<byte> elements)
    {
        _oneByte = profile == OneByteProfile;
        // The low four bits of the two-byte profile are free for applications (RFC 8285 §4.3).
        _elements = _oneByte || profile >> 4 == TwoByteProfile ? elements : default;
    }

    /// <summary>Gets an enumerator over the elements.</summary>
    public Enumerator GetEnumerator() => new(_elements, _oneByte);

    /// <summary>Finds the element with <paramref name="id"/>; false when there is none.</summary>
    public bool TryGet(byte id, out ReadOnlySpan<byte> value)
    {
        if (id != 0)
        {
            foreach (var element in this)
            {
                if (element.Id == id)
                {
                    value = element.Value;
                    return true;
                }
            }
        }

        value = default;
        return false;
    }

    /// <summary>One header extension.</summary>
    public readonly ref struct Element
    {
        internal Element(byte id, ReadOnlySpan<byte> value)
        {
            Id = id;
            Value = value;
        }

        /// <summary>The negotiated id.</summary>
        public byte Id { get; }

        /// <summary>The extension's bytes; may be empty with two-byte headers.</summary>
        public ReadOnlySpan<byte> Value { get; }
    }

    /// <summary>Walks the elements; ends at the first that lies about its length.</summary>
    public ref struct Enumerator
    {
        private readonly bool _oneByte;
        private ReadOnlySpan<byte> _rest;

        internal Enumerator(ReadOnlySpan<byte> elements, bool oneByte)
        {
            _rest = elements;
            _oneByte = oneByte;
        }

        /// <summary>The element the enumerator stands on.</summary>
        public Element Current { get; private set; }

        /// <summary>Goes to the next element; false when there is none.</summary>
        public bool MoveNext()
        {
            // A zero byte between elements is padding in both forms.
            int padding = _rest.IndexOfAnyExcept((byte)0);
            if (padding < 0)
            {
                return false;
            }

            _rest = _rest[padding..];
            int headerLength = _oneByte ? 1 : 2;
            if (_rest.Length < headerLength)
            {
                return false;
            }

            int id = _oneByte ? _rest[0] >> 4 : _rest[0];
            int length = _oneByte ? (_rest[0] & 0x0F) + 1 : _rest[1];
            if ((_oneByte && id is 0 or OneByteStop) || _rest.Length < headerLength + length)
            {
                _rest = default;
                return false;
            }

            Current = new Element((byte)id, _rest.Slice(headerLength, length));
            _rest = _rest[(headerLength + length)..];
            return true;
        }
    }
}
