using System.Buffers.Text;
using System.Text;
using Dais.Server.Access;

namespace Dais.Server.Tests.Access;

public sealed class JsonWebSignatureTests
{
    private const string Rfc7515Key = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";

    private const string Rfc7515Token =
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
        + ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
        + ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    [Fact]
    public void Rfc7515_A1_signature_is_the_one_of_the_example_key()
    {
        Assert.True(JsonWebSignature.TryParse(Rfc7515Token, out var signature));
        Assert.True(signature!.IsSignedWith(Base64Url.DecodeFromChars(Rfc7515Key)));
        Assert.Equal("{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}", Encoding.UTF8.GetString(signature.Payload));
    }

    [Fact]
    public void Another_key_did_not_sign_it()
    {
        byte[] key = Base64Url.DecodeFromChars(Rfc7515Key);
        key[^1] ^= 1;

        Assert.True(JsonWebSignature.TryParse(Rfc7515Token, out var signature));
        Assert.False(signature!.IsSignedWith(key));
    }

    [Fact]
    public void Every_flipped_character_of_the_payload_breaks_the_signature()
    {
        byte[] key = Base64Url.DecodeFromChars(Rfc7515Key);
        int first = Rfc7515Token.IndexOf('.', StringComparison.Ordinal) + 1;
        int last = Rfc7515Token.LastIndexOf('.');
        for (int position = first; position < last; position++)
        {
            char flipped = Rfc7515Token[position] == 'A' ? 'B' : 'A';
            string forged = Rfc7515Token[..position] + flipped + Rfc7515Token[(position + 1)..];
            Assert.False(JsonWebSignature.TryParse(forged, out var signature) && signature!.IsSignedWith(key));
        }
    }

    [Fact]
    public void Every_truncation_is_no_valid_signature()
    {
        byte[] key = Base64Url.DecodeFromChars(Rfc7515Key);
        for (int length = 0; length < Rfc7515Token.Length; length++)
        {
            Assert.False(JsonWebSignature.TryParse(Rfc7515Token[..length], out var signature) && signature!.IsSignedWith(key));
        }
    }

    [Theory]
    [InlineData("""{"alg":"none"}""")]
    [InlineData("""{"alg":"HS512"}""")]
    [InlineData("""{"alg":"RS256"}""")]
    [InlineData("""{"alg":"hs256"}""")]
    [InlineData("""{"alg":["HS256"]}""")]
    [InlineData("""{"alg":"HS256","crit":["exp"]}""")]
    [InlineData("""{"alg":"HS256","kid":7}""")]
    [InlineData("""{"typ":"JWT"}""")]
    [InlineData("""["HS256"]""")]
    [InlineData("HS256")]
    [InlineData("""{"alg":"HS256","kid":"\ud800"}""")]
    public void A_header_that_does_not_say_plain_HS256_is_refused(string header)
    {
        string token = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.e30.AAAA";

        Assert.False(JsonWebSignature.TryParse(token, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a.b.c.d")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.e30.")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.e30=.AAAA")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9 .e30.AAAA")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.e30.AA+A")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.e30.A")]
    public void What_is_not_three_parts_of_base64url_is_refused(string token) => Assert.False(JsonWebSignature.TryParse(token, out _));
}
