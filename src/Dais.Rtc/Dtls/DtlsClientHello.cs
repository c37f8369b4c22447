using System.Buffers.Binary;

namespace Dais.Rtc.Dtls;

/// <summary>
/// Puts a ClientHello together from its fragments (RFC 6347 §4.2.3): browsers send theirs in two datagrams. The library could do it
/// too, but it would remember a stranger's pieces and sequence numbers, and the real ones would no longer fit; so it gets the
/// message whole, in one record, or not at all.
/// </summary>
internal sealed class DtlsClientHello
{
    /// <summary>Longest ClientHello taken, in bytes; with a post-quantum key share they have about 1500.</summary>
    public const int BytesMax = 8192;

    private const int BodyOffset = DtlsRecord.HeaderBytes + DtlsHandshake.HeaderBytes;

    private byte[] _record = [];
    private bool[] _isMissing = [];
    private int _missing;

    /// <summary>The whole message in one record; meaningful once complete.</summary>
    public ReadOnlySpan<byte> Record => _record;

    /// <summary>Adds a fragment; true when the message is complete. A fragment of another length begins a new message.</summary>
    public bool TryComplete(in DtlsHandshake fragment)
    {
        if (fragment.Type != DtlsHandshake.ClientHello || fragment.MessageNumber != 0 || fragment.Length > BytesMax)
        {
            return false;
        }

        if (_isMissing.Length != fragment.Length || _missing == 0)
        {
            Begin(fragment.Length);
        }

        fragment.Body.CopyTo(_record.AsSpan(BodyOffset + fragment.Offset));
        foreach (ref bool isMissing in _isMissing.AsSpan(fragment.Offset, fragment.Body.Length))
        {
            _missing -= isMissing ? 1 : 0;
            isMissing = false;
        }

        return _missing == 0;
    }

    private void Begin(int length)
    {
        _isMissing = new bool[length];
        _isMissing.AsSpan().Fill(true);
        _missing = length;
        _record = new byte[BodyOffset + length];

        // Version 1.0 in the record, as clients write it while the version is open; message and record number 0 as in the original.
        _record[0] = DtlsRecord.Handshake;
        _record[1] = 0xFE;
        _record[2] = 0xFF;
        BinaryPrimitives.WriteUInt16BigEndian(_record.AsSpan(11), (ushort)(DtlsHandshake.HeaderBytes + length));
        var message = _record.AsSpan(DtlsRecord.HeaderBytes);
        message[0] = DtlsHandshake.ClientHello;
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], (ushort)length);
        BinaryPrimitives.WriteUInt16BigEndian(message[10..], (ushort)length);
    }
}
