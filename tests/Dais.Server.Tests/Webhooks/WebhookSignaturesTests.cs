using System.Text;
using Dais.Server.Webhooks;

namespace Dais.Server.Tests.Webhooks;

public sealed class WebhookSignaturesTests
{
    [Theory]
    [InlineData(
        """{"eventMs":1560408533119,"eventType":10,"noticeId":"4eb720f0-8da7-11e9-a43e-53f411c2761f","notifyMs":1560408533119,"payload":{"a":"1","b":2},"productId":1}""",
        "033c62f40f687675f17f0f41f91a40c71c0f134c",
        "6d3320c60b11101395b7fc8f9068748808a0aa1bfa064438e39d1bc2c7d74d99")]
    [InlineData(
        """{"noticeId":"2000001428:4330:106","productId":1,"eventType":106,"notifyMs":1611566412672,"payload":{"channelName":"test_webhook","uid":12121212,"platform":1,"clientSeq":1625051035390,"reason":1,"ts":1560396943,"duration":600}}""",
        "443995303f6b64d781f7e15f0579f758fc78ab99",
        "93d4fd407806269bdedb48dcdf4c50778cc8bbc32fdd9cd8239887680a4a8e62")]
    public void The_contract_s_vectors_come_out(string body, string sha1, string sha256)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        Assert.Equal(sha1, WebhookSignatures.Sha1("secret", bytes));
        Assert.Equal(sha256, WebhookSignatures.Sha256("secret", bytes));
    }

    [Fact]
    public void The_example_of_the_standard_webhooks_specification_comes_out() => Assert.Equal(
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        WebhookSignatures.Standard(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            """{"test": 2432232314}"""u8));

    [Theory]
    [InlineData("anything", true)]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", true)]
    [InlineData("whsec_not base64!", false)]
    [InlineData("whsec_", false)]
    [InlineData("", false)]
    public void A_secret_is_any_text_or_base64_after_its_prefix(string secret, bool isSecret) =>
        Assert.Equal(isSecret, WebhookSignatures.IsSecret(secret));

    [Fact]
    public void A_new_secret_is_one() => Assert.True(WebhookSignatures.IsSecret(WebhookSignatures.NewSecret()));
}
