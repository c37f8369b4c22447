using System.Buffers.Binary;
using System.Diagnostics;

namespace Dais.Rtc.Stun;

/// <summary>
/// Writes one STUN message into a caller's buffer (RFC 8489 §5). The buffer must be large enough; the header's length is right after each
/// attribute.
/// </summary>
public ref struct StunWriter
{
    internal const byte FamilyIPv4 = 1;
    internal const byte FamilyIPv6 = 2;

    private readonly Span<byte> _destination;

    /// <summary>Begins a binding message of <paramref name="messageClass"/> with the 12 bytes <paramref name="transactionId"/>.</summary>
    public StunWriter(Span<byte> destination, StunClass messageClass, scoped ReadOnlySpan<byte> transactionId)
    {
        Debug.Assert(transactionId.Length == StunMessage.TransactionIdBytes, "A transaction id has 12 bytes.");
        _destination = destination;
        int type = StunMessage.BindingMethod | (((int)messageClass & 1) << 4) | (((int)messageClass & 2) << 7);
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], 0);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], StunMessage.MagicCookie);
        transactionId.CopyTo(destination[8..]);
        Length = StunMessage.HeaderBytes;
    }

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>Adds an attribute with any value.</summary>
    public void Add(StunAttributeType type, scoped ReadOnlySpan<byte> value) => value.CopyTo(Begin(type, value.Length));

    /// <summary>Adds PRIORITY (RFC 8445 §7.1.1).</summary>
    public void AddPriority(uint priority) => BinaryPrimitives.WriteUInt32BigEndian(Begin(StunAttributeType.Priority, 4), priority);

    /// <summary>Adds USE-CANDIDATE (RFC 8445 §7.1.2).</summary>
    public void AddUseCandidate() => Begin(StunAttributeType.UseCandidate, 0);

    /// <summary>Adds ICE-CONTROLLING (RFC 8445 §7.1.3).</summary>
    public void AddIceControlling(ulong tieBreaker) =>
        BinaryPrimitives.WriteUInt64BigEndian(Begin(StunAttributeType.IceControlling, 8), tieBreaker);

    /// <summary>Adds ICE-CONTROLLED (RFC 8445 §7.1.3).</summary>
    public void AddIceControlled(ulong tieBreaker) =>
        BinaryPrimitives.WriteUInt64BigEndian(Begin(StunAttributeType.IceControlled, 8), tieBreaker);

    /// <summary>Adds XOR-MAPPED-ADDRESS, as IPv4 or IPv6 by the kind of <paramref name="address"/> (RFC 8489 §14.2).</summary>
    public void AddXorMappedAddress(in NetworkAddress address)
    {
        var value = Begin(StunAttributeType.XorMappedAddress, address.IsIPv4 ? 8 : 20);
        value[0] = 0;
        value[1] = address.IsIPv4 ? FamilyIPv4 : FamilyIPv6;
        BinaryPrimitives.WriteUInt16BigEndian(value[2..], (ushort)(address.Port ^ (StunMessage.MagicCookie >> 16)));
        if (address.IsIPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(value[4..], address.IPv4 ^ StunMessage.MagicCookie);
            return;
        }

        // The mask is the cookie followed by the transaction id, as they stand in the header.
        address.WriteIPv6(value[4..]);
        for (int i = 0; i < 16; i++)
        {
            value[4 + i] ^= _destination[4 + i];
        }
    }

    /// <summary>Adds ERROR-CODE without a reason phrase, which is optional and only costs bytes (RFC 8489 §14.8).</summary>
    /// <param name="code">300 to 699.</param>
    public void AddErrorCode(int code)
    {
        var value = Begin(StunAttributeType.ErrorCode, 4);
        BinaryPrimitives.WriteUInt16BigEndian(value, 0);
        value[2] = (byte)(code / 100);
        value[3] = (byte)(code % 100);
    }

    /// <summary>Adds UNKNOWN-ATTRIBUTES (RFC 8489 §14.13).</summary>
    public void AddUnknownAttributes(scoped ReadOnlySpan<ushort> types)
    {
        var value = Begin(StunAttributeType.UnknownAttributes, types.Length * 2);
        for (int i = 0; i < types.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(value[(i * 2)..], types[i]);
        }
    }

    /// <summary>Adds MESSAGE-INTEGRITY made with <paramref name="key"/>; only FINGERPRINT may follow (RFC 8489 §14.5).</summary>
    public void AddMessageIntegrity(scoped ReadOnlySpan<byte> key)
    {
        var covered = _destination[..Length];
        var value = Begin(StunAttributeType.MessageIntegrity, StunChecksum.IntegrityBytes);
        StunChecksum.ComputeIntegrity(covered, key, value);
    }

    /// <summary>Adds FINGERPRINT, the last attribute (RFC 8489 §14.7).</summary>
    public void AddFingerprint()
    {
        var covered = _destination[..Length];
        var value = Begin(StunAttributeType.Fingerprint, 4);
        BinaryPrimitives.WriteUInt32BigEndian(value, StunChecksum.ComputeFingerprint(covered));
    }

    private Span<byte> Begin(StunAttributeType type, int length)
    {
        int padded = (length + 3) & ~3;
        var attribute = _destination.Slice(Length, StunMessage.AttributeHeaderBytes + padded);
        BinaryPrimitives.WriteUInt16BigEndian(attribute, (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(attribute[2..], (ushort)length);
        attribute[(StunMessage.AttributeHeaderBytes + length)..].Clear();
        Length += attribute.Length;
        BinaryPrimitives.WriteUInt16BigEndian(_destination[2..], (ushort)(Length - StunMessage.HeaderBytes));
        return attribute.Slice(StunMessage.AttributeHeaderBytes, length);
    }
}
