using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Dais.Client.Admin;

/// <summary>What a request that says it is a webhook turned out to be.</summary>
public enum WebhookVerdict
{
    /// <summary>The server's, sent just now.</summary>
    Valid,

    /// <summary>It has no signature, or none that is known here.</summary>
    NotSigned,

    /// <summary>A signature does not fit: somebody else's, changed on the way, or signed with another secret.</summary>
    Forged,

    /// <summary>The server's, but too old or from the future: it may have been recorded and sent again.</summary>
    Stale,
}

/// <summary>
/// Tells the server's webhooks from others. Both families of signatures are looked at, over the body's bytes exactly as they came:
/// that of Standard Webhooks (<c>webhook-signature</c>, with <c>webhook-id</c> and <c>webhook-timestamp</c>) and
/// <c>Agora-Signature-V2</c>. At least one has to be there, and every one that is has to fit. <c>Agora-Signature</c>, which is SHA-1,
/// is for receivers that know no other and proves nothing here.
/// </summary>
public sealed class WebhookVerifier
{
    /// <summary>How far the time of sending may be from now, unless said otherwise.</summary>
    public static readonly TimeSpan DefaultTolerance = TimeSpan.FromMinutes(5);

    private const string SecretPrefix = "whsec_";
    private const string StandardVersion = "v1,";

    private readonly byte[] _standardKey;
    private readonly byte[] _plainKey;
    private readonly TimeSpan _tolerance;
    private readonly TimeProvider _time;

    /// <summary>A verifier of what is signed with <paramref name="secret"/>.</summary>
    /// <param name="secret">The endpoint's secret, with its <c>whsec_</c> if it has one.</param>
    /// <param name="tolerance">How far the time of sending may be from now; null for <see cref="DefaultTolerance"/>.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <exception cref="FormatException">There is no base64 after <c>whsec_</c>.</exception>
    public WebhookVerifier(string secret, TimeSpan? tolerance = null, TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(secret);
        _plainKey = Encoding.UTF8.GetBytes(secret);
        _standardKey = secret.StartsWith(SecretPrefix, StringComparison.Ordinal)
            ? Convert.FromBase64String(secret[SecretPrefix.Length..])
            : _plainKey;
        _tolerance = tolerance ?? DefaultTolerance;
        _time = time ?? TimeProvider.System;
    }

    /// <summary>Looks at a request; never throws on what it finds.</summary>
    /// <param name="body">The body's bytes as they came.</param>
    /// <param name="header">Gives a header by its name, whatever its case; null or empty when there is none.</param>
    public WebhookVerdict Verify(ReadOnlySpan<byte> body, Func<string, string?> header)
    {
        ArgumentNullException.ThrowIfNull(header);
        string standard = header("webhook-signature") ?? "";
        string plain = header("Agora-Signature-V2") ?? "";
        if (standard.Length == 0 && plain.Length == 0)
        {
            return WebhookVerdict.NotSigned;
        }

        string timestamp = header("webhook-timestamp") ?? "";
        bool fits = (standard.Length == 0 || FitsStandard(body, header("webhook-id") ?? "", timestamp, standard))
            && (plain.Length == 0 || FitsPlain(body, plain));
        if (!fits)
        {
            return WebhookVerdict.Forged;
        }

        // Without the header that is signed too, the body says when it was sent.
        var sentAt = standard.Length == 0 ? SentAt(body)
            : long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
                && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
                ? DateTimeOffset.FromUnixTimeSeconds(seconds)
                : null;
        return sentAt is { } at && (_time.GetUtcNow() - at).Duration() <= _tolerance ? WebhookVerdict.Valid : WebhookVerdict.Stale;
    }

    private bool FitsStandard(ReadOnlySpan<byte> body, string id, string timestamp, string signatures)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _standardKey);
        hash.AppendData(Encoding.UTF8.GetBytes($"{id}.{timestamp}."));
        hash.AppendData(body);
        byte[] expected = Encoding.ASCII.GetBytes(StandardVersion + Convert.ToBase64String(hash.GetHashAndReset()));
        bool fits = false;
        foreach (string signature in signatures.Split(' '))
        {
            // While a secret is changed there are several; one of them is enough. Each comparison takes its whole time.
            fits |= CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(signature));
        }

        return fits;
    }

    private bool FitsPlain(ReadOnlySpan<byte> body, string signature) => CryptographicOperations.FixedTimeEquals(
        Encoding.ASCII.GetBytes(Convert.ToHexStringLower(HMACSHA256.HashData(_plainKey, body))), Encoding.UTF8.GetBytes(signature));

    private static DateTimeOffset? SentAt(ReadOnlySpan<byte> body) =>
        WebhookNotice.TryRead(body, out var notice) ? notice.NotifiedAt : null;
}
