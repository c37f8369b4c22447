using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Dais.Rtc.Dtls.OpenSsl;

/// <summary>What to do when OpenSSL refuses something that cannot fail but for lack of memory or a broken installation.</summary>
internal static class NativeError
{
    /// <summary>A null pointer in the place of optional bytes.</summary>
    public static ref byte None => ref Unsafe.NullRef<byte>();

    /// <summary>Throws unless <paramref name="succeeded"/>.</summary>
    public static void ThrowUnless([DoesNotReturnIf(false)] bool succeeded)
    {
        if (!succeeded)
        {
            Throw();
        }
    }

    [DoesNotReturn]
    private static void Throw()
    {
        NativeMethods.ERR_clear_error();
        throw new CryptographicException("OpenSSL refused a call that has to succeed.");
    }
}
