namespace Dais.Server.Webhooks;

/// <summary>Somebody who is told.</summary>
/// <param name="Id">Its name: the settings' key, or one of our own.</param>
/// <param name="Url">Where requests go.</param>
/// <param name="Secret">What signs them; never logged.</param>
/// <param name="Events">What it is told of.</param>
/// <param name="IsFromSettings">Whether the settings have it; then only they can remove it.</param>
public sealed record WebhookEndpoint(string Id, Uri Url, string Secret, WebhookEventFilter Events, bool IsFromSettings)
{
    /// <summary>Longest address.</summary>
    public const int UrlLengthMax = 2_048;

    /// <summary>Longest secret.</summary>
    public const int SecretLengthMax = 512;

    /// <summary>The address in <paramref name="text"/>, or null: absolute, http or https, and no user name or fragment in it.</summary>
    public static Uri? ParseUrl(string? text) =>
        text?.Length <= UrlLengthMax
        && Uri.TryCreate(text, UriKind.Absolute, out var url)
        && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp)
        && url.UserInfo.Length == 0 && url.Fragment.Length == 0 && HasName(url)
            ? url
            : null;

    /// <summary>Whether an address has a host that can be asked for: what is no name by IDN's rules is only found when it is written as one.</summary>
    private static bool HasName(Uri url)
    {
        try
        {
            return url.IdnHost.Length > 0;
        }
        catch (UriFormatException)
        {
            return false;
        }
    }

    /// <summary>Whether an address names a host that is never public. Names that resolve to one are refused when connecting.</summary>
    public static bool IsPlainlyPrivate(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return url.IsLoopback
            || (System.Net.IPAddress.TryParse(url.IdnHost.Trim('[', ']'), out var address) && !TargetAddresses.IsPublic(address));
    }

    // A record would print its secret.
    /// <inheritdoc/>
    public override string ToString() => $"webhook endpoint {Id}";
}
