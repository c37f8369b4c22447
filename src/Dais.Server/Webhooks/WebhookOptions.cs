using System.Collections.Immutable;
using Dais.Server.Hosting;

namespace Dais.Server.Webhooks;

/// <summary>Settings of webhooks: section <c>Dais:Webhooks</c>.</summary>
public sealed record WebhookOptions
{
    private const string AllowPrivateTargetsKey = "AllowPrivateTargets";
    private const int NameLengthMax = 48;

    /// <summary>Whether endpoints may be on this machine or in its network.</summary>
    public bool AllowPrivateTargets { get; init; }

    /// <summary>The endpoints of the settings.</summary>
    public ImmutableArray<WebhookEndpoint> Endpoints { get; init; } = [];

    /// <summary>Reads and checks the section.</summary>
    /// <exception cref="DaisConfigurationException">A value is wrong.</exception>
    public static WebhookOptions Read(ConfigurationSectionReader root)
    {
        ArgumentNullException.ThrowIfNull(root);
        var section = root.Section("Webhooks");
        string? allow = section.Text(AllowPrivateTargetsKey);
        bool isAllowed = false;
        if (allow is not null && !bool.TryParse(allow, out isAllowed))
        {
            throw section.Refuse(AllowPrivateTargetsKey, "true or false", allow);
        }

        return new WebhookOptions
        {
            AllowPrivateTargets = isAllowed,
            Endpoints =
            [
                .. root.Children("Webhooks")
                    .Where(child => !child.Key.Equals(AllowPrivateTargetsKey, StringComparison.OrdinalIgnoreCase))
                    .Select(child => ReadEndpoint(child, isAllowed)),
            ],
        };
    }

    private static WebhookEndpoint ReadEndpoint(IConfigurationSection child, bool allowPrivateTargets)
    {
        if (child.Key.Length > NameLengthMax || !child.Key.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'))
        {
            throw new DaisConfigurationException(
                $"{child.Path} is not the name of an endpoint: use letters, digits, '-' and '_', at most {NameLengthMax}.");
        }

        var section = new ConfigurationSectionReader(child);
        string? address = section.Text("Url");
        var url = WebhookEndpoint.ParseUrl(address) ?? throw section.Refuse("Url", "an http or https address", address);
        if (!allowPrivateTargets && WebhookEndpoint.IsPlainlyPrivate(url))
        {
            throw section.Refuse("Url", "a public address unless Dais:Webhooks:AllowPrivateTargets is true", address);
        }

        string secret = section.Text("Secret") ?? "";
        if (secret.Length > WebhookEndpoint.SecretLengthMax || !WebhookSignatures.IsSecret(secret))
        {
            // The value is not repeated: it may be nearly right.
            throw new DaisConfigurationException(
                $"{child.Path}:Secret must be set: any text of at most {WebhookEndpoint.SecretLengthMax} characters, "
                + $"or {WebhookSignatures.SecretPrefix} and base64.");
        }

        var names = section.List("Events");
        if (!WebhookEventFilter.TryParse(names, out var events, out string unknown))
        {
            throw section.Refuse("Events", "a list of the events in docs/webhooks.md", unknown);
        }

        section.RefuseUnknownKeys();
        return new WebhookEndpoint(child.Key, url, secret, events, IsFromSettings: true);
    }
}
