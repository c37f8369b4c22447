using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Dais.Rooms;

namespace Dais.Server.Webhooks;

/// <summary>The number the contract calls a user by. Two users may share one; <c>account</c> tells them apart.</summary>
public static class WebhookUserNumber
{
    /// <summary>The first four bytes of the SHA-256 of the id, most significant first; 1 instead of 0, which means nobody.</summary>
    public static uint Of(UserId user)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(user.Value), hash);
        return Math.Max(BinaryPrimitives.ReadUInt32BigEndian(hash), 1);
    }
}
