using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Dais.Server.Access;

namespace Dais.Server.Tests.Access;

public sealed class AccessTokenVerifierTests
{
    private const string Secret = "a secret of thirty-two bytes or more";
    private const string OtherSecret = "another secret of thirty-two bytes or more";

    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private readonly AccessTokenVerifier _verifier = new(new Dictionary<string, string> { ["main"] = Secret, ["old"] = OtherSecret });

    [Fact]
    public void An_issued_token_comes_back_as_it_was()
    {
        var issued = new AccessToken("anna", "lobby", [AccessRole.Host, AccessRole.Admin], Now.AddHours(1)) { UserName = "Anna Ä.", NotBefore = Now };

        Assert.Equal(TokenVerdict.Valid, _verifier.Verify(new AccessTokenIssuer("main", Secret).Issue(issued), Now, out var access));
        Assert.Equal(issued with { Roles = access!.Roles }, access);
        Assert.Equal(issued.Roles, access.Roles);
    }

    [Fact]
    public void The_key_id_picks_the_key()
    {
        var access = new AccessToken("anna", "*", [], Now.AddHours(1));

        Assert.Equal(TokenVerdict.Valid, _verifier.Verify(new AccessTokenIssuer("old", OtherSecret).Issue(access), Now, out _));
        Assert.Equal(TokenVerdict.Refused, _verifier.Verify(new AccessTokenIssuer("main", OtherSecret).Issue(access), Now, out _));
        Assert.Equal(TokenVerdict.Refused, _verifier.Verify(new AccessTokenIssuer("unknown", Secret).Issue(access), Now, out _));
    }

    [Theory]
    [InlineData(Secret)]
    [InlineData(OtherSecret)]
    public void Without_a_key_id_every_key_is_tried(string secret) =>
        Assert.Equal(TokenVerdict.Valid, _verifier.Verify(Sign("""{"sub":"anna","room":"*","exp":1795262401}""", secret), Now, out _));

    [Fact]
    public void A_token_is_good_until_the_second_it_expires()
    {
        string token = new AccessTokenIssuer("main", Secret).Issue(new AccessToken("anna", "*", [], Now.AddMinutes(1)));

        Assert.Equal(TokenVerdict.Valid, _verifier.Verify(token, Now.AddSeconds(59), out _));
        Assert.Equal(TokenVerdict.Expired, _verifier.Verify(token, Now.AddSeconds(60), out var access));
        Assert.Null(access);
    }

    [Fact]
    public void A_token_is_refused_before_its_time()
    {
        string token = new AccessTokenIssuer("main", Secret)
            .Issue(new AccessToken("anna", "*", [], Now.AddHours(1)) { NotBefore = Now.AddSeconds(10) });

        Assert.Equal(TokenVerdict.Refused, _verifier.Verify(token, Now, out _));
        Assert.Equal(TokenVerdict.Valid, _verifier.Verify(token, Now.AddSeconds(10), out _));
    }

    [Fact]
    public void An_expired_token_with_a_wrong_signature_is_forged_not_expired()
    {
        string token = new AccessTokenIssuer("main", OtherSecret).Issue(new AccessToken("anna", "*", [], Now.AddHours(-1)));

        Assert.Equal(TokenVerdict.Refused, _verifier.Verify(token, Now, out _));
    }

    [Theory]
    [InlineData("""{"room":"*","exp":4000000000}""")]
    [InlineData("""{"sub":"","room":"*","exp":4000000000}""")]
    [InlineData("""{"sub":7,"room":"*","exp":4000000000}""")]
    [InlineData("""{"sub":"with\ttab","room":"*","exp":4000000000}""")]
    [InlineData("""{"sub":"\ud800","room":"*","exp":4000000000}""")]
    [InlineData("""{"sub":"anna","exp":4000000000}""")]
    [InlineData("""{"sub":"anna","room":"*"}""")]
    [InlineData("""{"sub":"anna","room":"*","exp":"4000000000"}""")]
    [InlineData("""{"sub":"anna","room":"*","exp":-1}""")]
    [InlineData("""{"sub":"anna","room":"*","exp":1e300}""")]
    [InlineData("""{"sub":"anna","room":"*","exp":4000000000,"nbf":"soon"}""")]
    [InlineData("""{"sub":"anna","room":"*","exp":4000000000,"name":{}}""")]
    [InlineData("""{"sub":"anna","room":"*","exp":4000000000,"roles":"host"}""")]
    [InlineData("""["anna"]""")]
    [InlineData("anna")]
    public void Claims_we_signed_but_cannot_read_are_refused(string claims) =>
        Assert.Equal(TokenVerdict.Refused, _verifier.Verify(Sign(claims, Secret), Now, out _));

    [Fact]
    public void Unknown_roles_grant_nothing_and_no_roles_let_watch()
    {
        Assert.Equal(TokenVerdict.Valid, _verifier.Verify(Sign("""{"sub":"a","room":"*","exp":4000000000,"roles":["root",1,"host"]}""", Secret), Now, out var some));
        Assert.Equal([AccessRole.Host], some!.Roles);
        Assert.Equal(TokenVerdict.Valid, _verifier.Verify(Sign("""{"sub":"a","room":"*","exp":4000000000}""", Secret), Now, out var none));
        Assert.Equal([AccessRole.Audience], none!.Roles);
    }

    [Fact]
    public void A_user_id_or_token_beyond_its_length_is_refused()
    {
        string longId = new('a', 65);
        Assert.Equal(TokenVerdict.Refused, _verifier.Verify(Sign($$"""{"sub":"{{longId}}","room":"*","exp":4000000000}""", Secret), Now, out _));

        string padding = new(' ', AccessTokenVerifier.TokenCharactersMax);
        Assert.Equal(TokenVerdict.Refused, _verifier.Verify(Sign($$"""{"sub":"a","room":"*","exp":4000000000}{{padding}}""", Secret), Now, out _));
        Assert.Equal(TokenVerdict.Refused, _verifier.Verify(new string('.', 10_000_000), Now, out _));
    }

    private static string Sign(string claims, string secret)
    {
        string signed = $"{Encode("""{"alg":"HS256"}""")}.{Encode(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.ASCII.GetBytes(signed)))}";
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
