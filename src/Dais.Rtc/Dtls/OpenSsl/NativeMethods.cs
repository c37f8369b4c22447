using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Dais.Rtc.Dtls.OpenSsl;

/// <summary>
/// Every call into native code: OpenSSL 3 (libssl.so.3, libcrypto.so.3). What a macro of OpenSSL's headers does goes through the exported
/// <c>_ctrl</c> functions. Unless said otherwise a function returns 1 on success and 0 or less on failure.
/// </summary>
/// <remarks>
/// Contexts used per packet are passed as plain pointers, because marshalling a <see cref="SafeHandle"/> costs two interlocked operations
/// per call; their owners keep the handle alive around the calls.
/// </remarks>
internal static unsafe partial class NativeMethods
{
    internal const int SslErrorNone = 0;
    internal const int SslErrorWantRead = 2;
    internal const int SslErrorWantWrite = 3;
    internal const int SslErrorZeroReturn = 6;
    internal const int SslVerifyPeer = 1;
    internal const int SslVerifyFailIfNoPeerCertificate = 2;
    internal const int SslCtrlSetMtu = 17;
    internal const int SslCtrlSetSessionCacheMode = 44;
    internal const int SslCtrlSetMaxCertificateList = 51;
    internal const int SslCtrlSetGroupsList = 92;
    internal const int SslCtrlSetMinProtocolVersion = 123;
    internal const int DtlsCtrlGetTimeout = 73;
    internal const int DtlsCtrlHandleTimeout = 74;
    internal const int Dtls12Version = 0xFEFD;
    internal const ulong SslOptionNoQueryMtu = 1UL << 12;
    internal const ulong SslOptionNoTicket = 1UL << 14;
    internal const ulong SslOptionNoRenegotiation = 1UL << 30;
    internal const int BioCtrlReset = 1;
    internal const int BioCtrlPending = 10;
    internal const int KeyTypeEc = 408;
    internal const int CipherCtrlAeadGetTag = 0x10;
    internal const int CipherCtrlAeadSetTag = 0x11;

    private const string Ssl = "libssl.so.3";
    private const string Crypto = "libcrypto.so.3";

    /// <summary>A certificate verification callback for <see cref="SSL_CTX_set_cert_verify_callback"/> that accepts every certificate.</summary>
    internal static nint AcceptAnyCertificate =>
        (nint)(delegate* unmanaged[Cdecl]<nint, nint, int>)&OnVerifyCertificate;

    /// <summary>
    /// A callback for <see cref="DTLS_set_timer_cb"/>: the first and the longest retransmission delay, in microseconds, are the low and
    /// the high half of the session's application data (<see cref="SSL_set_ex_data"/>, index 0); a delay doubles from one to the other.
    /// </summary>
    internal static nint DoubleRetransmissionDelay =>
        (nint)(delegate* unmanaged[Cdecl]<nint, uint, uint>)&OnRetransmissionTimer;

    // The DTLS context, one per certificate. Functions returning a handle give an invalid one on failure.
    [LibraryImport(Ssl)]
    internal static partial nint DTLS_method();

    [LibraryImport(Ssl)]
    internal static partial SslContextHandle SSL_CTX_new(nint method);

    [LibraryImport(Ssl)]
    internal static partial void SSL_CTX_free(nint context);

    [LibraryImport(Ssl)]
    internal static partial int SSL_CTX_use_certificate_ASN1(SslContextHandle context, int length, ReadOnlySpan<byte> der);

    [LibraryImport(Ssl)]
    internal static partial int SSL_CTX_use_PrivateKey_ASN1(
        int keyType, SslContextHandle context, ReadOnlySpan<byte> der, CLong length);

    /// <summary>Returns 0 on success, unlike everything else.</summary>
    [LibraryImport(Ssl, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SSL_CTX_set_tlsext_use_srtp(SslContextHandle context, string profiles);

    [LibraryImport(Ssl, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SSL_CTX_set_cipher_list(SslContextHandle context, string ciphers);

    [LibraryImport(Ssl)]
    internal static partial void SSL_CTX_set_verify(SslContextHandle context, int mode, nint callback);

    [LibraryImport(Ssl)]
    internal static partial void SSL_CTX_set_cert_verify_callback(SslContextHandle context, nint callback, nint argument);

    /// <summary>Returns the options now set.</summary>
    [LibraryImport(Ssl)]
    internal static partial ulong SSL_CTX_set_options(SslContextHandle context, ulong options);

    /// <summary>What is returned depends on <paramref name="command"/>.</summary>
    [LibraryImport(Ssl)]
    internal static partial CLong SSL_CTX_ctrl(SslContextHandle context, int command, CLong number, nint pointer);

    /// <inheritdoc cref="SSL_CTX_ctrl(SslContextHandle, int, CLong, nint)"/>
    [LibraryImport(Ssl, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial CLong SSL_CTX_ctrl(SslContextHandle context, int command, CLong number, string text);

    // One DTLS session.
    [LibraryImport(Ssl)]
    internal static partial SslHandle SSL_new(SslContextHandle context);

    [LibraryImport(Ssl)]
    internal static partial void SSL_free(nint ssl);

    /// <summary>Hands both BIOs over to the session, which frees them.</summary>
    [LibraryImport(Ssl)]
    internal static partial void SSL_set_bio(SslHandle ssl, nint input, nint output);

    [LibraryImport(Ssl)]
    internal static partial void SSL_set_accept_state(SslHandle ssl);

    [LibraryImport(Ssl)]
    internal static partial void SSL_set_connect_state(SslHandle ssl);

    [LibraryImport(Ssl)]
    internal static partial int SSL_set_ex_data(SslHandle ssl, int index, nint data);

    [LibraryImport(Ssl)]
    internal static partial nint SSL_get_ex_data(nint ssl, int index);

    [LibraryImport(Ssl)]
    internal static partial void DTLS_set_timer_cb(SslHandle ssl, nint callback);

    /// <summary>What is returned depends on <paramref name="command"/>.</summary>
    [LibraryImport(Ssl)]
    internal static partial CLong SSL_ctrl(SslHandle ssl, int command, CLong number, nint pointer);

    /// <summary>With <see cref="DtlsCtrlGetTimeout"/>: 1 when a timer runs, its rest in <paramref name="rest"/>.</summary>
    [LibraryImport(Ssl)]
    internal static partial CLong SSL_ctrl(SslHandle ssl, int command, CLong number, out TimeValue rest);

    /// <summary>1 when done; otherwise <see cref="SSL_get_error"/> says what is wanted.</summary>
    [LibraryImport(Ssl)]
    internal static partial int SSL_do_handshake(SslHandle ssl);

    /// <summary>Says what the <paramref name="result"/> of the last call means. The error queue must have been empty before that call.</summary>
    [LibraryImport(Ssl)]
    internal static partial int SSL_get_error(SslHandle ssl, int result);

    /// <summary>Returns the bytes read; 0 or less: see <see cref="SSL_get_error"/>.</summary>
    [LibraryImport(Ssl)]
    internal static partial int SSL_read(SslHandle ssl, Span<byte> destination, int length);

    /// <summary>0 when close_notify was sent and the peer's is still to come, 1 when both are done, negative on failure.</summary>
    [LibraryImport(Ssl)]
    internal static partial int SSL_shutdown(SslHandle ssl);

    /// <summary>The number of the agreed SRTP profile (RFC 5764 §4.1.2); 0 when there is none.</summary>
    internal static int GetSelectedSrtpProfile(SslHandle ssl)
    {
        var profile = SSL_get_selected_srtp_profile(ssl);
        return profile is null ? 0 : (int)profile->Id.Value;
    }

    /// <summary>Returns null when no profile was agreed on. The profile belongs to the library.</summary>
    [LibraryImport(Ssl)]
    private static partial SrtpProtectionProfile* SSL_get_selected_srtp_profile(SslHandle ssl);

    /// <summary>Returns null when there is none; to be freed by the caller.</summary>
    [LibraryImport(Ssl)]
    internal static partial nint SSL_get1_peer_certificate(SslHandle ssl);

    [LibraryImport(Ssl)]
    internal static partial int SSL_export_keying_material(
        SslHandle ssl, Span<byte> destination, nuint length, ReadOnlySpan<byte> label, nuint labelLength, nint context,
        nuint contextLength, int useContext);

    // Memory BIOs: the two ends of a session's wire.
    [LibraryImport(Crypto)]
    internal static partial nint BIO_s_mem();

    /// <summary>Returns null on failure.</summary>
    [LibraryImport(Crypto)]
    internal static partial nint BIO_new(nint method);

    /// <summary>Returns the bytes written, or less than 1 on failure.</summary>
    [LibraryImport(Crypto)]
    internal static partial int BIO_write(nint bio, ReadOnlySpan<byte> source, int length);

    /// <summary>Returns the bytes read, or less than 1 when there are none.</summary>
    [LibraryImport(Crypto)]
    internal static partial int BIO_read(nint bio, Span<byte> destination, int length);

    [LibraryImport(Crypto)]
    internal static partial CLong BIO_ctrl(nint bio, int command, CLong number, nint pointer);

    // Certificates and errors.
    [LibraryImport(Crypto)]
    internal static partial void X509_free(nint certificate);

    [LibraryImport(Crypto)]
    internal static partial int X509_digest(nint certificate, nint digest, Span<byte> destination, out uint length);

    [LibraryImport(Crypto)]
    internal static partial nint EVP_sha256();

    [LibraryImport(Crypto)]
    internal static partial nint EVP_sha1();

    [LibraryImport(Crypto)]
    internal static partial void ERR_clear_error();

    // Ciphers and HMAC. A null cipher, key or iv keeps what the context has.
    [LibraryImport(Crypto)]
    internal static partial EvpCipherContextHandle EVP_CIPHER_CTX_new();

    [LibraryImport(Crypto)]
    internal static partial void EVP_CIPHER_CTX_free(nint context);

    [LibraryImport(Crypto)]
    internal static partial nint EVP_aes_128_gcm();

    [LibraryImport(Crypto)]
    internal static partial nint EVP_aes_128_ctr();

    [LibraryImport(Crypto)]
    internal static partial int EVP_EncryptInit_ex(nint context, nint cipher, nint engine, ref readonly byte key, ref readonly byte iv);

    [LibraryImport(Crypto)]
    internal static partial int EVP_DecryptInit_ex(nint context, nint cipher, nint engine, ref readonly byte key, ref readonly byte iv);

    [LibraryImport(Crypto)]
    internal static partial int EVP_EncryptUpdate(
        nint context, ref byte destination, out int written, ref readonly byte source, int length);

    [LibraryImport(Crypto)]
    internal static partial int EVP_DecryptUpdate(
        nint context, ref byte destination, out int written, ref readonly byte source, int length);

    [LibraryImport(Crypto)]
    internal static partial int EVP_EncryptFinal_ex(nint context, ref byte destination, out int written);

    /// <summary>0 or less when the tag is wrong.</summary>
    [LibraryImport(Crypto)]
    internal static partial int EVP_DecryptFinal_ex(nint context, ref byte destination, out int written);

    [LibraryImport(Crypto)]
    internal static partial int EVP_CIPHER_CTX_ctrl(nint context, int command, int number, ref byte pointer);

    [LibraryImport(Crypto)]
    internal static partial HmacContextHandle HMAC_CTX_new();

    [LibraryImport(Crypto)]
    internal static partial void HMAC_CTX_free(nint context);

    [LibraryImport(Crypto)]
    internal static partial int HMAC_Init_ex(nint context, ref readonly byte key, int length, nint digest, nint engine);

    [LibraryImport(Crypto)]
    internal static partial int HMAC_Update(nint context, ref readonly byte source, nuint length);

    [LibraryImport(Crypto)]
    internal static partial int HMAC_Final(nint context, ref byte destination, out uint written);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnVerifyCertificate(nint store, nint argument) => 1;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static uint OnRetransmissionTimer(nint ssl, uint previous)
    {
        ulong delays = (ulong)SSL_get_ex_data(ssl, 0);
        return previous == 0 ? (uint)delays : Math.Min(previous * 2, (uint)(delays >> 32));
    }

    /// <summary>The library's <c>struct timeval</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct TimeValue
    {
        public CLong Seconds;
        public CLong Microseconds;
    }

    /// <summary>The library's <c>SRTP_PROTECTION_PROFILE</c>; the id is the number of RFC 5764 §4.1.2.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct SrtpProtectionProfile
    {
        public nint Name;
        public CULong Id;
    }
}
