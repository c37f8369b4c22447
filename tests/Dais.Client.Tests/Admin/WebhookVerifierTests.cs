using System.Globalization;
using System.Text;
using Dais.Client.Admin;
using Dais.Server.Webhooks;

namespace Dais.Client.Tests.Admin;

public sealed class WebhookVerifierTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly byte[] Body = BodyAt(Now);

    [Fact]
    public void A_request_as_the_server_signs_it_is_valid() =>
        Assert.Equal(WebhookVerdict.Valid, Verify(Body, Signed(Body, Now)));

    [Theory]
    [InlineData("webhook-signature")]
    [InlineData("Agora-Signature-V2")]
    public void Either_signature_is_enough(string only)
    {
        var headers = Signed(Body, Now);
        headers.Remove(only == "webhook-signature" ? "Agora-Signature-V2" : "webhook-signature");

        Assert.Equal(WebhookVerdict.Valid, Verify(Body, headers));
    }

    [Theory]
    [InlineData("webhook-signature")]
    [InlineData("Agora-Signature-V2")]
    public void One_that_does_not_fit_is_not_made_good_by_the_other(string wrong)
    {
        var headers = Signed(Body, Now);
        headers[wrong] = headers[wrong][..^2] + (headers[wrong].EndsWith("00", StringComparison.Ordinal) ? "11" : "00");

        Assert.Equal(WebhookVerdict.Forged, Verify(Body, headers));
    }

    [Fact]
    public void Without_a_signature_or_with_sha1_alone_it_is_unsigned()
    {
        Assert.Equal(WebhookVerdict.NotSigned, Verify(Body, []));
        Assert.Equal(WebhookVerdict.NotSigned, Verify(Body, new() { ["Agora-Signature"] = WebhookSignatures.Sha1(Secret, Body) }));
    }

    [Fact]
    public void Another_secret_another_body_another_id_or_another_time_is_forged()
    {
        var headers = Signed(Body, Now);
        Assert.Equal(WebhookVerdict.Forged, Verify(Body, headers, secret: "another secret"));
        Assert.Equal(WebhookVerdict.Forged, Verify([.. Body, (byte)' '], headers));
        foreach (string header in new[] { "webhook-id", "webhook-timestamp" })
        {
            var changed = Signed(Body, Now);
            changed[header] += "1";
            Assert.Equal(WebhookVerdict.Forged, Verify(Body, changed));
        }
    }

    [Theory]
    [InlineData(-301)]
    [InlineData(301)]
    public void A_recorded_request_is_stale_by_either_family(int seconds)
    {
        var then = Now.AddSeconds(seconds);
        byte[] body = BodyAt(then);
        var headers = Signed(body, then);
        Assert.Equal(WebhookVerdict.Stale, Verify(body, headers));

        headers.Remove("webhook-signature");
        Assert.Equal(WebhookVerdict.Stale, Verify(body, headers));
    }

    [Theory]
    [InlineData(-299)]
    [InlineData(299)]
    public void Clocks_may_differ_a_little(int seconds)
    {
        var then = Now.AddSeconds(seconds);
        Assert.Equal(WebhookVerdict.Valid, Verify(BodyAt(then), Signed(BodyAt(then), then)));
    }

    [Fact]
    public void One_of_several_signatures_is_enough_while_a_secret_is_changed()
    {
        var headers = Signed(Body, Now);
        headers.Remove("Agora-Signature-V2");
        headers["webhook-signature"] = $"v1,AAAA {headers["webhook-signature"]} v2,zzzz";

        Assert.Equal(WebhookVerdict.Valid, Verify(Body, headers));
    }

    [Fact]
    public void A_secret_without_the_prefix_is_its_characters()
    {
        var headers = Signed(Body, Now, "plain secret");

        Assert.Equal(WebhookVerdict.Valid, Verify(Body, headers, "plain secret"));
    }

    [Theory]
    [InlineData("99999999999999999999")]
    [InlineData("-1")]
    [InlineData("")]
    [InlineData("noon")]
    public void A_time_that_is_none_is_stale_though_it_is_signed(string timestamp)
    {
        string signature = StandardOf(timestamp);

        Assert.Equal(WebhookVerdict.Stale, Verify(
            Body, new() { ["webhook-id"] = "n", ["webhook-timestamp"] = timestamp, ["webhook-signature"] = signature }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"noticeId":1,"eventType":101,"notifyMs":1,"payload":{}}""")]
    [InlineData("""{"noticeId":"n","eventType":"101","notifyMs":1,"payload":{}}""")]
    [InlineData("""{"noticeId":"n","eventType":101,"notifyMs":-1,"payload":{}}""")]
    [InlineData("""{"noticeId":"\ud800","eventType":101,"notifyMs":1,"payload":{}}""")]
    public void A_body_that_is_no_notice_is_not_read(string body) =>
        Assert.False(WebhookNotice.TryRead(Encoding.UTF8.GetBytes(body), out _));

    [Fact]
    public void A_notice_says_what_and_about_whom()
    {
        Assert.True(WebhookNotice.TryRead(Body, out var notice));
        Assert.Equal(("n:1:105", 105, "lobby", "ann"), (notice.NoticeId, notice.EventType, notice.RoomId, notice.UserId));
        Assert.Equal((Now, DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), 7), (notice.NotifiedAt, notice.HappenedAt, notice.ClientSeq));
    }

    private static string StandardOf(string timestamp)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"n.{timestamp}."), .. Body];
        byte[] key = Convert.FromBase64String(Secret["whsec_".Length..]);
        return "v1," + Convert.ToBase64String(System.Security.Cryptography.HMACSHA256.HashData(key, signed));
    }

    private static byte[] BodyAt(DateTimeOffset at) => Encoding.UTF8.GetBytes(
        $$$"""{"noticeId":"n:1:105","productId":1,"eventType":105,"notifyMs":{{{at.ToUnixTimeMilliseconds()}}},"sid":"s","payload":{"channelName":"lobby","uid":1,"platform":7,"clientSeq":7,"ts":1700000000,"account":"ann"}}""");

    /// <summary>The headers as the server makes them.</summary>
    private static Dictionary<string, string> Signed(byte[] body, DateTimeOffset at, string secret = Secret) => new(StringComparer.OrdinalIgnoreCase)
    {
        ["webhook-id"] = "n:1:105",
        ["webhook-timestamp"] = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        ["webhook-signature"] = WebhookSignatures.Standard(secret, "n:1:105", at.ToUnixTimeSeconds(), body),
        ["Agora-Signature"] = WebhookSignatures.Sha1(secret, body),
        ["Agora-Signature-V2"] = WebhookSignatures.Sha256(secret, body),
    };

    private static WebhookVerdict Verify(byte[] body, Dictionary<string, string> headers, string secret = Secret) =>
        new WebhookVerifier(secret, time: new StoppedTime(Now)).Verify(body, name => headers.GetValueOrDefault(name));

    private sealed class StoppedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
