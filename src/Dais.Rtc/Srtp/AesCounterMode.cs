using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Dais.Rtc.Dtls.OpenSsl;

namespace Dais.Rtc.Srtp;

/// <summary>AES-128 in counter mode on one reused native context: the key stream of SRTP's AES-CM (RFC 3711 §4.1.1).</summary>
internal sealed class AesCounterMode : IDisposable
{
    public const int KeyBytes = 16;
    public const int IvBytes = 16;

    private readonly EvpCipherContextHandle _context = NativeMethods.EVP_CIPHER_CTX_new();

    public AesCounterMode(ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, KeyBytes);
        Span<byte> iv = stackalloc byte[IvBytes];
        iv.Clear();
        int done = NativeMethods.EVP_EncryptInit_ex(
            _context.Pointer, NativeMethods.EVP_aes_128_ctr(), 0, in MemoryMarshal.GetReference(key), in iv[0]);
        NativeError.ThrowUnless(done == 1);
    }

    /// <summary>
    /// Encrypts or decrypts <paramref name="source"/> into <paramref name="destination"/>, which has the same length and is the same
    /// memory or other memory.
    /// </summary>
    public void Transform(ReadOnlySpan<byte> iv, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if (source.IsEmpty)
        {
            return;
        }

        if (iv.Length != IvBytes || source.Length != destination.Length)
        {
            throw new CryptographicException("The initialization vector or the destination has a wrong size.");
        }

        nint context = _context.Pointer;
        int done = NativeMethods.EVP_EncryptInit_ex(context, 0, 0, in NativeError.None, in MemoryMarshal.GetReference(iv))
            & NativeMethods.EVP_EncryptUpdate(
                context, ref MemoryMarshal.GetReference(destination), out _, in MemoryMarshal.GetReference(source), source.Length);
        GC.KeepAlive(_context);
        NativeError.ThrowUnless(done == 1);
    }

    public void Dispose() => _context.Dispose();
}
