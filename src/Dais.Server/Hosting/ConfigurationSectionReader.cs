using System.Globalization;

namespace Dais.Server.Hosting;

/// <summary>A setting has a value the server cannot work with. The message is one sentence for the operator.</summary>
public sealed class DaisConfigurationException(string message) : Exception(message);

/// <summary>
/// Reads one section of the configuration by hand, which buys two things over binding: each wrong value is refused in a
/// sentence that names its key and what is expected, and a misspelt key is refused instead of ignored.
/// </summary>
public sealed class ConfigurationSectionReader(IConfigurationSection section)
{
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The number at <paramref name="key"/>, or <paramref name="fallback"/> when it is not set.</summary>
    public int WholeNumber(string key, int fallback, int min, int max)
    {
        string? text = Text(key);
        if (text is null)
        {
            return fallback;
        }

        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
            && value >= min && value <= max
            ? value
            : throw Refuse(key, $"a whole number from {min} to {max}", text);
    }

    /// <summary>The number of seconds at <paramref name="key"/>; fractions are allowed.</summary>
    public TimeSpan Seconds(string key, TimeSpan fallback, TimeSpan max)
    {
        string? text = Text(key);
        if (text is null)
        {
            return fallback;
        }

        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
            && value >= 0 && value <= max.TotalSeconds
            ? TimeSpan.FromSeconds(value)
            : throw Refuse(key, $"a number of seconds from 0 to {max.TotalSeconds}", text);
    }

    /// <summary>The text at <paramref name="key"/>, or null when it is not set or empty.</summary>
    public string? Text(string key)
    {
        _known.Add(key);
        string? text = section[key];
        return string.IsNullOrWhiteSpace(text) ? null : text.Trim();
    }

    /// <summary>Whether <paramref name="key"/> says <c>true</c>, or <paramref name="fallback"/> when it is not set.</summary>
    public bool YesOrNo(string key, bool fallback)
    {
        string? text = Text(key);
        return text is null ? fallback
            : bool.TryParse(text, out bool value) ? value
            : throw Refuse(key, "true or false", text);
    }

    /// <summary>The values of a list: an array in a settings file, or one text with commas between.</summary>
    public IReadOnlyList<string> List(string key)
    {
        string? text = Text(key);
        return text is not null
            ? text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : [.. section.GetSection(key).GetChildren().Select(child => child.Value ?? "")];
    }

    /// <summary>The sections below <paramref name="key"/>.</summary>
    public IEnumerable<IConfigurationSection> Children(string key)
    {
        _known.Add(key);
        return section.GetSection(key).GetChildren();
    }

    /// <summary>A reader of the section at <paramref name="key"/>.</summary>
    public ConfigurationSectionReader Section(string key)
    {
        _known.Add(key);
        return new ConfigurationSectionReader(section.GetSection(key));
    }

    /// <summary>Refuses the first key that nobody asked for. Called after everything known has been read.</summary>
    public void RefuseUnknownKeys()
    {
        if (section.GetChildren().FirstOrDefault(child => !_known.Contains(child.Key)) is { } unknown)
        {
            throw new DaisConfigurationException($"{unknown.Path} is not a setting of Dais; docs/operations.md lists them.");
        }
    }

    /// <summary>The refusal of a value.</summary>
    public DaisConfigurationException Refuse(string key, string expected, string? actual) =>
        new(actual is null
            ? $"{section.Path}:{key} must be {expected}, but is not set."
            : $"{section.Path}:{key} must be {expected}, but is '{actual}'.");
}
