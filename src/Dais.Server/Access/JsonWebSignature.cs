using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Dais.Server.Access;

/// <summary>
/// A JSON Web Signature in compact form (RFC 7515 §7.1) with HMAC-SHA256 (<c>HS256</c>) and nothing else. The header's
/// <c>alg</c> is
/// never followed, only compared: what asks for another algorithm is no signature to us.
/// </summary>
public sealed class JsonWebSignature
{
    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    private readonly byte[] _signed;
    private readonly byte[] _signature;

    private JsonWebSignature(byte[] signed, byte[] signature, string? keyName, byte[] payload)
    {
        _signed = signed;
        _signature = signature;
        KeyName = keyName;
        Payload = payload;
    }

    /// <summary>The key the header names (<c>kid</c>), or null.</summary>
    public string? KeyName { get; }

    /// <summary>What is signed; to be believed only after <see cref="IsSignedWith"/>.</summary>
    public byte[] Payload { get; }

    /// <summary>Reads <paramref name="text"/>; false when it is no compact JWS with HS256.</summary>
    public static bool TryParse(string text, out JsonWebSignature? signature)
    {
        signature = null;
        string[] parts = text.Split('.', 4);
        if (parts.Length != 3 || !TryDecode(parts[0], out byte[] header) || !TryDecode(parts[1], out byte[] payload)
            || !TryDecode(parts[2], out byte[] tag) || !TryReadHeader(header, out string? keyName))
        {
            return false;
        }

        // The signature covers the first two parts as they were sent (RFC 7515 §5.2).
        signature = new JsonWebSignature(Encoding.ASCII.GetBytes(text[..text.LastIndexOf('.')]), tag, keyName, payload);
        return true;
    }

    /// <summary>Whether this was signed with <paramref name="key"/>; takes the same time whatever differs.</summary>
    public bool IsSignedWith(ReadOnlySpan<byte> key) =>
        CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(key, _signed), _signature);

    private static bool TryDecode(string text, out byte[] bytes)
    {
        bytes = [];

        // White space and padding, which the decoder would let pass, have no place here (RFC 7515 §2).
        if (text.Length == 0 || text.AsSpan().ContainsAnyExcept(Alphabet) || !Base64Url.IsValid(text))
        {
            return false;
        }

        bytes = Base64Url.DecodeFromChars(text);
        return true;
    }

    private static bool TryReadHeader(byte[] bytes, out string? keyName)
    {
        keyName = null;
        if (!JsonClaims.TryParse(bytes, out var header))
        {
            return false;
        }

        using (header)
        {
            // An extension listed as critical must be understood (RFC 7515 §4.1.11), and we know none.
            return !header!.Has("crit") && header.TryText("alg", out string? algorithm) && algorithm == "HS256"
                && (!header.Has("kid") || header.TryText("kid", out keyName));
        }
    }
}
