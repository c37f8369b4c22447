using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Dais.Server.Webhooks;

/// <summary>The signatures of a webhook request, all over the raw body.</summary>
public static class WebhookSignatures
{
    /// <summary>What a secret in the form of Standard Webhooks begins with; base64 follows.</summary>
    public const string SecretPrefix = "whsec_";

    /// <summary><c>Agora-Signature</c>: HMAC-SHA1 in lower-case hex, keyed with the secret's characters as they are.</summary>
    // The algorithm is the contract's; whoever can choose verifies one of the others.
#pragma warning disable CA5350
    public static string Sha1(string secret, ReadOnlySpan<byte> body) =>
        Convert.ToHexStringLower(HMACSHA1.HashData(Encoding.UTF8.GetBytes(secret), body));
#pragma warning restore CA5350

    /// <summary><c>Agora-Signature-V2</c>: HMAC-SHA256 in lower-case hex, keyed with the secret's characters as they are.</summary>
    public static string Sha256(string secret, ReadOnlySpan<byte> body) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));

    /// <summary>
    /// <c>webhook-signature</c> of Standard Webhooks: HMAC-SHA256 of id, time and body, in base64. The key is what follows
    /// <c>whsec_</c> in base64, or the characters of a secret without it.
    /// </summary>
    public static string Standard(string secret, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, KeyOf(secret));
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.")));
        hash.AppendData(body);
        return "v1," + Convert.ToBase64String(hash.GetHashAndReset());
    }

    /// <summary>Whether a secret can sign: not empty, and base64 after <c>whsec_</c>.</summary>
    public static bool IsSecret(string secret) =>
        secret.StartsWith(SecretPrefix, StringComparison.Ordinal)
            ? Base64.IsValid(secret.AsSpan(SecretPrefix.Length), out int length) && length > 0
            : secret.Length > 0;

    /// <summary>A new secret.</summary>
    public static string NewSecret() => SecretPrefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private static byte[] KeyOf(string secret) =>
        secret.StartsWith(SecretPrefix, StringComparison.Ordinal)
            ? Convert.FromBase64String(secret[SecretPrefix.Length..])
            : Encoding.UTF8.GetBytes(secret);
}
