using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Dais.Protocol;
using Dais.Server.Hosting;

namespace Dais.Server.Signaling;

/// <summary>The STUN and TURN servers as one client is told of them.</summary>
public static class IceServers
{
    /// <summary>
    /// The servers of the settings. Where the server and TURN share a secret, the credentials are the client's own and end: the user name is
    /// the second they end at and the user, the credential its HMAC-SHA1 in base64 ("A REST API For Access To TURN Services",
    /// draft-uberti-behave-turn-rest-00 §2.2; coturn's <c>use-auth-secret</c>).
    /// </summary>
    public static ImmutableArray<IceServer> For(string userId, ImmutableArray<IceServerOptions> servers, DateTimeOffset now) =>
        [.. servers.Select(server => For(userId, server, now))];

    private static IceServer For(string userId, IceServerOptions server, DateTimeOffset now)
    {
        if (server.Secret is null)
        {
            return new IceServer([server.Url], server.Username, server.Credential);
        }

        string username = $"{(now + server.CredentialTime).ToUnixTimeSeconds()}:{userId}";
        return new IceServer([server.Url], username, Sign(server.Secret, username));
    }

    [SuppressMessage("Security", "CA5350", Justification = "TURN servers know this hash and no other; as HMAC it still holds.")]
    private static string Sign(string secret, string username) =>
        Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(username)));
}
