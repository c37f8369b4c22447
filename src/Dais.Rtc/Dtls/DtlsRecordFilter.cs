namespace Dais.Rtc.Dtls;

/// <summary>
/// Lets only those records through to the library that can have a place in the handshake. Anybody who can send from a validated address
/// can write plaintext records, and the library gives a handshake up on the first one that fits nowhere (a second ClientHello, an
/// alert); here it is dropped instead.
/// </summary>
internal sealed class DtlsRecordFilter(bool isPassive)
{
    private bool _hasChangedCipher;

    /// <summary>Whether <paramref name="record"/> may come in.</summary>
    /// <param name="record">The record.</param>
    /// <param name="isEstablished">Whether the handshake is done, after which everything is encrypted.</param>
    public bool Accepts(in DtlsRecord record, bool isEstablished)
    {
        switch (record.Epoch)
        {
            case 0 when isEstablished:
                return false;
            case 0 when record.ContentType == DtlsRecord.Handshake:
                return AcceptsMessages(record.Fragment);
            case 0 when record.ContentType == DtlsRecord.ChangeCipherSpec:
                _hasChangedCipher |= record.Fragment is [1];
                return record.Fragment is [1];
            case 1:
                // Before that the library could only store them (it holds 100); the peer sends them again with its flight.
                return (isEstablished || _hasChangedCipher) && record.Fragment.Length >= DtlsRecord.EncryptedBytesMin;
            default:
                return false;
        }
    }

    private bool AcceptsMessages(ReadOnlySpan<byte> messages)
    {
        while (!messages.IsEmpty)
        {
            if (!DtlsHandshake.TryRead(ref messages, out var message) || !IsExpected(message.Type))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Which messages the other side sends, after the ClientHello.</summary>
    private bool IsExpected(byte type) => isPassive
        ? type is DtlsHandshake.Certificate or DtlsHandshake.ClientKeyExchange or DtlsHandshake.CertificateVerify
        : type is DtlsHandshake.ServerHello or DtlsHandshake.HelloVerifyRequest or DtlsHandshake.NewSessionTicket
            or DtlsHandshake.Certificate or DtlsHandshake.ServerKeyExchange or DtlsHandshake.CertificateRequest
            or DtlsHandshake.ServerHelloDone or DtlsHandshake.CertificateStatus;
}
