using System.Collections.Immutable;
using System.Text;
using Dais.Client.Admin;
using Dais.Server.Access;
using Dais.Server.Media.Udp;
using Dais.Server.Webhooks;
using Dais.Server.Whip;
using Microsoft.AspNetCore.Http;

namespace Dais.Fuzz.Tests.Targets;

/// <summary>Tokens, signatures, and what stands in headers and addresses of HTTP.</summary>
internal static class AccessTargets
{
    private const string Secret = "a secret that is long enough to be one of ours";

    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private static readonly string Token =
        new AccessTokenIssuer("k1", Secret).Issue(new AccessToken("hana", "lobby", [AccessRole.Host], Now.AddHours(1)) { UserName = "Hana" });

    private static readonly AccessTokenVerifier Verifier = new(new Dictionary<string, string> { ["k1"] = Secret });

    private static readonly WebhookVerifier Signatures = new(Secret, time: new StoppedClock());

    private static readonly byte[] Notice = Encoding.UTF8.GetBytes("""{"noticeId":"n1","eventType":101,"notifyMs":1795262400000,"payload":{"channelName":"a"}}""");

    public static ImmutableArray<FuzzTarget> All { get; } =
    [
        FuzzTargets.Text("access tokens", "anybody", ["JsonWebSignature.TryParse", "AccessTokenVerifier.Verify"], [Token], static token =>
        {
            bool isParsed = JsonWebSignature.TryParse(token, out var signature);
            var verdict = Verifier.Verify(token, Now, out var access);
            Assert.True(verdict == TokenVerdict.Valid == access is not null, "valid, or nobody");
            Assert.True(access is null || token == Token, "a token we never issued");
            var outcome = new Outcome(isParsed);
            outcome.AddExactly((uint)verdict);
            outcome.Add(signature?.Payload.Length ?? -1);
            return outcome.Value;
        }),
        FuzzTargets.Text(
            "claims of tokens we signed", "a backend that has the key", ["JsonClaims.TryParse"],
            ["""{"sub":"hana","name":"Hana","room":"lobby","roles":["host"],"exp":1795266000,"nbf":1}"""], static claims =>
            {
                var verdict = Verifier.Verify(Sign(claims), Now, out var access);
                Assert.True(verdict == TokenVerdict.Valid == access is not null, "valid, or nobody");
                using var parsed = JsonClaims.TryParse(Encoding.UTF8.GetBytes(claims), out var read) ? read : null;
                var outcome = new Outcome(parsed is not null);
                outcome.AddExactly((uint)verdict);
                outcome.Add(access?.Roles.Length ?? -1);
                outcome.Add(access?.UserId.Length ?? -1);
                return outcome.Value;
            }),
        FuzzTargets.Text(
            "webhook signatures (C# SDK)", "whoever knows the receiver's URL", ["WebhookVerifier.Verify"],
            [Signed("n1", "1795262400"), $"\n\n\n{WebhookSignatures.Sha256(Secret, Notice)}"], static text =>
            {
                string[] headers = text.Split('\n');
                var verdict = Signatures.Verify(Notice, name => name switch
                {
                    "webhook-id" => headers[0],
                    "webhook-timestamp" => headers.ElementAtOrDefault(1),
                    "webhook-signature" => headers.ElementAtOrDefault(2),
                    _ => headers.ElementAtOrDefault(3),
                });
                var outcome = new Outcome(verdict == WebhookVerdict.Valid);
                outcome.AddExactly((uint)verdict);
                return outcome.Value;
            }),
        FuzzTargets.Text("content types and seats of WHIP", "a WHIP or WHEP client", ["WhipOffer.IsOf", "WhipOffer.TryReadSeat", "WhipOffer.AcceptsSdp"], ["application/sdp; charset=utf-8\napplication/sdp;q=1\nany", "application/trickle-ice-sdpfrag\n*/*\n3"], static text =>
        {
            string[] lines = text.Split('\n');
            var request = new DefaultHttpContext().Request;
            request.ContentType = lines[0];
            request.Headers.Accept = lines.ElementAtOrDefault(1);
            request.QueryString = QueryString.Create("seat", lines.ElementAtOrDefault(2) ?? "");
            var outcome = new Outcome(WhipOffer.IsOf(request, WhipOffer.MediaType));
            outcome.Add(WhipOffer.AcceptsSdp(request));
            outcome.Add(WhipOffer.TryReadSeat(request, WhipKind.Whip, out int? seat));
            Assert.True(seat is null or (>= -1 and <= 99) || !WhipOffer.TryReadSeat(request, WhipKind.Whip, out _), "a seat that cannot be");
            outcome.Add(seat ?? -2);
            return outcome.Value;
        }),
        FuzzTargets.Text("targets and events of webhooks", "a backend", ["WebhookEndpoint.ParseUrl", "WebhookEventFilter.TryParse"], ["https://example.org/hook?a=b\nseat.*\n101\nstandard", "http://[::1]:80/\n*"], static text =>
        {
            string[] lines = text.Split('\n');
            var url = WebhookEndpoint.ParseUrl(lines[0]);
            var outcome = new Outcome(WebhookEventFilter.TryParse(lines[1..], out _, out _));
            outcome.Add(url is not null && WebhookEndpoint.IsPlainlyPrivate(url));
            outcome.Add(url is not null);
            return outcome.Value;
        }),
        FuzzTargets.Text("advertised addresses", "the settings", ["LocalAddresses.Parse"], ["203.0.113.5=10.0.0.4", "[2001:db8::2]", "192.0.2.2"], static text =>
        {
            try
            {
                var address = LocalAddresses.Parse(text);
                var outcome = new Outcome(true);
                outcome.AddExactly((uint)address.Advertised.AddressFamily);
                return outcome.Value;
            }
            catch (MediaAddressException)
            {
                // A setting that is wrong stops the start with a sentence.
                return Outcome.Refused;
            }
        }),
    ];

    private static string Sign(string claims)
    {
        string head = System.Buffers.Text.Base64Url.EncodeToString("""{"alg":"HS256","typ":"JWT","kid":"k1"}"""u8);
        string signed = $"{head}.{System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}";
        byte[] tag = System.Security.Cryptography.HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.ASCII.GetBytes(signed));
        return $"{signed}.{System.Buffers.Text.Base64Url.EncodeToString(tag)}";
    }

    private static string Signed(string id, string timestamp) =>
        $"{id}\n{timestamp}\n{WebhookSignatures.Standard(Secret, id, long.Parse(timestamp, System.Globalization.CultureInfo.InvariantCulture), Notice)}\n";

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
