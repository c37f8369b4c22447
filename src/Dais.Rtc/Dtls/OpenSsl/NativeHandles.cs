using System.Runtime.InteropServices;

namespace Dais.Rtc.Dtls.OpenSsl;

/// <summary>Owns an <c>SSL_CTX</c>.</summary>
internal sealed class SslContextHandle() : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        NativeMethods.SSL_CTX_free(handle);
        return true;
    }
}

/// <summary>Owns an <c>SSL</c> and with it its BIOs.</summary>
internal sealed class SslHandle() : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        NativeMethods.SSL_free(handle);
        return true;
    }
}

/// <summary>Owns an <c>EVP_CIPHER_CTX</c>.</summary>
internal sealed class EvpCipherContextHandle() : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        NativeMethods.EVP_CIPHER_CTX_free(handle);
        return true;
    }
}

/// <summary>Owns an <c>HMAC_CTX</c>.</summary>
internal sealed class HmacContextHandle() : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        NativeMethods.HMAC_CTX_free(handle);
        return true;
    }
}

/// <summary>A pointer to something of OpenSSL's that is freed exactly once, by disposal or by the garbage collector.</summary>
internal abstract class NativeHandle() : SafeHandle(nint.Zero, ownsHandle: true)
{
    public override bool IsInvalid => handle == nint.Zero;

    /// <summary>
    /// The pointer, for calls that skip the marshaller. Throws when it is freed or was never made; the caller keeps this object alive
    /// until the call returns.
    /// </summary>
    public nint Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed || IsInvalid, this);
            return handle;
        }
    }
}
