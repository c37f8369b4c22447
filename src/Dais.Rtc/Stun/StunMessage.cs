using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Dais.Rtc.Stun;

/// <summary>A view over one STUN message (RFC 8489 §5). Owns nothing; lives on the stack.</summary>
/// <remarks>
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |0 0|     STUN message type     |        message length         |
/// |                         magic cookie                          |
/// |                transaction id (three words)                   |
/// </code>
/// Of an attribute that appears more than once the first counts; what stands behind MESSAGE-INTEGRITY is ignored, except FINGERPRINT
/// (RFC 8489 §14.5).
/// </remarks>
public readonly ref struct StunMessage
{
    /// <summary>Size of the header, in bytes.</summary>
    public const int HeaderBytes = 20;

    /// <summary>Size of an attribute's type and length, in bytes.</summary>
    public const int AttributeHeaderBytes = 4;

    /// <summary>Size of a transaction id, in bytes.</summary>
    public const int TransactionIdBytes = 12;

    /// <summary>Largest message accepted, in bytes: what fits one Ethernet frame.</summary>
    public const int BytesMax = 1500;

    /// <summary>The method every ICE check has (RFC 8489 §18.2).</summary>
    public const int BindingMethod = 1;

    internal const uint MagicCookie = 0x2112_A442;

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly AttributeOffsets _offsets;

    private StunMessage(ReadOnlySpan<byte> bytes, AttributeOffsets offsets)
    {
        _bytes = bytes;
        _offsets = offsets;
    }

    /// <summary>What the message is in its transaction.</summary>
    public StunClass Class => (StunClass)(((_bytes[0] & 1) << 1) | ((_bytes[1] >> 4) & 1));

    /// <summary>What is asked for; <see cref="BindingMethod"/> in ICE.</summary>
    public int Method => ((_bytes[0] & 0x3E) << 6) | ((_bytes[1] & 0xE0) >> 1) | (_bytes[1] & 0x0F);

    /// <summary>The 12 bytes that tie a response to its request.</summary>
    public ReadOnlySpan<byte> TransactionId => _bytes.Slice(8, TransactionIdBytes);

    /// <summary>The value of USERNAME; empty without one.</summary>
    public ReadOnlySpan<byte> Username => _offsets.Username == 0 ? [] : Value(_offsets.Username);

    /// <summary>The value of PRIORITY, or null.</summary>
    public uint? Priority => _offsets.Priority == 0 ? null : BinaryPrimitives.ReadUInt32BigEndian(Value(_offsets.Priority));

    /// <summary>Whether the message has USE-CANDIDATE.</summary>
    public bool HasUseCandidate => _offsets.UseCandidate != 0;

    /// <summary>The tie breaker of ICE-CONTROLLING, or null.</summary>
    public ulong? IceControlling =>
        _offsets.IceControlling == 0 ? null : BinaryPrimitives.ReadUInt64BigEndian(Value(_offsets.IceControlling));

    /// <summary>The tie breaker of ICE-CONTROLLED, or null.</summary>
    public ulong? IceControlled =>
        _offsets.IceControlled == 0 ? null : BinaryPrimitives.ReadUInt64BigEndian(Value(_offsets.IceControlled));

    /// <summary>The number of ERROR-CODE, 300 to 699, or null.</summary>
    public int? ErrorCode
    {
        get
        {
            if (_offsets.ErrorCode == 0)
            {
                return null;
            }

            var value = Value(_offsets.ErrorCode);
            return ((value[2] & 7) * 100) + value[3];
        }
    }

    /// <summary>Whether there is a MESSAGE-INTEGRITY, right or wrong.</summary>
    public bool HasIntegrity => _offsets.Integrity != 0;

    /// <summary>Whether an attribute must be understood (its type is below 0x8000) and is not known here (RFC 8489 §6.3.1).</summary>
    public bool HasUnknownRequired => _offsets.HasUnknownRequired;

    /// <summary>Parses <paramref name="bytes"/>; false when they are no whole, well-formed STUN message.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out StunMessage message)
    {
        message = default;
        var offsets = default(AttributeOffsets);
        if (!HasValidHeader(bytes))
        {
            return false;
        }

        int position = HeaderBytes;
        while (position < bytes.Length)
        {
            if (offsets.Fingerprint != 0 || !TryReadAttribute(bytes, position, out var type, out int length, out int next)
                || !offsets.TryAdd(type, position, length))
            {
                return false;
            }

            position = next;
        }

        message = new StunMessage(bytes, offsets);
        return true;
    }

    /// <summary>
    /// Reads USERNAME without looking at anything that is not needed for it, to find whose message this is; false when the bytes are no
    /// STUN message or have no USERNAME. What follows in the message is not checked.
    /// </summary>
    public static bool TryReadUsername(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> username)
    {
        username = [];
        if (!HasValidHeader(bytes))
        {
            return false;
        }

        int position = HeaderBytes;
        while (position < bytes.Length && TryReadAttribute(bytes, position, out var type, out int length, out int next))
        {
            if (type == StunAttributeType.Username)
            {
                username = bytes.Slice(position + AttributeHeaderBytes, length);
                return true;
            }

            position = next;
        }

        return false;
    }

    /// <summary>
    /// Reads the receiver's user name fragment of a request, the part of USERNAME before the colon (RFC 8445 §7.2.2): the key by which
    /// a server finds the transport.
    /// </summary>
    public static bool TryReadLocalFragment(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> fragment)
    {
        fragment = [];
        if (!TryReadUsername(bytes, out var username))
        {
            return false;
        }

        int colon = username.IndexOf((byte)':');
        fragment = colon < 0 ? [] : username[..colon];
        return colon > 0;
    }

    /// <summary>Whether the MESSAGE-INTEGRITY is there and made with <paramref name="key"/> (RFC 8489 §9.1.3).</summary>
    public bool HasValidIntegrity(ReadOnlySpan<byte> key)
    {
        if (_offsets.Integrity == 0)
        {
            return false;
        }

        Span<byte> expected = stackalloc byte[StunChecksum.IntegrityBytes];
        StunChecksum.ComputeIntegrity(_bytes[.._offsets.Integrity], key, expected);
        return CryptographicOperations.FixedTimeEquals(expected, Value(_offsets.Integrity));
    }

    /// <summary>Whether the FINGERPRINT is there and right (RFC 8489 §14.7).</summary>
    public bool HasValidFingerprint() =>
        _offsets.Fingerprint != 0
        && StunChecksum.ComputeFingerprint(_bytes[.._offsets.Fingerprint])
            == BinaryPrimitives.ReadUInt32BigEndian(Value(_offsets.Fingerprint));

    /// <summary>Reads XOR-MAPPED-ADDRESS (RFC 8489 §14.2); false when there is none or it is malformed.</summary>
    public bool TryGetXorMappedAddress(out NetworkAddress address)
    {
        address = default;
        if (_offsets.XorMappedAddress == 0)
        {
            return false;
        }

        var value = Value(_offsets.XorMappedAddress);
        if (value.Length < 8)
        {
            return false;
        }

        ushort port = (ushort)(BinaryPrimitives.ReadUInt16BigEndian(value[2..]) ^ (MagicCookie >> 16));
        if (value[1] == StunWriter.FamilyIPv4 && value.Length == 8)
        {
            address = NetworkAddress.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(value[4..]) ^ MagicCookie, port);
            return true;
        }

        if (value[1] == StunWriter.FamilyIPv6 && value.Length == 20)
        {
            // The mask is the cookie followed by the transaction id, as they stand in the header.
            Span<byte> plain = stackalloc byte[16];
            for (int i = 0; i < plain.Length; i++)
            {
                plain[i] = (byte)(value[4 + i] ^ _bytes[4 + i]);
            }

            address = NetworkAddress.FromIPv6(plain, port);
            return true;
        }

        return false;
    }

    /// <summary>Writes the types of the attributes that must be understood and are not; returns how many were written.</summary>
    public int CopyUnknownRequired(Span<ushort> destination)
    {
        int count = 0;
        int position = HeaderBytes;
        while (position < _bytes.Length && TryReadAttribute(_bytes, position, out var type, out _, out int next)
            && type != StunAttributeType.MessageIntegrity)
        {
            if (AttributeOffsets.IsUnknownRequired(type) && count < destination.Length)
            {
                destination[count++] = (ushort)type;
            }

            position = next;
        }

        return count;
    }

    private static bool HasValidHeader(ReadOnlySpan<byte> bytes) =>
        bytes.Length is >= HeaderBytes and <= BytesMax
        && bytes[0] < 0x40
        && BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]) == MagicCookie
        && (bytes[3] & 3) == 0
        && BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]) == bytes.Length - HeaderBytes;

    private static bool TryReadAttribute(
        ReadOnlySpan<byte> bytes, int position, out StunAttributeType type, out int length, out int next)
    {
        // The header check made the end a multiple of four, so that an attribute's head is always whole.
        type = (StunAttributeType)BinaryPrimitives.ReadUInt16BigEndian(bytes[position..]);
        length = BinaryPrimitives.ReadUInt16BigEndian(bytes[(position + 2)..]);
        next = position + AttributeHeaderBytes + ((length + 3) & ~3);
        return next <= bytes.Length;
    }

    private ReadOnlySpan<byte> Value(int offset) =>
        _bytes.Slice(offset + AttributeHeaderBytes, BinaryPrimitives.ReadUInt16BigEndian(_bytes[(offset + 2)..]));

    /// <summary>Where the attributes begin; 0 = absent.</summary>
    private struct AttributeOffsets
    {
        public int Username { get; private set; }

        public int Priority { get; private set; }

        public int UseCandidate { get; private set; }

        public int IceControlling { get; private set; }

        public int IceControlled { get; private set; }

        public int XorMappedAddress { get; private set; }

        public int ErrorCode { get; private set; }

        public int Integrity { get; private set; }

        public int Fingerprint { get; private set; }

        public bool HasUnknownRequired { get; private set; }

        public static bool IsUnknownRequired(StunAttributeType type) => (ushort)type < 0x8000 && type is not (
            StunAttributeType.MappedAddress or StunAttributeType.Username or StunAttributeType.MessageIntegrity or StunAttributeType.ErrorCode
            or StunAttributeType.UnknownAttributes or StunAttributeType.Realm or StunAttributeType.Nonce or StunAttributeType.MessageIntegritySha256
            or StunAttributeType.XorMappedAddress or StunAttributeType.Priority or StunAttributeType.UseCandidate);

        /// <summary>Notes an attribute; false when it has a fixed size and another length.</summary>
        public bool TryAdd(StunAttributeType type, int offset, int length)
        {
            if (type == StunAttributeType.Fingerprint)
            {
                Fingerprint = offset;
                return length == 4;
            }

            if (Integrity != 0)
            {
                return true;
            }

            switch (type)
            {
                case StunAttributeType.MessageIntegrity:
                    Integrity = offset;
                    return length == StunChecksum.IntegrityBytes;
                case StunAttributeType.Username:
                    Username = Username == 0 ? offset : Username;
                    return true;
                case StunAttributeType.Priority:
                    Priority = Priority == 0 ? offset : Priority;
                    return length == 4;
                case StunAttributeType.UseCandidate:
                    UseCandidate = UseCandidate == 0 ? offset : UseCandidate;
                    return length == 0;
                case StunAttributeType.IceControlling:
                    IceControlling = IceControlling == 0 ? offset : IceControlling;
                    return length == 8;
                case StunAttributeType.IceControlled:
                    IceControlled = IceControlled == 0 ? offset : IceControlled;
                    return length == 8;
                case StunAttributeType.XorMappedAddress:
                    XorMappedAddress = XorMappedAddress == 0 ? offset : XorMappedAddress;
                    return true;
                case StunAttributeType.ErrorCode:
                    ErrorCode = ErrorCode == 0 ? offset : ErrorCode;
                    return length >= 4;
                default:
                    HasUnknownRequired |= IsUnknownRequired(type);
                    return true;
            }
        }
    }
}
