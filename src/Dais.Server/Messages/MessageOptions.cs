using Dais.Server.Hosting;
using Dais.Server.Webhooks;

namespace Dais.Server.Messages;

/// <summary>Settings of messages: section <c>Dais:Messages</c>.</summary>
public sealed record MessageOptions
{
    /// <summary>Messages a member may send to a room in a second, on average.</summary>
    public int PerSecond { get; init; } = 10;

    /// <summary>Messages a member may send to a room at once after a pause.</summary>
    public int Burst { get; init; } = 20;

    /// <summary>Who is asked about every message before it is shown; null for nobody.</summary>
    public MessageHookOptions? Hook { get; init; }

    /// <summary>Reads and checks the section.</summary>
    /// <exception cref="DaisConfigurationException">A value is wrong.</exception>
    public static MessageOptions Read(ConfigurationSectionReader root)
    {
        ArgumentNullException.ThrowIfNull(root);
        var section = root.Section("Messages");
        var defaults = new MessageOptions();
        var messages = new MessageOptions
        {
            PerSecond = section.WholeNumber("PerSecond", defaults.PerSecond, 1, 1_000),
            Burst = section.WholeNumber("Burst", defaults.Burst, 1, 10_000),
            Hook = MessageHookOptions.Read(section.Section("Hook")),
        };
        section.RefuseUnknownKeys();
        return messages;
    }
}

/// <summary>Who is asked about every message before it is shown: section <c>Dais:Messages:Hook</c>.</summary>
/// <param name="Url">Where the questions go.</param>
/// <param name="Secret">What signs them, as it signs webhooks.</param>
public sealed record MessageHookOptions(Uri Url, string Secret)
{
    private const int SecretLengthMax = 256;

    private static readonly TimeSpan TimeoutMax = TimeSpan.FromSeconds(10);

    /// <summary>How long an answer may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Whether a message is shown when no answer that makes sense comes in time.</summary>
    public bool FailOpen { get; init; } = true;

    /// <summary>Whether the questions may go to this machine or its network.</summary>
    public bool AllowPrivateTarget { get; init; }

    internal static MessageHookOptions? Read(ConfigurationSectionReader section)
    {
        string? address = section.Text("Url");
        string? secret = section.Text("Secret");
        var timeout = section.Seconds("TimeoutSeconds", TimeSpan.FromSeconds(2), TimeoutMax);
        bool failOpen = section.YesOrNo("FailOpen", true);
        bool allowPrivate = section.YesOrNo("AllowPrivateTarget", false);
        section.RefuseUnknownKeys();
        if (address is null && secret is null)
        {
            return null;
        }

        if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0)
        {
            throw section.Refuse("Url", "an http or https address", address);
        }

        if (secret is null || secret.Length > SecretLengthMax || !WebhookSignatures.IsSecret(secret))
        {
            // The value is not repeated: it may be nearly right.
            throw new DaisConfigurationException(
                $"Dais:Messages:Hook:Secret must be set: any text of at most {SecretLengthMax} characters, "
                + $"or {WebhookSignatures.SecretPrefix} and base64.");
        }

        if (timeout == TimeSpan.Zero)
        {
            throw section.Refuse("TimeoutSeconds", "more than 0", "0");
        }

        return new MessageHookOptions(url, secret) { Timeout = timeout, FailOpen = failOpen, AllowPrivateTarget = allowPrivate };
    }
}
