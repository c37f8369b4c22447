using Dais.Server.Hosting;
using Dais.Server.Messages;
using Microsoft.Extensions.Configuration;

namespace Dais.Server.Tests.Messages;

public sealed class MessageOptionsTests
{
    [Fact]
    public void Without_settings_nobody_is_asked_and_members_write_ten_a_second()
    {
        var messages = Read().Messages;

        Assert.Equal((10, 20), (messages.PerSecond, messages.Burst));
        Assert.Null(messages.Hook);
    }

    [Fact]
    public void A_hook_has_two_seconds_and_lets_messages_through_when_it_fails_unless_told_otherwise()
    {
        Assert.Equal(
            new MessageHookOptions(new Uri("https://app.example/messages"), "secret"),
            Read(("Hook:Url", "https://app.example/messages"), ("Hook:Secret", "secret")).Messages.Hook);

        var hook = Read(
            ("Hook:Url", "http://10.0.0.1/"),
            ("Hook:Secret", "whsec_c2VjcmV0"),
            ("Hook:TimeoutSeconds", "0.5"),
            ("Hook:FailOpen", "false"),
            ("Hook:AllowPrivateTarget", "true")).Messages.Hook!;
        Assert.Equal((TimeSpan.FromSeconds(0.5), false, true), (hook.Timeout, hook.FailOpen, hook.AllowPrivateTarget));
    }

    [Theory]
    [InlineData("PerSecond", "0", "Dais:Messages:PerSecond must be a whole number from 1 to 1000, but is '0'.")]
    [InlineData("Hook:Url", "ftp://x", "Dais:Messages:Hook:Url must be an http or https address, but is 'ftp://x'.")]
    [InlineData("Hook:Url", "", "Dais:Messages:Hook:Url must be an http or https address, but is not set.")]
    [InlineData("Hook:FailOpen", "perhaps", "Dais:Messages:Hook:FailOpen must be true or false, but is 'perhaps'.")]
    [InlineData("Hook:TimeoutSeconds", "0", "Dais:Messages:Hook:TimeoutSeconds must be more than 0, but is '0'.")]
    [InlineData("Hook:TimeoutSeconds", "11", "Dais:Messages:Hook:TimeoutSeconds must be a number of seconds from 0 to 10, but is '11'.")]
    [InlineData("Hook:Secrets", "x", "Dais:Messages:Hook:Secrets is not a setting of Dais; docs/operations.md lists them.")]
    public void A_wrong_setting_is_named(string key, string value, string sentence)
    {
        var settings = new Dictionary<string, string> { ["Hook:Url"] = "https://app.example", ["Hook:Secret"] = "secret" };
        settings[key] = value;

        var refused = Assert.Throws<DaisConfigurationException>(
            () => Read([.. settings.Select(setting => (setting.Key, setting.Value))]));

        Assert.Equal(sentence, refused.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("whsec_nearly right")]
    public void A_secret_that_cannot_sign_is_not_repeated(string secret)
    {
        var refused = Assert.Throws<DaisConfigurationException>(
            () => Read(("Hook:Url", "https://app.example"), ("Hook:Secret", secret)));

        Assert.StartsWith("Dais:Messages:Hook:Secret must be set", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("nearly", refused.Message, StringComparison.Ordinal);
    }

    private static DaisOptions Read(params (string Key, string Value)[] settings) => DaisOptionsReader.Read(
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.ToDictionary(setting => $"Dais:Messages:{setting.Key}", setting => (string?)setting.Value))
            .Build(),
        isDevelopment: true);
}
