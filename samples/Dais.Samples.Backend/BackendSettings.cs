namespace Dais.Samples.Backend;

/// <summary>A setting is missing. The message is for whoever starts this.</summary>
public sealed class BackendSettingsException(string message) : Exception(message);

/// <summary>What this backend has to know.</summary>
/// <param name="ServerUrl">Where the Dais server is (<c>DAIS_URL</c>).</param>
/// <param name="KeyName">The name the server has for the key (<c>DAIS_KEY_NAME</c>).</param>
/// <param name="Secret">The key's secret, the server's <c>Dais:Keys:main</c> (<c>DAIS_SECRET</c>).</param>
/// <param name="WebhookSecret">The server's <c>Dais:Webhooks:sample:Secret</c> (<c>DAIS_WEBHOOK_SECRET</c>).</param>
public sealed record BackendSettings(Uri ServerUrl, string KeyName, string Secret, string WebhookSecret)
{
    /// <summary>Reads them.</summary>
    /// <exception cref="BackendSettingsException">One is missing.</exception>
    public static BackendSettings Read(IConfiguration configuration) => new(
        new Uri(configuration["DAIS_URL"] ?? "http://localhost:5180"),
        configuration["DAIS_KEY_NAME"] ?? "main",
        Needed(configuration, "DAIS_SECRET"),
        Needed(configuration, "DAIS_WEBHOOK_SECRET"));

    private static string Needed(IConfiguration configuration, string name) =>
        configuration[name] is { Length: > 0 } value ? value
            : throw new BackendSettingsException($"Set {name}; README.md shows how.");
}
