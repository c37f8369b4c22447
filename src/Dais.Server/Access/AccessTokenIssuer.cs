using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Dais.Server.Access;

/// <summary>Makes access tokens with one named key, as an application's backend would.</summary>
public sealed class AccessTokenIssuer(string keyName, string secret)
{
    private readonly byte[] _key = Encoding.UTF8.GetBytes(secret);

    /// <summary>A signed token that says <paramref name="access"/>.</summary>
    public string Issue(AccessToken access)
    {
        string signed = $"{Encode(WriteHeader)}.{Encode(json => WriteClaims(json, access))}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(_key, Encoding.ASCII.GetBytes(signed)))}";
    }

    private void WriteHeader(Utf8JsonWriter json)
    {
        json.WriteString("alg", "HS256");
        json.WriteString("typ", "JWT");
        json.WriteString("kid", keyName);
    }

    private static void WriteClaims(Utf8JsonWriter json, AccessToken access)
    {
        json.WriteString("sub", access.UserId);
        if (access.UserName is not null)
        {
            json.WriteString("name", access.UserName);
        }

        json.WriteString("room", access.Room);
        json.WriteStartArray("roles");
        foreach (var role in access.Roles)
        {
            json.WriteStringValue(AccessRoles.NameOf(role));
        }

        json.WriteEndArray();
        if (access.NotBefore != default)
        {
            json.WriteNumber("nbf", access.NotBefore.ToUnixTimeSeconds());
        }

        json.WriteNumber("exp", access.ExpiresAt.ToUnixTimeSeconds());
    }

    private static string Encode(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Base64Url.EncodeToString(buffer.WrittenSpan);
    }
}
