using System.Runtime.InteropServices;
using Dais.Rtc.Dtls.OpenSsl;

namespace Dais.Rtc.Srtp;

/// <summary>HMAC-SHA1 with one key on one reused native context, so that the key is hashed once and not per packet (RFC 3711 §4.2.1).</summary>
internal sealed class HmacSha1 : IDisposable
{
    public const int KeyBytes = 20;
    public const int HashBytes = 20;

    private readonly HmacContextHandle _context = NativeMethods.HMAC_CTX_new();

    public HmacSha1(ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, KeyBytes);
        int done = NativeMethods.HMAC_Init_ex(
            _context.Pointer, in MemoryMarshal.GetReference(key), key.Length, NativeMethods.EVP_sha1(), 0);
        NativeError.ThrowUnless(done == 1);
    }

    /// <summary>Writes the 20 bytes of the hash over <paramref name="first"/> followed by <paramref name="second"/>.</summary>
    public void Compute(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, HashBytes);
        nint context = _context.Pointer;
        int done = NativeMethods.HMAC_Init_ex(context, in NativeError.None, 0, 0, 0)
            & NativeMethods.HMAC_Update(context, in MemoryMarshal.GetReference(first), (nuint)first.Length)
            & NativeMethods.HMAC_Update(context, in MemoryMarshal.GetReference(second), (nuint)second.Length)
            & NativeMethods.HMAC_Final(context, ref MemoryMarshal.GetReference(destination), out _);
        GC.KeepAlive(_context);
        NativeError.ThrowUnless(done == 1);
    }

    public void Dispose() => _context.Dispose();
}
