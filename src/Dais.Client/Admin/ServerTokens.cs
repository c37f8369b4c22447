using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Dais.Client.Admin;

/// <summary>Makes tokens with the role <c>server</c> (HS256, RFC 7519) out of a secret, each good for a few minutes.</summary>
internal sealed class ServerTokens(string keyName, string secret, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan RenewedAfter = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private string _token = "";
    private DateTimeOffset? _issuedAt;

    /// <summary>A token that is good for some minutes more.</summary>
    public string Current()
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (_issuedAt is not { } issuedAt || now < issuedAt || now - issuedAt >= RenewedAfter)
            {
                // The second comparison is for a clock that was put back.
                _issuedAt = now;
                _token = Issue(now + Lifetime);
            }

            return _token;
        }
    }

    private string Issue(DateTimeOffset expiresAt)
    {
        string signed = $"{Encode(json =>
        {
            json.WriteString("alg"u8, "HS256"u8);
            json.WriteString("typ"u8, "JWT"u8);
            json.WriteString("kid"u8, keyName);
        })}.{Encode(json =>
        {
            json.WriteString("sub"u8, "backend"u8);
            json.WriteString("room"u8, "*"u8);
            json.WriteStartArray("roles"u8);
            json.WriteStringValue("server"u8);
            json.WriteEndArray();
            json.WriteNumber("exp"u8, expiresAt.ToUnixTimeSeconds());
        })}";
        byte[] signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.ASCII.GetBytes(signed));
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Encode(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Base64Url.EncodeToString(buffer.ToArray());
    }
}
