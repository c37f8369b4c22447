using Dais.Server.Hosting;
using Dais.Server.Webhooks;
using Microsoft.Extensions.Configuration;

namespace Dais.Server.Tests.Webhooks;

public sealed class WebhookOptionsTests
{
    [Fact]
    public void Endpoints_and_what_they_want_are_read()
    {
        var webhooks = Read(new()
        {
            ["Dais:Webhooks:main:Url"] = "https://backend.example.org/dais",
            ["Dais:Webhooks:main:Secret"] = "a secret",
            ["Dais:Webhooks:books:Url"] = "http://books.example.org:8080/",
            ["Dais:Webhooks:books:Secret"] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            ["Dais:Webhooks:books:Events"] = "105, 106, seat.*",
        });

        Assert.False(webhooks.AllowPrivateTargets);
        Assert.Equal(["books", "main"], webhooks.Endpoints.Select(endpoint => endpoint.Id).Order());
        var main = webhooks.Endpoints.Single(endpoint => endpoint.Id == "main").Events;
        Assert.True(main.Includes(101) && main.Includes(112) && !main.Includes(1005) && !main.WantsExtended);
        var books = webhooks.Endpoints.Single(endpoint => endpoint.Id == "books").Events;
        Assert.True(books.Includes(105) && books.Includes(1001) && books.Includes(1005) && books.WantsExtended);
        Assert.False(books.Includes(101) || books.Includes(1021));
        Assert.Equal(["105", "106", "seat.*"], books.Names);
    }

    [Fact]
    public void Everything_is_a_star()
    {
        Assert.True(WebhookEventFilter.TryParse(["*"], out var all, out _));
        Assert.All(WebhookEventTypes.Standard, number => Assert.True(all.Includes(number)));
        Assert.All(WebhookEventTypes.Extended.Values, number => Assert.True(all.Includes(number)));
    }

    [Theory]
    [InlineData("main:Url", "not an address", "Dais:Webhooks:main:Url")]
    [InlineData("main:Url", "http://localhost:8080/", "AllowPrivateTargets")]
    [InlineData("main:Url", "http://10.0.0.1/", "AllowPrivateTargets")]
    [InlineData("main:Secret", "whsec_not base64", "Dais:Webhooks:main:Secret")]
    [InlineData("main:Secret", "", "Dais:Webhooks:main:Secret")]
    [InlineData("main:Events", "standard,seat.flown", "seat.flown")]
    [InlineData("main:Event", "standard", "Dais:Webhooks:main:Event is not a setting")]
    [InlineData("AllowPrivateTargets", "maybe", "Dais:Webhooks:AllowPrivateTargets")]
    [InlineData("a b:Url", "https://example.org/", "Dais:Webhooks:a b")]
    public void A_wrong_value_is_refused_in_a_sentence_that_names_it_and_no_secret(string key, string value, string named)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Dais:Webhooks:main:Url"] = "https://backend.example.org/",
            ["Dais:Webhooks:main:Secret"] = "a secret",
            [$"Dais:Webhooks:{key}"] = value,
        };

        var refusal = Assert.Throws<DaisConfigurationException>(() => Read(settings));

        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("a secret", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("not base64", refusal.Message, StringComparison.Ordinal);
    }

    private static WebhookOptions Read(Dictionary<string, string?> settings) => DaisOptionsReader.Read(
        new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), isDevelopment: true).Webhooks;
}
